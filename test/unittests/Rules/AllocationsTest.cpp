//===- AllocationsTest.cpp - Shadows of heap memory -----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/Allocations.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/SourceMgr.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace linkgrad;

namespace {

class Allocations : public ::testing::Test {
protected:
  LLVMContext C;
  std::unique_ptr<Module> M;
  CallBase *Alloc = nullptr;

  /// Parses a module whose function @f begins with an allocation.
  void parse(StringRef Source) {
    SMDiagnostic Error;
    M = parseAssemblyString(Source, Error, C);
    ASSERT_TRUE(M) << Error.getMessage().str();
    Alloc = cast<CallBase>(&M->getFunction("f")->front().front());
  }

  /// Emits a shadow of Alloc and frees it, and prints both. What a shadow
  /// allocation returns is itself an allocation of the same kind.
  std::string shadowAndFree() {
    IRBuilder<> B(M->getFunction("f")->front().getTerminator());
    auto Operand = [&](unsigned I) { return Alloc->getArgOperand(I); };
    Value *Shadow = emitZeroedLike(B, *Alloc, Operand);
    if (!Shadow)
      return "no allocation";
    Shadow->setName("s");
    Value *Free = emitFreeLike(B, *Alloc, Shadow, Operand);
    EXPECT_FALSE(verifyModule(*M, &errs()));
    if (Free)
      EXPECT_TRUE(isFreeFunction(*cast<CallBase>(Free)->getCalledFunction()));
    std::string Text;
    raw_string_ostream OS(Text);
    bool Emitted = false;
    for (Instruction &I : instructions(M->getFunction("f"))) {
      Emitted |= &I == Shadow;
      if (!Emitted || I.isTerminator())
        continue;
      if (auto *Call = dyn_cast<CallBase>(&I)) {
        OS << Call->getCalledFunction()->getName() << '(';
        for (auto [Index, V] : enumerate(Call->args())) {
          V->printAsOperand(OS << (Index ? ", " : ""), /*PrintType=*/false);
        }
        OS << ") ";
      } else {
        OS << I.getOpcodeName() << ' ';
      }
    }
    return Text + (Free ? "" : "not freed ");
  }
};

TEST_F(Allocations, Malloc) {
  parse(R"(declare ptr @malloc(i64)
           define void @f(i64 %n) {
             %p = call ptr @malloc(i64 %n)
             ret void
           })");
  EXPECT_EQ(shadowAndFree(),
            "malloc(%n) llvm.memset.p0.i64(%s, 0, %n, false) free(%s) ");
}

TEST_F(Allocations, Calloc) {
  parse(R"(declare ptr @calloc(i64, i64)
           define void @f(i64 %n) {
             %p = call ptr @calloc(i64 %n, i64 8)
             ret void
           })");
  EXPECT_EQ(shadowAndFree(), "calloc(%n, 8) free(%s) ");
  auto Info = getAllocationInfo(*Alloc);
  EXPECT_EQ(Info->SizeOperand, 1u);
  EXPECT_EQ(Info->CountOperand, 0u);
}

TEST_F(Allocations, AlignedAlloc) {
  parse(R"(declare ptr @aligned_alloc(i64, i64)
           define void @f(i64 %n) {
             %p = call ptr @aligned_alloc(i64 64, i64 %n)
             ret void
           })");
  EXPECT_EQ(
      shadowAndFree(),
      "aligned_alloc(64, %n) llvm.memset.p0.i64(%s, 0, %n, false) free(%s) ");
}

TEST_F(Allocations, OperatorNew) {
  const char *const Forms[][3] = {
      {"_Znwm", "i64 %n", "_ZdlPv(%s) "},
      {"_Znam", "i64 %n", "_ZdaPv(%s) "},
      {"_ZnwmRKSt9nothrow_t", "i64 %n, ptr @tag", "_ZdlPv(%s) "},
      {"_ZnwmSt11align_val_t", "i64 %n, i64 64",
       "_ZdlPvSt11align_val_t(%s, 64) "},
      {"_ZnamSt11align_val_tRKSt9nothrow_t", "i64 %n, i64 64, ptr @tag",
       "_ZdaPvSt11align_val_t(%s, 64) "},
      {"_Znwm12__hot_cold_t", "i64 %n, i8 0", "_ZdlPv(%s) "}};
  for (auto [Name, Operands, Free] : Forms) {
    std::string Types = Operands;
    for (StringRef Value : {" %n", " 64", " @tag", " 0"})
      if (size_t At = Types.find(Value); At != std::string::npos)
        Types.erase(At, Value.size());
    parse(("@tag = constant i8 0\n"
           "declare ptr @" +
           StringRef(Name) + "(" + Types +
           ")\n"
           "define void @f(i64 %n) {\n"
           "  %p = call ptr @" +
           Name + "(" + Operands + ")\n  ret void\n}\n")
              .str());
    std::string Text = shadowAndFree();
    EXPECT_TRUE(StringRef(Text).contains("memset.p0.i64(%s, 0, %n, false)"))
        << Text;
    EXPECT_TRUE(StringRef(Text).ends_with(Free)) << Text;
  }
}

// Rust's allocator carries attributes; the deallocator is not always declared.
TEST_F(Allocations, Rust) {
  StringRef Function = R"(
    define void @f(i64 %n) {
      %p = call ptr @_RNvCs1_7___rustc12___rust_alloc(i64 %n, i64 8)
      ret void
    }
    declare noalias ptr @_RNvCs1_7___rustc12___rust_alloc(i64, i64 allocalign)
      allockind("alloc,uninitialized,aligned") allocsize(0)
      "alloc-family"="__rust_alloc"
  )";
  StringRef Expected = "_RNvCs1_7___rustc12___rust_alloc(%n, 8) "
                       "llvm.memset.p0.i64(%s, 0, %n, false) "
                       "_RNvCs1_7___rustc14___rust_dealloc(%s, %n, 8) ";
  parse(Function);
  EXPECT_EQ(shadowAndFree(), Expected);
  parse((Function + R"(
    declare void @_RNvCs1_7___rustc14___rust_dealloc(ptr allocptr, i64, i64)
      allockind("free") "alloc-family"="__rust_alloc"
  )")
            .str());
  EXPECT_EQ(shadowAndFree(), Expected);
}

