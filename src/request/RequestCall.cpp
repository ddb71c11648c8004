//===- RequestCall.cpp - Finding requests and clearing up after them ------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/RequestCall.h"
#include "request/MagicNames.h"
#include "request/Markers.h"
#include "request/OperandOrigin.h"
#include "request/RequestCallImpl.h"
#include "request/RustcPrimal.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/DepthFirstIterator.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/CFG.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/GlobalAlias.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace linkgrad {

/// An unknown name that contains the prefix is a request only if it has no
/// body: users may call their own functions as they like.
static MagicCall classify(const GlobalValue &GV) {
  MagicCall Kind = classifyMagicCall(GV.getName());
  if (Kind == MagicCall::Unknown && !GV.isDeclaration())
    return MagicCall::None;
  return Kind;
}

MagicCall magicCallKind(const CallBase &Call) {
  Value *Callee = Call.getCalledOperand();
  if (auto *F = dyn_cast<Function>(Callee)) // Nearly all calls.
    return classify(*F);
  // An alias can have the magic name itself.
  if (auto *Alias = dyn_cast<GlobalAlias>(Callee->stripPointerCasts()))
    if (MagicCall Kind = classify(*Alias); Kind != MagicCall::None)
      return Kind;
  OriginSet Origins = originsOf(Callee);
  if (Origins.size() != 1 || !isa<Function>(Origins.front()))
    return MagicCall::None;
  return classify(*cast<Function>(Origins.front()));
}

bool asksForDerivative(const CallBase &Call) {
  switch (magicCallKind(Call)) {
  case MagicCall::None:
  case MagicCall::CallInactive:
  case MagicCall::TypeHint:
  case MagicCall::VirtualReverse:
    return false;
  default:
    return true;
  }
}

bool asksForDerivative(const Function &F) {
  return any_of(instructions(F), [](const Instruction &I) {
    auto *Call = dyn_cast<CallBase>(&I);
    return Call && asksForDerivative(*Call);
  });
}

bool isTypeHint(const CallBase &Call) {
  return magicCallKind(Call) == MagicCall::TypeHint;
}

bool isVirtualReverse(const CallBase &Call) {
  return magicCallKind(Call) == MagicCall::VirtualReverse;
}

static bool hasMagicSymbol(const Module &M) {
  auto IsMagic = [](const GlobalValue &GV) {
    return classify(GV) != MagicCall::None;
  };
  return any_of(M.functions(), IsMagic) || any_of(M.aliases(), IsMagic);
}

static bool isMagicCall(const Instruction &I) {
  auto *Call = dyn_cast<CallBase>(&I);
  return Call && magicCallKind(*Call) != MagicCall::None;
}

SmallVector<CallBase *, 4> findRequestCalls(Module &M) {
  SmallVector<CallBase *, 4> Calls;
  if (!hasMagicSymbol(M))
    return Calls;
  for (Function &F : M) {
    SmallVector<CallBase *, 4> Here;
    for (BasicBlock &BB : F)
      for (Instruction &I : BB)
        if (isMagicCall(I))
          Here.push_back(cast<CallBase>(&I));
    if (Here.empty())
      continue;
    df_iterator_default_set<BasicBlock *> Reachable;
    for ([[maybe_unused]] BasicBlock *BB : depth_first_ext(&F, Reachable))
      ;
    copy_if(Here, std::back_inserter(Calls), [&](CallBase *Call) {
      return Reachable.contains(Call->getParent());
    });
  }
  return Calls;
}

unsigned functionOperandNo(const CallBase &Call) {
  return Call.arg_size() && Call.paramHasAttr(0, Attribute::StructRet) ? 1 : 0;
}

Expected<Function *> requestedPrimal(CallBase &Call) {
  unsigned No = functionOperandNo(Call);
  if (Call.arg_size() <= No)
    return makeError(Reason::WrongArgumentCount, Call,
                     "the request names no function to differentiate");
  OriginSet Origins = originsOf(Call.getArgOperand(No));
  if (!Origins.empty() && all_of(Origins, IsaPred<Function>)) {
    if (Origins.size() == 1)
      return cast<Function>(Origins.front());
    return makeError(Reason::UnsupportedRequest, Call,
                     "the function to differentiate is chosen at run time: '" +
                         displayName(*Origins[0]) + "' or '" +
                         displayName(*Origins[1]) + "'",
                     "write one request for each function");
  }
  return makeError(Reason::NotAFunction, Call,
                   "the first argument of the request is not a function that "
                   "is known at compile time",
                   "pass the function by its name");
}

