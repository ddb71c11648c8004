//===- Generator.h - Random programs ----------------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_FUZZ_GENERATOR_H
#define LINKGRAD_FUZZ_GENERATOR_H

#include "Program.h"

namespace linkgrad::fuzz {

/// The program with number \p Number of the sequence that \p Seed begins, with
/// samples that the interpreter ran. It is the same on every machine.
Program generate(uint64_t Seed, uint64_t Number);

} // namespace linkgrad::fuzz

#endif // LINKGRAD_FUZZ_GENERATOR_H
