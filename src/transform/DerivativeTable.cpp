//===- DerivativeTable.cpp - Derivatives that others call -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/DerivativeTable.h"
#include "prepare/IndirectCalls.h"
#include "prepare/ParallelRegions.h"
#include "prepare/Prepare.h"
#include "rules/LibraryBodies.h"
#include "support/Diagnostics.h"
#include "transform/BlasRules.h"
#include "transform/CustomRules.h"
#include "transform/Shadows.h"
#include "transform/Speculation.h"
#include "transform/SweepCallers.h"
#include "transform/Teams.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/InlineCost.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SaveAndRestore.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace linkgrad {

/// malloc guarantees no more than this.
static constexpr Align HeapAlign = Align::Constant<16>();

/// How often a derivative is made again since a recursion has read what it
/// takes for integers when less was known. Each time this can reach one call
/// further, and one element of a table: after some rounds all that follow
/// count.
static constexpr unsigned MaxMovedRounds = 16, RoundsByElement = 3;
/// How many derivatives of a function can be in the making: a recursion may
/// know of floats in other places, each time that it calls itself.
static constexpr unsigned MaxMovedDepth = 16;

static Error movesTooFar(const Function &Primal) {
  return makeError(Reason::UnknownType, Primal,
                   "'" + displayName(Primal) +
                       "' moves bytes as integers that it is given by ever "
                       "more of the calls of a recursion",
                   "let it move floats, not integers");
}

/// Removes what was only needed on the way: prepared copies, and sweeps that
/// were inlined everywhere.
DerivativeTable::~DerivativeTable() {
  forgetFunctionObjects(M);
  Globals.clear();
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
          none_of(Answers, [&](auto &E) { return E.second == F; }) &&
          none_of(Tangents, [&](auto &E) { return E.second == F; })) {
        Erase(F);
        F = nullptr;
        Changed = true;
      }
  }
  finishTeams(M, AMs);
}

Expected<Function *> DerivativeTable::prepared(Function &Primal) {
  if (Function *Known = Prepared[&Primal])
    return Known;
  auto Copy = preparePrimal(Primal, AMs, Opts, Inlined[&Primal]);
  if (Copy) {
    Prepared[&Primal] = *Copy;
    Generated.push_back(*Copy);
  }
  return Copy;
}

static bool isAbout(const Error &E, ArrayRef<Reason> Reasons) {
  bool Found = false;
  visitErrors(E, [&](const ErrorInfoBase &Info) {
    Found |= Info.isA<DiffError>() &&
             is_contained(Reasons, static_cast<const DiffError &>(Info).Why);
  });
  return Found;
}

/// The caller may know more of the memory that a callee works on, and catch
/// what it throws.
static bool mayHelpToInline(const Error &E) {
  return isAbout(E, {Reason::UnknownType, Reason::CaughtException});
}

bool DerivativeTable::countsGlobalPointersInstead(const DiffRequest &R,
                                                  const Error &E) {
  return !R.GlobalPointers && Globals.hasPointers() &&
         isAbout(E, {Reason::InactiveMemory, Reason::MixedActivity});
}

/// What has been prepared has been differentiated. The rest, such as what is
/// only called to report an error, neither writes pointers to active memory nor
/// has adjoints there.
Function *DerivativeTable::differentiated(Function &Primal) {
  auto Copy = Prepared.find(isTeam(Primal) ? &threadOf(Primal) : &Primal);
  return Copy == Prepared.end() ? nullptr : Copy->second;
}

UnionMemory DerivativeTable::unionsOf(Function &Primal) {
  if (!MayMixPointers)
    MayMixPointers = any_of(M, [](const Function &F) {
      return any_of(instructions(F), [&](const Instruction &I) {
        return isUnlikePointers(I.getType(), F.getDataLayout());
      });
    });
  Function *Copy = *MayMixPointers ? differentiated(Primal) : nullptr;
  return Copy ? UnionSearch.find(*Copy,
                                 [&](Function &F) { return differentiated(F); })
              : UnionMemory::None;
}

