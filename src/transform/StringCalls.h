//===- StringCalls.h - Text beside active memory ----------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_STRINGCALLS_H
#define LINKGRAD_TRANSFORM_STRINGCALLS_H

#include "transform/Shadows.h"

namespace linkgrad {

/// The inactive \p Call can change strings that have shadows: empties these
/// before it (library/Strings.c). A pointer that it returns leads to one of the
/// strings or to text.
llvm::Error emitStringCall(llvm::CallBase &Call, Shadows &Shadow,
                           const ActivityAnalysis &Activities);

/// Refuses active floats that are kept in the characters of a string.
llvm::Error checkText(const llvm::Instruction &I,
                      const ActivityAnalysis &Activities);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_STRINGCALLS_H
