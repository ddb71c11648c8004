//===- MoveLoops.h - Loops that move things word by word --------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_MOVELOOPS_H
#define LINKGRAD_PREPARE_MOVELOOPS_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

class AnalysisManagers;

/// Rust exchanges structs word by word, in a loop over as many integers as they
/// have words. Which of these is a float, a pointer or an integer can be told
/// once each word has an access of its own: unrolls such loops in \p F.
/// \returns true if there was one.
bool unrollMoveLoops(llvm::Function &F, AnalysisManagers &AMs);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_MOVELOOPS_H
