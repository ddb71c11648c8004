//===- MovedFloats.cpp - Floats that callees take for integers ------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What callers and callees tell each other of the bytes that they move, and
// what is refused: see analysis/TypeAnalysisMoves.cpp.
//
//===----------------------------------------------------------------------===//

#include "support/Diagnostics.h"
#include "transform/ActiveMemory.h"
#include "transform/Speculation.h"
#include "transform/SplitDerivative.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace linkgrad {

static Error misread(const CallBase &Call) {
  return makeError(Reason::UnknownType, Call,
                   "'" + displayName(*directCallee(Call)) +
                       "' moves bytes as integers that are used as floats "
                       "elsewhere, and inlining it does not help",
                   "let it move floats, not integers");
}

bool stopsIfMisread(const CallBase &Call, const DiffRequest &Callee,
                    DerivativeSource &Source) {
  return isSpeculative(Call) &&
         any_of(Source.knownFloats(Callee.KnownFloats),
                [](const MovedBytes &Bytes) { return !Bytes.As.isPointer(); });
}

Error tellFloats(const CallBase &Call, DiffRequest &Callee,
                 const Function &Caller, const TypeTrees &Types,
                 DerivativeSource &Source) {
  auto Floats = Types.floatsIn(Call, Source.movedBytes(*Callee.Primal));
  Callee.KnownFloats = Source.numberOf(std::move(Floats));
  // What has been inlined from behind a pointer may never be called with them.
  if (stopsIfMisread(Call, Callee, Source) &&
      Source.callsTargetsInstead(Caller))
    return misread(Call);
  return Error::success();
}

Error checkMisread(const CallBase &Call, const ActivityAnalysis &Activities,
                   DerivativeSource &Source) {
  Function *Callee = directCallee(Call);
  auto Misread =
      Activities.kinds().types().misreads(Call, Source.movedBytes(*Callee));
  if (Misread == TypeTrees::Misread::Floats)
    return misread(Call);
  if (Misread == TypeTrees::Misread::Guesses)
    return makeError(Reason::UnknownType, Call,
                     "'" + displayName(*Callee) +
                         "' copies bytes that it takes for floats, as an index "
                         "runs over some before them, and that are something "
                         "else elsewhere; inlining it does not help",
                     "compile with -g, or copy them one by one");
  if (Misread == TypeTrees::Misread::Pointers) // Inlined, it knows no better.
    return makeError(Reason::UnsupportedInstruction, Call,
                     "'" + displayName(*Callee) +
                         "' moves pointers in pieces, as integers",
                     "let it move pointers as pointers");
  return Error::success();
}

TypeTrees knownTypes(const ShadowedClone &Clone, const DiffRequest &R,
                     DerivativeSource &Source) {
  TypeTrees Types(*Clone.F, &Source.deepFloats());
  SmallVector<const Value *, 8> Parameters(Clone.Primals.begin(),
                                           Clone.Primals.end());
  Types.assumeFloats(Parameters, Source.knownFloats(R.KnownFloats));
  return Types;
}

void noteMovedBytes(const ShadowedClone &Clone, const DiffRequest &R,
                    const TypeTrees &Types, DerivativeSource &Source) {
  SmallVector<const Value *, 8> Parameters(Clone.Primals.begin(),
                                           Clone.Primals.end());
  Source.noteMovedBytes(*R.Primal, Types.movedBytes(Parameters));
}

} // namespace linkgrad
