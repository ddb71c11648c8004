//===- MixedResults.h - Results with pointers and floats --------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_MIXEDRESULTS_H
#define LINKGRAD_PREPARE_MIXEDRESULTS_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Makes the calls in \p F, a copy that is being prepared, deliver structs that
/// hold pointers and floats through memory. The callees get copies that do so.
/// Such structs that meet at branches are taken apart. \returns whether there
/// were any.
bool splitMixedResults(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_MIXEDRESULTS_H
