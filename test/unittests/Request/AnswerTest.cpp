//===- AnswerTest.cpp - The call that takes a request's place -------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AnsweredModule.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;
using namespace linkgrad;

namespace {

class Answer : public AnsweredModule {
protected:
  void expectText(StringRef Part) {
    EXPECT_TRUE(StringRef(text()).contains(Part)) << Part.str() << "\n"
                                                  << text();
  }
  void expectNoText(StringRef Part) {
    EXPECT_FALSE(StringRef(text()).contains(Part)) << Part.str() << "\n"
                                                   << text();
  }
};

constexpr StringLiteral Declarations = R"(
@enzyme_dup = external global i32
@enzyme_dupv = external global i32
@enzyme_byref = external global i32
@enzyme_width = external global i32
declare double @__enzyme_autodiff(...)
declare double @__enzyme_fwddiff(...)
)";

} // namespace

TEST_F(Answer, ConvertsOperands) {
  parse((Declarations + R"(
declare float @f(float, i8, <2 x float>)
declare double @g(double)
define void @caller(double %x, i32 %n, { float, float } %v, ptr %p) {
  call double (...) @__enzyme_autodiff(ptr @f, double %x, i32 %n, { float, float } %v)
  call double (...) @__enzyme_autodiff(ptr @g, ptr @enzyme_byref, i64 8, ptr %p)
  ret void
})")
            .str());
  EXPECT_EQ(answer(), "");
  expectText("fptrunc double %x to float");
  expectText("trunc i32 %n to i8");
  expectText("insertelement <2 x float>");
  expectText("load double, ptr %p, align 1");
}

TEST_F(Answer, StridedLanes) {
  parse((Declarations + R"(
declare double @f(ptr)
define void @caller(ptr %p, ptr %dp, i32 %stride) {
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_width, i64 3, ptr @enzyme_dupv, i32 %stride, ptr %p, ptr %dp)
  ret void
})")
            .str());
  EXPECT_EQ(answer(), "");
  expectText("sext i32 %stride to i64");
  expectText("getelementptr i8, ptr %dp, i64");
  expectText("call void @derivative(ptr %p, ptr %dp, ptr %");
}

TEST_F(Answer, ResultBuffers) {
  parse((Declarations + R"(
%V = type { double, double, double }
declare void @f(ptr sret(%V) align 16, double)
declare void @__enzyme_fwddiff_v(ptr sret([48 x i8]), ...)
define void @caller(ptr %out, ptr %adjoint, double %x) {
  call void (ptr, ...) @__enzyme_fwddiff_v(ptr sret([48 x i8]) %out, ptr @f, ptr @enzyme_width, i64 2, double %x, double 1.0, double 2.0)
  call double (...) @__enzyme_autodiff(ptr @f, ptr %adjoint, double %x)
  ret void
})")
            .str());
  EXPECT_EQ(answer(), "");
  expectText("%linkgrad.unused = alloca %V, align 16");
  expectText("getelementptr inbounds i8, ptr %out, i64 24");
  expectText("call void @derivative(ptr %linkgrad.unused, ptr %out, ptr %");
  expectText("call { double } @derivative.1(ptr %linkgrad.unused1, ptr "
             "%adjoint, double %x)");
}

TEST_F(Answer, ShadowByValueIsCopied) {
  parse((Declarations + R"(
%V = type { double, double, double }
declare double @f(ptr byval(%V) align 8)
define double @caller(ptr %v, ptr %dv) {
  %r = call double (...) @__enzyme_fwddiff(ptr @f, ptr @enzyme_dup, ptr byval(%V) align 8 %v, ptr byval(%V) align 8 %dv)
  ret double %r
})")
            .str());
  EXPECT_EQ(answer(), "");
  expectText("@llvm.memcpy.p0.p0.i64(ptr align 8 %linkgrad.byval");
}

TEST_F(Answer, KeepsInvoke) {
  parse((Declarations + R"(
declare double @f(double)
declare i32 @__gxx_personality_v0(...)
define double @caller(i1 %c) personality ptr @__gxx_personality_v0 {
entry:
  br i1 %c, label %try, label %join
try:
  %r = invoke double (...) @__enzyme_autodiff(ptr @f, double 0.0)
          to label %join unwind label %lpad
join:
  %p = phi double [ %r, %try ], [ 5.0, %entry ]
  ret double %p
lpad:
  %l = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %l
})")
            .str());
  EXPECT_EQ(answer(), "");
  expectText("invoke { double } @derivative(double 0.000000e+00)");
  expectText("%p = phi double [ %1, %linkgrad.result ], [ 5.000000e+00, "
             "%entry ]");
}

