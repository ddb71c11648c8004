//===- Derivatives.cpp - From requests to functions -----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The memo table from requests to functions. A request is entered before its
// function is built, so recursion finds it there: a tangent function is called
// by its declaration. Of a split pair that is still being built it is assumed
// that it needs no frame, which holds for much recursive code whose path
// follows from the arguments. If that turns out to be wrong, the pair is built
// once more and called through wrappers that keep the frame on the heap.
//
//===----------------------------------------------------------------------===//

#include "transform/Derivatives.h"
#include "prepare/AnalysisManagers.h"
#include "prepare/Prepare.h"
#include "request/Registration.h"
#include "request/RequestCall.h"
#include "support/Diagnostics.h"
#include "transform/BlasRules.h"
#include "transform/CustomRules.h"
#include "transform/Shadows.h"
#include "transform/Speculation.h"
#include "transform/SplitDerivative.h"
#include "transform/SweepCallers.h"
#include "transform/UnneededStores.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/InlineCost.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include <map>
#include <vector>

using namespace llvm;

namespace linkgrad {

/// malloc guarantees no more than this.
static constexpr Align HeapAlign = Align::Constant<16>();

class Derivatives::Impl : public DerivativeSource {
public:
  Impl(Module &M, const Options &Opts) : M(M), Opts(Opts), Facts(M) {}
  ~Impl() override;

  Expected<Function *> get(const DiffRequest &R);
  Expected<uint64_t> sizeOfTape(const DiffRequest &R);

  Expected<SplitDerivative> split(const SplitRequest &R,
                                  bool FrameMayMove) override;
  Expected<Function *> forward(const DiffRequest &R) override;
  bool inlinesInstead(const Function &Caller, const CallBase &Call,
                      const Error &E) override;
  AnalysisManagers &analyses() override { return AMs; }
  const Options &options() const override { return Opts; }

private:
  struct SplitEntry {
    bool Done = false;
    bool Simplified = false;
    SplitDerivative Direct;
    /// The wrappers, once somebody needs them.
    std::optional<SplitDerivative> OnHeap;
    /// What stands for a pair without a frame until that is built.
    std::optional<SplitDerivative> Assumed;
    bool MayAssume = true;
  };

  Expected<Function *> prepared(Function &Primal);
  template <class T> Expected<T> repeated(function_ref<Expected<T>()> Make);
  Expected<SplitDerivative> newSplit(const SplitRequest &R);
  Expected<SplitDerivative> trySplit(const SplitRequest &R);
  Expected<SplitEntry *> splitEntry(const SplitRequest &R);
  bool acceptsFrame(const SplitRequest &R, uint64_t Size) override;
  void discard(ArrayRef<SplitRequest> Requests);
  Expected<Function *> tryForward(const DiffRequest &R,
                                  SmallVectorImpl<Function *> &Failed);
  SplitDerivative declarePair(const DiffRequest &D, const Twine &Suffix);
  void simplify(SplitEntry &Entry);
  Expected<Function *> combined(const DiffRequest &R);
  Expected<SplitDerivative> lasting(DiffRequest R);
  Expected<Function *> half(const DiffRequest &R);
  Expected<Function *> batch(const DiffRequest &R);
  const SplitDerivative &onHeap(const SplitRequest &R, SplitEntry &Entry);
  void stopInstead(Function &F, const Function &Primal);
  Error verify(Function &F, const Function &Primal);
  Error finish(Function &F, const Function &Primal);

  Module &M;
  const Options Opts;
  /// What the program says about its functions.
  Registrations Facts;
  AnalysisManagers AMs;
  // Only ever searched, never iterated over: the keys hold pointers.
  std::map<const Function *, Function *> Prepared;
  /// By primal, the callees that are inlined for its memory's types.
  std::map<const Function *, InlineSet> Inlined;
  bool Repeats = false; ///< see inlinesInstead()
  std::map<SplitRequest, SplitEntry> Splits;
  /// The keys of Splits in the order in which they were entered.
  std::vector<SplitRequest> SplitLog;
  unsigned WrongAssumptions = 0;
  std::map<DiffRequest, Function *> Tangents, Combined;
  /// Everything that was generated, in order.
  SmallVector<Function *, 16> Generated;
};

/// Removes what was only needed on the way: prepared copies, and sweeps that
/// were inlined everywhere.
Derivatives::Impl::~Impl() {
  auto Erase = [&](Function *F) {
    AMs.FAM.clear(*F, F->getName());
    F->eraseFromParent();
  };
  for (Function *F : Generated)
    if (F->isDeclaration()) // Left over from a request that failed.
      F->replaceAllUsesWith(PoisonValue::get(F->getType()));
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (Function *&F : Generated)
      if (F && F->use_empty() &&
          none_of(Combined, [&](auto &E) { return E.second == F; }) &&
          none_of(Tangents, [&](auto &E) { return E.second == F; })) {
        Erase(F);
        F = nullptr;
        Changed = true;
      }
  }
}

