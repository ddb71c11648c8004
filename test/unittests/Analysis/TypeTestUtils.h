//===- TypeTestUtils.h - Ask the type analysis about a function -*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TEST_TYPETESTUTILS_H
#define LINKGRAD_TEST_TYPETESTUTILS_H

#include "analysis/TypeAnalysis.h"
#include "analysis/TypeTree.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/ValueSymbolTable.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"
#include <optional>
#include <string>

namespace linkgrad::test {

/// Parses a module for x86-64 and answers questions about its function `f`,
/// with values by name, in the spelling of type strings.
class Types {
public:
  explicit Types(const std::string &Text) {
    llvm::SMDiagnostic Diagnostic;
    M = llvm::parseAssemblyString(
        "target datalayout = \"e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-"
        "i128:128-f80:128-n8:16:32:64-S128\"\n"
        "target triple = \"x86_64-pc-linux-gnu\"\n" +
            Text,
        Diagnostic, Context);
    if (!M) {
      std::string Message;
      llvm::raw_string_ostream OS(Message);
      Diagnostic.print("test", OS);
      ADD_FAILURE() << Message;
      M = std::make_unique<llvm::Module>("empty", Context);
    }
    F = M->getFunction("f");
    if (F)
      Trees.emplace(*F);
  }

  llvm::Value &value(llvm::StringRef Name) {
    if (auto *V = F->getValueSymbolTable()->lookup(Name))
      return *V;
    if (auto *G = M->getNamedValue(Name))
      return *G;
    ADD_FAILURE() << "no value " << Name.str();
    return *F;
  }

  /// What the value holds at a byte.
  std::string at(llvm::StringRef Name, uint64_t Offset = 0) {
    return typeName(Trees->valueType(value(Name), Offset));
  }

  /// `[0,8):Float@double [8,16):Integer`, with ` every 16` if it repeats, or
  /// the error.
  std::string memory(llvm::StringRef Name, std::optional<uint64_t> Size,
                     const llvm::Instruction *At = nullptr) {
    auto Layout = Trees->memoryBehind(value(Name), Size,
                                      At ? *At : *llvm::inst_begin(*F));
    if (!Layout)
      return llvm::toString(Layout.takeError());
    std::string Text;
    llvm::raw_string_ostream OS(Text);
    for (const TypedRange &R : Layout->Ranges) {
      if (&R != Layout->Ranges.begin())
        OS << ' ';
      OS << '[' << R.Begin << ',' << R.End << "):" << typeName(R.Type);
    }
    if (Layout->Stride)
      OS << " every " << Layout->Stride;
    return Text;
  }

  /// What a copy of a multiple of \p Unit bytes copies from \p Name on.
  std::string every(llvm::StringRef Name, uint64_t Unit) {
    llvm::IRBuilder<> B(F->back().getTerminator());
    llvm::Value *Count = B.CreateLoad(B.getInt64Ty(), &value(Name));
    llvm::Value *Length = B.CreateMul(Count, B.getInt64(Unit));
    auto *Copy = B.CreateMemCpy(&value(Name), {}, &value(Name), {}, Length);
    return memory(Name, std::nullopt, Copy);
  }

  /// What the first copy in `f` copies, as seen at its operand \p Name.
  std::string copied(llvm::StringRef Name) {
    for (const llvm::Instruction &I : llvm::instructions(*F))
      if (auto *Copy = llvm::dyn_cast<llvm::AnyMemTransferInst>(&I)) {
        std::optional<uint64_t> Size;
        if (auto *C = llvm::dyn_cast<llvm::ConstantInt>(Copy->getLength()))
          Size = C->getZExtValue();
        return memory(Name, Size, &I);
      }
    return "no copy";
  }

  std::string tree(llvm::StringRef Name) {
    return Trees->treeOf(value(Name)).str();
  }

  llvm::LLVMContext Context;
  std::unique_ptr<llvm::Module> M;
  llvm::Function *F = nullptr;
  std::optional<TypeTrees> Trees;
};

/// True if \p Text is an error that says \p Part.
inline bool isUnknown(const std::string &Text, const std::string &Part) {
  return Text.find("[unknown-type]") != std::string::npos &&
         Text.find(Part) != std::string::npos;
}

} // namespace linkgrad::test

#endif // LINKGRAD_TEST_TYPETESTUTILS_H
