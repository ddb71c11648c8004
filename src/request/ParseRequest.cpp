//===- ParseRequest.cpp - Reading a request -------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   request(function, {marker | primal | shadow}…)
//
// The operands are read in three steps. Each is classified as marker or value;
// then markers that are about the call as a whole (enzyme_width, …) are taken
// out, wherever they stand; what remains is, for each parameter of the primal
// in order, `[markers] primal [shadow x width]`. After enzyme_interleave come
// all shadows, in the order of their primals.
//
// A primal that returns a struct through memory has an `sret` parameter, which
// the caller's source does not show. Without a marker it is filled in here:
//
//   forward   The request returns its struct through memory too. That buffer
//             receives [the primal result, if asked for] and then the tangents
//             of all lanes, one after the other.
//   reverse   The operand after the function is the shadow of the result, with
//             the incoming adjoint. The primal result goes to scratch memory.
//
// Otherwise (forward with no buffer, reverse with an activity marker after the
// function) it is read like any other pointer parameter.
//
//===----------------------------------------------------------------------===//

#include "request/Markers.h"
#include "request/OperandOrigin.h"
#include "request/RequestCallImpl.h"
#include "request/RequestParser.h"
#include "support/Diagnostics.h"
#include "llvm/IR/Function.h"

using namespace llvm;