Expected<Function *> Derivatives::Impl::prepared(Function &Primal) {
  if (Function *Known = Prepared[&Primal])
    return Known;
  auto Copy = preparePrimal(Primal, AMs, Opts, Inlined[&Primal]);
  if (Copy) {
    Prepared[&Primal] = *Copy;
    Generated.push_back(*Copy);
  }
  return Copy;
}

static bool lacksType(const Error &E) {
  bool Found = false;
  visitErrors(E, [&](const ErrorInfoBase &Info) {
    Found |= Info.isA<DiffError>() &&
             static_cast<const DiffError &>(Info).Why == Reason::UnknownType;
  });
  return Found;
}

bool Derivatives::Impl::inlinesInstead(const Function &Caller,
                                       const CallBase &Call, const Error &E) {
  constexpr unsigned MaxInlined = 32;
  Function *Callee = directCallee(Call);
  if (!Callee || Callee == &Caller || Callee->isDeclaration() ||
      Callee->isInterposable() || !lacksType(E) ||
      !isInlineViable(*Callee).isSuccess() || Facts.customRule(*Callee))
    return false;
  InlineSet &Set = Inlined[&Caller];
  if (Set.size() == MaxInlined || !Set.insert(Callee).second)
    return false;
  Prepared.erase(&Caller);
  return Repeats = true;
}

/// Calls \p Make until it succeeds, fails, or has nothing more to inline. If
/// that does not help, the first error is about the place that the user knows.
template <class T>
Expected<T> Derivatives::Impl::repeated(function_ref<Expected<T>()> Make) {
  std::optional<Error> First;
  for (;;) {
    Repeats = false;
    Expected<T> Result = Make();
    bool Again = std::exchange(Repeats, false);
    Error E = Result.takeError();
    if (!First || !E || !lacksType(E)) {
      if (First)
        consumeError(std::move(*First));
      if (!E)
        return Result;
      First = std::move(E);
    } else {
      consumeError(std::move(E));
    }
    if (!Again)
      return std::move(*First);
  }
}

/// \p F could not be made, but others that call it have been: because of a
/// recursion through pointers.
void Derivatives::Impl::stopInstead(Function &F, const Function &Primal) {
  AMs.FAM.clear(F, F.getName());
  F.deleteBody();
  F.setLinkage(GlobalValue::InternalLinkage);
  IRBuilder<> B(BasicBlock::Create(M.getContext(), "entry", &F));
  emitStop(B, makeError(Reason::IndirectCall, Primal,
                        "'" + displayName(Primal) +
                            "' has no derivative, but was called"));
  B.CreateUnreachable();
}

/// Verifies one generated function.
Error Derivatives::Impl::verify(Function &F, const Function &Primal) {
  std::string Problem;
  raw_string_ostream OS(Problem);
  if (Opts.Verify && verifyFunction(F, &OS))
    return makeError(Reason::Internal, Primal,
                     "the derivative of '" + displayName(Primal) +
                         "' does not verify: " + OS.str(),
                     "please report this with the input");
  return Error::success();
}

/// Optimises and verifies one generated function.
Error Derivatives::Impl::finish(Function &F, const Function &Primal) {
  AMs.invalidate(F);
  if (Opts.Optimize)
    simplifyFunction(F, AMs);
  return verify(F, Primal);
}

//===----------------------------------------------------------------------===//
// Split pairs
//===----------------------------------------------------------------------===//

Expected<SplitDerivative> Derivatives::Impl::newSplit(const SplitRequest &R) {
  return repeated<SplitDerivative>([&] { return trySplit(R); });
}

Expected<SplitDerivative> Derivatives::Impl::trySplit(const SplitRequest &R) {
  const CustomRule *Rule = Facts.customRule(*R.Request.Primal);
  if (Rule && Rule->Gradient)
    return adaptGradient(R.Request, *Rule, AMs);
  if (auto Blas = BlasFunction::find(*R.Request.Primal))
    return blasGradient(R.Request, *Blas);
  auto Copy = prepared(*R.Request.Primal);
  if (!Copy)
    return Copy.takeError();
  return buildSplitDerivative(**Copy, R, *this);
}