// Both are parsed before either is answered.
TEST_F(Answer, ResultOfOneFeedsTheNext) {
  parse((Declarations + R"(
declare double @f(double)
define double @caller() {
  %a = call double (...) @__enzyme_autodiff(ptr @f, double 0.0)
  %b = call double (...) @__enzyme_autodiff(ptr @f, double %a)
  ret double %b
})")
            .str());
  EXPECT_EQ(answer(), "");
  expectText("call { double } @derivative.1(double %2)");
}

TEST_F(Answer, TakesTheConventionOfTheDerivative) {
  parse((Declarations + R"(
declare double @f(double)
define double @caller() {
  %a = call double (...) @__enzyme_autodiff(ptr @f, double 0.0)
  ret double %a
}
define fastcc { double } @given(double inreg %x) {
  ret { double } zeroinitializer
})")
            .str());
  Function *Given = M->getFunction("given");
  RequestCall RC = cantFail(parseRequestCall(*findRequestCalls(*M)[0]));
  cantFail(answerRequest(RC, *Given));
  expectText("call fastcc { double } @given(double inreg 0.000000e+00)");
  EXPECT_EQ(RC.Call->getCalledFunction(), Given);
}

TEST_F(Answer, RefusesAnotherDerivative) {
  parse((Declarations + R"(
declare double @f(double)
define double @caller() {
  %a = call double (...) @__enzyme_autodiff(ptr @f, double 0.0)
  ret double %a
})")
            .str());
  RequestCall RC = cantFail(parseRequestCall(*findRequestCalls(*M)[0]));
  std::string Message = toString(answerRequest(RC, *M->getFunction("f")));
  EXPECT_NE(Message.find("[internal]"), std::string::npos) << Message;
}

TEST_F(Answer, KeepsTheLocation) {
  parse((Declarations + R"(
declare double @f(double)
define double @caller() !dbg !3 {
  %a = call double (...) @__enzyme_autodiff(ptr @f, double 0.0), !dbg !5
  %b = call double (...) @__enzyme_autodiff(ptr @f, double 0.0)
  ret double %a
}
!llvm.dbg.cu = !{!1}
!llvm.module.flags = !{!0}
!0 = !{i32 2, !"Debug Info Version", i32 3}
!1 = distinct !DICompileUnit(language: DW_LANG_C99, file: !2, emissionKind: FullDebug)
!2 = !DIFile(filename: "a.c", directory: "/")
!3 = distinct !DISubprogram(name: "caller", file: !2, line: 1, type: !4, unit: !1, spFlags: DISPFlagDefinition)
!4 = !DISubroutineType(types: !{null})
!5 = !DILocation(line: 7, column: 3, scope: !3)
)")
            .str());
  EXPECT_EQ(answer(), "");
  SmallVector<unsigned, 2> Lines;
  for (Instruction &I : instructions(*M->getFunction("caller")))
    if (isa<CallBase>(I)) {
      ASSERT_TRUE(I.getDebugLoc());
      Lines.push_back(I.getDebugLoc().getLine());
    }
  EXPECT_EQ(Lines, (SmallVector<unsigned, 2>{7, 0}));
}

TEST_F(Answer, LeavesNoMagicBehind) {
  parse((Declarations + R"(
declare double @f(double)
define double @caller(double %x, ptr %kept) {
  %m = load i32, ptr @enzyme_dup
  %r = call double (...) @__enzyme_fwddiff(ptr @f, i32 %m, double %x, double 1.0)
  %w = load i32, ptr @enzyme_width
  store i32 %w, ptr %kept
  ret double %r
dead:
  %d = call double (...) @__enzyme_autodiff(ptr @f, double %x)
  br label %dead
})")
            .str());
  EXPECT_EQ(answer(), "");
  removeUnusedMagic(*M);
  expectNoText("__enzyme");
  expectNoText("enzyme_dup");
  // Read by the program itself: whatever it holds, the link must not fail.
  expectText("@enzyme_width = internal global i32 0");
}
