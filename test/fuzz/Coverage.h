//===- Coverage.h - What random programs consist of -------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_FUZZ_COVERAGE_H
#define LINKGRAD_FUZZ_COVERAGE_H

#include "Program.h"
#include <map>

namespace linkgrad::fuzz {

/// In how many programs each construct of the language is found. Only what the
/// top function can reach counts.
class Coverage {
public:
  void add(const Program &P);

  const std::map<std::string, unsigned> &programs() const { return Programs; }

private:
  std::map<std::string, unsigned> Programs;
};

} // namespace linkgrad::fuzz

#endif // LINKGRAD_FUZZ_COVERAGE_H