bool DerivativeTable::isWrongAboutMembers(Function &Primal) {
  Function *Copy = AssumedMember ? differentiated(Primal) : nullptr;
  return Copy && UnionSearch.mixesMembers(
                     *Copy, [&](Function &F) { return differentiated(F); });
}

DerivativeTable::MovedList &DerivativeTable::movedList(Function &Primal) {
  return Moved[isTeam(Primal) ? &threadOf(Primal) : &Primal];
}

ArrayRef<MovedBytes> DerivativeTable::movedBytes(Function &Primal) {
  MovedList &List = movedList(Primal);
  List.Read = true;
  return List.Bytes;
}

/// True if \p New comes as far behind, or before, three of \p Known as these
/// come behind one another, with something else in between: a member of the
/// elements of a table, through which a recursion goes.
static bool isNextElement(ArrayRef<MovedBytes> Known, const MovedBytes &New) {
  auto Has = [&](int64_t Begin) {
    MovedBytes Other = New;
    Other.Begin = Begin;
    return is_contained(Known, Other);
  };
  return any_of(Known, [&](const MovedBytes &Old) {
    int64_t Step = New.Begin - Old.Begin;
    return std::abs(Step) > New.Size && Has(Old.Begin) &&
           Has(Old.Begin - Step) && Has(Old.Begin - 2 * Step);
  });
}

void DerivativeTable::noteMovedBytes(Function &Primal,
                                     ArrayRef<MovedBytes> Bytes) {
  constexpr int64_t All = std::numeric_limits<int64_t>::max() / 4;
  MovedList &List = movedList(Primal);
  for (MovedBytes New : Bytes) {
    if (is_contained(List.Bytes, New) ||
        (List.Widens && isNextElement(List.Bytes, New)))
      continue;
    bool Known = false, Follows = false, Precedes = false;
    for (MovedBytes Old : List.Bytes) {
      int64_t Begin = std::exchange(Old.Begin, New.Begin);
      int64_t Size = std::exchange(Old.Size, New.Size);
      if (!(Old == New))
        continue;
      (Begin <= New.Begin ? Follows : Precedes) = true;
      Known |= Begin <= New.Begin && Size == All;
    }
    if (List.Widens && Precedes)
      New.Begin = -All / 2;
    if (List.Widens && (Follows || Precedes))
      New.Size = All;
    if (!Known && !is_contained(List.Bytes, New))
      List.Bytes.push_back(New);
  }
}

unsigned DerivativeTable::numberOf(std::vector<MovedBytes> Floats) {
  unsigned Number = find(KnownFloats, Floats) - KnownFloats.begin();
  if (Number == KnownFloats.size())
    KnownFloats.push_back(std::move(Floats));
  return Number;
}

/// That \p E is why \p Callee has no derivative.
static bool isWorthInlining(Function &Callee, const Error &E) {
  return mayHelpToInline(E) && !Callee.isDeclaration() &&
         !Callee.isInterposable() && !isTeam(Callee) &&
         isInlineViable(Callee).isSuccess();
}

bool DerivativeTable::inlinesInstead(const Function &Caller,
                                     const CallBase &Call, const Error &E) {
  constexpr unsigned MaxInlined = 32;
  Function *Callee = directCallee(Call);
  if (!Callee || Callee == &Caller || Facts.customRule(*Callee) ||
      !(libraryBody(*Callee) || isWorthInlining(*Callee, E)))
    return false;
  InlineSet &Set = Inlined[&Caller].Always;
  if (Set.size() == MaxInlined || !Set.insert(Callee).second)
    return false;
  Prepared.erase(&Caller);
  return Repeats = true;
}

/// \p Primal could not be differentiated. Targets of its calls through pointers
/// that are not called can be the reason, if they were inlined.
bool DerivativeTable::callsTargetsInstead(const Function &Primal) {
  const Function *Copy = Prepared[&Primal];
  if (!Copy || !hasPromotedCalls(*Copy) || !Inlined[&Primal].Targets)
    return false;
  Inlined[&Primal].Targets = false;
  Prepared.erase(&Primal);
  return Repeats = true;
}

