//===- AnswerPass.h - The pass of all front doors in one module -*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_FRONT_ANSWERPASS_H
#define LINKGRAD_FRONT_ANSWERPASS_H

#include "support/Options.h"
#include "transform/Derivatives.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/PassManager.h"

namespace linkgrad {

/// Answers all requests of a module.
class AnswerPass : public llvm::PassInfoMixin<AnswerPass> {
public:
  explicit AnswerPass(Options Opts = {}) : Opts(Opts) {}

  llvm::PreservedAnalyses run(llvm::Module &M, llvm::ModuleAnalysisManager &) {
    llvm::Expected<bool> Changed = answerAllRequests(M, Opts);
    if (!Changed) {
      report(Changed.takeError(), M.getContext());
      return llvm::PreservedAnalyses::none();
    }
    return *Changed ? llvm::PreservedAnalyses::none()
                    : llvm::PreservedAnalyses::all();
  }

  /// A request must be answered in functions marked optnone too.
  static bool isRequired() { return true; }

private:
  Options Opts;

  /// Makes the host fail with the message: clang, lld and rustc count the
  /// error and write no output, opt exits at once.
  static void report(llvm::Error E, llvm::LLVMContext &Ctx) {
    std::string Message = toString(std::move(E));
    llvm::StringRef Text = Message;
    Text.consume_front("error: "); // The host says that.
    Ctx.diagnose(llvm::DiagnosticInfoGeneric(Text));
  }
};

} // namespace linkgrad

#endif // LINKGRAD_FRONT_ANSWERPASS_H
