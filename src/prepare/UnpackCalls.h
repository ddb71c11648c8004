//===- UnpackCalls.h - Small structs passed as integers ---------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_UNPACKCALLS_H
#define LINKGRAD_PREPARE_UNPACKCALLS_H

namespace llvm {
class CallBase;
class Function;
} // namespace llvm

namespace linkgrad {

/// The function that \p Call calls, if a copy of it with another signature can
/// take its place; else null.
llvm::Function *calleeToRewrite(const llvm::CallBase &Call);

/// Turns `musttail` calls into ordinary ones: in derivatives, and where results
/// are taken apart, something follows them.
void relaxTailCalls(llvm::Function &F);

/// Makes the calls in \p F, a copy that is being prepared, pass and return
/// floats as floats where the calling convention packs them into integers
/// together with other members of a small struct. The callees get copies with
/// such a signature. \returns whether there were such calls.
bool unpackCalls(llvm::Function &F);

/// The same for the integers that go around loops, meet at branches, and are
/// selected.
bool unpackMerges(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_UNPACKCALLS_H
