//===- DebugInfo.cpp - Programs without debug information -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/DebugInfo.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

using namespace llvm;

namespace linkgrad {

bool leavesOutDebugInfo(ArrayRef<const char *> Args) {
  static constexpr StringLiteral Strip[] = {"s", "S", "strip-all",
                                            "strip-debug"};
  // By the start of their names.
  static constexpr StringLiteral Readers[] = {
      "opt-remarks",       "lto-sample-profile",
      "sample-profile",    "save-temps",
      "lto-emit",          "emit-llvm",
      "lto-newpm-passes",  "thinlto-distributor",
      "thinlto-index-only"};
  bool Strips = false;
  for (StringRef Arg : Args) {
    if (!Arg.consume_front("-"))
      continue;
    Arg.consume_front("-");
    Arg.consume_front("plugin-opt=");
    Strips |= is_contained(Strip, Arg);
    if (any_of(Readers, [&](StringRef R) { return Arg.starts_with(R); }))
      return false;
  }
  return Strips;
}

std::vector<std::string> argumentsToDropDebugInfo() {
  SmallString<128> Library(sys::fs::getMainExecutable(
      nullptr, reinterpret_cast<void *>(&argumentsToDropDebugInfo)));
  sys::path::remove_filename(Library);
  sys::path::append(Library, "..", "libexec", "linkgrad", "StripDebugInfo.so");
  if (!sys::fs::exists(Library))
    return {}; // It only takes longer.
  // lld's ThinLTO cache does not ask which plugins there are, but for LLVM's
  // options. This one turns off what has nothing to do any more.
  return {"--load-pass-plugin=" + std::string(Library),
          "--mllvm=-live-debug-variables=false"};
}

} // namespace linkgrad
