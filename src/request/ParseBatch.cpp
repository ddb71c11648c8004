//===- ParseBatch.cpp - Requests for several evaluations ------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   results = batch(f, enzyme_width, W, for each parameter one of
//                   enzyme_scalar, v               the same for all lanes
//                   [enzyme_vector,] v1, …, vW     one for each lane
//                   enzyme_buffer, bytes, p        p + lane * bytes)
//
//===----------------------------------------------------------------------===//

#include "request/ArgumentForm.h"
#include "request/RequestCallImpl.h"
#include "request/RequestParser.h"
#include "support/Diagnostics.h"
#include "llvm/IR/Function.h"

using namespace llvm;

namespace linkgrad {

Error RequestParser::parseBatched(const Argument &Param) {
  Marker How = Marker::Vector;
  if (Next != Main.size() && Main[Next].M)
    How = *Main[Next++].M;
  if (How < Marker::Scalar)
    return fail(Reason::BadMarker,
                "'" + markerName(How) + "' is not for '__enzyme_batch'",
                "use enzyme_scalar, enzyme_vector or enzyme_buffer");
  RC.Request.Args.push_back(How == Marker::Scalar ? Activity::Const
                                                  : Activity::Dup);
  Value *Stride = nullptr;
  if (How == Marker::Buffer) {
    Stride = Next != Main.size() && !Main[Next].M ? Main[Next++].V : nullptr;
    if (!Stride || !Stride->getType()->isIntegerTy())
      return fail(Reason::BadMarker, "'enzyme_buffer' must be followed by the "
                                     "number of bytes between two lanes");
  }
  if (How == Marker::Scalar)
    return takePrimal(Param, std::nullopt);
  if (How == Marker::Vector)
    if (Error E = checkBatchedPair(Param))
      return E;
  return takeShadows(Param, Stride);
}

Expected<RequestCall> RequestParser::runBatch() {
  DiffRequest &R = RC.Request;
  if (!HasWidth || ResultMarker || R.ReturnPrimal || Interleaved || Tape)
    return fail(Reason::BadMarker,
                "'__enzyme_batch' needs 'enzyme_width' and takes no other "
                "marker that is about the call as a whole");
  for (const Argument &Param : Primal.args()) {
    if (Param.hasByValAttr() || Param.hasStructRetAttr())
      return fail(Reason::UnsupportedRequest,
                  primalName() + " takes or returns a struct through memory, "
                                 "which '__enzyme_batch' does not support yet");
    if (Error E = parseBatched(Param))
      return std::move(E);
  }
  if (Error E = checkNothingLeft())
    return std::move(E);
  return std::move(RC);
}

} // namespace linkgrad
