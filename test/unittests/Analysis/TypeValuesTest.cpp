//===- TypeValuesTest.cpp - What integers really hold ---------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TypeTestUtils.h"

using linkgrad::test::Types;

namespace {

TEST(TypeValues, IRTypesAreRepeated) {
  Types T(R"(
define void @f(float %x, <2 x double> %v, ptr %p, i1 %b) {
  ret void
})");
  EXPECT_EQ(T.at("x"), "Float@float");
  EXPECT_EQ(T.at("v"), "Float@double");
  EXPECT_EQ(T.at("p"), "Pointer");
  EXPECT_EQ(T.at("b"), "Integer");
}

TEST(TypeValues, ConstantsAreAnything) {
  Types T("define i64 @f() {\n ret i64 4607182418800017408\n}");
  auto *Ret = T.F->getEntryBlock().getTerminator();
  EXPECT_EQ(typeName(T.Trees->valueType(*Ret->getOperand(0))), "Anything");
}

TEST(TypeValues, CopyOfADoubleInAnI64) {
  Types T(R"(
define double @f(ptr %p, ptr %q) {
  %i = load i64, ptr %p
  store i64 %i, ptr %q
  %d = load double, ptr %q
  ret double %d
})");
  EXPECT_EQ(T.at("i"), "Float@double");
  EXPECT_EQ(T.memory("p", 8), "[0,8):Float@double");
}

TEST(TypeValues, CopyOfTwoFloatsInAnI64) {
  Types T(R"(
define float @f(ptr %p, ptr %q) {
  %i = load i64, ptr %p
  store i64 %i, ptr %q
  %x = load float, ptr %q
  %q4 = getelementptr i8, ptr %q, i64 4
  %y = load float, ptr %q4
  ret float %y
})");
  EXPECT_EQ(T.at("i", 0), "Float@float");
  EXPECT_EQ(T.at("i", 4), "Float@float");
}

TEST(TypeValues, TwoFloatsTakenApartAndPutTogether) {
  Types T(R"(
define i64 @f(ptr %p) {
  %i = load i64, ptr %p
  %lo = trunc i64 %i to i32
  %hi64 = lshr i64 %i, 32
  %hi = trunc i64 %hi64 to i32
  %x = bitcast i32 %lo to float
  %y = bitcast i32 %hi to float
  %s = fadd float %x, %y
  %sb = bitcast float %s to i32
  %xb = bitcast float %x to i32
  %w = zext i32 %sb to i64
  %u = zext i32 %xb to i64
  %h = shl nuw i64 %u, 32
  %r = or disjoint i64 %w, %h
  ret i64 %r
})");
  EXPECT_EQ(T.at("i", 0), "Float@float");
  EXPECT_EQ(T.at("i", 4), "Float@float");
  EXPECT_EQ(T.at("lo"), "Float@float");
  EXPECT_EQ(T.at("hi"), "Float@float");
  EXPECT_EQ(T.at("sb"), "Float@float");
  EXPECT_EQ(T.at("r", 0), "Float@float");
  EXPECT_EQ(T.at("r", 4), "Float@float");
  EXPECT_EQ(T.memory("p", 8), "[0,8):Float@float");
}

TEST(TypeValues, MixedStructInAnI64) {
  Types T(R"(
define i32 @f(ptr %p, ptr %q) {
  %i = load i64, ptr %p
  %n64 = lshr i64 %i, 32
  %n = trunc i64 %n64 to i32
  %m = mul i32 %n, 3
  %lo = trunc i64 %i to i32
  %x = bitcast i32 %lo to float
  store i64 %i, ptr %q
  ret i32 %m
})");
  EXPECT_EQ(T.at("i", 0), "Float@float");
  EXPECT_EQ(T.at("i", 4), "Integer");
  EXPECT_EQ(T.memory("q", 8), "[0,4):Float@float [4,8):Integer");
}

TEST(TypeValues, I128HoldsADoubleAndAnInteger) {
  Types T(R"(
define i64 @f(ptr %p, ptr %q) {
  %i = load i128, ptr %p
  store i128 %i, ptr %q
  %d = load double, ptr %q
  %q8 = getelementptr i8, ptr %q, i64 8
  %n = load i64, ptr %q8
  %m = add i64 %n, 1
  ret i64 %m
})");
  EXPECT_EQ(T.at("i", 0), "Float@double");
  EXPECT_EQ(T.at("i", 8), "Integer");
}

TEST(TypeValues, VectorOfIntegersHoldsDoubles) {
  Types T(R"(
define void @f(ptr %p, ptr %q) {
  %v = load <2 x i64>, ptr %p
  %s = shufflevector <2 x i64> %v, <2 x i64> poison, <2 x i32> <i32 1, i32 0>
  store <2 x i64> %s, ptr %q
  %e = extractelement <2 x i64> %v, i64 0
  %d = bitcast i64 %e to double
  %q0 = load double, ptr %q
  ret void
})");
  EXPECT_EQ(T.at("v", 0), "Float@double");
  EXPECT_EQ(T.at("v", 8), "Float@double");
  EXPECT_EQ(T.at("s", 8), "Float@double");
}

TEST(TypeValues, ThroughPhiSelectAndFreeze) {
  Types T(R"(
define double @f(i1 %c, ptr %p, ptr %q) {
entry:
  br i1 %c, label %a, label %b
a:
  %x = load i64, ptr %p
  br label %join
b:
  %y = load i64, ptr %q
  %s = select i1 %c, i64 %y, i64 0
  %z = freeze i64 %s
  br label %join
join:
  %phi = phi i64 [ %x, %a ], [ %z, %b ]
  %d = bitcast i64 %phi to double
  ret double %d
})");
  for (auto *Name : {"x", "y", "s", "z", "phi"})
    EXPECT_EQ(T.at(Name), "Float@double") << Name;
}

TEST(TypeValues, ThroughAggregates) {
  Types T(R"(
define { i64, i64 } @f(double %d, i64 %n) {
  %b = bitcast double %d to i64
  %m = add i64 %n, 1
  %u = insertvalue { i64, i64 } poison, i64 %b, 0
  %v = insertvalue { i64, i64 } %u, i64 %m, 1
  %x = extractvalue { i64, i64 } %v, 0
  %y = extractvalue { i64, i64 } %v, 1
  ret { i64, i64 } %v
})");
  EXPECT_EQ(T.at("x"), "Float@double");
  EXPECT_EQ(T.at("y"), "Integer");
  EXPECT_EQ(T.at("v", 0), "Float@double");
  EXPECT_EQ(T.at("v", 8), "Integer");
}

TEST(TypeValues, UseInArithmeticIsEvidence) {
  for (auto *Use :
       {"%u = add i64 %i, 5", "%u = mul i64 %i, %i", "%u = sdiv i64 7, %i",
        "%u = shl i64 %i, 3", "%u = and i64 %i, 7",
        "%u = sitofp i64 %i to float", "%u = getelementptr i8, ptr %p, i64 %i",
        "%u = icmp slt i64 %i, 100", "%u = icmp eq i64 %i, 17",
        "%u = sext i64 %i to i128",
        "%u = call i64 @llvm.smax.i64(i64 %i, i64 3)"}) {
    Types T(std::string("define void @f(ptr %p) {\n %i = load i64, ptr %p\n ") +
            Use + "\n ret void\n}\ndeclare i64 @llvm.smax.i64(i64, i64)");
    EXPECT_EQ(T.at("i"), "Integer") << Use;
    EXPECT_EQ(T.memory("p", 8), "[0,8):Integer") << Use;
  }
}

TEST(TypeValues, UseThatProvesNothing) {
  for (auto *Use :
       {"store i64 %i, ptr %q", "%u = lshr i64 %i, 32",
        "%u = trunc i64 %i to i32", "%u = zext i64 %i to i128",
        "%u = or i64 %i, %j", "%u = icmp eq i64 %i, 0",
        "%u = icmp slt i64 %i, 0", "%u = icmp eq i64 %i, %j",
        "%u = and i64 %i, 9223372036854775807", "%u = and i64 %i, 4294967295",
        "%u = xor i64 %i, -9223372036854775808", "%u = lshr i64 %i, 52",
        "%u = insertvalue { i64 } poison, i64 %i, 0",
        "%u = cmpxchg ptr %q, i64 %i, i64 %j seq_cst seq_cst",
        "%u = call i64 @g(i64 %i)"}) {
    Types T(std::string("define void @f(ptr %p, ptr %q, i64 %j) {\n"
                        " %i = load i64, ptr %p\n ") +
            Use + "\n ret void\n}\ndeclare i64 @g(i64)");
    EXPECT_EQ(T.at("i"), "Unknown") << Use;
  }
}

TEST(TypeValues, FloatsInBitOperationsStayFloats) {
  // fabs, fneg and copysign by hand have no rule: Float, not Integer, makes
  // that an error where it matters.
  Types T(R"(
define void @f(double %d) {
  %i = bitcast double %d to i64
  %abs = and i64 %i, 9223372036854775807
  %neg = xor i64 %i, -9223372036854775808
  ret void
})");
  EXPECT_EQ(T.at("abs"), "Float@double");
  EXPECT_EQ(T.at("neg"), "Float@double");
}

TEST(TypeValues, ArithmeticOnTheBitsOfAFloatIsAConflict) {
  Types T(R"(
define void @f(float %x) {
  %i = bitcast float %x to i32
  %h = lshr i32 %i, 1
  %r = sub i32 1597463007, %h
  ret void
})");
  EXPECT_EQ(T.at("i"), "Unknown");
}

TEST(TypeValues, HalfOfADoubleIsNothing) {
  Types T(R"(
define double @f(ptr %p) {
  %i = load i64, ptr %p
  %lo = trunc i64 %i to i32
  %d = bitcast i64 %i to double
  ret double %d
})");
  EXPECT_EQ(T.at("i"), "Float@double");
  EXPECT_EQ(T.at("lo"), "Unknown");
}

TEST(TypeValues, PointersInIntegers) {
  Types T(R"(
define double @f(ptr %p, ptr %q) {
  %i = load i64, ptr %p
  store i64 %i, ptr %q
  %r = load ptr, ptr %q
  %d = load double, ptr %r
  %a = ptrtoint ptr %p to i64
  %b = ptrtoint ptr %q to i64
  %n = sub i64 %a, %b
  %r8 = getelementptr i8, ptr %r, i64 8
  %j = load i64, ptr %r8
  %t = inttoptr i64 %j to ptr
  ret double %d
})");
  EXPECT_EQ(T.at("i"), "Pointer");
  EXPECT_EQ(T.at("a"), "Pointer");
  EXPECT_EQ(T.at("n"), "Integer");
  EXPECT_EQ(T.at("j"), "Pointer");
  // The memory that is read through the copy is the memory behind p's pointer.
  EXPECT_EQ(T.memory("r", 8), "[0,8):Float@double");
}

TEST(TypeValues, RangesAndTruthValuesAreIntegers) {
  Types T(R"(
define void @f(ptr %p) {
  %a = load i8, ptr %p, !range !0
  %p1 = getelementptr i8, ptr %p, i64 1
  %b = load i8, ptr %p1
  %c = trunc i8 %b to i1
  ret void
}
!0 = !{i8 0, i8 2})");
  EXPECT_EQ(T.at("a"), "Integer");
  EXPECT_EQ(T.at("b"), "Integer");
}

TEST(TypeValues, AtomicAdditionOfDoublesThroughCompareAndSwap) {
  Types T(R"(
define void @f(ptr %p, double %x) {
entry:
  %first = load atomic i64, ptr %p monotonic, align 8
  br label %loop
loop:
  %old = phi i64 [ %first, %entry ], [ %seen, %loop ]
  %od = bitcast i64 %old to double
  %nd = fadd double %od, %x
  %new = bitcast double %nd to i64
  %pair = cmpxchg ptr %p, i64 %old, i64 %new seq_cst monotonic
  %seen = extractvalue { i64, i1 } %pair, 0
  %ok = extractvalue { i64, i1 } %pair, 1
  br i1 %ok, label %done, label %loop
done:
  ret void
})");
  for (auto *Name : {"first", "old", "new", "seen"})
    EXPECT_EQ(T.at(Name), "Float@double") << Name;
}

TEST(TypeValues, UnreachableBlocks) {
  Types T(R"(
define double @f(ptr %p) {
  ret double 0.0
dead:
  %j = phi i64 [ %i, %dead ], [ 0, %other ]
  %i = load i64, ptr %p
  %q = getelementptr double, ptr %q, i64 %j
  br label %dead
other:
  br label %dead
})");
  EXPECT_EQ(T.at("i"), "Unknown");
}

TEST(TypeValues, LoopCounters) {
  Types T(R"(
define void @f(ptr %p, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %next = add i64 %i, 1
  %more = icmp ne i64 %next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
})");
  EXPECT_EQ(T.at("i"), "Integer");
  EXPECT_EQ(T.at("n"), "Integer");
}

} // namespace
