//===- PointerTargets.h - What calls through pointers can reach -*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A closure follows calls and references. A call through a pointer leads
// further: to functions of its type whose addresses are taken anywhere in the
// program, for instance in the vtable of a class that the closure does not
// mention. Summaries say which functions have calls through pointers and whose
// addresses are taken; the types of both are looked up in the bitcode.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_POINTERTARGETS_H
#define LINKGRAD_THINLTO_POINTERTARGETS_H

#include "analysis/CallTargets.h"
#include "thinlto/Closure.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include <memory>

namespace linkgrad {

/// A function that may be called through a pointer.
struct PointerTarget {
  /// Its definition, or null if there is none in bitcode.
  const llvm::GlobalValueSummary *Summary;
  llvm::ValueInfo VI;
  /// A module that takes its address.
  llvm::StringRef Referrer;
  /// As LLVM prints it; types of different contexts have no more in common.
  std::string Type;
};

/// Answers for one state of the program: nothing may be added to it meanwhile.
class PointerTargets {
public:
  explicit PointerTargets(const ProgramIndex &Program) : Program(Program) {}

  /// What the calls in \p Needs can reach, in \p Needs or not, in an order that
  /// depends on names only.
  llvm::Expected<std::vector<PointerTarget>> of(const Closure &Needs);

private:
  struct PointerCall {
    std::string Type;
    CallSlot Slot;
  };
  /// A function whose address is taken.
  struct TakenFunction {
    PointerTarget Target;
    /// Where tables have it.
    std::vector<std::pair<const llvm::GlobalVariable *, TableEntry>> Entries;
    bool ByCode = false; ///< and not only by tables

    bool isReachedBy(const PointerCall &Call) const;
  };

  llvm::Expected<llvm::Module *> lazyModule(llvm::StringRef Path);
  llvm::Error collectCalls(const ClosureEntry &Caller,
                           std::vector<PointerCall> &Out);
  bool isNameable(const llvm::GlobalValueSummary *Target) const;
  llvm::Error collectTaken();
  llvm::Error collectTakenBy(const llvm::GlobalValueSummary &User,
                             llvm::StringRef Name);
  TakenFunction &taken(const llvm::Function &F, llvm::ValueInfo VI,
                       llvm::StringRef Referrer);

  const ProgramIndex &Program;
  llvm::LLVMContext Context;
  llvm::StringMap<std::unique_ptr<llvm::Module>> Modules;
  llvm::DenseMap<const llvm::FunctionSummary *, std::vector<PointerCall>> Calls;
  /// By definition, or by name if there is none.
  llvm::MapVector<
      std::pair<const llvm::GlobalValueSummary *, llvm::GlobalValue::GUID>,
      TakenFunction>
      Taken;
  bool HasTaken = false;
};

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_POINTERTARGETS_H
