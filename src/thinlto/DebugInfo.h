//===- DebugInfo.h - Programs without debug information ---------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_DEBUGINFO_H
#define LINKGRAD_THINLTO_DEBUGINFO_H

#include "llvm/ADT/ArrayRef.h"
#include <string>
#include <vector>

namespace linkgrad {

/// True if the linker's arguments \p Args, with response files expanded, ask
/// for a program without debug information, and for nothing else that is made
/// from it (remarks, the use of a sampled profile, intermediate files).
bool leavesOutDebugInfo(llvm::ArrayRef<const char *> Args);

/// Arguments for lld so that ThinLTO's backends do not optimise and emit debug
/// information that it would remove afterwards.
std::vector<std::string> argumentsToDropDebugInfo();

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_DEBUGINFO_H
