//===- TypeMemoryTest.cpp - Layouts from how memory is used ---------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TypeTestUtils.h"

using linkgrad::test::isUnknown;
using linkgrad::test::Types;

namespace {

const char *const Memcpy =
    "\ndeclare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)"
    "\ndeclare void @llvm.memmove.p0.p0.i64(ptr, ptr, i64, i1)\n";

TEST(TypeMemory, FieldsThroughAccesses) {
  Types T(R"(
define void @f(ptr %p) {
  %a = load double, ptr %p
  %p8 = getelementptr i8, ptr %p, i64 8
  %n = load i32, ptr %p8
  %m = add i32 %n, 1
  %p12 = getelementptr i8, ptr %p, i64 12
  %x = load float, ptr %p12
  %p16 = getelementptr i8, ptr %p, i64 16
  %q = load ptr, ptr %p16
  ret void
})");
  EXPECT_EQ(T.memory("p", 24), "[0,8):Float@double [8,12):Integer "
                               "[12,16):Float@float [16,24):Pointer");
  EXPECT_EQ(T.memory("p8", 8), "[0,4):Integer [4,8):Float@float");
  EXPECT_EQ(T.memory("p", 0), "");
}

TEST(TypeMemory, UnknownFieldsAreErrors) {
  Types T(R"(
define void @f(ptr %p) {
  %a = load double, ptr %p
  ret void
})");
  std::string Error = T.memory("p", 16);
  EXPECT_TRUE(isUnknown(Error, "byte 8 of the 16 bytes behind %p")) << Error;
  EXPECT_TRUE(isUnknown(Error, "__enzyme_double")) << Error;
  EXPECT_TRUE(isUnknown(Error, "instruction: ")) << Error;
}

TEST(TypeMemory, OpaqueBytesAreErrors) {
  Types T(std::string(R"(
define void @f() {
  %a = alloca [16 x i8]
  %b = alloca [16 x i8]
  call void @llvm.memcpy.p0.p0.i64(ptr %a, ptr %b, i64 16, i1 false)
  ret void
})") + Memcpy);
  std::string Error = T.copied("a");
  EXPECT_TRUE(isUnknown(Error, "byte 0 of the 16 bytes behind %a")) << Error;
}

TEST(TypeMemory, CopiesTellBothSides) {
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q, ptr %r) {
  %d = load double, ptr %p
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 24, i1 false)
  call void @llvm.memmove.p0.p0.i64(ptr %r, ptr %q, i64 24, i1 false)
  %r8 = getelementptr i8, ptr %r, i64 8
  %n = load i64, ptr %r8
  %m = mul i64 %n, %n
  %q16 = getelementptr i8, ptr %q, i64 16
  store float 0.0, ptr %q16
  %r20 = getelementptr i8, ptr %r, i64 20
  store float 0.0, ptr %r20
  ret void
})") + Memcpy);
  for (auto *Name : {"p", "q", "r"})
    EXPECT_EQ(T.memory(Name, 24),
              "[0,8):Float@double [8,16):Integer [16,24):Float@float")
        << Name;
}

TEST(TypeMemory, CopiesDoNotTellMoreThanTheyCopy) {
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q) {
  %p8 = getelementptr i8, ptr %p, i64 8
  %d = load double, ptr %p
  %e = load double, ptr %p8
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 8, i1 false)
  ret void
})") + Memcpy);
  EXPECT_EQ(T.memory("q", 8), "[0,8):Float@double");
  EXPECT_TRUE(isUnknown(T.memory("q", 16), "byte 8"));
}

TEST(TypeMemory, PartOfADoubleIsAConflict) {
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q) {
  %d = load double, ptr %p
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 4, i1 false)
  ret void
})") + Memcpy);
  EXPECT_TRUE(isUnknown(T.memory("q", 4), "byte 0"));
  EXPECT_TRUE(isUnknown(T.memory("p", 4), "byte 0"));
}

TEST(TypeMemory, PointersThroughCopiesPointToTheSame) {
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q) {
  %a = load ptr, ptr %p
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 8, i1 false)
  %b = load ptr, ptr %q
  %d = load double, ptr %b
  ret void
})") + Memcpy);
  EXPECT_EQ(T.memory("a", 8), "[0,8):Float@double");
}

