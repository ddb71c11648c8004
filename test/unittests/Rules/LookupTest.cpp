//===- LookupTest.cpp - Which operations have rows ------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/ScalarRules.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace linkgrad;

namespace {

class RuleLookup : public ::testing::Test {
protected:
  LLVMContext C;
  Module M{"m", C};
  Type *Float = Type::getFloatTy(C);
  Type *Double = Type::getDoubleTy(C);
  Type *LongDouble = Type::getX86_FP80Ty(C);
  Type *Int = Type::getInt32Ty(C);

  Function *declare(StringRef Name, Type *Result, ArrayRef<Type *> Params) {
    if (Function *Old = M.getFunction(Name))
      Old->eraseFromParent();
    return Function::Create(FunctionType::get(Result, Params, false),
                            GlobalValue::ExternalLinkage, Name, M);
  }

  std::string rowFor(const Function *F) {
    const ScalarRule *Rule = ScalarRule::forCallee(*F);
    return Rule ? Rule->name().str() : "none";
  }

  /// The parameters of \p Rule's operation, in \p T.
  SmallVector<Type *> paramsOf(StringRef Row, Type *T) {
    if (Row == "ldexp" || Row == "powi")
      return {T, Int};
    if (Row == "jn" || Row == "yn")
      return {Int, T};
    for (const ScalarRule &Rule : ScalarRule::all())
      if (Rule.name() == Row)
        return SmallVector<Type *>(Rule.arity(), T);
    return {};
  }
};

TEST_F(RuleLookup, EveryInstruction) {
  Function *F = declare("f", Double, {Double, Double});
  IRBuilder<> B(BasicBlock::Create(C, "entry", F));
#define INSTRUCTION(ROW)                                                       \
  {                                                                            \
    Value *V = #ROW[1] == 'N' ? B.CreateFNeg(F->getArg(0))                     \
                              : B.CreateBinOp(binary(Instruction::ROW),        \
                                              F->getArg(0), F->getArg(1));     \
    const ScalarRule *Rule = ScalarRule::find(*cast<Instruction>(V));          \
    ASSERT_TRUE(Rule) << #ROW;                                                 \
    EXPECT_EQ(Rule->name(), #ROW);                                             \
  }
  auto binary = [](unsigned Opcode) {
    return static_cast<Instruction::BinaryOps>(Opcode);
  };
#include "rules/ScalarRules.def"
}

TEST_F(RuleLookup, EveryIntrinsic) {
#define INTRINSIC(ROW, ID)                                                     \
  for (Type *T : {Float, Double,                                               \
                  static_cast<Type *>(FixedVectorType::get(Double, 4))}) {     \
    SmallVector<Type *> Overloads = {T};                                       \
    if (Intrinsic::ID == Intrinsic::powi || Intrinsic::ID == Intrinsic::ldexp) \
      Overloads.push_back(                                                     \
          Intrinsic::ID == Intrinsic::ldexp ? T->getWithNewType(Int) : Int);   \
    Function *F =                                                              \
        Intrinsic::getOrInsertDeclaration(&M, Intrinsic::ID, Overloads);       \
    EXPECT_EQ(rowFor(F), #ROW) << F->getName().str();                          \
  }
#include "rules/ScalarRules.def"
}

TEST_F(RuleLookup, EveryLibraryFunction) {
#define LIBM(ROW, F, FF, FL)                                                   \
  {                                                                            \
    const std::pair<StringRef, Type *> Names[] = {                             \
        {F, Double}, {FF, Float}, {FL, LongDouble}};                           \
    for (auto [Name, T] : Names) {                                             \
      EXPECT_EQ(rowFor(declare(Name, T, paramsOf(#ROW, T))), #ROW)             \
          << Name.str();                                                       \
      Type *Wrong = T->isDoubleTy() ? Float : T->isFloatTy() ? Double : Float; \
      EXPECT_EQ(rowFor(declare(Name, Wrong, paramsOf(#ROW, Wrong))), "none")   \
          << Name.str();                                                       \
      EXPECT_TRUE(ScalarRule::forLibraryName(Name));                           \
    }                                                                          \
  }
#include "rules/ScalarRules.def"
}

TEST_F(RuleLookup, FiniteNames) {
  EXPECT_EQ(rowFor(declare("__exp_finite", Double, {Double})), "exp");
  EXPECT_EQ(rowFor(declare("__powf_finite", Float, {Float, Float})), "pow");
  EXPECT_EQ(rowFor(declare("__exp", Double, {Double})), "none");
}

TEST_F(RuleLookup, ThePrototypeMustFit) {
  EXPECT_EQ(rowFor(declare("sin", Double, {})), "none");
  EXPECT_EQ(rowFor(declare("sin", Double, {Double, Double})), "none");
  EXPECT_EQ(rowFor(declare("sin", Double, {Int})), "none");
  EXPECT_EQ(rowFor(declare("sin", Int, {Double})), "none");
  EXPECT_EQ(rowFor(declare("pow", Double, {Double, Int})), "none");
  EXPECT_EQ(rowFor(declare("ldexp", Double, {Double, Double})), "none");
  EXPECT_EQ(rowFor(declare("jn", Double, {Double, Int})), "none");
  EXPECT_EQ(rowFor(declare("sine", Double, {Double})), "none");
}

TEST_F(RuleLookup, ADefinitionIsTheUsersOwn) {
  Function *F = declare("j1", Double, {Double});
  IRBuilder<> B(BasicBlock::Create(C, "entry", F));
  B.CreateRet(F->getArg(0));
  EXPECT_EQ(rowFor(F), "none");
  F->addFnAttr("enzyme_math", "j1");
  EXPECT_EQ(rowFor(F), "j1");
}

TEST_F(RuleLookup, MathAttribute) {
  Function *F = declare("mine", Double, {Double});
  for (auto [Name, Row] : {std::pair("log1p", "log1p"),
                           {"sinf", "sin"},
                           {"floor", "floor"},
                           {"nothing", "none"},
                           {"pow", "none"}}) {
    F->addFnAttr("enzyme_math", Name);
    EXPECT_EQ(rowFor(F), Row);
  }
  F = declare("mypowi", Float, {Float, Int});
  F->addFnAttr("enzyme_math", "powi");
  EXPECT_EQ(rowFor(F), "powi");
}

TEST_F(RuleLookup, CallsThatAreNotRows) {
  Function *F = declare("f", Double, {Double, PointerType::get(C, 0)});
  IRBuilder<> B(BasicBlock::Create(C, "entry", F));
  Function *Sin = declare("sin", Double, {Double});
  CallInst *Call = B.CreateCall(Sin, {F->getArg(0)});
  EXPECT_TRUE(ScalarRule::find(*Call));
  // Code under -fno-builtin calls the same C library.
  Call->addFnAttr(Attribute::NoBuiltin);
  EXPECT_TRUE(ScalarRule::find(*Call));
  Call->addFnAttr(Attribute::StrictFP);
  EXPECT_FALSE(ScalarRule::find(*Call));
  CallInst *Indirect =
      B.CreateCall(Sin->getFunctionType(), F->getArg(1), {F->getArg(0)});
  EXPECT_FALSE(ScalarRule::find(*Indirect));
  auto *Compare = cast<Instruction>(B.CreateFCmpOLT(Call, Indirect));
  EXPECT_FALSE(ScalarRule::find(*Compare));
}

TEST_F(RuleLookup, ConstrainedIntrinsicsAreNotRows) {
  EXPECT_EQ(rowFor(Intrinsic::getOrInsertDeclaration(
                &M, Intrinsic::experimental_constrained_sin, {Double})),
            "none");
}

} // namespace
