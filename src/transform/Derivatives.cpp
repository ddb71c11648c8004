//===- Derivatives.cpp - From requests to functions -----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The functions that answer requests: around the pairs and tangent functions of
// DerivativeTable.
//
//===----------------------------------------------------------------------===//

#include "transform/Derivatives.h"
#include "analysis/RequestOrder.h"
#include "request/RequestCall.h"
#include "request/RustcPrimal.h"
#include "support/Diagnostics.h"
#include "transform/AbsentSeeds.h"
#include "transform/CustomRules.h"
#include "transform/DerivativeTable.h"
#include "transform/Shadows.h"
#include "transform/Speculation.h"
#include "transform/SweepCallers.h"
#include "transform/UnneededStores.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"

using namespace llvm;

namespace linkgrad {

class Derivatives::Impl : public DerivativeTable {
public:
  using DerivativeTable::DerivativeTable;

  Expected<Function *> get(const DiffRequest &R);
  Expected<uint64_t> sizeOfTape(const DiffRequest &R);

private:
  Expected<Function *> make(const DiffRequest &R,
                            const GlobalActivity::Touched &Marked);
  template <class T>
  Expected<T>
  inTwoAttempts(DiffRequest R, const GlobalActivity::Touched &Marked,
                function_ref<Expected<T>(const DiffRequest &)> Make);
  Expected<Function *> combined(DiffRequest R);
  Expected<SplitEntry *> pair(SplitRequest &R);
  Expected<SplitDerivative> lasting(DiffRequest &R);
  Expected<Function *> half(DiffRequest R);
  Expected<Function *> batch(const DiffRequest &R);
  void markGlobals();

