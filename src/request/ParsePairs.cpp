//===- ParsePairs.cpp - Arguments of a request in two parameters ----------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See PairParameters.h for the problem. Where the source program is known, the
// operands are put in the order that the other chapters read: each half with
// its own markers and shadows. Where it is not, what could mean both is
// refused.
//
//===----------------------------------------------------------------------===//

#include "request/PairParameters.h"
#include "request/RequestCallImpl.h"
#include "request/RequestParser.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"

using namespace llvm;

namespace linkgrad {

bool RequestParser::isActivity(const Token &T) {
  return T.M && isActivityMarker(*T.M);
}

/// The activity of what \p Param and the parameter after it are halves of.
Activity RequestParser::activityOfPair(const Argument &Param,
                                       TokensRef Markers) const {
  for (const Token &T : Markers)
    if (isActivityMarker(*T.M))
      return activityOf(*T.M);
  Type *Second = Primal.getArg(Param.getArgNo() + 1)->getType();
  return defaultActivity(StructType::get(Param.getType(), Second));
}

Error RequestParser::readHalves(const Argument &Param) {
  size_t Begin = Next;
  while (Begin != Main.size() && Main[Begin].M)
    ++Begin;
  // What is missing is reported where it is read.
  if (Param.getArgNo() + 1 == Primal.arg_size() || Begin == Main.size())
    return Error::success();
  Halves Known = halvesAt(Param);
  if (Known == Halves::Unknown && mayMeanPair(Param, Begin))
    return refusePair(Param, Begin != Next);
  if (Known == Halves::Yes)
    return separateHalves(Param, Begin);
  return Error::success();
}

/// Sorts \p Count pairs of values from \p Begin on into first and second
/// halves.
bool RequestParser::sortHalves(Tokens &From, size_t Begin, unsigned Count) {
  if (From.size() < Begin + 2 * Count)
    return false;
  Tokens Pairs(From.begin() + Begin, From.begin() + Begin + 2 * Count);
  if (any_of(Pairs, [](const Token &T) { return T.M.has_value(); }))
    return false;
  for (unsigned I = 0; I != 2 * Count; ++I)
    From[Begin + I % 2 * Count + I / 2] = Pairs[I];
  return true;
}

/// Gives each half of the argument at Main[\p Begin], before which are its
/// markers, markers and shadows of its own.
Error RequestParser::separateHalves(const Argument &Param, size_t Begin) {
  Tokens Markers(Main.begin() + Next, Main.begin() + Begin);
  Activity A = activityOfPair(Param, Markers);
  const bool OfRustc = isRequestOfRustc(Call);
  for (const Token &T : Markers)
    if (T.M == Marker::ByRef || T.M == Marker::DupV ||
        T.M == Marker::DupNoNeedV) {
      if (OfRustc) // A slice.
        return Error::success();
      return fail(Reason::UnsupportedRequest,
                  "'" + markerName(*T.M) + "' is given for a struct that " +
                      primalName() + " takes by value in two parameters",
                  "take it by pointer");
    }
  if (isDup(A) && none_of(Markers, isActivity)) {
    // By itself a half might have another activity than the whole.
    Markers.push_back({nullptr, Marker::Dup, 0});
    Main.insert(Main.begin() + Begin++, Markers.back());
  }
  unsigned Values = isDup(A) && !Interleaved ? 1 + width() : 1;
  size_t Second = Begin + Values;
  // rustc marks the shadows of what is duplicated, and each half of what is not
  // and of slices. Who writes a marker for each half in C means just that.
  if (Second < Main.size() && Main[Second].M) {
    if (!OfRustc || !isDup(A) || Main[Second].M != Markers.back().M)
      return Error::success();
    Main.erase(Main.begin() + Second);
  }
  if (isDup(A) && !sortHalves(Interleaved ? Shadows : Main,
                              Interleaved ? NextShadow : Begin,
                              Interleaved ? width() : Values))
    return fail(Reason::WrongArgumentCount,
                "too few arguments: the request ends, or has a marker, before "
                "all halves of parameters " +
                    Twine(Param.getArgNo() + 1) + " and " +
                    Twine(Param.getArgNo() + 2) + " of " + primalName() +
                    " and of their shadows, which are one struct",
                "pass the struct and its shadow, or take it by pointer");
  if (A != Activity::Active)
    Main.insert(Main.begin() + std::min(Second, Main.size()), Markers.begin(),
                Markers.end());
  return Error::success();
}

/// The values from Main[\p Begin] on, if they could be \p Count times the
/// halves of \p Param and the next parameter. In the middle may be the marker
/// \p Between.
RequestParser::Tokens
RequestParser::valuesOfPairs(const Argument &Param, size_t Begin,
                             unsigned Count,
                             std::optional<Marker> Between) const {
  Type *Types[] = {Param.getType(),
                   Primal.getArg(Param.getArgNo() + 1)->getType()};
  Tokens Values;
  for (const Token &T : drop_begin(Main, Begin)) {
    if (Values.size() == 2 * Count)
      break;
    if (T.M && T.M == Between && Values.size() == Count)
      continue;
    if (T.M || T.V->getType() != Types[Values.size() % 2] ||
        T.V->getType()->isAggregateType())
      return {};
    Values.push_back(T);
  }
  return Values.size() == 2 * Count ? Values : Tokens();
}

/// True if the operands from Main[\p Begin] on fit \p Param and the next
/// parameter as halves of one argument as well, and nothing excludes that.
bool RequestParser::mayMeanPair(const Argument &Param, size_t Begin) const {
  const bool Marked = Begin != Next;
  const bool OfRustc = Marked && isRequestOfRustc(Call);
  Activity A =
      Marked ? activityOfPair(Param, ArrayRef(Main).slice(Next, Begin - Next))
             : defaultActivity(Param.getType());
  // rustc does not take structs for `Duplicated`.
  if (A == Activity::Active || (OfRustc && !(isDup(A) && takesTangents())) ||
      (Interleaved && width() == 1))
    return false;
  Tokens Values =
      valuesOfPairs(Param, Begin, isDup(A) && !Interleaved ? 1 + width() : 1,
                    OfRustc ? Main[Begin - 1].M : std::nullopt);
  return !Values.empty() &&
         (OfRustc || clangMayMeanPair(Param, A, Marked, Values));
}

/// The same for a request of \p Values that is not rustc's.
bool RequestParser::clangMayMeanPair(const Argument &Param, Activity A,
                                     bool Marked, TokensRef Values) const {
  auto IsDefined = [&](unsigned No) {
    return Call.paramHasAttr(No, Attribute::NoUndef);
  };
  Type *Second = Primal.getArg(Param.getArgNo() + 1)->getType();
  if (!isDup(A) && defaultActivity(Second) == Activity::Const)
    return false;
  if (Marked && isDup(A))
    return Second == Param.getType();
  // clang says of the function, a number, that it is defined.
  if (!IsDefined(functionOperandNo(Call)))
    return false;
  if (none_of(Values, [&](const Token &T) { return IsDefined(T.OperandNo); }))
    return true;
  // The halves of complex numbers are defined, too.
  if (!Param.getType()->isFloatingPointTy() || Second != Param.getType())
    return false;
  if (Primal.getName().starts_with("_Z"))
    return namesComplex(Primal) && (isDup(A) || mayBeComplex(Param));
  return mayBeComplex(Param);
}

/// Refuses \p Param in `__enzyme_batch` if it and the next parameter are, or
/// may be, halves: those of one lane stand together.
Error RequestParser::checkBatchedPair(const Argument &Param) const {
  if (Param.getArgNo() + 1 == Primal.arg_size())
    return Error::success();
  Tokens Values = valuesOfPairs(Param, Next, width(), std::nullopt);
  if (Values.empty())
    return Error::success();
  Halves Known = halvesAt(Param);
  if (Known == Halves::Yes)
    return fail(Reason::UnsupportedRequest,
                primalName() + " takes a struct in two parameters, which "
                               "'__enzyme_batch' does not support yet",
                "take it by pointer");
  if (Known == Halves::Unknown &&
      clangMayMeanPair(Param, Activity::Dup, /*Marked=*/false, Values))
    return refusePair(Param, /*Marked=*/false);
  return Error::success();
}

Error RequestParser::refusePair(const Argument &Param, bool Marked) const {
  unsigned No = Param.getArgNo() + 1;
  if (isRequestOfRustc(Call))
    return fail(Reason::UnsupportedRequest,
                "parameters " + Twine(No) + " and " + Twine(No + 1) + " of " +
                    primalName() +
                    " may be one struct: rustc's request does not tell value "
                    "and shadow apart then",
                "compile with -Cdebuginfo=2, or take structs by reference");
  if (Marked)
    return fail(Reason::UnsupportedRequest,
                "the marker before parameter " + Twine(No) + " of " +
                    primalName() +
                    " may be meant for a struct by value, of which the next "
                    "parameter, that has no marker, is the other half",
                "compile with -g, or write a marker before each argument and "
                "pass structs by pointer");
  return fail(Reason::UnsupportedRequest,
              "parameters " + Twine(No) + " and " + Twine(No + 1) + " of " +
                  primalName() +
                  " may be a struct or a complex number by value: a shadow "
                  "cannot be told from the other half",
              "compile with -g, or write a marker before each argument and "
              "pass structs by pointer");
}

} // namespace linkgrad
