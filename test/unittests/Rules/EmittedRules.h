//===- EmittedRules.h - Rules as compiled by the JIT ------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_UNITTESTS_RULES_EMITTEDRULES_H
#define LINKGRAD_UNITTESTS_RULES_EMITTEDRULES_H

#include "Oracles.h"
#include "llvm/ExecutionEngine/Orc/LLJIT.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include <memory>

namespace linkgrad::test {

/// The floating-point types in which rules are emitted.
enum class Kind { Float, Double, LongDouble, Vector };

/// Builds a module with one function for every map of every row in one type:
/// ROW_ARG(ptr in, ptr out). It reads g, x, y, z, r for each lane as doubles,
/// converts them to the type, and writes the map as doubles.
class EmittedRules {
public:
  static constexpr unsigned Inputs = 5;

  explicit EmittedRules(Kind K);

  Kind kind() const { return K; }
  unsigned lanes() const { return K == Kind::Vector ? 2 : 1; }
  llvm::Module &module() { return *M; }

  /// The function with one map.
  static std::string functionName(llvm::StringRef Row, unsigned Arg);

  /// Compiles the module, which is gone afterwards.
  llvm::Error compile();
  using Function = void(const double *In, double *Out);
  Function *lookup(const std::string &Name);

private:
  void emitMap(const ScalarRule &Rule, llvm::StringRef Operands, unsigned Arg);

  Kind K;
  std::unique_ptr<llvm::LLVMContext> Context;
  std::unique_ptr<llvm::Module> M;
  llvm::Type *Ty;
  std::unique_ptr<llvm::orc::LLJIT> JIT;
};

/// The emitted map agrees with \p Row's in doubles.
std::string checkEmitted(EmittedRules &Rules, const RowUnderTest &Row,
                         unsigned Arg, const RowSamples &Samples);

} // namespace linkgrad::test

#endif // LINKGRAD_UNITTESTS_RULES_EMITTEDRULES_H
