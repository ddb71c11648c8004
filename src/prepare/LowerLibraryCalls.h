//===- LowerLibraryCalls.h - Library functions without a row ----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_LOWERLIBRARYCALLS_H
#define LINKGRAD_PREPARE_LOWERLIBRARYCALLS_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Rewrites the calls in \p F, a copy that is being prepared, of library
/// functions with several results (sincos, modf, frexp and those on complex
/// numbers) into operations with rows in ScalarRules.def. The values stay those
/// of the library. What has another prototype than the library's stays a call.
void lowerLibraryCalls(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_LOWERLIBRARYCALLS_H
