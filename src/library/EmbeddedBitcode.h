//===- EmbeddedBitcode.h - The library's bitcode in the tools ---*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_LIBRARY_EMBEDDEDBITCODE_H
#define LINKGRAD_LIBRARY_EMBEDDEDBITCODE_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"

namespace linkgrad {

/// One compiled file of the library.
struct EmbeddedBitcode {
  llvm::StringRef Bytes;
};

/// All of them. The definition is written by the build
/// (cmake/LinkGradLibrary.cmake).
llvm::ArrayRef<EmbeddedBitcode> embeddedBitcode();

} // namespace linkgrad

#endif // LINKGRAD_LIBRARY_EMBEDDEDBITCODE_H
