//===- Printer.h - A random program as C ------------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_FUZZ_PRINTER_H
#define LINKGRAD_FUZZ_PRINTER_H

#include "Program.h"
#include "llvm/ADT/ArrayRef.h"

namespace linkgrad::fuzz {

/// `int *v3[4]`: how \p Name with type \p Ty is declared in \p P.
std::string declare(const Program &P, const Type &Ty, const std::string &Name);

/// A number that reads back as it is.
std::string literal(double D);

/// The types, tables and functions of \p P.
std::string printProgram(const Program &P);

/// A translation unit that runs and differentiates all \p Programs, compares
/// with their samples, and prints a line for each: `NAME ok`, or what is wrong.
std::string printUnit(llvm::ArrayRef<const Program *> Programs);

} // namespace linkgrad::fuzz

#endif // LINKGRAD_FUZZ_PRINTER_H