/// Calls \p Make until it succeeds, fails, or has nothing more to inline. If
/// that does not help, the first error is about the place that the user knows.
template <class T>
Expected<T> DerivativeTable::repeated(const Function &Primal,
                                      function_ref<Expected<T>()> Make) {
  std::optional<Error> First;
  for (;;) {
    Repeats = false;
    Expected<T> Result = Make();
    Error E = Result.takeError();
    bool Again = Repeats || (E && callsTargetsInstead(Primal));
    if (!First || !E || !mayHelpToInline(E) || !mayHelpToInline(*First)) {
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
void DerivativeTable::stopInstead(Function &F, const Function &Primal) {
  AMs.FAM.clear(F, F.getName());
  F.deleteBody();
  F.setLinkage(GlobalValue::InternalLinkage);
  IRBuilder<> B(BasicBlock::Create(M.getContext(), "entry", &F));
  emitStop(B, makeError(Reason::IndirectCall, Primal,
                        "'" + displayName(Primal) +
                            "' has no derivative, but was called"));
  B.CreateUnreachable();
}

/// \p F was built on a wrong assumption. It is removed at the end, as a
/// declaration.
void DerivativeTable::empty(Function &F) {
  AMs.FAM.clear(F, F.getName());
  F.deleteBody();
  F.setName("");
}

/// Verifies one generated function.
Error DerivativeTable::verify(Function &F, const Function &Primal) {
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
Error DerivativeTable::finish(Function &F, const Function &Primal) {
  AMs.invalidate(F);
  if (Opts.Optimize)
    simplifyFunction(F, AMs);
  return verify(F, Primal);
}

//===----------------------------------------------------------------------===//
// Split pairs
//===----------------------------------------------------------------------===//

Expected<SplitDerivative> DerivativeTable::newSplit(const SplitRequest &R) {
  return repeated<SplitDerivative>(*R.Request.Primal,
                                   [&] { return trySplit(R); });
}

/// The pair for a parallel region, from that for one of its threads.
Expected<SplitDerivative> DerivativeTable::teamSplit(const SplitRequest &R) {
  SplitRequest Thread = R;
  Thread.Request.Primal = &threadOf(*R.Request.Primal);
  Thread.Request.Parallel = true;
  auto Pair = split(Thread, /*FrameMayMove=*/false);
  if (!Pair)
    return Pair;
  if (!acceptsFrame(R, teamFrameSize(M)))
    return SplitDerivative();
  return forkPair(R.Request, *Pair);
}

/// The rules for these add to shadows as if nobody else did.
static Error checkRuleInTeam(const DiffRequest &R) {
  if (!R.Parallel || none_of(R.Args, isDup))
    return Error::success();
  return makeError(Reason::UnsupportedCall, *R.Primal,
                   "'" + displayName(*R.Primal) +
                       "' is called with active memory in a parallel region: "
                       "its rule adds to shadows that threads may share");
}

Expected<SplitDerivative> DerivativeTable::trySplit(const SplitRequest &R) {
  if (isTeam(*R.Request.Primal))
    return teamSplit(R);
  const CustomRule *Rule = Facts.customRule(*R.Request.Primal);
  if (Rule && Rule->Gradient) {
    if (Error E = checkRuleInTeam(R.Request))
      return std::move(E);
    return adaptGradient(R.Request, *Rule, AMs);
  }
  if (auto Blas = BlasFunction::find(*R.Request.Primal)) {
    if (Error E = checkRuleInTeam(R.Request))
      return std::move(E);
    return blasGradient(R.Request, *Blas);
  }
  auto Copy = prepared(*R.Request.Primal);
  if (!Copy)
    return Copy.takeError();
  return buildSplitDerivative(**Copy, R, *this);
}

/// Makes the pair for \p R, and what is made on the way, until what a recursion
/// assumed or read of it is right.
Expected<SplitDerivative> DerivativeTable::settledSplit(const SplitRequest &R,
                                                        SplitEntry &Entry) {
  size_t Mark = SplitLog.size();
  MovedList &Moved = movedList(*R.Request.Primal);
  if (Moved.Depth == MaxMovedDepth)
    return movesTooFar(*R.Request.Primal);
  SaveAndRestore Deeper(Moved.Depth, Moved.Depth + 1);
  for (unsigned Round = 0;; ++Round) {
    Moved.Widens |= Round == RoundsByElement;
    size_t Known = Moved.Bytes.size();
    auto Pair = newSplit(R);
    if (!Pair)
      return Pair;
    if (!Pair->Augmented) { // See acceptsFrame().
      Entry.Assumed.reset();
      Entry.MayAssume = false;
      ++WrongAssumptions;
    } else if (Moved.Read && Moved.Bytes.size() > Known) {
      for (Function *F : Pair->functions()) {
        Generated.push_back(F);
        empty(*F);
      }
      if (Round == MaxMovedRounds)
        return movesTooFar(*R.Request.Primal);
    } else {
      return Pair;
    }
    discard(ArrayRef(SplitLog).drop_front(Mark));
    SplitLog.resize(Mark);
  }
}

/// The entry of \p R, made if it is new. The pair is not simplified yet.
Expected<DerivativeTable::SplitEntry *>
DerivativeTable::splitEntry(const SplitRequest &R) {
  auto [It, New] = Splits.try_emplace(R);
  SplitEntry &Entry = It->second;
  if (!New)
    return &Entry;
  SplitLog.push_back(R);
  auto Pair = settledSplit(It->first, Entry);
  if (!Pair) {
    for (auto &Declared : {Entry.OnHeap, Entry.Assumed})
      if (Declared)
        for (Function *F : Declared->functions())
          stopInstead(*F, *R.Request.Primal);
    Splits.erase(It);
    return Pair.takeError();
  }
  Entry.Direct = *Pair;
  Entry.Done = true;
  Generated.append(Pair->functions());
  // Others count on a forward sweep that there is none of.
  for (auto &Declared : {Entry.OnHeap, Entry.Assumed})
    if (Declared && Declared->Forward && !Pair->Forward)
      stopInstead(*Declared->Forward, *R.Request.Primal);
  if (Entry.Assumed) {
    Entry.Assumed->Augmented->replaceAllUsesWith(Pair->Augmented);
    Entry.Assumed->Reverse->replaceAllUsesWith(Pair->Reverse);
    if (Pair->Forward)
      Entry.Assumed->Forward->replaceAllUsesWith(Pair->Forward);
  }
  for (Function *F : Pair->functions())
    if (Error E = verify(*F, *R.Request.Primal))
      return std::move(E);
  if (Entry.OnHeap)
    defineOnHeap(*Entry.OnHeap, Entry.Direct);
  return &Entry;
}

/// Asked once the tape of \p R is planned. If not, an empty pair is returned.
bool DerivativeTable::acceptsFrame(const SplitRequest &R, uint64_t Size) {
  return Size == 0 || !Splits[R].Assumed;
}

/// Forgets pairs that were built on a wrong assumption.
void DerivativeTable::discard(ArrayRef<SplitRequest> Requests) {
  for (const SplitRequest &R : Requests) {
    SplitEntry &Entry = Splits[R];
    if (Entry.Done)
      for (Function *F : Entry.Direct.functions())
        empty(*F);
    if (Entry.OnHeap)
      for (Function *F : Entry.OnHeap->functions())
        empty(*F);
    Splits.erase(R);
  }
}

/// For a pair that is called, not inlined.
void DerivativeTable::simplify(SplitEntry &Entry) {
  if (!Opts.Optimize || !Entry.Done || Entry.Simplified)
    return;
  Entry.Simplified = true;
  for (Function *F : Entry.Direct.functions())
    simplifyFunction(*F, AMs);
}

Expected<SplitDerivative> DerivativeTable::split(const SplitRequest &R,
                                                 bool FrameMayMove) {
  auto Entry = splitEntry(R);
  if (!Entry)
    return Entry.takeError();
  simplify(**Entry);
  constexpr unsigned MaxWrongAssumptions = 8; // Each costs time.
  if (!(*Entry)->Done && (*Entry)->MayAssume &&
      WrongAssumptions < MaxWrongAssumptions) {
    if (!(*Entry)->Assumed)
      (*Entry)->Assumed = declarePair(R, "self");
    return *(*Entry)->Assumed;
  }
  const SplitDerivative &D = (*Entry)->Direct;
  bool Direct = (*Entry)->Done && D.FrameAlign <= HeapAlign &&
                !(FrameMayMove && D.Pinned);
  return Direct ? D : onHeap(R, **Entry);
}

/// A pair for \p R without bodies.
SplitDerivative DerivativeTable::declarePair(const SplitRequest &R,
                                             const Twine &Suffix) {
  const DiffRequest &D = R.Request;
  Type *Ptr = PointerType::getUnqual(M.getContext());
  std::string Name = (D.Primal->getName() + ".linkgrad.").str();
  SplitDerivative Pair;
  Pair.Augmented =
      declareShadowed(*D.Primal, D.Args, D.Width, augmentedResultType(D),
                      {Ptr, Ptr}, Name + "aug." + Suffix)
          .F;
  Pair.Reverse = declareReverse(*D.Primal, D, Name + "rev." + Suffix).F;
  if (R.Reusable)
    Pair.Forward = declareForward(*D.Primal, D, Name + "fwd." + Suffix).F;
  Generated.append(Pair.functions());
  return Pair;
}

const SplitDerivative &DerivativeTable::onHeap(const SplitRequest &R,
                                               SplitEntry &Entry) {
  if (Entry.OnHeap)
    return *Entry.OnHeap;
  SplitDerivative Wrappers = declarePair(R, "heap");
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

Expected<Function *> DerivativeTable::forward(const DiffRequest &R) {
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
  if (isTeam(*R.Primal)) {
    DiffRequest Thread = R;
    Thread.Primal = &threadOf(*R.Primal);
    Thread.Parallel = true;
    auto Tangent = forward(Thread);
    if (Tangent)
      Generated.push_back(Tangents[R] = forkTangent(R, **Tangent));
    return Tangent ? Tangents[R] : std::move(Tangent);
  }
  SmallVector<Function *, 2> Failed;
  auto F = settledForward(R, Failed);
  if (!F)
    return F;
  for (Function *Old : Failed)
    Old->replaceAllUsesWith(*F);
  stripDebugInfo(**F);
  if (Error E = finish(**F, *R.Primal))
    return std::move(E);
  return F;
}

/// Like settledSplit().
Expected<Function *>
DerivativeTable::settledForward(const DiffRequest &R,
                                SmallVectorImpl<Function *> &Failed) {
  size_t Mark = Generated.size();
  MovedList &Moved = movedList(*R.Primal);
  if (Moved.Depth == MaxMovedDepth)
    return movesTooFar(*R.Primal);
  SaveAndRestore Deeper(Moved.Depth, Moved.Depth + 1);
  for (unsigned Round = 0;; ++Round) {
    Moved.Widens |= Round == RoundsByElement;
    size_t Known = Moved.Bytes.size();
    auto F =
        repeated<Function *>(*R.Primal, [&] { return tryForward(R, Failed); });
    if (!F || !Moved.Read || Moved.Bytes.size() == Known)
      return F;
    if (Round == MaxMovedRounds)
      return movesTooFar(*R.Primal);
    for (Function *Made : ArrayRef(Generated).drop_front(Mark)) {
      auto It = find_if(Tangents, [&](auto &E) { return E.second == Made; });
      if (It == Tangents.end())
        continue;
      empty(*Made);
      Tangents.erase(It);
    }
  }
}

Expected<Function *>
DerivativeTable::tryForward(const DiffRequest &R,
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

} // namespace linkgrad
