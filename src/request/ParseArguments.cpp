//===- ParseArguments.cpp - Reading the arguments of a request ------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/ArgumentForm.h"
#include "request/OperandOrigin.h"
#include "request/RequestParser.h"
#include "support/Diagnostics.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace linkgrad {

static constexpr StringLiteral OrderHelp =
    "for each parameter pass: [markers] value [shadows if it is duplicated]; "
    "without a marker floating point is active (reverse) or duplicated "
    "(forward), pointers are duplicated, integers constant";

Error RequestParser::parseArgument(const Argument &Param) {
  if (Error E = readHalves(Param))
    return E;
  Expected<ArgumentMarkers> Markers = parseMarkers();
  if (!Markers)
    return Markers.takeError();
  Activity A = Markers->A.value_or(defaultActivity(Param.getType()));
  if (Error E = checkActivity(Param, A))
    return E;
  // The forward sweep has the activities of the augmented primal.
  TypeContent Content = typeContent(Param.getType());
  if (isForwardSweep() && isDup(A) && Content.Float && !Content.Pointer)
    A = Activity::Active;
  RC.Request.Args.push_back(A);
  if (Error E = takePrimal(Param, Markers->ByRefSize))
    return E;
  bool HasShadows = isDup(A) || (isForwardSweep() && A == Activity::Active);
  return HasShadows ? takeShadows(Param, Markers->Stride) : Error::success();
}

Activity RequestParser::activityOf(Marker M) {
  switch (M) {
  case Marker::Dup:
  case Marker::DupV:
    return Activity::Dup;
  case Marker::DupNoNeed:
  case Marker::DupNoNeedV:
    return Activity::DupNoNeed;
  case Marker::Out:
    return Activity::Active;
  default:
    return Activity::Const;
  }
}

Expected<RequestParser::ArgumentMarkers> RequestParser::parseMarkers() {
  ArgumentMarkers Result;
  while (Next != Main.size() && Main[Next].M) {
    Marker M = *Main[Next++].M;
    if (isActivityMarker(M) && Result.A)
      return fail(Reason::BadMarker, "'" + markerName(M) +
                                         "' follows another activity of the "
                                         "same argument");
    if (isActivityMarker(M)) // Not ByRef; of NotOverwritten no use is made.
      Result.A = activityOf(M);
    if (Error E = takeMarkerOperand(M, Result))
      return std::move(E);
  }
  return Result;
}

Error RequestParser::takeMarkerOperand(Marker M, ArgumentMarkers &Result) {
  bool IsStride = M == Marker::DupV || M == Marker::DupNoNeedV;
  if (!IsStride && M != Marker::ByRef)
    return Error::success();
  Value *V = Next != Main.size() && !Main[Next].M ? Main[Next++].V : nullptr;
  if (IsStride) {
    if (!V || !V->getType()->isIntegerTy())
      return fail(Reason::BadMarker, "'" + markerName(M) +
                                         "' must be followed by the number of "
                                         "bytes between two lanes");
    Result.Stride = V;
    return Error::success();
  }
  Result.ByRefSize = V ? constantOperand(V) : std::nullopt;
  if (!Result.ByRefSize)
    return fail(Reason::BadMarker, "'enzyme_byref' must be followed by the "
                                   "constant size of the value");
  return Error::success();
}

/// Refuses activities that would lose a derivative in silence.
Error RequestParser::checkActivity(const Argument &Param, Activity A) const {
  TypeContent Content = typeContent(Param.getType());
  auto Fail = [&](const Twine &What, const Twine &Help) {
    std::string T;
    raw_string_ostream(T) << *Param.getType();
    return fail(Reason::BadMarker,
                What + " for parameter " + Twine(Param.getArgNo() + 1) +
                    " of " + primalName() + ", which has type " + T,
                Help);
  };
  if (A == Activity::Active && takesTangents())
    return Fail("'enzyme_out' is only for reverse mode, but is given",
                "in forward mode pass enzyme_dup, the value and its tangent");
  if (A == Activity::Active && (!Content.Float || Content.Pointer))
    return Fail("'enzyme_out' needs floating point by value, but is given",
                "pass enzyme_dup and a shadow for what is behind a pointer, "
                "enzyme_const for an integer");
  if (isDup(A) && !takesTangents() && Content.Float && !Content.Pointer)
    return Fail("in reverse mode a shadow passed by value cannot receive an "
                "adjoint, but 'enzyme_dup' is given",
                "pass enzyme_out and take the gradient from the result");
  return Error::success();
}

