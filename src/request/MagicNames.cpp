//===- MagicNames.cpp - The names that make a call a request --------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/MagicNames.h"
#include <utility>

using namespace llvm;

namespace linkgrad {

static constexpr StringLiteral MagicPrefix = "__enzyme_";

/// What can follow the prefix. No entry is a prefix of another, so the order
/// does not matter (MagicNamesTest checks that).
static constexpr std::pair<StringLiteral, MagicCall> MagicStems[] = {
    {"autodiff", MagicCall::AutoDiff},
    {"fwddiff", MagicCall::FwdDiff},
    {"augmentfwd", MagicCall::AugmentFwd},
    {"reverse", MagicCall::Reverse},
    {"augmentsize", MagicCall::AugmentSize},
    {"fwdsplit", MagicCall::FwdSplit},
    {"virtualreverse", MagicCall::VirtualReverse},
    {"batch", MagicCall::Batch},
    {"call_inactive", MagicCall::CallInactive},
    {"float", MagicCall::TypeHint},
    {"double", MagicCall::TypeHint},
    {"integer", MagicCall::TypeHint},
    {"pointer", MagicCall::TypeHint},
    {"nopointer", MagicCall::TypeHint},
    // Global variables that state facts about functions; never calls.
    {"register_", MagicCall::None},
    {"inactivefn", MagicCall::None},
    {"inactive_global", MagicCall::None},
    {"nofree", MagicCall::None},
    {"function_like", MagicCall::None},
    {"allocation_like", MagicCall::None},
};

MagicCall classifyMagicCall(StringRef SymbolName) {
  size_t At = SymbolName.find(MagicPrefix);
  if (At == StringRef::npos)
    return MagicCall::None;
  // A mangled name can mention several (a magic name among the template
  // arguments of a magic template): the first is the function's own.
  StringRef Stem = SymbolName.drop_front(At + MagicPrefix.size());
  for (const auto &[Name, Kind] : MagicStems)
    if (Stem.starts_with(Name))
      return Kind;
  return MagicCall::Unknown;
}

} // namespace linkgrad
