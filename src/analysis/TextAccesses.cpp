//===- TextAccesses.cpp - The characters of strings -----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/TextAccesses.h"
#include "analysis/TypeAnalysis.h"
#include "rules/StringFunctions.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallSet.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Metadata.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace linkgrad {

static constexpr StringLiteral TextMD = "linkgrad.text";

/// \p Name is that of a class template, mangled, behind which its arguments
/// follow: a character type and its traits.
static bool isOfCharacters(StringRef Name) {
  return any_of(ArrayRef<StringRef>{"c", "w", "Du", "Ds", "Di"},
                [&](StringRef Character) {
                  StringRef Rest = Name;
                  return Rest.consume_front(Character) &&
                         Rest.starts_with("St11char_traitsI");
                });
}

bool isStringType(StringRef Type) {
  return Type.consume_front("_ZTSNSt7__cxx1112basic_stringI") &&
         isOfCharacters(Type) && Type.ends_with("EEE");
}

/// The name of the type that the access \p I names as that of the object, and
/// where in it the access is.
static std::pair<StringRef, int64_t> accessedObject(const Instruction &I) {
  const MDNode *Tag = I.getMetadata(LLVMContext::MD_tbaa);
  if (!Tag || Tag->getNumOperands() < 3)
    return {"", 0};
  auto *Type = dyn_cast_or_null<MDNode>(Tag->getOperand(0));
  auto *Name = Type && Type->getNumOperands()
                   ? dyn_cast_or_null<MDString>(Type->getOperand(0))
                   : nullptr;
  auto *Offset = mdconst::dyn_extract_or_null<ConstantInt>(Tag->getOperand(2));
  if (!Name || !Offset)
    return {"", 0};
  return {Name->getString(), Offset->getSExtValue()};
}

bool accessesTextPointer(const Instruction &I) {
  StringRef Type = accessedObject(I).first;
  return isPointerAccess(I) &&
         (Type.consume_front("_ZTSNSt7__cxx1112basic_stringI") ||
          Type.consume_front("_ZTSSt17basic_string_viewI")) &&
         isOfCharacters(Type);
}

namespace {

class TextFinder {
public:
  explicit TextFinder(Function &F) : DL(F.getDataLayout()) {
    for (Instruction &I : instructions(F)) {
      if (auto *Call = dyn_cast<CallBase>(&I); Call && givesText(*Call))
        Pointers.insert(Call);
      const Value *Ptr = getLoadStorePointerOperand(&I);
      if (!Ptr)
        continue;
      if (accessesTextPointer(I)) {
        auto *Store = dyn_cast<StoreInst>(&I);
        const Value *Text = Store ? Store->getValueOperand() : &I;
        if (!isa<Constant>(Text))
          Pointers.insert(Text);
      }
      if (auto [Type, Offset] = accessedObject(I); isStringType(Type)) {
        Place At = place(*Ptr);
        Strings.insert({At.first, At.second - Offset});
      }
    }
    for (size_t I = 0; I != Pointers.size(); ++I)
      follow(*Pointers[I]);
  }

  /// \p Ptr comes from a pointer to text.
  bool isCertain(const Value &Ptr) const {
    return Pointers.contains(&Ptr) || Pointers.contains(place(Ptr).first);
  }

  /// Or it leads into a string, whose memory may have other uses.
  bool isText(const Value &Ptr) const {
    auto [Base, Offset] = place(Ptr);
    return isCertain(Ptr) ||
           any_of(seq(ShortTextBegin, ShortTextEnd),
                  [&, Base = Base, Offset = Offset](int At) {
                    return Strings.contains({Base, Offset - At});
                  });
  }

private:
  using Place = std::pair<const Value *, int64_t>;
  /// Room for short text in libstdc++'s strings.
  static constexpr int ShortTextBegin = 16, ShortTextEnd = 32;

  const DataLayout &DL;
  SmallSetVector<const Value *, 16> Pointers;
  SmallSet<Place, 16> Strings;

  /// A value, and how many bytes \p Ptr is behind it.
  Place place(const Value &Ptr) const {
    APInt Offset(DL.getIndexTypeSizeInBits(Ptr.getType()), 0);
    const Value *Base = Ptr.stripAndAccumulateConstantOffsets(
        DL, Offset, /*AllowNonInbounds=*/true);
    return {Base, Offset.getSExtValue()};
  }

  /// What is behind text is text, and so are the merges of it, and what is
  /// allocated to be merged with it.
  void follow(const Value &Ptr) {
    if (isa<PHINode, SelectInst>(Ptr))
      for (const Value *V : cast<User>(Ptr).operand_values())
        if (V->getType()->isPointerTy() &&
            isa<PHINode, SelectInst, CallBase>(V))
          Pointers.insert(V);
    for (const User *U : Ptr.users())
      if (U->getType()->isPointerTy() &&
          isa<PHINode, SelectInst, GetElementPtrInst>(U))
        Pointers.insert(U);
  }
};

} // namespace

void noteTextAccesses(Function &F) {
  TextFinder Texts(F);
  for (Instruction &I : instructions(F)) {
    SmallVector<unsigned, 2> Pointers;
    if (isa<AnyMemTransferInst>(I))
      Pointers = {0, 1};
    else if (isa<AnyMemSetInst>(I))
      Pointers = {0};
    else if (getLoadStorePointerOperand(&I) &&
             !getLoadStoreType(&I)->isPtrOrPtrVectorTy())
      Pointers = {isa<StoreInst>(I) ? 1u : 0u};
    if (none_of(Pointers,
                [&](unsigned No) { return Texts.isText(*I.getOperand(No)); }))
      continue;
    SmallVector<Metadata *, 2> Doubtful;
    for (unsigned No : Pointers)
      if (!Texts.isCertain(*I.getOperand(No)))
        Doubtful.push_back(ConstantAsMetadata::get(
            ConstantInt::get(Type::getInt32Ty(F.getContext()), No)));
    I.setMetadata(TextMD, MDNode::get(F.getContext(), Doubtful));
  }
}

bool accessesText(const Instruction &I) { return I.hasMetadata(TextMD); }

SmallVector<const Value *, 2> doubtfulText(const Instruction &I) {
  SmallVector<const Value *, 2> Pointers;
  if (const MDNode *Note = I.getMetadata(TextMD))
    for (const MDOperand &No : Note->operands())
      Pointers.push_back(
          I.getOperand(mdconst::extract<ConstantInt>(No)->getZExtValue()));
  return Pointers;
}

} // namespace linkgrad
