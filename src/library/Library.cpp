//===- Library.cpp - Functions that derivatives call ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "library/Library.h"
#include "library/EmbeddedBitcode.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"
#include "llvm/Linker/Linker.h"
#include "llvm/Support/MemoryBuffer.h"

using namespace llvm;

namespace linkgrad {

/// Reads the part of the library that defines \p Name, or returns null.
static std::unique_ptr<Module> readPart(LLVMContext &C, StringRef Name) {
  for (const EmbeddedBitcode &Part : embeddedBitcode()) {
    // The bitcode is LinkGrad's own, so it is readable.
    auto Source = cantFail(getLazyBitcodeModule(
        MemoryBufferRef(Part.Bytes, "linkgrad library"), C));
    if (const Function *F = Source->getFunction(Name); F && !F->isDeclaration())
      return Source;
  }
  return nullptr;
}

/// Makes \p Source fit into a module that was compiled in any other way.
static void adapt(Module &Source, const Module &M) {
  Source.setTargetTriple(M.getTargetTriple());
  Source.setDataLayout(M.getDataLayout());
  for (StringRef Name : {"llvm.module.flags", "llvm.ident"})
    if (NamedMDNode *Node = Source.getNamedMetadata(Name))
      Node->eraseFromParent();
}

static void makePrivate(Function &F) {
  F.setLinkage(GlobalValue::InternalLinkage);
  F.setVisibility(GlobalValue::DefaultVisibility);
  F.setDSOLocal(true);
  // Those of the user of the function count.
  for (StringRef Attribute : {"target-cpu", "target-features", "tune-cpu"})
    F.removeFnAttr(Attribute);
}

Function *libraryFunction(Module &M, StringRef Name) {
  // The program may use the name for something of its own.
  if (GlobalValue *GV = M.getNamedValue(Name); GV && !GV->isDeclaration())
    return GV->hasLocalLinkage() ? dyn_cast<Function>(GV) : nullptr;
  std::unique_ptr<Module> Source = readPart(M.getContext(), Name);
  if (!Source)
    return nullptr;
  adapt(*Source, M);
  SmallPtrSet<const Function *, 32> Old;
  for (const Function &F : M)
    Old.insert(&F);
  // The linker takes what is declared, and what that refers to.
  M.getOrInsertFunction(Name, Source->getFunction(Name)->getFunctionType());
  if (Linker::linkModules(M, std::move(Source), Linker::Flags::LinkOnlyNeeded))
    return nullptr;
  for (Function &F : M)
    if (!F.isDeclaration() && !Old.contains(&F))
      makePrivate(F);
  return M.getFunction(Name);
}

} // namespace linkgrad
