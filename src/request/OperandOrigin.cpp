//===- OperandOrigin.cpp - What an operand of a request stands for --------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/OperandOrigin.h"
#include "llvm/Analysis/ConstantFolding.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/GlobalAlias.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace linkgrad {

StringRef markerNameOf(const Value *Origin) {
  StringRef Name;
  if (auto *MAV = dyn_cast<MetadataAsValue>(Origin)) {
    if (auto *S = dyn_cast<MDString>(MAV->getMetadata()))
      Name = S->getString();
  } else if (isa<GlobalVariable>(Origin)) {
    Name = Origin->getName();
  } else if (isa<AllocaInst>(Origin)) {
    // A second local of the same name gets a number from LLVM.
    Name = Origin->getName().rtrim("0123456789");
  }
  return Name.starts_with("enzyme_") ? Name : StringRef();
}

/// Skips what changes the type of a value but not what it stands for: a marker
/// may be loaded as any integer, a function passed as any pointer or integer.
static Value *stripCasts(Value *V) {
  // In unreachable code a cast can be its own operand.
  SmallPtrSet<Value *, 4> Seen;
  while (Seen.insert(V).second) {
    if (auto *Alias = dyn_cast<GlobalAlias>(V)) {
      V = Alias->getAliasee();
      continue;
    }
    switch (Operator::getOpcode(V)) {
    case Instruction::BitCast:
    case Instruction::AddrSpaceCast:
    case Instruction::PtrToInt:
    case Instruction::IntToPtr:
    case Instruction::Trunc:
    case Instruction::ZExt:
    case Instruction::SExt:
    case Instruction::Freeze:
      V = cast<User>(V)->getOperand(0);
      continue;
    case Instruction::GetElementPtr:
      if (!cast<GEPOperator>(V)->hasAllZeroIndices())
        return V;
      V = cast<User>(V)->getOperand(0);
      continue;
    default:
      return V;
    }
  }
  return V;
}

/// The value that every load of type \p T from \p Local reads, or null: the
/// variable is stored to once as a whole and never leaves the function's sight.
static Value *onlyStoredValue(AllocaInst &Local, Type *T) {
  Value *Stored = nullptr;
  for (User *U : Local.users()) {
    if (auto *Store = dyn_cast<StoreInst>(U)) {
      if (Stored || Store->getPointerOperand() != &Local || Store->isVolatile())
        return nullptr;
      Stored = Store->getValueOperand();
    } else if (!isa<LoadInst>(U) &&
               !cast<Instruction>(U)->isLifetimeStartOrEnd()) {
      return nullptr;
    }
  }
  return Stored && Stored->getType() == T && Stored != &Local ? Stored
                                                              : nullptr;
}

namespace {

class OriginFinder {
public:
  OriginSet Origins;

  void visit(Value *V) {
    V = stripCasts(V);
    if (!Visited.insert(V).second)
      return;
    if (isa<UndefValue>(V)) // Undefined or poison: may stand for any other.
      return;
    if (auto *Phi = dyn_cast<PHINode>(V)) {
      for (Value *Arm : Phi->incoming_values())
        visit(Arm);
      return;
    }
    if (auto *Select = dyn_cast<SelectInst>(V)) {
      visit(Select->getTrueValue());
      visit(Select->getFalseValue());
      return;
    }
    if (Value *Source = behindLoad(V))
      return visit(Source);
    if (Value *Returned = behindCall(V))
      return visit(Returned);
    Origins.insert(V);
  }

private:
  SmallPtrSet<Value *, 8> Visited;

  /// What the load \p V reads, as far as it is known.
  static Value *behindLoad(Value *V) {
    auto *Load = dyn_cast<LoadInst>(V);
    if (!Load || Load->isVolatile())
      return nullptr;
    Value *Address = stripCasts(Load->getPointerOperand());
    // The value of a marker variable means nothing, its name everything.
    if (!markerNameOf(Address).empty())
      return Address;
    if (auto *Local = dyn_cast<AllocaInst>(Address))
      return onlyStoredValue(*Local, Load->getType());
    if (auto *C = dyn_cast<Constant>(Load->getPointerOperand()))
      return ConstantFoldLoadFromConstPtr(C, Load->getType(),
                                          Load->getDataLayout());
    return nullptr;
  }

  /// The one function whose address the call \p V returns, if it can do
  /// nothing else.
  static Value *behindCall(Value *V) {
    auto *Call = dyn_cast<CallBase>(V);
    Function *Callee = Call ? Call->getCalledFunction() : nullptr;
    if (!Callee || Callee->isDeclaration() || Callee->isInterposable())
      return nullptr;
    Value *Returned = nullptr;
    for (BasicBlock &BB : *Callee)
      if (auto *Ret = dyn_cast<ReturnInst>(BB.getTerminator())) {
        Value *Result = Ret->getReturnValue();
        Result = Result ? stripCasts(Result) : nullptr;
        if (!Result || !isa<Function>(Result) ||
            (Returned && Returned != Result))
          return nullptr;
        Returned = Result;
      }
    return Returned;
  }
};

} // namespace

OriginSet originsOf(Value *V) {
  OriginFinder Finder;
  Finder.visit(V);
  return std::move(Finder.Origins);
}

std::optional<uint64_t> constantOperand(Value *V) {
  OriginSet Origins = originsOf(V);
  auto *C =
      Origins.size() == 1 ? dyn_cast<ConstantInt>(Origins.front()) : nullptr;
  if (!C || C->getValue().getActiveBits() > 64)
    return std::nullopt;
  return C->getZExtValue();
}

} // namespace linkgrad
