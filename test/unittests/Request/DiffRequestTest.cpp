//===- DiffRequestTest.cpp - Requests as values ---------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/DiffRequest.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace linkgrad;

namespace {

class DiffRequests : public ::testing::Test {
protected:
  LLVMContext Ctx;
  std::unique_ptr<Module> M;

  DiffRequest request(StringRef Declaration, DiffMode Mode,
                      std::initializer_list<Activity> Args, Activity Result) {
    SMDiagnostic Diag;
    M = parseAssemblyString(Declaration, Diag, Ctx);
    EXPECT_TRUE(M) << Diag.getMessage().str();
    DiffRequest R;
    R.Primal = &*M->begin();
    R.Mode = Mode;
    R.Args.assign(Args);
    R.Result = Result;
    return R;
  }

  static std::string type(const DiffRequest &R) {
    std::string S;
    raw_string_ostream(S) << *R.derivativeType();
    return S;
  }
};

} // namespace

TEST_F(DiffRequests, ForwardTypes) {
  DiffRequest R = request(
      "declare double @f(double, ptr, i32)", DiffMode::Forward,
      {Activity::Dup, Activity::DupNoNeed, Activity::Const}, Activity::Dup);
  EXPECT_EQ(type(R), "{ double } (double, double, ptr, ptr, i32)");
  R.ReturnPrimal = true;
  EXPECT_EQ(type(R), "{ double, double } (double, double, ptr, ptr, i32)");
  R.Width = 2;
  EXPECT_EQ(type(R), "{ double, [2 x double] } (double, double, double, ptr, "
                     "ptr, ptr, i32)");
  R.Result = Activity::Const;
  EXPECT_EQ(type(R), "{ double } (double, double, double, ptr, ptr, ptr, i32)");
  R.ReturnPrimal = false;
  EXPECT_EQ(type(R), "void (double, double, double, ptr, ptr, ptr, i32)");
}

TEST_F(DiffRequests, ReverseTypes) {
  DiffRequest R = request(
      "declare float @f(double, ptr, float)", DiffMode::Reverse,
      {Activity::Active, Activity::Dup, Activity::Active}, Activity::Active);
  EXPECT_EQ(type(R), "{ double, float } (double, ptr, ptr, float)");
  R.Width = 4;
  R.ReturnPrimal = true;
  EXPECT_EQ(type(R), "{ float, [4 x double], [4 x float] } (double, ptr, ptr, "
                     "ptr, ptr, ptr, float)");
  R.Args = {Activity::Const, Activity::Const, Activity::Const};
  R.ReturnPrimal = false;
  EXPECT_EQ(type(R), "void (double, ptr, float)");
}

TEST_F(DiffRequests, VoidResult) {
  DiffRequest R = request("declare void @f(double)", DiffMode::Forward,
                          {Activity::Dup}, Activity::Dup);
  R.ReturnPrimal = true;
  EXPECT_EQ(type(R), "void (double, double)");
}

TEST_F(DiffRequests, Describe) {
  DiffRequest R =
      request("declare double @_Z4lossdPd(double, ptr)", DiffMode::Reverse,
              {Activity::Active, Activity::Dup}, Activity::Active);
  EXPECT_EQ(R.describe(),
            "reverse mode of loss(double, double*)(active, dup) -> active");
  R.ReturnPrimal = R.RuntimeActivity = true;
  R.Width = 2;
  R.Mode = DiffMode::Split;
  EXPECT_EQ(R.describe(), "split mode of loss(double, double*)(active, dup) "
                          "-> active, primal, width 2, runtime activity");
}

TEST_F(DiffRequests, EqualityLooksAtEverything) {
  DiffRequest A = request("declare double @f(double)", DiffMode::Reverse,
                          {Activity::Active}, Activity::Active);
  DiffRequest B = A;
  EXPECT_EQ(A, B);
  B.Width = 2;
  EXPECT_FALSE(A == B);
  EXPECT_TRUE(A < B);
  B = A;
  B.Args[0] = Activity::Const;
  EXPECT_FALSE(A == B);
}
