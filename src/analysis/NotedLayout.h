//===- NotedLayout.h - What copies move, by unoptimised code ----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Code from -O0 has no TBAA, but the types of its variables and of the structs
// that it indexes. LLVM drops these when it simplifies. So what they say of
// copies is written down before, and used where nothing else is known.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_NOTEDLAYOUT_H
#define LINKGRAD_ANALYSIS_NOTEDLAYOUT_H

#include "analysis/TypeAnalysis.h"
#include <optional>

namespace linkgrad {

/// Notes the layouts of the copies in \p F that are known, unless it has TBAA.
void noteLayouts(llvm::Function &F);

/// What noteLayouts() has said of \p At, if anything.
std::optional<MemoryLayout> notedLayout(const llvm::Instruction &At);

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_NOTEDLAYOUT_H
