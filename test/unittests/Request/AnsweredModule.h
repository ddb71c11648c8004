//===- AnsweredModule.h - A module whose requests get answers ---*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The derivative is made by hand: it returns the scalars 1, 2, 3, … in the
// order of its result struct. After LLVM's own optimiser has inlined it, the
// function with the request returns a constant, which is what is compared.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TEST_REQUEST_ANSWEREDMODULE_H
#define LINKGRAD_TEST_REQUEST_ANSWEREDMODULE_H

#include "request/RequestCall.h"
#include "llvm/IR/Module.h"
#include "gtest/gtest.h"

class AnsweredModule : public ::testing::Test {
protected:
  llvm::LLVMContext Ctx;
  std::unique_ptr<llvm::Module> M;

  /// Parses \p IR, for x86-64.
  void parse(llvm::StringRef IR);

  /// Parses all requests, then answers them one after the other.
  /// \returns the first error, as text.
  std::string answer();

  /// The module as text.
  std::string text() const;

  /// What @caller returns once everything is optimised, e.g. "double 1.0".
  std::string returned();

  /// All of that: "declare TYPE @__enzyme_…" and the body of
  /// `define RESULT @caller()`.
  std::string deliver(llvm::StringRef IR);

private:
  llvm::Function *makeDerivative(const linkgrad::DiffRequest &R);
};

#endif // LINKGRAD_TEST_REQUEST_ANSWEREDMODULE_H
