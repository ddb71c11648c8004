//===- SizeMembers.cpp - The sizes of containers --------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/SizeMembers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace linkgrad {

namespace {

struct Row {
  StringLiteral Type, Tag; ///< in LLVM IR, and the beginning of that in TBAA
  unsigned Bits;           ///< of its integers
};

} // namespace

/// All integers of that width that these have are such numbers, or the colours
/// of a tree's nodes.
static constexpr Row Rows[] = {
    {"struct.std::__detail::_List_node_header",
     "_ZTSNSt8__detail17_List_node_headerE", 64},
    {"struct.std::_Rb_tree_header", "_ZTSSt15_Rb_tree_header", 64},
    {"struct.std::_Rb_tree_node_base", "_ZTSSt18_Rb_tree_node_base", 32},
    {"class.std::_Hashtable", "_ZTSSt10_HashtableI", 64},
    {"class.std::__cxx11::basic_string", "_ZTSNSt7__cxx1112basic_stringI", 64},
    {"struct.std::__detail::_Prime_rehash_policy",
     "_ZTSNSt8__detail20_Prime_rehash_policyE", 64},
};

StringRef withoutNumber(StringRef Name) {
  StringRef Stem = Name.rtrim("0123456789");
  return Stem != Name && Stem.consume_back(".") ? Stem : Name;
}

/// The struct of which \p Ptr is to an integer of \p Bits, by its type.
static const Row *structAround(const Value &Ptr, unsigned Bits) {
  auto *GEP = dyn_cast<GEPOperator>(&Ptr);
  auto *Struct =
      GEP ? dyn_cast<StructType>(GEP->getSourceElementType()) : nullptr;
  if (!Struct || !Struct->hasName())
    return nullptr;
  const Row *Found = find_if(Rows, [&](const Row &R) {
    return R.Bits == Bits && R.Type == withoutNumber(Struct->getName());
  });
  return Found == std::end(Rows) ? nullptr : Found;
}

/// True if \p Offset of \p Type, as TBAA describes it, is in such a struct.
static bool isMemberByTag(const MDNode *Type, uint64_t Offset, unsigned Bits) {
  while (Type && Type->getNumOperands()) {
    auto *Name = dyn_cast_or_null<MDString>(Type->getOperand(0));
    if (Name && any_of(Rows, [&](const Row &R) {
          return R.Bits == Bits && Name->getString().starts_with(R.Tag);
        }))
      return true;
    // The last member that does not begin behind it.
    const MDNode *Member = nullptr;
    uint64_t Begin = 0;
    for (unsigned I = 1; I + 1 < Type->getNumOperands(); I += 2) {
      auto *At =
          mdconst::dyn_extract_or_null<ConstantInt>(Type->getOperand(I + 1));
      if (!At || At->getZExtValue() > Offset)
        break;
      Member = dyn_cast_or_null<MDNode>(Type->getOperand(I));
      Begin = At->getZExtValue();
    }
    Type = Member;
    Offset -= Begin;
  }
  return false;
}

bool accessesSize(const Instruction &I) {
  const Value *Ptr = getLoadStorePointerOperand(&I);
  auto *T = Ptr ? dyn_cast<IntegerType>(getLoadStoreType(&I)) : nullptr;
  if (!T)
    return false;
  if (structAround(*Ptr, T->getBitWidth()))
    return true;
  const MDNode *Tag = I.getMetadata(LLVMContext::MD_tbaa);
  if (!Tag || Tag->getNumOperands() < 3)
    return false;
  auto *Offset = mdconst::dyn_extract_or_null<ConstantInt>(Tag->getOperand(2));
  return Offset && isMemberByTag(dyn_cast_or_null<MDNode>(Tag->getOperand(0)),
                                 Offset->getZExtValue(), T->getBitWidth());
}

void noteSizeAccesses(Function &F) {
  MDBuilder B(F.getContext());
  MDNode *Root = B.createTBAARoot("linkgrad sizes");
  MDNode *Number = B.createTBAAScalarTypeNode("long", Root);
  for (Instruction &I : instructions(F)) {
    if (!accessesSize(I) || I.hasMetadata(LLVMContext::MD_tbaa))
      continue;
    const Row *Around =
        structAround(*getLoadStorePointerOperand(&I),
                     getLoadStoreType(&I)->getIntegerBitWidth());
    MDNode *Struct = B.createTBAAStructTypeNode(Around->Tag, {{Number, 0}});
    I.setMetadata(LLVMContext::MD_tbaa,
                  B.createTBAAStructTagNode(Struct, Number, 0));
  }
}

} // namespace linkgrad
