//===- FunctionObjects.cpp - What std::function holds ---------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/FunctionObjects.h"
#include "analysis/CallGraphTypes.h"
#include "analysis/CallTargets.h"
#include "analysis/OutsideAccess.h"
#include "analysis/SizeMembers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/MDBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"
#include "llvm/IR/PatternMatch.h"

using namespace llvm;

namespace linkgrad {

static constexpr StringLiteral WordsMD = "linkgrad.function.objects";

/// Of the functions that a std::function has pointers to.
static constexpr StringLiteral HandlerPrefix = "_ZNSt17_Function_handlerI",
                               ManagerPrefix =
                                   "_ZNSt14_Function_base13_Base_managerI";

/// True for the functions that call what is in a std::function.
static bool callsObject(const Function &F) {
  return F.getName().starts_with(HandlerPrefix) &&
         F.getName().contains("E9_M_invokeERKSt9_Any_data");
}

namespace {

/// Follows the address of a function object through what is called with it, and
/// what that returns. Other than isLeft() it does not ask who else calls that.
class ObjectWalk {
public:
  /// True if a function that is not known gets \p Object: nothing tells what is
  /// there then.
  bool isHandedOut(const Value &Object) {
    follow(Object);
    while (!Work.empty())
      for (const Use &U : Work.pop_back_val()->uses())
        if (handsOut(U))
          return true;
    return false;
  }

private:
  void follow(const Value &V) {
    if (Seen.insert(&V).second)
      Work.push_back(&V);
  }
  bool handsOut(const Use &U);
  bool storesAt(const Value &Ptr);
  bool isHandedBy(const CallBase &Call, unsigned No);

