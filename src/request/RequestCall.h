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
#include "llvm/IR/ValueHandle.h"
#include "llvm/Support/Alignment.h"
#include "llvm/Support/Error.h"

namespace llvm {
class CallBase;
class Function;
class Module;
class Type;
class Value;
class raw_ostream;
} // namespace llvm

namespace linkgrad {

/// One operand of the derivative's call, and how it is made from what the
/// request passes.
struct RequestOperand {
  enum FormKind {
    Direct,  ///< V
    Convert, ///< V, with C's promotion of variadic arguments undone, or
             ///< rebuilt as an aggregate of the same scalars
    Load,    ///< the value that V points to (enzyme_byref)
    Offset,  ///< V + Bytes: a part of the caller's sret buffer
    Lane,    ///< V + Bytes * Stride: lane number Bytes of a strided shadow
    Scratch, ///< a buffer of the caller that nobody reads
  };

  FormKind Form = Direct;
  /// The parameter's type; for Scratch what the buffer holds.
  llvm::Type *Ty = nullptr;
  /// Handles, as V may be the result of another request that is answered first.
  llvm::WeakTrackingVH V;
  llvm::WeakTrackingVH Stride;
  uint64_t Bytes = 0;
  /// Of Scratch.
  llvm::MaybeAlign Alignment;
  /// What V points to, if the request passes it by value (`byval`).
  llvm::Type *ByVal = nullptr;
};

/// A parsed request. Operands are values of the caller.
struct RequestCall {
  llvm::CallBase *Call = nullptr;
  DiffRequest Request;
  /// The operands of the derivative's call in the order of
  /// DiffRequest::derivativeType(): primals and shadows.
  llvm::SmallVector<RequestOperand, 0> Operands;
  /// The caller's sret buffer is among the operands: the derivative itself
  /// fills it.
  bool OwnsResultBuffer = false;
  /// The call asks only for the size of the tape (Mode is AugmentFwd).
  bool AsksForSize = false;
  /// How many bytes the caller says that its tape has (enzyme_allocated).
  llvm::WeakTrackingVH Allocated;

  void print(llvm::raw_ostream &OS) const;
};

/// All calls and invokes in \p M whose callee has a magic name, in module
/// order. Looks through casts, aliases and constant expressions. Calls in
/// blocks that cannot be reached are left out: nothing will run them, and
/// their operands need not make sense.
llvm::SmallVector<llvm::CallBase *, 4> findRequestCalls(llvm::Module &M);

/// True if \p Call asks for a derivative: it is neither a type hint, nor a call
/// that is only to be inactive, nor asks for the shadow of a constant.
bool asksForDerivative(const llvm::CallBase &Call);
/// True if a call in \p F does.
bool asksForDerivative(const llvm::Function &F);
/// True for a call of `__enzyme_double` and its like.
bool isTypeHint(const llvm::CallBase &Call);
/// True for a call of `__enzyme_virtualreverse`.
bool isVirtualReverse(const llvm::CallBase &Call);

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

/// Replaces \p Call, of `__enzyme_call_inactive`, by a call of the function
/// that it names, marked as inactive.
llvm::Error answerInactiveCall(llvm::CallBase &Call);

/// Replaces \p Call, of `__enzyme_virtualreverse`, by its operand: a function
/// or a table of functions is its own shadow, as calls of shadows are calls of
/// the primal's derivative.
llvm::Error answerVirtualReverse(llvm::CallBase &Call);

/// Replaces a call that asks for the size of the tape by \p Size.
llvm::Error answerWithSize(RequestCall &RC, uint64_t Size);

/// Removes what requests leave behind in \p M: unreachable blocks that hold
/// some, type hints, unused declarations of magic functions, and marker
/// globals; a marker that is still read gets a definition private to the
/// module, as no library defines one.
void removeUnusedMagic(llvm::Module &M);

/// Prints every request of \p M as it is understood, or why it is not.
void printRequests(llvm::Module &M, llvm::raw_ostream &OS);

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_REQUESTCALL_H
