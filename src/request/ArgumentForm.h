//===- ArgumentForm.h - Fitting operands to parameters ----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_REQUEST_ARGUMENTFORM_H
#define LINKGRAD_REQUEST_ARGUMENTFORM_H

#include "request/RequestCall.h"

namespace llvm {
class Argument;
class CallBase;
class IRBuilderBase;
} // namespace llvm

namespace linkgrad {

/// How operand \p OperandNo of the request \p Call, a primal or a shadow,
/// becomes a value of the type of the primal's parameter \p Param. Besides
/// equal types this allows C's promotions of variadic arguments (float to
/// double, small integers to int) and aggregates of the same scalars.
llvm::Expected<RequestOperand> fitOperand(const llvm::CallBase &Call,
                                          unsigned OperandNo,
                                          const llvm::Argument &Param);

/// The same for a value of type \p Ty that is no parameter but \p What.
llvm::Expected<RequestOperand> fitOperand(const llvm::CallBase &Call,
                                          unsigned OperandNo, llvm::Type *Ty,
                                          const llvm::Twine &What);

/// Emits \p Op, an operand for parameter type \p ParamTy, before the request
/// \p Call.
llvm::Value *emitOperand(llvm::CallBase &Call, const RequestOperand &Op,
                         llvm::Type *ParamTy);

/// \p Buffer + \p Bytes, which lies in the same object.
llvm::Value *addressAt(llvm::IRBuilderBase &B, llvm::Value *Buffer,
                       uint64_t Bytes);

/// A buffer for \p Ty in the frame of the function that holds \p Call.
llvm::Value *createBuffer(llvm::CallBase &Call, llvm::Type *Ty,
                          llvm::MaybeAlign Alignment, llvm::StringRef Name);

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_ARGUMENTFORM_H