TEST_F(Allocations, RustZeroed) {
  parse(R"(
    define void @f(i64 %n) {
      %p = call ptr @__rust_alloc_zeroed(i64 %n, i64 8)
      ret void
    }
    declare noalias ptr @__rust_alloc_zeroed(i64, i64 allocalign)
      allockind("alloc,zeroed,aligned") allocsize(0)
      "alloc-family"="__rust_alloc"
  )");
  EXPECT_EQ(shadowAndFree(),
            "__rust_alloc_zeroed(%n, 8) __rust_dealloc(%s, %n, 8) ");
}

TEST_F(Allocations, UnknownFamily) {
  parse(R"(
    define void @f(i64 %n) {
      %p = call ptr @pool_get(i64 4, i64 %n)
      ret void
    }
    declare noalias ptr @pool_get(i64, i64) allockind("alloc,uninitialized")
      allocsize(0,1) "alloc-family"="pool"
  )");
  EXPECT_EQ(shadowAndFree(), "pool_get(4, %n) mul llvm.memset.p0.i64(%s, 0, "
                             "%bytes, false) not freed ");
}

TEST_F(Allocations, NotAnAllocation) {
  for (StringRef Name : {"_Znwx", "_Znw", "_ZnwmS_", "mallocate", "realloc"}) {
    parse(("declare ptr @" + Name +
           "(i64)\n"
           "define void @f(i64 %n) {\n"
           "  %p = call ptr @" +
           Name + "(i64 %n)\n  ret void\n}\n")
              .str());
    EXPECT_EQ(shadowAndFree(), "no allocation") << Name.str();
  }
}

TEST(RustAllocator, Names) {
  EXPECT_EQ(rustAllocatorName("__rust_realloc", "__rust_alloc"),
            "__rust_alloc");
  EXPECT_EQ(rustAllocatorName("_RNvCsfLfy6EI15iL_7___rustc14___rust_realloc",
                              "__rust_alloc"),
            "_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc");
  EXPECT_EQ(
      rustAllocatorName("_RNvCsfLfy6EI15iL_7___rustc19___rust_alloc_zeroed",
                        "__rust_dealloc"),
      "_RNvCsfLfy6EI15iL_7___rustc14___rust_dealloc");
  EXPECT_EQ(rustAllocatorName("malloc", "__rust_dealloc"), "");
}

TEST_F(Allocations, OperatorDelete) {
  for (StringRef Name : {"_ZdlPv", "_ZdaPv", "_ZdlPvm", "_ZdaPvSt11align_val_t",
                         "_ZdlPvmSt11align_val_t", "_ZdlPvRKSt9nothrow_t",
                         "_ZdlPvSt11align_val_tRKSt9nothrow_t"}) {
    parse(("declare void @" + Name +
           "(ptr)\n"
           "define void @f(ptr %p) {\n"
           "  call void @" +
           Name + "(ptr %p)\n  ret void\n}\n")
              .str());
    EXPECT_TRUE(isFreeFunction(*Alloc->getCalledFunction())) << Name.str();
  }
}

} // namespace
