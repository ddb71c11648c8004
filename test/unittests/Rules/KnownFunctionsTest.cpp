//===- KnownFunctionsTest.cpp - What a name or an attribute tells ---------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/KnownFunctions.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace linkgrad;

namespace {

class KnownFunctions : public ::testing::Test {
protected:
  LLVMContext C;
  Module M{"m", C};
  Type *Void = Type::getVoidTy(C);
  Type *Double = Type::getDoubleTy(C);
  Type *Int = Type::getInt32Ty(C);
  Type *Size = Type::getInt64Ty(C);
  Type *Ptr = PointerType::get(C, 0);

  Function *declare(StringRef Name, Type *Result,
                    ArrayRef<Type *> Params = {}) {
    if (Function *Old = M.getFunction(Name))
      Old->eraseFromParent();
    return Function::Create(FunctionType::get(Result, Params, false),
                            GlobalValue::ExternalLinkage, Name, M);
  }
  void giveBody(Function *F) {
    IRBuilder<> B(BasicBlock::Create(C, "entry", F));
    B.CreateUnreachable();
  }
  CalleeKind kind(StringRef Name, Type *Result, ArrayRef<Type *> Params = {}) {
    return classifyCallee(*declare(Name, Result, Params));
  }
  CalleeKind intrinsic(Intrinsic::ID ID, ArrayRef<Type *> Types = {}) {
    return classifyCallee(*Intrinsic::getOrInsertDeclaration(&M, ID, Types));
  }
};

TEST_F(KnownFunctions, Intrinsics) {
  EXPECT_EQ(intrinsic(Intrinsic::memcpy, {Ptr, Ptr, Size}),
            CalleeKind::MemoryIntrinsic);
  EXPECT_EQ(intrinsic(Intrinsic::memset, {Ptr, Size}),
            CalleeKind::MemoryIntrinsic);
  EXPECT_EQ(intrinsic(Intrinsic::sin, {Double}), CalleeKind::ScalarRule);
  for (Intrinsic::ID ID :
       {Intrinsic::assume, Intrinsic::donothing, Intrinsic::trap,
        Intrinsic::dbg_value, Intrinsic::experimental_noalias_scope_decl,
        Intrinsic::sideeffect, Intrinsic::pseudoprobe})
    EXPECT_EQ(intrinsic(ID), CalleeKind::Inactive) << ID;
  EXPECT_EQ(intrinsic(Intrinsic::lifetime_start, {Ptr}), CalleeKind::Inactive);
  EXPECT_EQ(intrinsic(Intrinsic::prefetch, {Ptr}), CalleeKind::Inactive);
  EXPECT_EQ(intrinsic(Intrinsic::objectsize, {Size, Ptr}),
            CalleeKind::Inactive);
  EXPECT_EQ(intrinsic(Intrinsic::ctpop, {Int}), CalleeKind::Inactive);
  EXPECT_EQ(intrinsic(Intrinsic::umul_with_overflow, {Int}),
            CalleeKind::Inactive);
  EXPECT_EQ(intrinsic(Intrinsic::lround, {Int, Double}), CalleeKind::Inactive);
  EXPECT_EQ(intrinsic(Intrinsic::is_fpclass, {Double}), CalleeKind::Inactive);
}

// Each of these moves an active value, a pointer to one, or the stack.
TEST_F(KnownFunctions, IntrinsicsThatAreNotInactive) {
  EXPECT_EQ(intrinsic(Intrinsic::vector_reduce_fadd,
                      {FixedVectorType::get(Double, 2)}),
            CalleeKind::Unknown);
  EXPECT_EQ(intrinsic(Intrinsic::ptrmask, {Ptr, Size}), CalleeKind::Unknown);
  EXPECT_EQ(intrinsic(Intrinsic::launder_invariant_group, {Ptr}),
            CalleeKind::Unknown);
  EXPECT_EQ(intrinsic(Intrinsic::stacksave, {Ptr}), CalleeKind::Unknown);
  EXPECT_EQ(intrinsic(Intrinsic::vastart, {Ptr}), CalleeKind::Unknown);
  EXPECT_EQ(intrinsic(Intrinsic::convert_to_fp16, {Double}),
            CalleeKind::Unknown);
  EXPECT_EQ(intrinsic(Intrinsic::experimental_constrained_fadd, {Double}),
            CalleeKind::Unknown);
}

TEST_F(KnownFunctions, Memory) {
  EXPECT_EQ(kind("memcpy", Ptr, {Ptr, Ptr, Size}), CalleeKind::MemoryIntrinsic);
  EXPECT_EQ(kind("memcpy", Ptr, {Ptr}), CalleeKind::Unknown);
  EXPECT_EQ(kind("malloc", Ptr, {Size}), CalleeKind::Allocate);
  EXPECT_EQ(kind("_Znwm", Ptr, {Size}), CalleeKind::Allocate);
  EXPECT_EQ(kind("free", Void, {Ptr}), CalleeKind::Free);
  EXPECT_EQ(kind("_ZdlPvm", Void, {Ptr, Size}), CalleeKind::Free);
  EXPECT_EQ(kind("malloc_usable_size", Size, {Ptr}), CalleeKind::UsableSize);
  // prepare/LowerReallocations.cpp replaces it.
  EXPECT_EQ(kind("realloc", Ptr, {Ptr, Size}), CalleeKind::Unknown);
  EXPECT_TRUE(isKnownFunction("realloc"));
}

TEST_F(KnownFunctions, AttributesDecideFirst) {
  Function *F = declare("helper", Double, {Double});
  EXPECT_EQ(classifyCallee(*F), CalleeKind::Unknown);
  F->addFnAttr("enzyme_math", "sin");
  EXPECT_EQ(classifyCallee(*F), CalleeKind::ScalarRule);
  F->addFnAttr("enzyme_inactive");
  EXPECT_EQ(classifyCallee(*F), CalleeKind::Inactive);
}

TEST_F(KnownFunctions, WhatNeverReturns) {
  Function *F = declare("give_up", Void, {Double});
  F->setDoesNotReturn();
  EXPECT_EQ(classifyCallee(*F), CalleeKind::Inactive);
}

TEST_F(KnownFunctions, BodiesCountUnlessTheNameIsReserved) {
  // A program may define the functions of POSIX, and a libm of its own.
  for (StringRef Name : {"random", "y1"}) {
    Function *F = declare(Name, Double, {Double});
    EXPECT_NE(classifyCallee(*F), CalleeKind::Unknown) << Name.str();
    EXPECT_TRUE(isKnownFunction(Name)) << Name.str();
    giveBody(F);
    EXPECT_EQ(classifyCallee(*F), CalleeKind::Unknown) << Name.str();
    EXPECT_FALSE(isKnownFunction(Name, /*HasBody=*/true)) << Name.str();
  }
  // Not those of ISO C, unless they are local.
  for (StringRef Name : {"puts", "time"}) {
    Function *F = declare(Name, Int, {Ptr});
    giveBody(F);
    EXPECT_EQ(classifyCallee(*F), CalleeKind::Inactive) << Name.str();
    EXPECT_TRUE(isKnownFunction(Name, /*HasBody=*/true)) << Name.str();
    F->setLinkage(GlobalValue::InternalLinkage);
    EXPECT_EQ(classifyCallee(*F), CalleeKind::Unknown) << Name.str();
  }
  Function *Malloc = declare("malloc", Ptr, {Size});
  giveBody(Malloc);
  EXPECT_EQ(classifyCallee(*Malloc), CalleeKind::Allocate);
  Malloc->setLinkage(GlobalValue::InternalLinkage);
  EXPECT_EQ(classifyCallee(*Malloc), CalleeKind::Unknown);
}

// Names as compilers wrote them: clang 22 with libstdc++, rustc 1.95.
const StringLiteral Inactive[] = {
    "printf", "fprintf", "vsnprintf", "puts", "fopen", "fclose", "time",
    "clock_gettime", "getenv", "setlocale", "abort", "exit", "__assert_fail",
    "__printf_chk", "strlen", "memcmp", "rand", "lround", "__isnanf",
    "__cxa_throw", "__cxa_begin_catch", "__cxa_guard_acquire",
    "__cxa_allocate_exception", "_Unwind_Resume", "__clang_call_terminate",
    "__llvm_profile_instrument_target", "__cyg_profile_func_enter", "mcount",
    // std::ostream << double, int, string; endl; ofstream
    "_ZNSo9_M_insertIdEERSoT_", "_ZNSolsEd", "_ZNSolsEi",
    "_ZStlsISt11char_traitsIcEERSt13basic_ostreamIcT_ES5_PKc",
    "_ZSt16__ostream_insertIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_"
    "PKS3_l",
    "_ZSt4endlIcSt11char_traitsIcEERSt13basic_ostreamIT_T0_ES6_",
    "_ZNSt14basic_ofstreamIcSt11char_traitsIcEE5closeEv",
    "_ZNSt8ios_base4InitC1Ev", "_ZNSt6localeD1Ev",
    "_ZNKRSt7__cxx1119basic_ostringstreamIcSt11char_traitsIcESaIcEE3strEv",
    // std::istream >> int, getline
    "_ZNSirsERi",
    "_ZSt7getlineIcSt11char_traitsIcESaIcEERSt13basic_istreamIT_T0_ES7_RNSt7__"
    "cxx1112basic_stringIS4_S5_T1_EE",
    // std::string, std::allocator<char>
    "_ZNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEE9_M_appendEPKcm",
    "_ZNSaIcED1Ev",
    // Exceptions
    "_ZSt9terminatev", "_ZSt20__throw_length_errorPKc",
    "_ZSt24__throw_out_of_range_fmtPKcz",
    "_ZNSt13runtime_errorC1ERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIc"
    "EEE",
    "_ZNSt6chrono3_V212steady_clock3nowEv",
    // libc++
    "_ZNSt3__113basic_ostreamIcNS_11char_traitsIcEEElsEd",
    // Rust: panics, formatting, output, in both manglings
    "_RNvNtCsgEmfK2I1SDS_4core9panicking18panic_bounds_check",
    "_RNvXs7_NtNtCsgEmfK2I1SDS_4core3fmt5floatdNtB7_7Display3fmt",
    "_RNvMsa_NtCsgEmfK2I1SDS_4core3fmtNtB5_9Formatter9write_str",
    "_RNvNtNtCsjrHSEGnQ3l9_3std2io5stdio6__print",
    "_RNvMNtCsjrHSEGnQ3l9_3std4timeNtB2_7Instant3now",
    "_RNvNtCslNYArtu3iFV_5alloc7raw_vec12handle_error",
    "_RNvCsfLfy6EI15iL_7___rustc35___rust_no_alloc_shim_is_unstable_v2",
    "_ZN4core9panicking5panic17h0123456789abcdefE",
    "_ZN3std2io5stdio6_print17h0123456789abcdefE"};

TEST_F(KnownFunctions, InactiveNames) {
  for (StringRef Name : Inactive) {
    EXPECT_EQ(kind(Name, Void, {Ptr}), CalleeKind::Inactive) << Name.str();
    EXPECT_TRUE(isKnownFunction(Name)) << Name.str();
  }
}

// Whatever returns or writes floats that it was given, or read from somewhere.
const StringLiteral Active[] = {
    "main", "sine", "print", "lgamma_r", "frexp", "modf", "sincos", "qsort",
    "bsearch", "fread", "scanf", "sscanf", "strtod", "atof", "__cxa_vec_new",
    "__dynamic_cast", "__isoc99_sscanf",
    // std::istream >> double, read
    "_ZNSirsERd", "_ZNSi10_M_extractIdEERSiRT_", "_ZNSi4readEPcl",
    // std::valarray << int, user's printf(double)
    "_ZStlsIdESt8valarrayIT_ERKS2_i", "_Z6printfd",
    "_ZN4core9panicking5panicEd", "_ZNSt6vectorIdSaIdEE9push_backERKd",
    "_ZNSaIdED1Ev",
    // Rust: catch_unwind, slice::iter::sum, a user's function
    "_ZN3std9panicking12catch_unwind17h0123456789abcdefE",
    "_ZN4core5slice4iter3sum17h0123456789abcdefE",
    "_RNvCs1234_7mycrate8simulate"};

TEST_F(KnownFunctions, NamesThatAreNotKnown) {
  for (StringRef Name : Active) {
    EXPECT_EQ(kind(Name, Double, {Ptr}), CalleeKind::Unknown) << Name.str();
    EXPECT_FALSE(isKnownFunction(Name)) << Name.str();
  }
}

// The nodes of libstdc++'s trees and lists.
TEST_F(KnownFunctions, Mirrored) {
  for (StringRef Name :
       {"_ZSt18_Rb_tree_incrementPSt18_Rb_tree_node_base",
        "_ZSt18_Rb_tree_decrementPKSt18_Rb_tree_node_base",
        "_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_",
        "_ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_",
        "_ZNSt8__detail15_List_node_base7_M_hookEPS0_",
        "_ZNSt8__detail15_List_node_base11_M_transferEPS0_S1_"}) {
    EXPECT_EQ(kind(Name, Ptr, {Ptr}), CalleeKind::Mirrored) << Name.str();
    EXPECT_TRUE(isKnownFunction(Name)) << Name.str();
    Function *F = declare(Name, Ptr, {Ptr});
    giveBody(F);
    EXPECT_EQ(classifyCallee(*F), CalleeKind::Unknown) << Name.str();
  }
}

TEST_F(KnownFunctions, NamesOfRules) {
  for (StringRef Name :
       {"sin", "sinf", "sinl", "__exp_finite", "malloc", "free",
        "_ZnamSt11align_val_tRKSt9nothrow_t", "_ZdaPv", "memcpy",
        "llvm.sin.f64", "_RNvCsfLfy6EI15iL_7___rustc12___rust_alloc",
        "_RNvCsfLfy6EI15iL_7___rustc14___rust_dealloc"})
    EXPECT_TRUE(isKnownFunction(Name)) << Name.str();
}

// What docs/abi.md promises, in all precisions.
TEST_F(KnownFunctions, EveryScalarFunctionHasARow) {
  for (StringRef Stem :
       {"sin",   "cos",    "tan",       "asin",     "acos",     "atan",
        "atan2", "sinh",   "cosh",      "tanh",     "asinh",    "acosh",
        "atanh", "sinpi",  "cospi",     "exp",      "exp2",     "exp10",
        "expm1", "log",    "log2",      "log10",    "log1p",    "logb",
        "pow",   "sqrt",   "cbrt",      "hypot",    "fabs",     "copysign",
        "fdim",  "fmod",   "remainder", "ldexp",    "scalbn",   "scalbln",
        "fma",   "fmin",   "fmax",      "fminimum", "fmaximum", "erf",
        "erfc",  "tgamma", "lgamma",    "j0",       "j1",       "jn",
        "y0",    "y1",     "yn",        "floor",    "ceil",     "trunc",
        "round", "rint",   "nearbyint", "roundeven"})
    for (StringRef Suffix : {"", "f", "l"}) {
      std::string Name = (Stem + Suffix).str();
      EXPECT_TRUE(isKnownFunction(Name)) << Name;
    }
}

TEST_F(KnownFunctions, Blas) {
  for (StringRef Stem : {"scal", "axpy", "dot", "nrm2", "asum", "copy", "swap",
                         "gemv", "ger", "gemm", "symm", "syrk", "trmm", "trsm"})
    for (StringRef Prefix : {"s", "d", "cblas_s", "cblas_d"}) {
      std::string Name = (Prefix + Stem).str();
      EXPECT_TRUE(isKnownFunction(Name)) << Name;
      EXPECT_FALSE(isKnownFunction(Name, /*HasBody=*/true)) << Name;
      EXPECT_EQ(isKnownFunction(Name + "_"), Prefix.size() == 1) << Name;
    }
  EXPECT_FALSE(isKnownFunction("cgemm_"));
  EXPECT_FALSE(isKnownFunction("dgemm__"));
  EXPECT_FALSE(isKnownFunction("dot"));
}

} // namespace
