//===- Driver.h - A link with derivatives, from start to end ----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_DRIVER_H
#define LINKGRAD_THINLTO_DRIVER_H

#include "thinlto/Command.h"

namespace llvm {
class raw_ostream;
} // namespace llvm

namespace linkgrad {

/// Links as \p Command says. A program without requests is handed to lld at
/// once, and this does not return.
/// \returns lld's exit code. On error there is no output file.
llvm::Expected<int> link(const LinkCommand &Command);

/// Prints what link() would decide, and touches no output.
llvm::Error printLinkPlan(const LinkCommand &Command, llvm::raw_ostream &OS);

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_DRIVER_H
