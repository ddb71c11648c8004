//===- ParseResult.cpp - Reading what a request wants of the result -------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/PairParameters.h"
#include "request/RequestCallImpl.h"
#include "request/RequestParser.h"
#include "request/Scalars.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace linkgrad {

/// Fixes the activity of a result returned by value. A void result is Const;
/// parseResultBuffer looks after the struct that it may stand for.
Error RequestParser::parseResult() {
  DiffRequest &R = RC.Request;
  if (R.ReturnPrimal && ResultMarker == Marker::NoRet)
    return fail(Reason::BadMarker, "'enzyme_primal_return' and 'enzyme_noret' "
                                   "contradict each other");
  Type *T = Primal.getReturnType();
  if (T->isVoidTy())
    return Error::success();

  TypeContent Content = typeContent(T);
  if (ResultMarker && *ResultMarker != Marker::NoRet)
    return parseResultMarker(*ResultMarker, Content);
  R.Result = DiffRequest::defaultActivity(T, R.Mode);
  if (isForward()) {
    // A tangent that the caller cannot receive is not computed.
    bool Received = !Call.getType()->isVoidTy() || functionOperandNo(Call);
    if (!Received)
      R.Result = Activity::Const;
    return Error::success();
  }
  // No adjoint of a pointer can be passed in; adjoints reach the memory behind
  // it through the shadows of the arguments.
  if (Content.Pointer && Content.Float)
    return fail(Reason::UnsupportedRequest,
                "the result of " + primalName() +
                    " holds pointers and floating point, so it is not clear "
                    "what to seed",
                "pass enzyme_const_return");
  if (Content.Pointer)
    R.Result = Activity::Const;
  return Error::success();
}

Error RequestParser::parseResultMarker(Marker M, TypeContent Content) {
  DiffRequest &R = RC.Request;
  switch (M) {
  case Marker::ConstReturn:
    R.Result = Activity::Const;
    return Error::success();
  case Marker::ActiveReturn:
    if (!Content.Float || Content.Pointer)
      return fail(Reason::BadMarker,
                  "'enzyme_active_return' needs a floating-point result");
    R.Result = isForward() ? Activity::Dup : Activity::Active;
    return Error::success();
  default: // Marker::DupReturn
    if (isForwardSweep() && Content.Float && !Content.Pointer) {
      R.Result = Activity::Active;
      return Error::success();
    }
    if (isSplit() && (!Content.Pointer || Content.Float))
      return fail(Reason::BadMarker, "'enzyme_dup_return' needs a pointer "
                                     "result in split mode");
    if (!isForward() && !isSplit())
      return fail(Reason::BadMarker,
                  "'enzyme_dup_return' has no meaning in combined reverse "
                  "mode, where no adjoint can be passed in");
    R.Result = Activity::Dup;
    return Error::success();
  }
}

