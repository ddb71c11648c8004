//===- CaughtExceptions.h - Calls that may end in a handler -----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Where an exception is caught and the function goes on, half of the callee may
// have happened. The reverse sweep of a callee undoes all of it, or nothing;
// and what never returns counts as inactive, in tangent functions too. So the
// callee has to be part of the function that catches, with all that it calls:
// DerivativeSource::inlinesInstead() follows these errors.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_CAUGHTEXCEPTIONS_H
#define LINKGRAD_TRANSFORM_CAUGHTEXCEPTIONS_H

#include "analysis/ActivityAnalysis.h"

namespace llvm {
class CallBase;
class InvokeInst;
} // namespace llvm

namespace linkgrad {

/// Refuses an active call if what it throws is caught and the function goes on.
/// \param Invoke the call, or what it stands for; null if it is no invoke.
llvm::Error checkCaught(const llvm::CallBase &Call,
                        const llvm::InvokeInst *Invoke);

/// The same for a call of a function that never returns, if it is given
/// something active.
llvm::Error checkThrower(const llvm::CallBase &Call,
                         const llvm::InvokeInst *Invoke,
                         const ActivityAnalysis &Activities);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_CAUGHTEXCEPTIONS_H
