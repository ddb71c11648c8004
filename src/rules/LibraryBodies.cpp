//===- LibraryBodies.cpp - C's functions that call back -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/LibraryBodies.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace linkgrad {

static constexpr StringLiteral Plain = "i32 (ptr, ptr)";
static constexpr StringLiteral WithContext = "i32 (ptr, ptr, ptr)";

static const LibraryBody Rows[] = {
    {"qsort", "linkgrad_qsort", 2, Plain},
    {"qsort_r", "linkgrad_qsort_r", 2, WithContext},
    {"bsearch", "linkgrad_bsearch", 3, Plain},
    {"lfind", "linkgrad_lfind", 3, Plain},
};

bool LibraryBody::knowsSize(const CallBase &Call) const {
  return Size < Call.arg_size() && isa<ConstantInt>(Call.getArgOperand(Size));
}

std::optional<LibraryBody> libraryBody(StringRef Symbol) {
  const auto *Found =
      find_if(Rows, [&](const LibraryBody &R) { return R.Symbol == Symbol; });
  if (Found == std::end(Rows))
    return std::nullopt;
  return *Found;
}

std::optional<LibraryBody> libraryBody(const Function &F) {
  if (!F.isDeclaration())
    return std::nullopt;
  return libraryBody(F.getName());
}

} // namespace linkgrad