/// rustc has no marker for a result that is `Const`; it is the request's first
/// result then, as if it had been asked for. Nor is there one for `ActiveOnly`.
/// It asks for the primal's value where the result is `Active`.
Error RequestParser::parseRustcResult() {
  DiffRequest &R = RC.Request;
  Type *T = Primal.getReturnType();
  if (R.Mode != DiffMode::Reverse || T->isVoidTy() || functionOperandNo(Call) ||
      !isRequestOfRustc(Call))
    return Error::success();
  if (R.ReturnPrimal && typeContent(T).Pointer)
    return fail(Reason::UnsupportedRequest,
                "the result of " + primalName() +
                    " is Active and a pointer, and rustc passes no seed for "
                    "what is behind it",
                "return the value; or write it through a reference that is "
                "Duplicated");
  if (R.ReturnPrimal)
    return Error::success();
  SmallVector<Type *, 8> Fields = {T};
  for (auto [Param, A] : zip_equal(Primal.args(), R.Args))
    if (A == Activity::Active)
      Fields.push_back(shadowType(Param.getType(), width()));
  auto *WithPrimal = StructType::get(Call.getContext(), Fields);
  if (!Call.getType()->isVoidTy() &&
      sameScalars(Call.getType(), WithPrimal, DL)) {
    R.Result = Activity::Const;
    R.ReturnPrimal = true;
  } else if (T->isIntegerTy() && T->getIntegerBitWidth() > 8) {
    return fail(Reason::UnsupportedRequest,
                primalName() + " returns an integer, which can be a small "
                               "array of floats, and rustc does not tell "
                               "which",
                "use Active in the place of ActiveOnly");
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Structs returned through memory
//===----------------------------------------------------------------------===//

/// Adds to an error about arguments what the user cannot see in the source.
Error RequestParser::explainResultBuffer(Error E) const {
  if (isForward() || !Primal.hasStructRetAttr())
    return E;
  return addNote(std::move(E),
                 primalName() + " returns a struct through memory; in reverse "
                                "mode the shadow of that struct is passed "
                                "first, before the arguments");
}

/// True for an `sret` parameter that the request's source does not show.
bool RequestParser::isImplicit(const Argument &Param) const {
  bool Marked =
      Next != Main.size() && Main[Next].M && isActivityMarker(*Main[Next].M);
  bool FillsCallersBuffer = isForward() && functionOperandNo(Call);
  return Param.hasStructRetAttr() && (FillsCallersBuffer || !Marked);
}

/// Room for a result that nobody asked for.
void RequestParser::pushScratch(const Argument &Param) {
  push(RequestOperand::Scratch, Param.getParamStructRetType()).Alignment =
      Param.getParamAlign();
}

/// Rust gives the size of the struct only, so its content is not known.
static bool isOpaqueBytes(Type *T) {
  return T->isArrayTy() && T->getArrayElementType()->isIntegerTy(8);
}

Error RequestParser::parseResultBuffer(const Argument &Param) {
  DiffRequest &R = RC.Request;
  Type *Ty = Param.getParamStructRetType();
  TypeContent Content = typeContent(Ty);
  bool HoldsActive = Content.Float || Content.Pointer || isOpaqueBytes(Ty);
  Activity A = ResultMarker == Marker::ConstReturn || !HoldsActive
                   ? Activity::Const
                   : Activity::Dup;
  // What receives the primal result is nobody's but ours unless asked for.
  if (A == Activity::Dup && !R.ReturnPrimal)
    A = Activity::DupNoNeed;
  R.Args.push_back(A);
  if (isForward())
    return useCallersBuffer(Param, A);

  if (R.ReturnPrimal)
    return fail(Reason::UnsupportedRequest,
                "'enzyme_primal_return' in reverse mode of " + primalName() +
                    ", which returns a struct through memory, is not "
                    "supported yet",
                "pass enzyme_dup, a buffer for the result and its shadow");
  pushScratch(Param);
  if (A == Activity::Const)
    return Error::success();
  if (width() != 1)
    return fail(Reason::UnsupportedRequest,
                "'enzyme_width' in reverse mode of " + primalName() +
                    ", which returns a struct through memory, is not "
                    "supported yet");
  return takeShadows(Param, /*Stride=*/nullptr);
}

/// Forward mode: {primal if asked for, tangent of each lane} in the buffer
/// that the request itself returns through.
Error RequestParser::useCallersBuffer(const Argument &Param, Activity A) {
  DiffRequest &R = RC.Request;
  if (!functionOperandNo(Call))
    return fail(Reason::ResultType,
                primalName() + " returns a struct through memory, but the "
                               "request does not",
                "declare the request to return the tangent's struct, or pass "
                "enzyme_dup, a buffer for the result and its shadow");
  uint64_t Size =
      DL.getTypeAllocSize(Param.getParamStructRetType()).getFixedValue();
  uint64_t Parts = R.ReturnPrimal + (isDup(A) ? width() : 0);
  uint64_t Have =
      DL.getTypeAllocSize(Call.getParamStructRetType(0)).getFixedValue();
  if (Have != Parts * Size)
    return fail(Reason::ResultType,
                "the request returns a struct of " + Twine(Have) +
                    " bytes, but the derivative of " + primalName() +
                    " gives " + Twine(Parts) + " of " + Twine(Size) + " bytes");
  Value *Buffer = Call.getArgOperand(0);
  Type *PtrTy = Param.getType();
  uint64_t At = 0;
  auto PushPart = [&] {
    push(RequestOperand::Offset, PtrTy, Buffer).Bytes = At;
    At += Size;
  };
  RC.OwnsResultBuffer = true;
  if (R.ReturnPrimal)
    PushPart();
  else
    pushScratch(Param);
  for (unsigned Lane = 0; isDup(A) && Lane != width(); ++Lane)
    PushPart();
  return Error::success();
}

} // namespace linkgrad