//===----------------------------------------------------------------------===//
// Unions
//===----------------------------------------------------------------------===//

TEST(TypeMemory, UnionOfFloatAndInteger) {
  Types T(R"(
define void @f(ptr %u) {
  %d = load double, ptr %u
  %n = load i64, ptr %u
  %m = mul i64 %n, 31
  ret void
})");
  std::string Error = T.memory("u", 8);
  EXPECT_TRUE(isUnknown(Error, "is used as Float@double and as Integer"))
      << Error;
  EXPECT_EQ(T.at("n"), "Unknown");
}

TEST(TypeMemory, UnionOfFloatAndPointer) {
  Types T(R"(
define void @f(ptr %u) {
  %d = load double, ptr %u
  %q = load ptr, ptr %u
  ret void
})");
  // Copies tell them by their bits.
  EXPECT_EQ(T.memory("u", 8), "[0,8):Float@double or Pointer");
}

TEST(TypeMemory, UnionWithShortPointer) {
  Types T(R"(
target datalayout = "p:32:32"
define void @f(ptr %u) {
  %d = load double, ptr %u
  %q = load ptr, ptr %u
  ret void
})");
  EXPECT_TRUE(isUnknown(T.memory("u", 8), "Float@double and as Pointer"));
}

TEST(TypeMemory, UnionOfDoubleAndFloats) {
  Types T(R"(
define void @f(ptr %u) {
  %d = load double, ptr %u
  %u4 = getelementptr i8, ptr %u, i64 4
  %x = load float, ptr %u4
  ret void
})");
  EXPECT_TRUE(isUnknown(T.memory("u", 8), "byte 0"));
}

TEST(TypeMemory, ConflictsAreWhereTheyAre) {
  Types T(R"(
define void @f(ptr %u) {
  %d = load double, ptr %u
  %u8 = getelementptr i8, ptr %u, i64 8
  %e = load double, ptr %u8
  %n = load i64, ptr %u8
  %m = mul i64 %n, 31
  ret void
})");
  EXPECT_EQ(T.memory("u", 8), "[0,8):Float@double");
  EXPECT_TRUE(isUnknown(T.memory("u", 16), "byte 8"));
}

//===----------------------------------------------------------------------===//
// Arrays
//===----------------------------------------------------------------------===//

TEST(TypeMemory, VariableIndexRepeats) {
  Types T(R"(
define void @f(ptr %p, i64 %i, i64 %n) {
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %d = load double, ptr %a
  ret void
})");
  // How far the index runs is not known: a table may be but a part of p.
  EXPECT_TRUE(isUnknown(T.memory("p", 80), "byte 8"));
  EXPECT_TRUE(isUnknown(T.memory("a", 80), "byte 8"));
  EXPECT_EQ(T.memory("p", 8), "[0,8):Float@double");
  EXPECT_EQ(T.every("p", 8), "[0,8):Float@double every 8");
  EXPECT_EQ(T.every("a", 8), "[0,8):Float@double every 8");
  EXPECT_EQ(T.tree("p"), "{[-1]:Pointer, [-1,-1]:Float@double}");
}

TEST(TypeMemory, ByteOffsetsRepeat) {
  Types T(R"(
define void @f(ptr %p, i64 %i) {
  %scaled = shl i64 %i, 3
  %a = getelementptr i8, ptr %p, i64 %scaled
  %d = load double, ptr %a
  ret void
})");
  EXPECT_EQ(T.every("p", 8), "[0,8):Float@double every 8");
}

TEST(TypeMemory, ArrayOfStructs) {
  Types T(R"(
%s = type { double, i32, float }
define void @f(ptr %p, i64 %i) {
  %a = getelementptr %s, ptr %p, i64 %i, i32 0
  %d = load double, ptr %a
  %b = getelementptr [16 x i8], ptr %p, i64 %i
  %b8 = getelementptr i8, ptr %b, i64 8
  %n = load i32, ptr %b8
  %m = add i32 %n, 1
  %b12 = getelementptr i8, ptr %b, i64 12
  %x = load float, ptr %b12
  ret void
})");
  const char *Layout = "[0,8):Float@double [8,12):Integer [12,16):Float@float";
  EXPECT_EQ(T.memory("p", 16), Layout);
  EXPECT_EQ(T.memory("b", 16), Layout);
  EXPECT_EQ(T.every("p", 16), std::string(Layout) + " every 16");
  EXPECT_EQ(T.every("b", 16), std::string(Layout) + " every 16");
}

