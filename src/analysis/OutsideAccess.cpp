//===- OutsideAccess.cpp - Local variables that others can change ---------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/OutsideAccess.h"
#include "analysis/CallTargets.h"
#include "request/Registration.h"
#include "rules/BlasFunctions.h"
#include "rules/KnownFunctions.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Analysis/TargetLibraryInfo.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalVariable.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

bool isAccessibleOutside(const GlobalVariable &G,
                         function_ref<bool(const Function &)> HasPointers) {
  if (StringRef Known =
          G.getAttribute(OutsideAccessAttribute).getValueAsString();
      !Known.empty())
    return Known == "yes";
  if (!G.hasLocalLinkage())
    return true;
  // From the variable to what mentions it, and on to the callers.
  SmallVector<const Value *, 16> Work = {&G};
  SmallPtrSet<const Value *, 16> Seen;
  while (!Work.empty())
    for (const Use &U : Work.pop_back_val()->uses()) {
      const User *By = U.getUser();
      if (auto *I = dyn_cast<Instruction>(By)) {
        auto *Call = dyn_cast<CallBase>(I);
        if (isa<Function>(U.get()) && !(Call && Call->isCallee(&U)))
          continue; // Its address: see HasPointers.
        By = I->getFunction();
      }
      if (!Seen.insert(By).second)
        continue;
      auto *User = dyn_cast<GlobalValue>(By);
      auto *F = dyn_cast<Function>(By);
      if ((User && !isa<GlobalVariable>(User) && !User->hasLocalLinkage() &&
           !isEntryPoint(User->getName())) ||
          (F && HasPointers(*F)))
        return true;
      Work.push_back(By);
    }
  return false;
}

/// True for a function of the C library, which knows of the program nothing but
/// what it is given.
static bool isOfLibrary(const Function &F) {
  LibFunc Unused;
  return TargetLibraryInfoImpl(F.getParent()->getTargetTriple())
      .getLibFunc(F, Unused);
}

bool isOpaque(const Function &F) {
  return F.isDeclaration() && classifyCallee(F) == CalleeKind::Unknown &&
         !F.getMemoryEffects()
              .getWithoutLoc(IRMemLocation::ArgMem)
              .getWithoutLoc(IRMemLocation::InaccessibleMem)
              .getWithoutLoc(IRMemLocation::ErrnoMem)
              .doesNotAccessMemory() &&
         !F.isIntrinsic() && !BlasFunction::find(F) &&
         !F.hasFnAttribute(CustomRuleAttribute) && !isOfLibrary(F);
}

//===----------------------------------------------------------------------===//
// Where addresses go
//===----------------------------------------------------------------------===//

/// True if only the result of \p I can tell of an address in its operands.
/// Sanitizers calculate with addresses and report them.
static bool onlyComputes(const Instruction &I) {
  if (auto *Call = dyn_cast<CallInst>(&I)) {
    const Function *Callee = Call->getCalledFunction();
    return Callee && (Callee->getName().starts_with("__ubsan_handle_") ||
                      (Callee->isIntrinsic() && Call->onlyReadsMemory()));
  }
  return isa<GetElementPtrInst, PHINode, SelectInst, PtrToIntInst,
             BinaryOperator, ExtractValueInst>(I);
}

/// The address that \p I writes \p U to, null if it does not.
static const Value *storedTo(const Instruction &I, const Use &U) {
  if (!isa<StoreInst, AtomicRMWInst, AtomicCmpXchgInst>(I))
    return nullptr;
  const Use &Address = I.getOperandUse(
      isa<StoreInst>(I) ? StoreInst::getPointerOperandIndex() : 0);
  return &U == &Address ? nullptr : Address.get();
}

namespace {

/// Follows an address through instructions and, where the primal leaves it
/// counts, through local variables, and parameters and results of functions
/// that the primal reaches.
class AddressWalk {
public:
  AddressWalk(IsReached Reached, bool CountLeft)
      : Reached(Reached), CountLeft(CountLeft) {}

  /// True if others may find \p Ptr.
  bool escapes(const Value &Ptr) {
    Work.push_back(&Ptr);
    while (!Work.empty())
      for (const Use &U : Work.pop_back_val()->uses())
        if (escapesBy(U))
          return true;
    return false;
  }

private:
  void follow(const Value &V) {
    if (Seen.insert(&V).second)
      Work.push_back(&V);
  }

  bool escapesBy(const Use &U) {
    auto *I = dyn_cast<Instruction>(U.getUser());
    auto *G = dyn_cast<GlobalVariable>(U.getUser());
    if (G)
      return !G->getName().starts_with("llvm.");
    if (!I || onlyComputes(*I)) {
      follow(*U.getUser());
      return false;
    }
    if (Reached(*I->getFunction()))
      return CountLeft && leaves(*I, U);
    auto *Call = dyn_cast<CallBase>(I);
    return !isa<LoadInst, ICmpInst, MemIntrinsic>(I) &&
           (isa<StoreInst, AtomicRMWInst, AtomicCmpXchgInst>(I)
                ? storedTo(*I, U) != nullptr
                : !(Call && Call->isArgOperand(&U) &&
                    Call->doesNotCapture(Call->getArgOperandNo(&U))));
  }

  /// True if \p I, which the primal reaches, leaves \p U where others find it.
  bool leaves(const Instruction &I, const Use &U) {
    if (const Value *To = storedTo(I, U)) {
      auto *Local = dyn_cast<AllocaInst>(getUnderlyingObject(To));
      return Local ? isPassed(*Local)
                   : !isa<GlobalVariable>(getUnderlyingObject(To));
    }
    if (isa<ReturnInst>(I))
      for (const User *Caller : I.getFunction()->users())
        follow(*Caller);
    auto *Call = dyn_cast<CallBase>(&I);
    if (!Call || !Call->isArgOperand(&U))
      return false;
    unsigned No = Call->getArgOperandNo(&U);
    const Function *Callee = Call->getCalledFunction();
    if (Callee && No < Callee->arg_size() && !Callee->isDeclaration())
      follow(*Callee->getArg(No));
    return !Call->doesNotCapture(No) &&
           (Callee ? isOpaque(*Callee) : callsThroughPointer(*Call));
  }

  /// True if \p Local, which holds the address, is passed on. Follows what is
  /// read from it.
  bool isPassed(const AllocaInst &Local) {
    SmallVector<const Value *, 8> Parts = {&Local};
    SmallPtrSet<const Value *, 8> SeenParts;
    while (!Parts.empty())
      for (const Use &U : Parts.pop_back_val()->uses()) {
        auto &I = *cast<Instruction>(U.getUser());
        if (isa<LoadInst>(I) && !I.getType()->isFPOrFPVectorTy()) {
          follow(I);
        } else if (onlyComputes(I)) {
          if (SeenParts.insert(&I).second)
            Parts.push_back(&I);
        } else if (storedTo(I, U) ||
                   (isa<CallBase>(I) && !I.isLifetimeStartOrEnd())) {
          return true;
        }
      }
    return false;
  }

  IsReached Reached;
  bool CountLeft;
  SmallVector<const Value *, 8> Work;
  SmallPtrSet<const Value *, 8> Seen;
};

} // namespace

bool isKept(const Value &Ptr, IsReached Reached) {
  return AddressWalk(Reached, /*CountLeft=*/false).escapes(Ptr);
}

bool isLeft(const Value &Ptr, IsReached Reached) {
  return AddressWalk(Reached, /*CountLeft=*/true).escapes(Ptr);
}

} // namespace linkgrad
