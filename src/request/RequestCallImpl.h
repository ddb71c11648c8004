//===- RequestCallImpl.h - Shared by the parts of RequestCall ---*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_REQUEST_REQUESTCALLIMPL_H
#define LINKGRAD_REQUEST_REQUESTCALLIMPL_H

#include "request/MagicNames.h"

namespace llvm {
class CallBase;
} // namespace llvm

namespace linkgrad {

/// What \p Call asks for, None if it is an ordinary call.
MagicCall magicCallKind(const llvm::CallBase &Call);

/// The place of the function among the operands of a request: 1 after the
/// caller's sret buffer, else 0.
unsigned functionOperandNo(const llvm::CallBase &Call);

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_REQUESTCALLIMPL_H