TEST(TypeMemory, FieldsOfAnArrayOfStructsOneByOne) {
  // As optimised code has them: no struct type anywhere.
  Types T(R"(
define void @f(ptr %p, i64 %i, i64 %j) {
  %a = getelementptr [16 x i8], ptr %p, i64 %i
  %d = load double, ptr %a
  %p8 = getelementptr i8, ptr %p, i64 8
  %b = getelementptr [16 x i8], ptr %p8, i64 %j
  %n = load i64, ptr %b
  %m = mul i64 %n, %n
  ret void
})");
  EXPECT_EQ(T.every("p", 16), "[0,8):Float@double [8,16):Integer every 16");
  EXPECT_EQ(T.memory("a", 16), "[0,8):Float@double [8,16):Integer");
}

/// { double a; double arr[10]; int b; int c; }, copied as a whole.
std::string structWithArray(const std::string &Metadata) {
  Types T(R"(
define void @f(ptr %p, ptr %q, i64 %i) {
  %a = load double, ptr %p
  %p8 = getelementptr i8, ptr %p, i64 8
  %e = getelementptr double, ptr %p8, i64 %i
  %d = load double, ptr %e
  %p88 = getelementptr i8, ptr %p, i64 88
  %n = load i32, ptr %p88
  %m = add i32 %n, 1
  %p92 = getelementptr i8, ptr %p, i64 92
  store i32 %m, ptr %p92
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 96, i1 false))" +
          Metadata + R"(
  ret void
}
!0 = !{!"Simple C++ TBAA"}
!1 = !{!"omnipotent char", !0, i64 0}
!2 = !{!1, !1, i64 0}
!3 = !{i64 0, i64 8, !2, i64 8, i64 80, !2, i64 88, i64 4, !2, i64 92, i64 4, !2})" +
          Memcpy);
  return T.copied("p");
}

TEST(TypeMemory, StructWithAnArrayMember) {
  // Where the array ends is known if the members are, though not their types.
  EXPECT_EQ(structWithArray(", !tbaa.struct !3"),
            "[0,88):Float@double [88,96):Integer");
  // There may be something between the array and the next known member.
  EXPECT_TRUE(isUnknown(structWithArray(""), "byte 16"));
}

TEST(TypeMemory, StructAssignmentIsNoCopyOfATable) {
  // { double a[3]; float f; int n; } of which only a[i] is used.
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q, i64 %i) {
  %e = getelementptr double, ptr %p, i64 %i
  store double 0.0, ptr %e
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 32, i1 false), !tbaa.struct !3
  ret void
}
!0 = !{!"Simple C++ TBAA"}
!1 = !{!"omnipotent char", !0, i64 0}
!2 = !{!1, !1, i64 0}
!3 = !{i64 0, i64 24, !2, i64 24, i64 4, !2, i64 28, i64 4, !2})") +
          Memcpy);
  EXPECT_TRUE(isUnknown(T.copied("p"), "byte 24"));
}

TEST(TypeMemory, IntegerArraysAreNotAssumedToGoOn) {
  // { int k[4]; double w[3]; } of which only k is used here: what follows
  // must not pass for integers.
  Types T(R"(
define void @f(ptr %p, i64 %i) {
  %e = getelementptr i32, ptr %p, i64 %i
  %k = load i32, ptr %e
  %m = add i32 %k, 1
  ret void
})");
  std::string Error = T.memory("p", 40);
  EXPECT_TRUE(isUnknown(Error, "Integer in other places")) << Error;
}

