//===- RequestCall.h - A call to a magic name, understood -------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reading a request (which operands are markers, primals, shadows) and
// answering it (replacing the call by one of the derivative, with the result
// delivered in the type that the caller declared).
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_REQUEST_REQUESTCALL_H
#define LINKGRAD_REQUEST_REQUESTCALL_H

#include "request/DiffRequest.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Error.h"

namespace llvm {
class CallBase;
class Function;
class Module;
class Value;
} // namespace llvm

namespace linkgrad {

/// A parsed request. Operands are values of the caller.
struct RequestCall {
  llvm::CallBase *Call = nullptr;
  DiffRequest Request;
  /// The operands of the derivative's call in the order of
  /// DiffRequest::derivativeType(): primals and shadows.
  llvm::SmallVector<llvm::Value *, 16> Operands;
};

/// All calls and invokes in \p M whose callee has a magic name, in module
/// order. Looks through casts, aliases and constant expressions.
llvm::SmallVector<llvm::CallBase *, 4> findRequestCalls(llvm::Module &M);

/// The function that the request \p Call differentiates, or an error.
llvm::Expected<llvm::Function *> requestedPrimal(llvm::CallBase &Call);

/// Parses one request. Operand types are checked against the primal's
/// parameters. Nothing in the module is changed.
llvm::Expected<RequestCall> parseRequestCall(llvm::CallBase &Call);

/// Replaces \p RC.Call by a call of \p Derivative, which must have type
/// RC.Request.derivativeType(), and delivers the result in the call's declared
/// form: the same type directly; a struct of the same layout rebuilt; an sret
/// buffer stored into; an aggregate whose field 0 is the declared type gives
/// field 0. Debug location, calling convention and `invoke` are kept.
/// The call is unchanged if an error is returned.
llvm::Error answerRequest(RequestCall &RC, llvm::Function &Derivative);

/// Removes declarations of magic functions and marker globals that are no
/// longer used in \p M.
void removeUnusedMagic(llvm::Module &M);

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_REQUESTCALL_H
