//===- EmissionTest.cpp - The rules as IR ---------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmittedRules.h"
#include "rules/KnownFunctions.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Verifier.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace linkgrad;
using namespace linkgrad::test;

namespace {

class EmittedRulesIn : public ::testing::TestWithParam<Kind> {};

TEST_P(EmittedRulesIn, AgreeWithTheDoubles) {
  EmittedRules Rules(GetParam());
  ASSERT_FALSE(errorToBool(Rules.compile()));
  for (auto [Row, Rule] : zip_equal(allRows(), ScalarRule::all()))
    for (unsigned Arg = 0; Arg != Row.Arity; ++Arg)
      if (!Rule.isZero(Arg))
        EXPECT_EQ(
            checkEmitted(Rules, Row, Arg, allSamples().find(Row.Name)->second),
            "");
}

/// A derivative can be differentiated again only if all of it can.
bool canBeDifferentiated(const Instruction &I) {
  if (const auto *Call = dyn_cast<CallBase>(&I))
    return classifyCallee(*Call->getCalledFunction()) == CalleeKind::ScalarRule;
  return ScalarRule::find(I) ||
         isa<SelectInst, CmpInst, CastInst, LoadInst>(I) ||
         isa<StoreInst, GetElementPtrInst, InsertElementInst>(I) ||
         isa<ExtractElementInst, ReturnInst>(I) ||
         I.getType()->isIntOrIntVectorTy();
}

TEST_P(EmittedRulesIn, UseOnlyOperationsWithRules) {
  EmittedRules Rules(GetParam());
  for (const Function &F : Rules.module())
    for (const Instruction &I : instructions(F))
      EXPECT_TRUE(canBeDifferentiated(I)) << F.getName().str();
}

std::string kindName(const ::testing::TestParamInfo<Kind> &Info) {
  static const char *const Names[] = {"Float", "Double", "LongDouble",
                                      "Vector"};
  return Names[static_cast<int>(Info.param)];
}

INSTANTIATE_TEST_SUITE_P(Types, EmittedRulesIn,
                         ::testing::Values(Kind::Float, Kind::Double,
                                           Kind::LongDouble, Kind::Vector),
                         kindName);

TEST(EmissionTester, FindsAWrongRow) {
  EmittedRules Rules(Kind::Double);
  ASSERT_FALSE(errorToBool(Rules.compile()));
  RowUnderTest Row = rowNamed("sin");
  Row.Maps[0] = [](double g, double x, double, double, double) {
    return -g * std::cos(x);
  };
  EXPECT_NE(checkEmitted(Rules, Row, 0, allSamples().at("sin")), "");
}

//===-- Single emissions --------------------------------------------------===//

class Emission : public ::testing::Test {
protected:
  LLVMContext C;
  Module M{"m", C};
  IRBuilder<> B{C};
  Function *F = nullptr;

  /// A function with parameters of type \p T to emit into.
  void start(Type *T, unsigned Params) {
    SmallVector<Type *> Types(Params, T);
    F = Function::Create(FunctionType::get(T, Types, false),
                         GlobalValue::ExternalLinkage, "f", M);
    B.SetInsertPoint(BasicBlock::Create(C, "entry", F));
  }

  /// Emits a map of \p I's rule, with the operands and the result of I itself.
  Value *emit(Instruction *I, unsigned Arg) {
    const ScalarRule *Rule = ScalarRule::find(*I);
    EXPECT_TRUE(Rule);
    return Rule->emit(B, *I, Arg, F->getArg(0), [&](PrimalRef P) -> Value * {
      EXPECT_TRUE(Rule->needs(Arg) & (1u << P));
      return P == PrimalR ? I : I->getOperand(P);
    });
  }

  Instruction *call(StringRef Name, ArrayRef<Value *> Operands) {
    SmallVector<Type *> Types;
    for (Value *V : Operands)
      Types.push_back(V->getType());
    Type *Result = F->getReturnType();
    return B.CreateCall(
        M.getOrInsertFunction(Name, FunctionType::get(Result, Types, false)),
        Operands);
  }
};

std::string print(FastMathFlags Flags) {
  std::string S;
  raw_string_ostream OS(S);
  Flags.print(OS);
  return S;
}

TEST_F(Emission, InheritsExactlyTheFlagsOfThePrimal) {
  for (StringRef Which : {"contract nnan", "none", "fast"}) {
    FastMathFlags Flags;
    if (Which == "fast")
      Flags.setFast();
    if (Which == "contract nnan") {
      Flags.setAllowContract();
      Flags.setNoNaNs();
    }
    start(B.getDoubleTy(), 2);
    auto *Div = cast<Instruction>(B.CreateFDiv(F->getArg(0), F->getArg(1)));
    Div->setFastMathFlags(Flags);
    // What the builder is set to does not matter, and stays.
    FastMathFlags Other;
    Other.setAllowReciprocal();
    B.setFastMathFlags(Other);
    emit(Div, 1);
    EXPECT_EQ(print(B.getFastMathFlags()), print(Other));
    B.setFastMathFlags({});
    for (Instruction &I : instructions(F))
      if (isa<FPMathOperator>(I))
        EXPECT_EQ(print(I.getFastMathFlags()), print(Flags)) << Which.str();
  }
}

TEST_F(Emission, FoldsGuardsOnConstants) {
  start(B.getDoubleTy(), 2);
  Instruction *Pow =
      call("pow", {F->getArg(1), ConstantFP::get(B.getDoubleTy(), 3)});
  emit(Pow, 0);
  for (Instruction &I : instructions(F))
    EXPECT_FALSE(isa<SelectInst>(I));
  auto *Div = cast<Instruction>(
      B.CreateFDiv(F->getArg(1), ConstantFP::get(B.getDoubleTy(), 3)));
  EXPECT_TRUE(isa<BinaryOperator>(emit(Div, 0)));
}

TEST_F(Emission, LongExponentsStayLong) {
  start(B.getDoubleTy(), 2);
  auto *Result =
      cast<CallInst>(emit(call("scalbln", {F->getArg(1), B.getInt64(3)}), 0));
  EXPECT_EQ(Result->getCalledFunction()->getName(), "scalbln");
  Result =
      cast<CallInst>(emit(call("scalbn", {F->getArg(1), B.getInt32(3)}), 0));
  EXPECT_EQ(Result->getIntrinsicID(), Intrinsic::ldexp);
}

TEST_F(Emission, LibraryCallsAreFreeToMove) {
  start(B.getFloatTy(), 2);
  emit(call("j0f", {F->getArg(1)}), 0);
  const Function *J1 = M.getFunction("j1f");
  ASSERT_TRUE(J1);
  const auto *Call = cast<CallInst>(*J1->user_begin());
  EXPECT_TRUE(Call->doesNotAccessMemory());
  EXPECT_TRUE(Call->doesNotThrow());
}

TEST_F(Emission, ScalableVectors) {
  start(ScalableVectorType::get(B.getDoubleTy(), 2), 2);
  auto *Sin =
      cast<Instruction>(B.CreateUnaryIntrinsic(Intrinsic::sin, F->getArg(1)));
  B.CreateRet(emit(Sin, 0));
  EXPECT_FALSE(verifyModule(M, &errs()));
}

TEST_F(Emission, ZeroMapsGiveZero) {
  start(B.getDoubleTy(), 2);
  Value *V = emit(call("floor", {F->getArg(1)}), 0);
  EXPECT_EQ(V, ConstantFP::get(B.getDoubleTy(), 0));
}

} // namespace