/// The entry of \p R, made if it is new. The pair is not simplified yet.
Expected<Derivatives::Impl::SplitEntry *>
Derivatives::Impl::splitEntry(const SplitRequest &R) {
  auto [It, New] = Splits.try_emplace(R);
  SplitEntry &Entry = It->second;
  if (!New)
    return &Entry;
  SplitLog.push_back(R);
  size_t Mark = SplitLog.size();
  auto Pair = newSplit(It->first);
  if (Pair && !Pair->Augmented) { // See acceptsFrame().
    discard(ArrayRef(SplitLog).drop_front(Mark));
    SplitLog.resize(Mark);
    Entry.Assumed.reset();
    Entry.MayAssume = false;
    ++WrongAssumptions;
    Pair = newSplit(It->first);
  }
  if (!Pair) {
    for (auto &Declared : {Entry.OnHeap, Entry.Assumed})
      if (Declared)
        for (Function *F : {Declared->Augmented, Declared->Reverse})
          stopInstead(*F, *R.Request.Primal);
    Splits.erase(It);
    return Pair.takeError();
  }
  Entry.Direct = *Pair;
  Entry.Done = true;
  Generated.append({Pair->Augmented, Pair->Reverse});
  if (Entry.Assumed) {
    Entry.Assumed->Augmented->replaceAllUsesWith(Pair->Augmented);
    Entry.Assumed->Reverse->replaceAllUsesWith(Pair->Reverse);
  }
  for (Function *F : {Pair->Augmented, Pair->Reverse})
    if (Error E = verify(*F, *R.Request.Primal))
      return std::move(E);
  if (Entry.OnHeap)
    defineOnHeap(*Entry.OnHeap, Entry.Direct);
  return &Entry;
}

/// Asked once the tape of \p R is planned. If not, an empty pair is returned.
bool Derivatives::Impl::acceptsFrame(const SplitRequest &R, uint64_t Size) {
  return Size == 0 || !Splits[R].Assumed;
}

/// Forgets pairs that were built on a wrong assumption. The functions are
/// removed at the end, as declarations.
void Derivatives::Impl::discard(ArrayRef<SplitRequest> Requests) {
  auto Empty = [&](const SplitDerivative &D) {
    for (Function *F : {D.Augmented, D.Reverse}) {
      AMs.FAM.clear(*F, F->getName());
      F->deleteBody();
      F->setName("");
    }
  };
  for (const SplitRequest &R : Requests) {
    SplitEntry &Entry = Splits[R];
    if (Entry.Done)
      Empty(Entry.Direct);
    if (Entry.OnHeap)
      Empty(*Entry.OnHeap);
    Splits.erase(R);
  }
}

/// For a pair that is called, not inlined.
void Derivatives::Impl::simplify(SplitEntry &Entry) {
  if (!Opts.Optimize || !Entry.Done || Entry.Simplified)
    return;
  Entry.Simplified = true;
  for (Function *F : {Entry.Direct.Augmented, Entry.Direct.Reverse})
    simplifyFunction(*F, AMs);
}

Expected<SplitDerivative> Derivatives::Impl::split(const SplitRequest &R,
                                                   bool FrameMayMove) {
  auto Entry = splitEntry(R);
  if (!Entry)
    return Entry.takeError();
  simplify(**Entry);
  constexpr unsigned MaxWrongAssumptions = 8; // Each costs time.
  if (!(*Entry)->Done && (*Entry)->MayAssume &&
      WrongAssumptions < MaxWrongAssumptions) {
    if (!(*Entry)->Assumed)
      (*Entry)->Assumed = declarePair(R.Request, "self");
    return *(*Entry)->Assumed;
  }
  const SplitDerivative &D = (*Entry)->Direct;
  bool Direct = (*Entry)->Done && D.FrameAlign <= HeapAlign &&
                !(FrameMayMove && D.Pinned);
  return Direct ? D : onHeap(R, **Entry);
}

/// A pair for \p D without bodies.
SplitDerivative Derivatives::Impl::declarePair(const DiffRequest &D,
                                               const Twine &Suffix) {
  Type *Ptr = PointerType::getUnqual(M.getContext());
  std::string Name = (D.Primal->getName() + ".linkgrad.").str();
  SplitDerivative Pair;
  Pair.Augmented =
      declareShadowed(*D.Primal, D.Args, D.Width, augmentedResultType(D),
                      {Ptr, Ptr}, Name + "aug." + Suffix)
          .F;
  Pair.Reverse = declareReverse(*D.Primal, D, Name + "rev." + Suffix).F;
  Generated.append({Pair.Augmented, Pair.Reverse});
  return Pair;
}

const SplitDerivative &Derivatives::Impl::onHeap(const SplitRequest &R,
                                                 SplitEntry &Entry) {
  if (Entry.OnHeap)
    return *Entry.OnHeap;
  SplitDerivative Wrappers = declarePair(R.Request, "heap");
  Wrappers.FrameSize = M.getDataLayout().getPointerSize();
  Wrappers.FrameAlign = M.getDataLayout().getPointerABIAlignment(0);
  Entry.OnHeap = Wrappers;
  if (Entry.Done)
    defineOnHeap(*Entry.OnHeap, Entry.Direct);
  return *Entry.OnHeap;
}

