//===- RequestOrder.h - Derivatives of derivatives --------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_REQUESTORDER_H
#define LINKGRAD_ANALYSIS_REQUESTORDER_H

#include "llvm/ADT/SmallVector.h"

namespace llvm {
class CallBase;
class Module;
} // namespace llvm

namespace linkgrad {

/// The calls that findRequestCalls() gives, ordered so that a function is
/// differentiated only after the requests in all functions that it can call,
/// through pointers too, have been answered: derivatives of derivatives start
/// with the inner one. In a circle of functions the order is that of the
/// module.
llvm::SmallVector<llvm::CallBase *, 4> requestsInnerFirst(llvm::Module &M);

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_REQUESTORDER_H