TEST(TypeMemory, FloatsAfterAnIntegerArray) {
  Types T(R"(
define void @f(ptr %p, i64 %i) {
  %e = getelementptr i32, ptr %p, i64 %i
  %k = load i32, ptr %e
  %m = add i32 %k, 1
  %w = getelementptr i8, ptr %p, i64 16
  %we = getelementptr double, ptr %w, i64 %i
  %d = load double, ptr %we
  ret void
})");
  EXPECT_TRUE(isUnknown(T.memory("p", 40), "byte 4"));
  EXPECT_EQ(T.memory("w", 8), "[0,8):Float@double");
  EXPECT_TRUE(isUnknown(T.memory("w", 24), "byte 8"));
}

TEST(TypeMemory, ScratchSharedByTwoTypesIsAConflict) {
  Types T(R"(
define void @f(ptr %p, i64 %i) {
  %e = getelementptr double, ptr %p, i64 %i
  store double 1.0, ptr %e
  %g = getelementptr i64, ptr %p, i64 %i
  %n = load i64, ptr %g
  %m = mul i64 %n, 3
  ret void
})");
  EXPECT_TRUE(isUnknown(T.memory("p", 64), "Float@double and as Integer"));
}

TEST(TypeMemory, Matrix) {
  Types T(R"(
define void @f(ptr %p, i64 %i, i64 %j) {
  %row = getelementptr [10 x double], ptr %p, i64 %i
  %e = getelementptr double, ptr %row, i64 %j
  %d = load double, ptr %e
  ret void
})");
  EXPECT_TRUE(isUnknown(T.memory("p", 800), "byte"));
  // [10 x double] is how LLVM writes a distance of 80 bytes, no declaration:
  // there may be something else behind the last element that is touched.
  EXPECT_TRUE(isUnknown(T.memory("row", 80), "byte 8"));
  EXPECT_TRUE(isUnknown(T.memory("p", std::nullopt), "byte 8"));
}

TEST(TypeMemory, WalkingPointer) {
  Types T(R"(
define void @f(ptr %p, ptr %end) {
entry:
  br label %loop
loop:
  %it = phi ptr [ %p, %entry ], [ %next, %loop ]
  %x = load double, ptr %it
  %it8 = getelementptr i8, ptr %it, i64 8
  %n = load i32, ptr %it8
  %m = add i32 %n, 1
  %next = getelementptr i8, ptr %it, i64 16
  %done = icmp eq ptr %next, %end
  br i1 %done, label %exit, label %loop
exit:
  ret void
})");
  // The four bytes after the integer are unknown: padding or a float.
  EXPECT_TRUE(isUnknown(T.memory("p", std::nullopt), "byte 12"));
  EXPECT_EQ(T.memory("p", 12), "[0,8):Float@double [8,12):Integer");
}

TEST(TypeMemory, WalkingPointerOverDoubles) {
  Types T(R"(
define void @f(ptr %p, ptr %end) {
entry:
  br label %loop
loop:
  %it = phi ptr [ %p, %entry ], [ %next, %loop ]
  %x = load double, ptr %it
  %next = getelementptr i8, ptr %it, i64 8
  %done = icmp eq ptr %next, %end
  br i1 %done, label %exit, label %loop
exit:
  ret void
})");
  EXPECT_EQ(T.every("p", 8), "[0,8):Float@double every 8");
  EXPECT_TRUE(isUnknown(T.memory("p", 64), "byte 8"));
}

// A loop of which each iteration is known to run tells how far a table reaches.
static std::string loopOver(const char *Access, const char *Guard) {
  return std::string(R"(
define void @f(ptr %p, ptr %c) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %latch ]
  %a = getelementptr inbounds double, ptr %p, i64 %i
)") + Guard +
         R"(
access:
  )" + Access +
         R"(
  br label %latch
latch:
  %next = add nuw nsw i64 %i, 1
  %more = icmp ult i64 %next, 10
  br i1 %more, label %loop, label %exit
exit:
  ret void
})";
}

TEST(TypeMemory, LoopsReachToTheEnd) {
  const char *Load = "%x = load double, ptr %a", *Always = "br label %access";
  Types T(loopOver(Load, Always));
  EXPECT_EQ(T.memory("p", 80), "[0,80):Float@double");
  EXPECT_TRUE(isUnknown(T.memory("p", 88), "byte 8"));
  // What runs under a condition may stop earlier.
  Types Guarded(loopOver(Load, "%g = icmp ult i64 %i, 4\n"
                               "br i1 %g, label %access, label %latch"));
  EXPECT_TRUE(isUnknown(Guarded.memory("p", 80), "byte 8"));
}