namespace linkgrad {

/// More lanes than this are a mistake, and would take very long.
static constexpr uint64_t MaxWidth = 1024;

/// True for a template declared in C++ as `R __enzyme_…(…, T &&...)`. Its
/// operands point to the values, where no type says which ones do.
static bool takesReferences(const CallBase &Call) {
  OriginSet Callee = originsOf(Call.getCalledOperand());
  if (Callee.size() != 1)
    return false;
  // How Itanium mangles T&&..., T&... and const T&... as parameters.
  StringRef Name = Callee.front()->getName();
  return Name.starts_with("_Z") &&
         (Name.contains("DpOT") || Name.contains("DpRT") ||
          Name.contains("DpRKT"));
}

RequestParser::RequestParser(CallBase &Call, Function &Primal, DiffMode Mode,
                             bool OnlySize)
    : Call(Call), Primal(Primal), DL(Call.getDataLayout()) {
  RC.Call = &Call;
  RC.Request.Primal = &Primal;
  RC.Request.Mode = Mode;
  RC.AsksForSize = RC.Request.CallersTape = OnlySize;
}

Expected<RequestCall> RequestParser::run() {
  if (takesReferences(Call))
    return fail(Reason::UnsupportedRequest,
                "the request takes its arguments by reference",
                "declare it with `T...` instead of `T &&...`");
  if (Primal.isVarArg())
    return fail(Reason::UnsupportedRequest,
                primalName() + " is variadic and cannot be differentiated");
  if (Error E = readTokens())
    return std::move(E);
  if (RC.Request.Mode == DiffMode::Batch)
    return runBatch();
  findReceivedResult();
  if (Error E = parseResult())
    return std::move(E);
  if (Error E = checkSplit())
    return std::move(E);
  if (RC.AsksForSize) {
    if (Error E = parseActivities())
      return std::move(E);
    return std::move(RC);
  }
  for (Argument &Param : Primal.args())
    if (Error E =
            isImplicit(Param) ? parseResultBuffer(Param) : parseArgument(Param))
      return explainResultBuffer(std::move(E));
  if (Error E = parseSplitTail())
    return std::move(E);
  if (Error E = checkNothingLeft())
    return explainResultBuffer(std::move(E));
  if (Error E = parseRustcResult())
    return std::move(E);
  // A void result is not returned, whatever was asked for.
  RC.Request.ReturnPrimal &= !Primal.getReturnType()->isVoidTy();
  return std::move(RC);
}

//===----------------------------------------------------------------------===//
// Markers of the call
//===----------------------------------------------------------------------===//

Error RequestParser::readTokens() {
  Tokens All;
  for (unsigned I = functionOperandNo(Call) + 1; I != Call.arg_size(); ++I) {
    Value *V = Call.getArgOperand(I);
    Expected<std::optional<Marker>> M = parseMarker(Call, V);
    if (!M)
      return M.takeError();
    All.push_back({V, *M, I});
  }
  for (size_t I = 0; I != All.size(); ++I) {
    if (All[I].M && *All[I].M >= Marker::Scalar &&
        RC.Request.Mode != DiffMode::Batch)
      return fail(Reason::BadMarker, "'" + markerName(*All[I].M) +
                                         "' is only for '__enzyme_batch'");
    if (All[I].M && *All[I].M >= Marker::Width && *All[I].M < Marker::Scalar) {
      if (Error E = takeCallMarker(All, I))
        return E;
    } else if (Interleaved && All[I].M) {
      return fail(Reason::BadMarker, "'" + markerName(*All[I].M) +
                                         "' stands after 'enzyme_interleave', "
                                         "where only shadows may follow");
    } else {
      (Interleaved ? Shadows : Main).push_back(All[I]);
    }
  }
  return Error::success();
}

/// Handles the marker All[I]; moves \p I to its last operand.
Error RequestParser::takeCallMarker(TokensRef All, size_t &I) {
  Marker M = *All[I].M;
  switch (M) {
  case Marker::Width:
    return takeWidth(All, I);
  case Marker::PrimalReturn:
    RC.Request.ReturnPrimal = true;
    return Error::success();
  case Marker::NoRet:
  case Marker::ConstReturn:
  case Marker::ActiveReturn:
  case Marker::DupReturn:
    return setResultMarker(M);
  case Marker::RuntimeActivity:
    RC.Request.RuntimeActivity = true;
    return Error::success();
  case Marker::Interleave:
    if (std::exchange(Interleaved, true))
      return fail(Reason::BadMarker, "'enzyme_interleave' is given twice");
    return Error::success();
  case Marker::Tape:
  case Marker::Allocated:
  case Marker::NoFree:
    return takeSplitMarker(All, I);
  default:
    llvm_unreachable("a marker of an argument");
  }
}

Error RequestParser::takeWidth(TokensRef All, size_t &I) {
  if (std::exchange(HasWidth, true))
    return fail(Reason::BadMarker, "'enzyme_width' is given twice");
  std::optional<uint64_t> W;
  if (++I < All.size() && !All[I].M)
    W = constantOperand(All[I].V);
  if (!W || *W == 0 || *W > MaxWidth)
    return fail(Reason::BadMarker,
                "'enzyme_width' must be followed by a constant from 1 to " +
                    Twine(MaxWidth));
  RC.Request.Width = *W;
  return Error::success();
}

Error RequestParser::setResultMarker(Marker M) {
  if (ResultMarker && *ResultMarker != M)
    return fail(Reason::BadMarker, "'" + markerName(*ResultMarker) + "' and '" +
                                       markerName(M) +
                                       "' contradict each other");
  ResultMarker = M;
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Entry point
//===----------------------------------------------------------------------===//

Expected<RequestCall> parseRequestCall(CallBase &Call) {
  DiffMode Mode;
  MagicCall Kind = magicCallKind(Call);
  switch (Kind) {
  case MagicCall::AutoDiff:
    Mode = DiffMode::Reverse;
    break;
  case MagicCall::FwdDiff:
    Mode = DiffMode::Forward;
    break;
  case MagicCall::AugmentFwd:
  case MagicCall::AugmentSize:
    Mode = DiffMode::AugmentFwd;
    break;
  case MagicCall::Reverse:
    Mode = DiffMode::ReverseSweep;
    break;
  case MagicCall::FwdSplit:
    Mode = DiffMode::ForwardSweep;
    break;
  case MagicCall::Batch:
    Mode = DiffMode::Batch;
    break;
  case MagicCall::Unknown:
    return makeError(Reason::UnsupportedRequest, Call,
                     "the called name starts with '__enzyme_' but is none that "
                     "LinkGrad knows");
  case MagicCall::VirtualReverse:
  case MagicCall::CallInactive:
  case MagicCall::TypeHint:
  case MagicCall::None:
    return makeError(Reason::Internal, Call, "the call is not a request");
  }
  Expected<Function *> Primal = requestedPrimal(Call);
  if (!Primal)
    return Primal.takeError();
  return RequestParser(Call, **Primal, Mode, Kind == MagicCall::AugmentSize)
      .run();
}

} // namespace linkgrad
