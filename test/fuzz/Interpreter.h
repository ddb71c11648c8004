//===- Interpreter.h - The oracle: a program over dual numbers --*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_FUZZ_INTERPRETER_H
#define LINKGRAD_FUZZ_INTERPRETER_H

#include "Program.h"

namespace linkgrad::fuzz {

/// Runs \p P on the inputs of \p S and fills in its results and derivatives.
/// \returns null, or why the run is no good test: it comes near a kink or a
/// jump, where a rounding error decides; its numbers grow too large to compare;
/// it takes too long; or the program is not valid, which the reducer relies on.
/// Each operation is off by up to \p Noise, relative to its value.
const char *interpret(const Program &P, Sample &S, double Noise = 0);

} // namespace linkgrad::fuzz

#endif // LINKGRAD_FUZZ_INTERPRETER_H