TEST(TypeMemory, LinkedList) {
  Types T(R"(
define void @f(ptr %list) {
entry:
  br label %loop
loop:
  %node = phi ptr [ %list, %entry ], [ %next, %loop ]
  %value = getelementptr i8, ptr %node, i64 8
  %x = load double, ptr %value
  %next = load ptr, ptr %node
  %done = icmp eq ptr %next, null
  br i1 %done, label %exit, label %loop
exit:
  ret void
})");
  EXPECT_EQ(T.memory("list", 16), "[0,8):Pointer [8,16):Float@double");
  EXPECT_EQ(T.memory("next", 16), "[0,8):Pointer [8,16):Float@double");
}

TEST(TypeMemory, DynamicCopyOfDoubles) {
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q, i64 %n, i64 %i) {
  %bytes = shl i64 %n, 3
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %bytes, i1 false)
  %e = getelementptr double, ptr %q, i64 %i
  %d = load double, ptr %e
  ret void
})") + Memcpy);
  EXPECT_EQ(T.copied("p"), "[0,8):Float@double every 8");
  EXPECT_EQ(T.copied("q"), "[0,8):Float@double every 8");
}

std::string copyByDifference(const std::string &Use) {
  Types T(R"(
define void @f(ptr %begin, ptr %end, ptr %q, i64 %i) {
  %b = ptrtoint ptr %begin to i64
  %e = ptrtoint ptr %end to i64
  %bytes = sub i64 %e, %b
  call void @llvm.memmove.p0.p0.i64(ptr %q, ptr %begin, i64 %bytes, i1 false)
)" + Use + "  ret void\n}\n" +
          Memcpy);
  return T.copied("begin");
}

TEST(TypeMemory, DynamicCopyByTheDifferenceOfPointers) {
  // { float k[4]; double w[3]; } of which only k[i] is used looks like this.
  EXPECT_TRUE(isUnknown(
      copyByDifference("  %a = getelementptr [4 x i8], ptr %q, i64 %i\n"
                       "  store float 0.0, ptr %a\n"),
      "byte 4 behind %begin"));
  EXPECT_TRUE(isUnknown(
      copyByDifference("  %a = getelementptr [4 x i8], ptr %q, i64 %i\n"
                       "  %n = load i32, ptr %a\n  %m = add i32 %n, 1\n"),
      "byte 4 behind %begin"));
}

TEST(TypeMemory, DynamicCopyIntoAVariable) {
  // Nothing else than the variable is there to be copied to.
  Types T(std::string(R"(
define void @f(ptr %p, i64 %bytes) {
  %a = alloca [10 x double]
  %s = alloca { [10 x double], ptr }
  call void @llvm.memcpy.p0.p0.i64(ptr %a, ptr %p, i64 %bytes, i1 false)
  ret void
})") + Memcpy);
  EXPECT_EQ(T.copied("a"), "[0,8):Float@double every 8");
  EXPECT_TRUE(isUnknown(T.copied("s"), "byte 8"));
}

TEST(TypeMemory, WhatIsSomewhereBehindIsNoEvidence) {
  Types T(R"(
define void @f(ptr %p) {
  %p120 = getelementptr i8, ptr %p, i64 120
  %q = load ptr, ptr %p120
  %p240 = getelementptr i8, ptr %p, i64 240
  %d = load double, ptr %p240
  ret void
})");
  EXPECT_TRUE(isUnknown(T.every("p", 8), "byte 0"));
}

TEST(TypeMemory, DynamicCopyOfOneKnownUnit) {
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q, i64 %n) {
  %d = load double, ptr %p
  %bytes = mul i64 %n, 8
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %bytes, i1 false)
  ret void
})") + Memcpy);
  EXPECT_EQ(T.copied("p"), "[0,8):Float@double every 8");
  EXPECT_EQ(T.copied("q"), "[0,8):Float@double every 8");
}

