//===- MagicNamesTest.cpp - Classifying symbol names ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/MagicNames.h"
#include "request/Markers.h"
#include "gtest/gtest.h"

using namespace linkgrad;

TEST(MagicNames, EachKind) {
  EXPECT_EQ(classifyMagicCall("__enzyme_autodiff"), MagicCall::AutoDiff);
  EXPECT_EQ(classifyMagicCall("__enzyme_fwddiff"), MagicCall::FwdDiff);
  EXPECT_EQ(classifyMagicCall("__enzyme_augmentfwd"), MagicCall::AugmentFwd);
  EXPECT_EQ(classifyMagicCall("__enzyme_reverse"), MagicCall::Reverse);
  EXPECT_EQ(classifyMagicCall("__enzyme_augmentsize"), MagicCall::AugmentSize);
  EXPECT_EQ(classifyMagicCall("__enzyme_fwdsplit"), MagicCall::FwdSplit);
  EXPECT_EQ(classifyMagicCall("__enzyme_virtualreverse"),
            MagicCall::VirtualReverse);
  EXPECT_EQ(classifyMagicCall("__enzyme_batch"), MagicCall::Batch);
  EXPECT_EQ(classifyMagicCall("__enzyme_call_inactive"),
            MagicCall::CallInactive);
  for (const char *Hint :
       {"__enzyme_float", "__enzyme_double", "__enzyme_integer",
        "__enzyme_pointer", "__enzyme_nopointer"})
    EXPECT_EQ(classifyMagicCall(Hint), MagicCall::TypeHint) << Hint;
}

TEST(MagicNames, MangledAndSuffixed) {
  EXPECT_EQ(classifyMagicCall("_Z17__enzyme_autodiffz"), MagicCall::AutoDiff);
  EXPECT_EQ(classifyMagicCall("_ZN8linkgrad17__enzyme_autodiffIdEEv"),
            MagicCall::AutoDiff);
  EXPECT_EQ(classifyMagicCall("__enzyme_autodiff_RNvCs1_4demo1f"),
            MagicCall::AutoDiff);
  EXPECT_EQ(classifyMagicCall("__enzyme_fwddiff4"), MagicCall::FwdDiff);
  // A magic name among the template arguments of another.
  EXPECT_EQ(
      classifyMagicCall("_Z16__enzyme_fwddiffIXadL_Z17__enzyme_autodiffEEEv"),
      MagicCall::FwdDiff);
}

TEST(MagicNames, NotARequest) {
  EXPECT_EQ(classifyMagicCall("__enzyme_todense"), MagicCall::Unknown);
  EXPECT_EQ(classifyMagicCall("__enzyme_truncate_op_func"), MagicCall::Unknown);
  for (const char *Name :
       {"", "main", "enzyme_dup", "_enzyme_autodiff", "__enzyme",
        "__enzyme_register_gradient_f", "__enzyme_register_derivative_f",
        "__enzyme_register_splitderivative_f", "__enzyme_inactivefn_f",
        "__enzyme_inactive_global_g", "__enzyme_nofree_f",
        "__enzyme_function_like_log1p", "__enzyme_allocation_like_alloc",
        "_ZN3foo28__enzyme_register_gradient_fE"})
    EXPECT_FALSE(isMagicSymbol(Name)) << Name;
}

TEST(Markers, NamesRoundTrip) {
  for (int I = 0; I <= static_cast<int>(Marker::Buffer); ++I) {
    Marker M = static_cast<Marker>(I);
    EXPECT_EQ(markerByName(markerName(M)), M);
  }
  EXPECT_EQ(markerByName("enzyme_duplicate"), std::nullopt);
  EXPECT_EQ(markerByName("dup"), std::nullopt);
}