//===----------------------------------------------------------------------===//
// Tangent functions
//===----------------------------------------------------------------------===//

Expected<Function *> Derivatives::Impl::forward(const DiffRequest &R) {
  if (Function *Known = Tangents[R])
    return Known;
  const CustomRule *Rule = Facts.customRule(*R.Primal);
  if (Rule && Rule->Derivative) {
    auto Adapted = adaptDerivative(R, *Rule, AMs);
    if (Adapted)
      Generated.push_back(Tangents[R] = *Adapted);
    return Adapted;
  }
  if (auto Blas = BlasFunction::find(*R.Primal)) {
    auto Adapted = blasTangent(R, *Blas);
    if (Adapted)
      Generated.push_back(Tangents[R] = *Adapted);
    return Adapted;
  }
  SmallVector<Function *, 2> Failed;
  auto F = repeated<Function *>([&] { return tryForward(R, Failed); });
  if (!F)
    return F;
  for (Function *Old : Failed)
    Old->replaceAllUsesWith(*F);
  stripDebugInfo(**F);
  if (Error E = finish(**F, *R.Primal))
    return std::move(E);
  return F;
}

Expected<Function *>
Derivatives::Impl::tryForward(const DiffRequest &R,
                              SmallVectorImpl<Function *> &Failed) {
  auto Copy = prepared(*R.Primal);
  if (!Copy)
    return Copy.takeError();
  ShadowedClone Clone = declareShadowed(**Copy, R.Args, R.Width,
                                        R.derivativeType()->getReturnType(), {},
                                        R.Primal->getName() + ".linkgrad.fwd");
  Tangents[R] = Clone.F;
  Generated.push_back(Clone.F);
  cloneBody(**Copy, Clone);
  AMs.invalidate(*Clone.F);
  if (Error E = buildForwardBody(Clone, R, *this)) {
    Tangents.erase(R);
    stopInstead(*Clone.F, *R.Primal);
    Failed.push_back(Clone.F);
    return std::move(E);
  }
  return Clone.F;
}

//===----------------------------------------------------------------------===//
// Combined reverse mode
//===----------------------------------------------------------------------===//

Expected<Function *> Derivatives::Impl::combined(const DiffRequest &R) {
  SplitRequest Request{R, /*CallerKeeps=*/true, /*KeptArgs=*/{}};
  Request.Request.Mode = DiffMode::Split;
  Request.Request.ReturnPrimal = false;
  auto Entry = splitEntry(Request);
  if (!Entry)
    return Entry.takeError();
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
// Split reverse mode
//===----------------------------------------------------------------------===//

/// The pair for a request of split reverse mode: between its halves anything
/// may happen to memory.
Expected<SplitDerivative> Derivatives::Impl::lasting(DiffRequest R) {
  R.Mode = DiffMode::Split;
  R.ReturnPrimal = R.CallersTape = R.KeepsTape = false;
  auto Entry = splitEntry({R, /*CallerKeeps=*/false, /*KeptArgs=*/{},
                           /*Reusable=*/true});
  if (!Entry)
    return Entry.takeError();
  simplify(**Entry);
  return (*Entry)->Direct;
}

Expected<Function *> Derivatives::Impl::half(const DiffRequest &R) {
  auto Pair = lasting(R);
  if (!Pair)
    return Pair.takeError();
  bool First = R.Mode == DiffMode::AugmentFwd;
  FunctionType *Type = R.derivativeType();
  auto Extra = Type->params().drop_front(
      shadowedParameters(*R.Primal, R.Args, R.Width).size());
  Function *F =
      declareShadowed(*R.Primal, R.Args, R.Width, Type->getReturnType(), Extra,
                      R.Primal->getName() +
                          (First ? ".linkgrad.augment" : ".linkgrad.reverse"))
          .F;
  Generated.push_back(F);
  (First ? defineAugmentFwd : defineReverseSweep)(*F, R, *Pair);
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
  auto Pair = lasting(R);
  if (!Pair)
    return Pair.takeError();
  return tapeSize(*Pair);
}

Expected<Function *> Derivatives::Impl::get(const DiffRequest &R) {
  if (Error E = joinErrors(Facts.takeError(), checkKnownFunctions(Facts)))
    return std::move(E);
  Function *&Known = Combined[R];
  if (!Known) {
    auto F = R.Mode == DiffMode::Forward   ? forward(R)
             : R.Mode == DiffMode::Reverse ? combined(R)
             : R.Mode == DiffMode::Batch   ? batch(R)
                                           : half(R);
    if (!F)
      return addNote(F.takeError(), "while making the " + R.describe());
    Known = *F;
  }
  return Known;
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
  if (!asksForDerivative(Call))
    return answerInactiveCall(Call);
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
