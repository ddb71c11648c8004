//===- MirroredFunctions.h - Functions that only link nodes -----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The helpers of libstdc++'s std::map, set and list are in its shared library,
// so they have no bodies. They read and write pointers and integers in nodes,
// never what the nodes hold. In a derivative they run on the primal and, to
// keep the shadow of the data structure in step with it, once more with the
// shadows of their arguments; the shadow of the result is the result on
// shadows. The reverse sweep has nothing to do.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_MIRROREDFUNCTIONS_H
#define LINKGRAD_RULES_MIRROREDFUNCTIONS_H

#include "llvm/ADT/StringRef.h"
#include <optional>

namespace linkgrad {

struct MirroredFunction {
  /// The function of src/library that has to run first, on the pointers among
  /// the arguments, each followed by its shadow. It copies those integers to
  /// the shadows that the function will look at. Empty if there are none.
  llvm::StringRef Before;
};

/// What is known of \p Symbol, if it is the name of a mirrored function.
std::optional<MirroredFunction> mirroredFunction(llvm::StringRef Symbol);

} // namespace linkgrad

#endif // LINKGRAD_RULES_MIRROREDFUNCTIONS_H