static void removeUnreachableRequests(Module &M) {
  for (Function &F : M)
    if (!F.isDeclaration() &&
        any_of(F, [](const BasicBlock &BB) { return any_of(BB, isMagicCall); }))
      removeUnreachableBlocks(F);
}

/// They have been seen by the type analysis.
static void removeTypeHints(Module &M) {
  SmallVector<CallBase *, 8> Hints;
  for (Function &F : M)
    for (Instruction &I : instructions(F))
      if (auto *Call = dyn_cast<CallBase>(&I); Call && isTypeHint(*Call))
        Hints.push_back(Call);
  for (CallBase *Call : Hints) {
    if (auto *Invoke = dyn_cast<InvokeInst>(Call))
      Call = changeToCall(Invoke);
    Call->replaceAllUsesWith(PoisonValue::get(Call->getType()));
    SmallVector<WeakTrackingVH, 4> Operands(Call->arg_begin(), Call->arg_end());
    Call->eraseFromParent();
    RecursivelyDeleteTriviallyDeadInstructionsPermissive(Operands);
  }
}

/// True for a variable that is a marker and has no meaning besides.
static bool isMarkerVariable(const GlobalVariable &GV) {
  return GV.isDeclaration() && markerByName(GV.getName());
}

void removeUnusedMagic(Module &M) {
  eraseFittedPrimals(M);
  if (hasMagicSymbol(M)) {
    removeUnreachableRequests(M);
    removeTypeHints(M);
  }
  for (Function &F : make_early_inc_range(M)) {
    F.removeDeadConstantUsers();
    if (F.isDeclaration() && F.use_empty() && classify(F) != MagicCall::None)
      F.eraseFromParent();
  }
  for (GlobalVariable &GV : make_early_inc_range(M.globals())) {
    if (!isMarkerVariable(GV))
      continue;
    GV.removeDeadConstantUsers();
    if (GV.use_empty()) {
      GV.eraseFromParent();
    } else if (GV.getValueType()->isSized()) {
      GV.setInitializer(Constant::getNullValue(GV.getValueType()));
      GV.setLinkage(GlobalValue::InternalLinkage);
    }
  }
}

static void printOperand(const RequestOperand &Op, raw_ostream &OS) {
  auto PrintValue = [&OS](const Value *V) { V->printAsOperand(OS); };
  switch (Op.Form) {
  case RequestOperand::Direct:
    return PrintValue(Op.V);
  case RequestOperand::Convert:
    PrintValue(Op.V);
    OS << " as " << *Op.Ty;
    return;
  case RequestOperand::Load:
    OS << *Op.Ty << " at ";
    return PrintValue(Op.V);
  case RequestOperand::Offset:
    PrintValue(Op.V);
    OS << " + " << Op.Bytes;
    return;
  case RequestOperand::Lane:
    PrintValue(Op.V);
    OS << " + " << Op.Bytes << " * ";
    return PrintValue(Op.Stride);
  case RequestOperand::Scratch:
    OS << "scratch ";
    Op.Ty->print(OS, /*IsForDebug=*/false, /*NoDetails=*/true);
    return;
  }
}

void RequestCall::print(raw_ostream &OS) const {
  OS << Request.describe()
     << "\n  requested in: " << displayName(*Call->getFunction())
     << "\n  type: " << *Request.derivativeType() << "\n  operands: ";
  interleaveComma(Operands, OS,
                  [&](const RequestOperand &Op) { printOperand(Op, OS); });
  OS << '\n';
}

/// What a magic call is that asks for no derivative.
static StringRef otherKind(const CallBase &Call) {
  if (isTypeHint(Call))
    return "type hint";
  return isVirtualReverse(Call) ? "shadow of a constant" : "inactive call";
}

void printRequests(Module &M, raw_ostream &OS) {
  for (CallBase *Call : findRequestCalls(M)) {
    if (!asksForDerivative(*Call)) {
      OS << otherKind(*Call) << ':' << *Call << '\n';
      continue;
    }
    Expected<RequestCall> RC = parseRequestCall(*Call);
    if (RC)
      RC->print(OS);
    else
      logAllUnhandledErrors(RC.takeError(), OS);
  }
}

} // namespace linkgrad
