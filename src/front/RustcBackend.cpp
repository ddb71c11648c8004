//===- RustcBackend.cpp - LinkGrad inside rustc ---------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The interface of the library that a nightly rustc loads from its sysroot for
// `-Zautodiff=Enable`. Every name here is looked up by rustc, and it does not
// start if one is missing. Its pass runs on the module into which
// `lto = "fat"` has merged the program; what it does there is in
// RustcBackendAnswer.cpp and RustcBackendDefer.cpp.
//
// LLVM's symbols come from rustc itself, see docs/rust.md.
//
//===----------------------------------------------------------------------===//

#include "front/RustcBackend.h"
#include "analysis/TypeTree.h"
#include "llvm-c/Types.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/Passes/PassBuilder.h"
#include "llvm/Support/WithColor.h"
#include "llvm/Support/raw_ostream.h"
#include <cstring>
#include <mutex>

using namespace llvm;
using namespace linkgrad;

//===----------------------------------------------------------------------===//
// Options
//===----------------------------------------------------------------------===//

namespace {

/// What rustc sets through EnzymeSetCLBool.
struct BoolOption {
  bool Value;
};

/// What rustc sets through EnzymeSetCLString.
struct StringOption {
  std::string Value;
};

} // namespace

extern "C" {

// What `-Zautodiff=` takes beside Enable. rustc hands the addresses back.
BoolOption EnzymePrintActivity, EnzymePrintPerf, EnzymePrintType, EnzymePrint,
    EnzymeInline, looseTypeAnalysis;
StringOption EnzymeFunctionToAnalyze;
// What rustc sets for every program; nothing here depends on it.
BoolOption EnzymeStrictAliasing, RustTypeRules;
// rustc cuts its type trees at this depth.
uint32_t EnzymeMaxTypeDepth = TypeTree::MaxDepth;

void EnzymeSetCLBool(void *Option, uint8_t Value) {
  static_cast<BoolOption *>(Option)->Value = Value != 0;
}

void EnzymeSetCLString(void *Option, const char *Value) {
  static_cast<StringOption *>(Option)->Value = Value;
}

} // extern "C"

/// The options of the engine, once rustc has set its own.
static Options engineOptions() {
  Options Opts;
  if (EnzymePrintActivity.Value)
    Opts.PrintActivity = &errs();
  if (EnzymePrintPerf.Value)
    Opts.PrintTape = &errs();
  return Opts;
}

/// Says once for each option that has no meaning here that it has none.
static void warnOfOptions() {
  static std::once_flag Once;
  std::call_once(Once, [] {
    auto Warn = [](bool IsSet, StringRef Name) {
      if (IsSet)
        WithColor::warning(errs(), "linkgrad")
            << "-Zautodiff=" << Name << " has no effect\n";
    };
    Warn(EnzymePrint.Value, "PrintSteps");
    Warn(EnzymePrintType.Value, "PrintTA");
    Warn(!EnzymeFunctionToAnalyze.Value.empty(), "PrintTAFn");
    Warn(EnzymeInline.Value, "Inline");
    Warn(looseTypeAnalysis.Value, "LooseTypes");
  });
}

//===----------------------------------------------------------------------===//
// The pass
//===----------------------------------------------------------------------===//

/// rustc asks for the pass by name; the pipeline's own extension points
/// (\p Augment) are of no use to it.
extern "C" void registerEnzymeAndPassPipeline(PassBuilder &PB, bool Augment) {
  warnOfOptions();
  PB.registerPipelineParsingCallback(
      [](StringRef Name, ModulePassManager &MPM,
         ArrayRef<PassBuilder::PipelineElement>) {
        if (Name != "enzyme")
          return false;
        addRustcPass(MPM, engineOptions());
        return true;
      });
}

//===----------------------------------------------------------------------===//
// Type trees
//===----------------------------------------------------------------------===//

/// A ConcreteType by the number that crosses the interface.
static ConcreteType concreteType(int Number, LLVMContextRef Context) {
  LLVMContext &C = *unwrap(Context);
  auto Float = [](Type *T) { return ConcreteType{ConcreteType::Float, T}; };
  switch (Number) {
  case 0:
    return {ConcreteType::Anything};
  case 1:
    return {ConcreteType::Integer};
  case 2:
    return {ConcreteType::Pointer};
  case 3:
    return Float(Type::getHalfTy(C));
  case 4:
    return Float(Type::getFloatTy(C));
  case 5:
    return Float(Type::getDoubleTy(C));
  case 7:
    return Float(Type::getX86_FP80Ty(C));
  case 8:
    return Float(Type::getBFloatTy(C));
  case 9:
    return Float(Type::getFP128Ty(C));
  default: // 6, and what a later rustc may add.
    return {};
  }
}

extern "C" {

TypeTree *EnzymeNewTypeTree() { return new TypeTree(); }

TypeTree *EnzymeNewTypeTreeCT(int Type, LLVMContextRef Context) {
  return new TypeTree(concreteType(Type, Context));
}

TypeTree *EnzymeNewTypeTreeTR(const TypeTree *Tree) {
  return new TypeTree(*Tree);
}

void EnzymeFreeTypeTree(TypeTree *Tree) { delete Tree; }

uint8_t EnzymeMergeTypeTree(TypeTree *Tree, const TypeTree *Other) {
  return Tree->merge(*Other);
}

void EnzymeTypeTreeOnlyEq(TypeTree *Tree, int64_t Offset) {
  *Tree = Tree->only(Offset);
}

void EnzymeTypeTreeData0Eq(TypeTree *Tree) { *Tree = Tree->data0(); }

void EnzymeTypeTreeShiftIndiciesEq(TypeTree *Tree, const char *Layout,
                                   int64_t Offset, int64_t MaxSize,
                                   uint64_t AddOffset) {
  *Tree = Tree->shiftIndices(DataLayout(Layout), Offset, MaxSize, AddOffset);
}

void EnzymeTypeTreeInsertEq(TypeTree *Tree, const int64_t *Path, size_t Length,
                            int Type, LLVMContextRef Context) {
  Tree->insert(ArrayRef(Path, Length), concreteType(Type, Context));
}

const char *EnzymeTypeTreeToString(const TypeTree *Tree) {
  return strdup(Tree->str().c_str());
}

void EnzymeTypeTreeToStringFree(const char *Text) {
  free(const_cast<char *>(Text));
}

} // extern "C"