  SmallVector<const Value *, 8> Work;
  SmallPtrSet<const Value *, 16> Seen;
  /// By callee: the calls with the address, and whether it is returned.
  DenseMap<const Function *, SmallVector<const CallBase *, 2>> Calls;
  SmallPtrSet<const Function *, 8> Returning;
};

} // namespace

bool ObjectWalk::handsOut(const Use &U) {
  auto *I = cast<Instruction>(U.getUser());
  bool FromVariable = isa<AllocaInst>(U.get());
  if (isa<GetElementPtrInst, PHINode, SelectInst, PtrToIntInst>(I) ||
      (isa<LoadInst>(I) && FromVariable && I->getType()->isPointerTy())) {
    follow(*I);
  } else if (auto *Copy = dyn_cast<AnyMemTransferInst>(I)) {
    return storesAt(*Copy->getRawDest());
  } else if (auto *Store = dyn_cast<StoreInst>(I);
             Store && Store->getValueOperand() == U.get()) {
    return storesAt(*Store->getPointerOperand());
  } else if (isa<ReturnInst>(I) && Returning.insert(I->getFunction()).second) {
    for (const CallBase *Call : Calls[I->getFunction()])
      follow(*Call);
  } else if (auto *Call = dyn_cast<CallBase>(I);
             Call && Call->isArgOperand(&U)) {
    return isHandedBy(*Call, Call->getArgOperandNo(&U));
  }
  return false;
}

/// The address, or what is there, is written to \p Ptr.
bool ObjectWalk::storesAt(const Value &Ptr) {
  const Value *To = getUnderlyingObject(&Ptr);
  if (!isa<AllocaInst>(To))
    return true;
  follow(*To);
  return false;
}

bool ObjectWalk::isHandedBy(const CallBase &Call, unsigned No) {
  const Function *Callee = Call.getCalledFunction();
  if (!Callee || Callee->isDeclaration())
    return Callee ? isOpaque(*Callee) : callsThroughPointer(Call);
  if (No < Callee->arg_size())
    follow(*Callee->getArg(No));
  Calls[Callee].push_back(&Call);
  if (Returning.contains(Callee))
    follow(Call);
  return false;
}

/// True if \p Caller uses the object that it calls as words only.
static bool usesWords(Function &Caller, DeepFloats &Deep) {
  Argument *Object = find_if(
      Caller.args(), [](const Argument &A) { return !A.hasStructRetAttr(); });
  if (Caller.isDeclaration() || Object == Caller.arg_end() ||
      ObjectWalk().isHandedOut(*Object))
    return false;
  FunctionTypes *Types = Deep.of(Caller);
  if (!Types)
    return true;
  Loc L = Types->pointsTo(*Object);
  return all_of(seq(FunctionObjectSize), [&](int64_t Byte) {
    Found F = Types->G.lookup(L + Byte, /*AllTables=*/true);
    bool IsWord =
        F.Ev.Float && F.Ev.Float->isDoubleTy() && (Byte + F.Begin) % 8 == 0;
    return !F.Ev.Mixed && (!F.Ev.Float || IsWord);
  });
}

void noteFunctionObjects(Module &M) {
  auto Callers = make_filter_range(M, callsObject);
  DeepFloats Deep;
  if (!Callers.empty() &&
      all_of(Callers, [&](Function &F) { return usesWords(F, Deep); }))
    M.getOrInsertNamedMetadata(WordsMD);
}

void forgetFunctionObjects(Module &M) {
  if (NamedMDNode *Note = M.getNamedMetadata(WordsMD))
    Note->eraseFromParent();
}

bool areFunctionObjectsWords(const Module &M) {
  return M.getNamedMetadata(WordsMD) != nullptr;
}

SmallVector<const Argument *, 2> functionObjectsOf(const Function &F) {
  SmallVector<const Argument *, 2> Objects;
  // Those that call objects know what they are.
  if (!F.getName().contains("St9_Any_data") || callsObject(F))
    return Objects;
  ItaniumPartialDemangler Demangler;
  // Copies have a suffix.
  std::string Name = F.getName().split('.').first.str();
  if (Demangler.partialDemangle(Name.c_str()))
    return Objects;
  std::unique_ptr<char, decltype(&std::free)> Buffer(
      Demangler.getFunctionParameters(nullptr, nullptr), &std::free);
  StringRef Text = Buffer ? Buffer.get() : "";
  if (!Text.consume_front("(") || !Text.consume_back(")"))
    return Objects;
  // No type that std::function's own functions take before these has a comma.
  SmallVector<StringRef, 4> Types;
  Text.split(Types, ", ");
  for (auto [Type, A] : zip(Types, F.args()))
    if (Type == "std::_Any_data&" || Type == "std::_Any_data const&")
      Objects.push_back(&A);
  return Objects;
}

bool isFunctionObjectType(const StructType &T) {
  return T.hasName() && withoutNumber(T.getName()) == "union.std::_Any_data";
}

//===----------------------------------------------------------------------===//
// The pointers behind the objects
//===----------------------------------------------------------------------===//

static constexpr StringLiteral FunctionType = "_ZTSSt8functionI";

bool isFunctionOfObject(const LoadInst &Load) {
  const MDNode *Tag = Load.getMetadata(LLVMContext::MD_tbaa);
  auto *Type = Tag && Tag->getNumOperands() >= 3
                   ? dyn_cast_or_null<MDNode>(Tag->getOperand(0))
                   : nullptr;
  auto *Name = Type && Type->getNumOperands()
                   ? dyn_cast_or_null<MDString>(Type->getOperand(0))
                   : nullptr;
  return Name && Load.getType()->isPointerTy() &&
         (Name->getString() == FunctionBaseType ||
          Name->getString().starts_with(FunctionType));
}

bool managesObjects(const Function &F) {
  return belongsToObject(F) && F.arg_size() == 3 &&
         F.getName().contains("E10_M_managerERSt9_Any_data");
}

bool storesManager(const StoreInst &Store) {
  auto *Stored = dyn_cast<Constant>(Store.getValueOperand());
  if (Stored && Stored->getType()->isVectorTy()) // The other one is behind it.
    Stored = Stored->getAggregateElement(0u);
  auto *F = dyn_cast_or_null<Function>(Stored);
  return F && managesObjects(*F);
}

bool belongsToObject(const Function &F) {
  return F.getName().starts_with(HandlerPrefix) ||
         F.getName().starts_with(ManagerPrefix);
}

/// The struct of which \p Ptr is to the second member, which is such a pointer;
/// the name that TBAA has for it, or nothing.
static StringRef objectAround(const Value &Ptr) {
  auto *GEP = dyn_cast<GEPOperator>(&Ptr);
  auto *Struct =
      GEP ? dyn_cast<StructType>(GEP->getSourceElementType()) : nullptr;
  if (!Struct || !Struct->hasName() || GEP->getNumIndices() != 2 ||
      !match(GEP->getOperand(2), PatternMatch::m_One()))
    return "";
  return StringSwitch<StringRef>(withoutNumber(Struct->getName()))
      .Case("class.std::_Function_base", FunctionBaseType)
      .Case("class.std::function", FunctionType)
      .Default("");
}

void noteObjectPointers(Function &F) {
  MDBuilder B(F.getContext());
  MDNode *Pointer = B.createTBAAScalarTypeNode(
      "any pointer", B.createTBAARoot("linkgrad function objects"));
  MDNode *Base = B.createTBAAStructTypeNode(FunctionBaseType,
                                            {{Pointer, FunctionObjectSize}});
  for (Instruction &I : instructions(F)) {
    const Value *Ptr = getLoadStorePointerOperand(&I);
    if (!Ptr || I.hasMetadata(LLVMContext::MD_tbaa))
      continue;
    StringRef Type = objectAround(*Ptr);
    if (Type == FunctionBaseType)
      I.setMetadata(
          LLVMContext::MD_tbaa,
          B.createTBAAStructTagNode(Base, Pointer, FunctionObjectSize));
    else if (!Type.empty()) {
      constexpr unsigned Offset = FunctionObjectSize + 8;
      MDNode *Whole = B.createTBAAStructTypeNode(
          FunctionType, {{Base, 0}, {Pointer, Offset}});
      I.setMetadata(LLVMContext::MD_tbaa,
                    B.createTBAAStructTagNode(Whole, Pointer, Offset));
    }
  }
}

} // namespace linkgrad
