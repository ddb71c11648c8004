//===- MissingBody.h - Explaining what is not there -------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_MISSINGBODY_H
#define LINKGRAD_THINLTO_MISSINGBODY_H

#include "thinlto/Closure.h"
#include "thinlto/Natives.h"

namespace linkgrad {

/// Completes errors with Reason::MissingBody, which the engine raises where an
/// active call meets a declaration, with what only the link knows: the call
/// path, the file that defines the symbol, and what the user can do about it.
/// Other errors pass unchanged.
llvm::Error explainMissingBody(llvm::Error E, const Closure &Needs,
                               NativeSymbols &Natives);

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_MISSINGBODY_H