/// The next value of \p From, which must not be a marker.
Expected<RequestParser::Token> RequestParser::takeValue(TokensRef From,
                                                        size_t &Position,
                                                        const Argument &Param,
                                                        StringRef What) const {
  std::string Where = ("the " + What + " of parameter " +
                       Twine(Param.getArgNo() + 1) + " of " + primalName())
                          .str();
  if (Position == From.size())
    return fail(Reason::WrongArgumentCount,
                "too few arguments: the request ends before " + Where,
                OrderHelp);
  if (From[Position].M)
    return fail(Reason::BadMarker, "'" + markerName(*From[Position].M) +
                                       "' stands where " + Where +
                                       " is expected");
  return From[Position++];
}

RequestOperand &RequestParser::push(RequestOperand::FormKind Form, Type *Ty,
                                    Value *V) {
  RequestOperand &Op = RC.Operands.emplace_back();
  Op.Form = Form;
  Op.Ty = Ty;
  Op.V = V;
  return Op;
}

Error RequestParser::takePrimal(const Argument &Param,
                                std::optional<uint64_t> ByRefSize) {
  Expected<Token> T = takeValue(Main, Next, Param, "value");
  if (!T)
    return T.takeError();
  if (!ByRefSize) {
    Expected<RequestOperand> Op = fitOperand(Call, T->OperandNo, Param);
    if (!Op)
      return Op.takeError();
    RC.Operands.push_back(*Op);
    return Error::success();
  }
  Type *Ty = Param.getType();
  if (!T->V->getType()->isPointerTy())
    return fail(Reason::ArgumentType,
                "'enzyme_byref' must be followed by a size and a pointer");
  if (DL.getTypeStoreSize(Ty) != TypeSize::getFixed(*ByRefSize))
    return fail(Reason::BadMarker,
                "'enzyme_byref' gives " + Twine(*ByRefSize) +
                    " bytes, but parameter " + Twine(Param.getArgNo() + 1) +
                    " of " + primalName() + " has " +
                    Twine(DL.getTypeStoreSize(Ty).getKnownMinValue()));
  push(RequestOperand::Load, Ty, T->V);
  return Error::success();
}

Error RequestParser::takeShadows(const Argument &Param, Value *Stride) {
  TokensRef From = Interleaved ? Shadows : Main;
  size_t &Position = Interleaved ? NextShadow : Next;
  if (Stride && !Param.getType()->isPointerTy())
    return fail(Reason::BadMarker,
                "a shadow with a stride is only for pointers, not for "
                "parameter " +
                    Twine(Param.getArgNo() + 1) + " of " + primalName());
  for (unsigned Lane = 0; Lane != (Stride ? 1 : width()); ++Lane) {
    Expected<Token> T = takeValue(From, Position, Param, "shadow");
    if (!T)
      return T.takeError();
    Expected<RequestOperand> Op = fitOperand(Call, T->OperandNo, Param);
    if (!Op)
      return Op.takeError();
    if (Op->ByVal && !isForward() && !Param.hasStructRetAttr())
      return fail(Reason::BadMarker,
                  Twine(isForwardSweep()
                            ? "in split mode a shadow passed by value is not "
                              "the one that the augmented primal had"
                            : "in reverse mode a shadow passed by value cannot "
                              "receive an adjoint") +
                      ", but that of parameter " + Twine(Param.getArgNo() + 1) +
                      " of " + primalName() + " is",
                  "pass the addresses of the value and of its shadow");
    RC.Operands.push_back(*Op);
  }
  for (unsigned Lane = 1; Stride && Lane != width(); ++Lane) {
    RequestOperand Op = RC.Operands.back();
    Op.Form = RequestOperand::Lane;
    Op.Stride = Stride;
    Op.Bytes = Lane;
    RC.Operands.push_back(Op);
  }
  return Error::success();
}

Error RequestParser::checkNothingLeft() const {
  size_t Left = Shadows.size() - NextShadow;
  for (const Token &T : ArrayRef(Main).drop_front(Next))
    Left += !T.M;
  if (Next != Main.size() && Main.back().M)
    return fail(Reason::BadMarker, "'" + markerName(*Main.back().M) +
                                       "' has no argument after it");
  if (Left == 0)
    return Error::success();
  return fail(Reason::WrongArgumentCount,
              "too many arguments: " + Twine(Left) +
                  (Left == 1 ? " operand is" : " operands are") +
                  " left after the " + Twine(Primal.arg_size()) +
                  " parameters of " + primalName(),
              OrderHelp);
}

} // namespace linkgrad
