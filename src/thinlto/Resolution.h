//===- Resolution.h - What lld made of the inputs ---------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which files take part in a link and whose definition of a symbol counts is
// decided by search paths, archives, weak symbols, COMDATs, linker scripts,
// version scripts and more. LinkGrad does not emulate any of this: it runs lld
// with the same arguments, told to stop after symbol resolution and to write
// down the result.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_RESOLUTION_H
#define LINKGRAD_THINLTO_RESOLUTION_H

#include "thinlto/WorkDirectory.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace linkgrad {

/// A symbol of a bitcode module, as the linker resolved it.
struct ResolvedSymbol {
  std::string Name;
  /// This module's definition is the one that counts.
  bool Prevailing = false;
  /// Nothing outside of this linkage unit can replace the definition.
  bool Final = false;
  /// Native objects or other linkage units may know it by its name.
  bool VisibleOutside = false;
  /// Redefined by --wrap or --defsym: calls do not reach the definition.
  bool Redefined = false;
};

/// A bitcode module that takes part in the link.
struct ResolvedModule {
  /// lld's name for it: a path or `lib.a(member.o at OFFSET)`.
  std::string Id;
  std::vector<ResolvedSymbol> Symbols;
};

struct Resolution {
  /// In the order in which lld loaded them.
  std::vector<ResolvedModule> Modules;
  /// All loaded files, as lld's trace names them: bitcode, native objects,
  /// `lib.a(member.o)`, shared libraries.
  std::vector<std::string> Trace;
};

/// Parses the text that `--save-temps=resolution` writes.
llvm::Expected<std::vector<ResolvedModule>>
parseResolution(llvm::StringRef Text);

/// Asks \p LLD, run with \p Args. Its files go to \p Dir.
llvm::Expected<Resolution> resolveWithLLD(llvm::StringRef LLD,
                                          llvm::ArrayRef<std::string> Args,
                                          const WorkDirectory &Dir);

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_RESOLUTION_H