  bool MarkedGlobals = false;
  DenseMap<Function *, unsigned> Orders;
};

//===----------------------------------------------------------------------===//
// Combined reverse mode
//===----------------------------------------------------------------------===//

/// The entry of \p R, with DiffRequest::Unions and StrictUnions if they are
/// found to be necessary: they cost time in the derivative, or it is refused.
Expected<DerivativeTable::SplitEntry *>
Derivatives::Impl::pair(SplitRequest &R) {
  auto Entry = splitEntry(R);
  if (!Entry)
    return Entry;
  SplitEntry &E = **Entry;
  if (!E.Unions) {
    E.Unions = unionsOf(*R.Request.Primal);
    E.StrictUnions = isWrongAboutMembers(*R.Request.Primal);
  }
  R.Request.Unions = *E.Unions;
  R.Request.StrictUnions = E.StrictUnions;
  return R.Request.hasUnions() || R.Request.StrictUnions ? splitEntry(R)
                                                         : std::move(Entry);
}

Expected<Function *> Derivatives::Impl::combined(DiffRequest R) {
  if (Error E = checkAbsentSeeds(R))
    return std::move(E);
  SplitRequest Request{R, /*CallerKeeps=*/true, /*KeptArgs=*/{}};
  Request.Request.Mode = DiffMode::Split;
  Request.Request.ReturnPrimal = false;
  auto Entry = pair(Request);
  if (!Entry)
    return Entry.takeError();
  R.Unions = Request.Request.Unions;
  const SplitDerivative &Pair =
      (*Entry)->Done ? (*Entry)->Direct : onHeap(Request, **Entry);
  Function *F = declareShadowed(*R.Primal, R.Args, R.Width,
                                R.derivativeType()->getReturnType(), {},
                                R.Primal->getName() + ".linkgrad.grad")
                    .F;
  Generated.push_back(F);
  defineCombined(*F, R, Pair);
  if (Opts.Optimize) {
    for (Function *Sweep : {Pair.Augmented, Pair.Reverse})
      Sweep->addFnAttr(Attribute::AlwaysInline);
    inlineCallees(*F, *R.Primal, AMs, Opts);
    for (Function *Sweep : {Pair.Augmented, Pair.Reverse})
      Sweep->removeFnAttr(Attribute::AlwaysInline);
    // Mostly both sweeps end here, and to simplify the whole is enough. It is
    // also less work: the tape's frame dissolves at once.
    if (!Pair.Augmented->use_empty() || !Pair.Reverse->use_empty())
      simplify(**Entry);
  }
  if (Error E = finish(*F, *R.Primal))
    return std::move(E);
  if (Opts.Optimize && eraseUnneededStores(*F, R, AMs))
    simplifyFunction(*F, AMs);
  return F;
}

//===----------------------------------------------------------------------===//
// Split mode
//===----------------------------------------------------------------------===//

/// The pair for a request of split mode: between its halves anything may happen
/// to memory. All halves of one primal have the same.
Expected<SplitDerivative> Derivatives::Impl::lasting(DiffRequest &R) {
  SplitRequest Request{R, /*CallerKeeps=*/false, /*KeptArgs=*/{},
                       /*Reusable=*/true};
  DiffRequest &Pair = Request.Request;
  Pair.Mode = DiffMode::Split;
  Pair.ReturnPrimal = Pair.CallersTape = Pair.KeepsTape = false;
  auto Entry = pair(Request);
  if (!Entry)
    return Entry.takeError();
  R.Unions = Pair.Unions;
  simplify(**Entry);
  return (*Entry)->Direct;
}

Expected<Function *> Derivatives::Impl::half(DiffRequest R) {
  auto Pair = lasting(R);
  if (!Pair)
    return Pair.takeError();
  bool First = R.Mode == DiffMode::AugmentFwd;
  bool IsForward = R.Mode == DiffMode::ForwardSweep;
  if (IsForward && !Pair->Forward)
    return Pair->whyNoForward(*R.Primal);
  // By value, a parameter with a tangent looks like one with a shadow.
  SmallVector<Activity, 8> Args = R.Args;
  if (IsForward)
    replace(Args, Activity::Active, Activity::Dup);
  FunctionType *Type = R.derivativeType();
  auto Extra = Type->params().drop_front(
      shadowedParameters(*R.Primal, Args, R.Width).size());
  StringRef Suffix = First       ? ".linkgrad.augment"
                     : IsForward ? ".linkgrad.forward"
                                 : ".linkgrad.reverse";
  Function *F = declareShadowed(*R.Primal, Args, R.Width, Type->getReturnType(),
                                Extra, R.Primal->getName() + Suffix)
                    .F;
  Generated.push_back(F);
  (First ? defineAugmentFwd : defineSweep)(*F, R, *Pair);
  if (Error E = finish(*F, *R.Primal))
    return std::move(E);
  return F;
}

Expected<Function *> Derivatives::Impl::batch(const DiffRequest &R) {
  Function *F =
      Function::Create(R.derivativeType(), GlobalValue::InternalLinkage,
                       R.Primal->getName() + ".linkgrad.batch", M);
  F->setDSOLocal(true);
  Generated.push_back(F);
  defineBatch(*F, R);
  if (Error E = verify(*F, *R.Primal))
    return std::move(E);
  return F;
}

Expected<uint64_t> Derivatives::Impl::sizeOfTape(const DiffRequest &R) {
  markGlobals();
  auto Pair = inTwoAttempts<SplitDerivative>(
      R, Globals.mark(*R.Primal),
      [&](DiffRequest Attempt) { return lasting(Attempt); });
  if (!Pair)
    return Pair.takeError();
  return tapeSize(*Pair);
}

/// Derivatives are shared between requests, so all have to agree on what is
/// active.
void Derivatives::Impl::markGlobals() {
  if (std::exchange(MarkedGlobals, true))
    return;
  for (CallBase *Call : findRequestCalls(M))
    if (asksForDerivative(*Call)) {
      auto Primal = requestedPrimal(*Call);
      if (Primal)
        Globals.mark(**Primal);
      else
        consumeError(Primal.takeError());
    }
}

/// The function that answers \p R, where pointers in global variables count or
/// do not.
Expected<Function *>
Derivatives::Impl::make(const DiffRequest &R,
                        const GlobalActivity::Touched &Marked) {
  if (R.GlobalPointers && isDup(R.Result) &&
      containsPointer(R.Primal->getReturnType()))
    return makeError(Reason::MixedActivity, *R.Primal,
                     "the result may be a pointer that lay in a global "
                     "variable, which has no shadow",
                     "give the result back by a parameter");
  auto &Touched = Marked.Variables[R.GlobalPointers];
  Function *&Known = Answers[R];
  if (Known)
    return Known;
  if (Marked.InCircle && !Touched.empty())
    return makeError(Reason::UnsupportedRequest, *R.Primal,
                     "'" + displayName(*R.Primal) +
                         "' changes global variables and, by what it calls, "
                         "asks for its own derivative, which would use the "
                         "same shadows of them",
                     "keep what it changes in memory that is passed to it");
  auto F = R.Mode == DiffMode::Forward   ? forward(R)
           : R.Mode == DiffMode::Reverse ? combined(R)
           : R.Mode == DiffMode::Batch   ? batch(R)
                                         : half(R);
  if (!F)
    return addNote(F.takeError(), "while making the " + R.describe());
  Known = *F;
  if ((!Touched.empty() || R.GlobalPointers) && R.Mode != DiffMode::Batch)
    Generated.push_back(Known = withClearedShadows(**F, Touched, R));
  return Known;
}

/// To count pointers in global variables costs time in the derivative, so that
/// comes second.
template <class T>
Expected<T> Derivatives::Impl::inTwoAttempts(
    DiffRequest R, const GlobalActivity::Touched &Marked,
    function_ref<Expected<T>(const DiffRequest &)> Make) {
  R.GlobalPointers = Marked.ByPointers;
  // Functions that pointers may lead to can have new derivatives by now; all
  // halves of split mode need one order.
  R.Order = Orders.try_emplace(R.Primal, Marked.Order).first->second;
  auto Result = Make(R);
  if (Result)
    return Result;
  Error E = Result.takeError();
  if (!countsGlobalPointersInstead(R, E))
    return std::move(E);
  consumeError(std::move(E));
  R.GlobalPointers = true;
  return Make(R);
}

Expected<Function *> Derivatives::Impl::get(const DiffRequest &R) {
  if (Error E = joinErrors(Facts.takeError(), checkKnownFunctions(Facts)))
    return std::move(E);
  markGlobals();
  auto Marked = Globals.mark(*R.Primal);
  return inTwoAttempts<Function *>(R, Marked, [&](const DiffRequest &Attempt) {
    return make(Attempt, Marked);
  });
}

Derivatives::Derivatives(Module &M, const Options &Opts)
    : P(std::make_unique<Impl>(M, Opts)) {}
Derivatives::~Derivatives() = default;

Expected<Function *> Derivatives::get(const DiffRequest &R) {
  return P->get(R);
}

/// Compares what the caller says that its tape has room for with what the tape
/// needs: here if that is a constant, else at run time.
static Error checkAllocated(const RequestCall &Request, uint64_t Needed) {
  Value *Allocated = Request.Allocated;
  Value *Size = ConstantInt::get(Allocated->getType(), Needed);
  IRBuilder<> B(Request.Call);
  Value *TooSmall = B.CreateICmpULT(Allocated, Size);
  if (auto *Known = dyn_cast<ConstantInt>(TooSmall); Known && Known->isZero())
    return Error::success();
  Error E = makeError(Reason::BadMarker, *Request.Call,
                      "'enzyme_allocated' gives less than the " +
                          Twine(Needed) + " bytes that the tape takes",
                      "ask __enzyme_augmentsize how many are needed");
  if (isa<ConstantInt>(TooSmall))
    return E;
  B.SetInsertPoint(SplitBlockAndInsertIfThen(
      TooSmall, Request.Call->getIterator(), /*Unreachable=*/true));
  emitStop(B, std::move(E));
  return Error::success();
}

Error Derivatives::answer(CallBase &Call) {
  if (isTypeHint(Call))
    return Error::success(); // Until all derivatives have been made.
  if (isVirtualReverse(Call))
    return answerVirtualReverse(Call);
  if (!asksForDerivative(Call))
    return answerInactiveCall(Call);
  fitPrimalToRustc(Call);
  auto Request = parseRequestCall(Call);
  if (!Request)
    return Request.takeError();
  if (Request->Request.CallersTape) {
    auto Size = P->sizeOfTape(Request->Request);
    if (!Size)
      return Size.takeError();
    if (Request->AsksForSize)
      return answerWithSize(*Request, *Size);
    if (Error E = checkAllocated(*Request, *Size))
      return E;
  }
  auto Derivative = get(Request->Request);
  if (!Derivative)
    return Derivative.takeError();
  return answerRequest(*Request, **Derivative);
}

Expected<bool> answerAllRequests(Module &M, const Options &Opts) {
  auto Calls = requestsInnerFirst(M);
  if (Calls.empty())
    return false;
  {
    Derivatives D(M, Opts);
    for (CallBase *Call : Calls)
      if (Error E = D.answer(*Call))
        return std::move(E);
  }
  removeUnusedMagic(M);
  return true;
}

} // namespace linkgrad
