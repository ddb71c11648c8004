//===- CallGraphTypes.h - What callees know of types ------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What functions know of their parameters and of global variables is handed on
// to their callers, all the way up. Each function is read once.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_CALLGRAPHTYPES_H
#define LINKGRAD_ANALYSIS_CALLGRAPHTYPES_H

#include "analysis/TypeAnalysisFunction.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/IR/ValueHandle.h"
#include <memory>

namespace linkgrad {

class CallGraphTypes {
public:
  /// Gives what stands for a callee, null for one that does not count.
  using Bodies = llvm::function_ref<llvm::Function *(llvm::Function &)>;

protected:
  struct Entry {
    static constexpr unsigned NotYet = ~0u;

    Entry(llvm::Function &F, Bodies Body);

    llvm::WeakVH Alive; ///< null if the function is not there any more
    FunctionTypes Types;
    llvm::SmallVector<std::pair<const llvm::CallBase *, llvm::Function *>, 8>
        Calls;
    /// In order of completion: callees first, but in a recursion.
    unsigned Index = NotYet;
    /// The first that calls this one before it is complete.
    unsigned RecursionBegin = NotYet;
    /// The function, or what it calls, uses bytes as pointers and as floats.
    bool Mixes = false;
    /// The same for any two members of a union.
    bool MixesMembers = false;
    /// The function, or what it calls, uses floats of its caller's.
    bool HasFloats = false;
  };

  virtual ~CallGraphTypes() = default;

  /// What is known of \p Root and of what it calls.
  Entry &entry(llvm::Function &Root, Bodies Body);
  Entry &known(llvm::Function &F) { return *Entries[&F]; }
  /// Adds what is known of the callees of \p E.
  virtual void apply(Entry &E) = 0;

private:
  llvm::DenseMap<const llvm::Function *, std::unique_ptr<Entry>> Entries;
};

/// What functions know of floats behind their parameters, by what they call,
/// too, however deep that is. What they contradict each other in is left out,
/// and so is all that is not on the way to a float.
class DeepFloats : CallGraphTypes {
public:
  /// Null if that is nothing.
  FunctionTypes *of(llvm::Function &F);

private:
  void apply(Entry &E) override;
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_CALLGRAPHTYPES_H
