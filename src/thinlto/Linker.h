//===- Linker.h - Finding and running lld -----------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_LINKER_H
#define LINKGRAD_THINLTO_LINKER_H

#include "thinlto/WorkDirectory.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>

namespace linkgrad {

/// The lld to use: \p Wanted if not empty, else the environment's LINKGRAD_LLD,
/// else the one of the LLVM that LinkGrad was built with, else `ld.lld-22` from
/// PATH. Never this program itself, which can be installed under lld's name.
llvm::Expected<std::string> findLLD(llvm::StringRef Wanted);

/// Runs \p LLD and waits. Arguments that are too long for the system go
/// through a response file in \p Dir.
/// \param Redirect files for standard output and error; both or none.
/// \returns the exit code; a signal counts as 128 + its number.
llvm::Expected<int> runLLD(llvm::StringRef LLD,
                           llvm::ArrayRef<std::string> Args,
                           const WorkDirectory &Dir,
                           llvm::ArrayRef<std::string> Redirect = {});

/// Replaces this process by \p LLD; comes back only if that fails.
llvm::Error becomeLLD(llvm::StringRef LLD, llvm::ArrayRef<std::string> Args);

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_LINKER_H