TEST(TypeMemory, DynamicCopyInUnitsThatAreNotKnownWhole) {
  // Units of 40 bytes, of which four integers at the front are seen.
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q, i64 %n, i64 %i) {
  %bytes = mul i64 %n, 40
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %bytes, i1 false)
  %e = getelementptr i32, ptr %p, i64 %i
  %k = load i32, ptr %e
  %m = add i32 %k, 1
  ret void
})") + Memcpy);
  EXPECT_TRUE(isUnknown(T.copied("p"), "behind %p"));
}

TEST(TypeMemory, DynamicCopyOfStructsWithAnArrayMember) {
  // { double m[3]; ptr next; } of which the array's bound is declared.
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q, i64 %n, i64 %i) {
  %bytes = mul i64 %n, 32
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %bytes, i1 false)
  %e = getelementptr [3 x double], ptr %p, i64 0, i64 %i
  %k = load double, ptr %e
  ret void
})") + Memcpy);
  EXPECT_TRUE(isUnknown(T.copied("p"), "byte 24 behind %p"));
}

TEST(TypeMemory, DynamicCopyOfNothingKnown) {
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q, i64 %n) {
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 %n, i1 false)
  ret void
})") + Memcpy);
  EXPECT_TRUE(isUnknown(T.copied("p"), "byte 0 behind %p"));
}

TEST(TypeMemory, OverlappingMove) {
  Types T(std::string(R"(
define void @f(ptr %p) {
  %d = load double, ptr %p
  %p8 = getelementptr i8, ptr %p, i64 8
  call void @llvm.memmove.p0.p0.i64(ptr %p, ptr %p8, i64 800, i1 false)
  ret void
})") + Memcpy);
  // Each element is the source of the one before: all are like the first.
  EXPECT_EQ(T.copied("p"), "[0,800):Float@double");
}

//===----------------------------------------------------------------------===//
// Constants
//===----------------------------------------------------------------------===//

TEST(TypeMemory, NullAndUndefAreAnything) {
  Types T("define void @f(ptr %p) {\n ret void\n}");
  auto &At = *llvm::inst_begin(*T.F);
  auto *Null = llvm::Constant::getNullValue(T.value("p").getType());
  auto Layout = T.Trees->memoryBehind(*Null, 8, At);
  ASSERT_TRUE(bool(Layout));
  EXPECT_EQ(Layout->Ranges[0].Type.K, linkgrad::ConcreteType::Anything);
}

TEST(TypeMemory, ConstantDataIsAnything) {
  Types T(R"(
@zero = private constant [64 x i8] zeroinitializer
@bytes = private constant <{ [8 x i8], [8 x i8] }>
    <{ [8 x i8] c"\00\00\00\00\00\00\F0?", [8 x i8] zeroinitializer }>
@mutable = internal global [16 x i8] zeroinitializer
@address = private constant <{ [8 x i8], ptr }>
    <{ [8 x i8] zeroinitializer, ptr @zero }>
define void @f() {
  ret void
})");
  EXPECT_EQ(T.memory("zero", 64), "[0,64):Anything");
  EXPECT_EQ(T.memory("bytes", 16), "[0,16):Anything");
  EXPECT_TRUE(isUnknown(T.memory("mutable", 16), "byte 0"));
  EXPECT_TRUE(isUnknown(T.memory("address", 16), "byte 0"));
}

TEST(TypeMemory, CopiesOfConstantDataAreAnything) {
  Types T(std::string(R"(
@text = private constant [8 x i8] c"message\00"
define void @f(ptr %p, ptr %q) {
  call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr @text, i64 8, i1 false)
  store ptr %p, ptr %q
  ret void
})") + Memcpy);
  EXPECT_EQ(T.copied("p"), "[0,8):Anything");
  auto *Ret = T.F->getEntryBlock().getTerminator();
  EXPECT_TRUE(isUnknown(T.memory("p", 8, Ret), "byte 0"));
}

TEST(TypeMemory, FunctionsAreNotMemory) {
  Types T(R"(
define void @f(ptr %p) {
  store ptr @f, ptr %p
  ret void
})");
  EXPECT_EQ(T.memory("p", 8), "[0,8):Pointer");
}

} // namespace
