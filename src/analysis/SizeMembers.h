//===- SizeMembers.h - The sizes of containers ------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The nodes of libstdc++'s std::list, set, map and unordered_map are linked
// with a header, by pointers to what all of them begin with. Behind that a node
// has its element, the header the number of nodes. Nothing tells the pointers
// apart, so elements and number seem to be at the same place, and a double to
// be counted up. But the accesses to the number can be told, by the struct that
// it is a member of. Strings have their length where other things have floats,
// too.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_SIZEMEMBERS_H
#define LINKGRAD_ANALYSIS_SIZEMEMBERS_H

#include "llvm/ADT/StringRef.h"

namespace llvm {
class Function;
class Instruction;
} // namespace llvm

namespace linkgrad {

/// \p Name without the number that the linker gives to types of one name.
llvm::StringRef withoutNumber(llvm::StringRef Name);

/// True if \p I loads or stores the number of nodes of such a container,
/// another one beside it, or the colour of a node, for certain: by its TBAA tag
/// or the struct that its address is calculated with.
bool accessesSize(const llvm::Instruction &I);

/// Gives a TBAA tag to the accesses in \p F, unoptimised code, that have none:
/// simplification leaves of an address only its offset.
void noteSizeAccesses(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_SIZEMEMBERS_H
