//===- ParseSplit.cpp - Requests of split mode ----------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   tape or {tape, result…} = augmentfwd(f, arguments…)
//   gradients = reverse(f, arguments…, [adjoint of the result], tape)
//   tangent = fwdsplit(f, arguments…, tape)
//
// The tape is a pointer that the augmented primal gives and the sweep frees,
// unless it is told to keep it. Or it is memory of the caller's:
//
//   size = augmentsize(f, {activity marker}…)
//   result = augmentfwd(f, enzyme_allocated, size, enzyme_tape, p, arguments…)
//   gradients = reverse(f, enzyme_allocated, size, enzyme_tape, p, arguments…)
//
//===----------------------------------------------------------------------===//

#include "request/ArgumentForm.h"
#include "request/OperandOrigin.h"
#include "request/RequestCallImpl.h"
#include "request/RequestParser.h"
#include "support/Diagnostics.h"
#include "llvm/IR/Function.h"

using namespace llvm;

namespace linkgrad {

/// Handles the marker All[I]; moves \p I to its last operand.
Error RequestParser::takeSplitMarker(TokensRef All, size_t &I) {
  Marker M = *All[I].M;
  DiffRequest &R = RC.Request;
  if (!isSplit())
    return fail(Reason::BadMarker,
                "'" + markerName(M) + "' is only for split mode");
  if (M == Marker::NoFree) {
    R.KeepsTape = isSweep();
    return Error::success();
  }
  Value *Operand = ++I < All.size() && !All[I].M ? All[I].V : nullptr;
  if (M == Marker::Tape) {
    if (!Operand || !Operand->getType()->isPointerTy())
      return fail(Reason::BadMarker,
                  "'enzyme_tape' must be followed by the address of the tape");
    Tape = Operand;
    return Error::success();
  }
  if (!Operand || !Operand->getType()->isIntegerTy())
    return fail(Reason::BadMarker,
                "'enzyme_allocated' must be followed by the size of the tape");
  RC.Allocated = Operand;
  R.CallersTape = true;
  return Error::success();
}

/// Whether the primal's result is wanted shows in what the call returns.
void RequestParser::findReceivedResult() {
  DiffRequest &R = RC.Request;
  if (R.Mode != DiffMode::AugmentFwd || ResultMarker == Marker::NoRet)
    return;
  auto *Fields = dyn_cast<StructType>(
      functionOperandNo(Call) ? Call.getParamStructRetType(0) : Call.getType());
  R.ReturnPrimal |= R.CallersTape ? !Call.getType()->isVoidTy() || Fields
                                  : Fields && Fields->getNumElements() > 1;
}

Error RequestParser::checkSplit() const {
  const DiffRequest &R = RC.Request;
  if (!isSplit())
    return Error::success();
  if (Primal.hasStructRetAttr() && isImplicit(*Primal.getArg(0)))
    return fail(
        Reason::UnsupportedRequest,
        "split mode of " + primalName() +
            ", which returns a struct through memory, is not supported "
            "without naming that memory",
        "pass enzyme_dup, a buffer for the result and its shadow first");
  if (R.ReturnPrimal && isSweep())
    return fail(Reason::BadMarker,
                "'enzyme_primal_return' is given to a sweep, which does not "
                "run the primal",
                "take the result from the call of __enzyme_augmentfwd");
  if (R.CallersTape && !Tape && !RC.AsksForSize)
    return fail(
        Reason::BadMarker,
        "'enzyme_allocated' needs 'enzyme_tape' and the tape's address");
  if (Tape && !R.CallersTape && R.Mode == DiffMode::AugmentFwd)
    return fail(Reason::BadMarker,
                "'enzyme_tape' needs 'enzyme_allocated' and "
                "the number of bytes that are there",
                "ask __enzyme_augmentsize how many are needed");
  return Error::success();
}

/// The adjoint of the result, and the tape.
Error RequestParser::parseSplitTail() {
  DiffRequest &R = RC.Request;
  auto Take = [&](const Twine &What) -> Expected<Token> {
    if (Next == Main.size())
      return fail(Reason::WrongArgumentCount,
                  "too few arguments: the request ends before " + What);
    return Main[Next++];
  };
  if (R.Mode == DiffMode::ReverseSweep && R.Result == Activity::Active) {
    if (width() != 1)
      return fail(Reason::UnsupportedRequest,
                  "'enzyme_width' in split reverse mode of " + primalName() +
                      ", which returns an active value, is not supported yet",
                  "return the value through memory, with a shadow");
    auto Adjoint = Take("the adjoint of the result of " + primalName());
    if (!Adjoint)
      return Adjoint.takeError();
    auto Op = fitOperand(Call, Adjoint->OperandNo, Primal.getReturnType(),
                         "the adjoint of the result");
    if (!Op)
      return Op.takeError();
    RC.Operands.push_back(*Op);
  }
  if (isSweep() && !Tape) {
    auto Last = Take("the tape");
    if (!Last)
      return Last.takeError();
    if (Last->M || !Last->V->getType()->isPointerTy())
      return fail(Reason::ArgumentType, "the tape, the last argument of the "
                                        "request, must be a pointer");
    Tape = Last->V;
  }
  if (isSplit() && Tape)
    push(RequestOperand::Direct, Tape->getType(), Tape);
  return Error::success();
}

/// For each parameter one activity marker, or none.
Error RequestParser::parseActivities() {
  for (Argument &Param : Primal.args()) {
    Activity A = DiffRequest::defaultActivity(Param.getType(), RC.Request.Mode);
    if (Next != Main.size()) {
      if (!Main[Next].M || !isActivityMarker(*Main[Next].M))
        return fail(Reason::BadMarker,
                    "only markers of the parameters' activities follow the "
                    "function whose tape's size is asked for");
      A = activityOf(*Main[Next++].M);
    }
    if (Error E = checkActivity(Param, A))
      return E;
    RC.Request.Args.push_back(A);
  }
  return checkNothingLeft();
}

} // namespace linkgrad
