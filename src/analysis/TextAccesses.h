//===- TextAccesses.h - The characters of strings ---------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Characters have no type in TBAA, since any memory may be accessed as such. A
// std::string copies them where its pointer leads: to memory of their own, or
// into the string, and then what lies behind the string seems to be copied,
// too. But that pointer has a type of its own, a member of the string. What it
// leads to is text.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_TEXTACCESSES_H
#define LINKGRAD_ANALYSIS_TEXTACCESSES_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace llvm {
class Function;
class Instruction;
class Value;
} // namespace llvm

namespace linkgrad {

/// Finds the loads, stores and copies in \p F of what pointers of strings lead
/// to, by the TBAA tags of these pointers, and notes what they are.
void noteTextAccesses(llvm::Function &F);

/// True if the pointer that \p I loads or stores is that of a string or of a
/// view of one, by its tag.
bool accessesTextPointer(const llvm::Instruction &I);

/// True if \p I accesses text.
bool accessesText(const llvm::Instruction &I);
/// The addresses that it accesses and that do not come from the pointer of a
/// string: the other side of a copy, the room in a string, which may be one of
/// the members of a union.
llvm::SmallVector<const llvm::Value *, 2>
doubtfulText(const llvm::Instruction &I);

/// True if \p Type, the name of a type in TBAA, is that of libstdc++'s strings,
/// of any characters.
bool isStringType(llvm::StringRef Type);

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_TEXTACCESSES_H
