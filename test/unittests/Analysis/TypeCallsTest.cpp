//===- TypeCallsTest.cpp - Types through calls ----------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TypeTestUtils.h"

using linkgrad::test::isUnknown;
using linkgrad::test::Types;

namespace {

TEST(TypeCalls, CalleesTellTheirParameters) {
  Types T(R"(
define internal void @g(ptr %p, i64 %n, i64 %bits) {
  %d = load double, ptr %p
  %p8 = getelementptr i8, ptr %p, i64 8
  store i64 %n, ptr %p8
  %m = mul i64 %n, %n
  %x = bitcast i64 %bits to double
  ret void
}
define void @f(ptr %q, ptr %r) {
  %n = load i64, ptr %r
  %r8 = getelementptr i8, ptr %r, i64 8
  %b = load i64, ptr %r8
  call void @g(ptr %q, i64 %n, i64 %b)
  ret void
})");
  EXPECT_EQ(T.memory("q", 16), "[0,8):Float@double [8,16):Integer");
  EXPECT_EQ(T.at("n"), "Integer");
  EXPECT_EQ(T.at("b"), "Float@double");
}

// That something is a union may be for the callee to know.
TEST(TypeCalls, CalleesContradict) {
  Types T(R"(
define internal void @build(ptr %p) {
  %p8 = getelementptr i8, ptr %p, i64 8
  store float 1.0, ptr %p8
  ret void
}
define void @f(ptr %q, ptr %r) {
  %left = load ptr, ptr %q
  %q8 = getelementptr i8, ptr %q, i64 8
  %right = load ptr, ptr %q8
  %n = load i64, ptr %r
  %m = mul i64 %n, %n
  %r8 = getelementptr i8, ptr %r, i64 8
  %k = load i64, ptr %r8
  %l = mul i64 %k, %k
  call void @build(ptr %q)
  call void @build(ptr %r)
  ret void
})");
  EXPECT_TRUE(isUnknown(T.memory("q", 16), "byte 8"));
  EXPECT_TRUE(isUnknown(T.memory("r", 16), "byte 8"));
}

TEST(TypeCalls, CallsAreKeptApart) {
  // One helper for floats here and integers there.
  Types T(R"(
declare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)
define internal void @copy(ptr %dst, ptr %src) {
  call void @llvm.memcpy.p0.p0.i64(ptr %dst, ptr %src, i64 8, i1 false)
  ret void
}
define void @f(ptr %a, ptr %b, ptr %c, ptr %d) {
  %x = load double, ptr %a
  %n = load i64, ptr %c
  %m = mul i64 %n, %n
  call void @copy(ptr %b, ptr %a)
  call void @copy(ptr %d, ptr %c)
  ret void
})");
  EXPECT_EQ(T.memory("b", 8), "[0,8):Float@double");
  EXPECT_EQ(T.memory("d", 8), "[0,8):Integer");
}

TEST(TypeCalls, ResultsAndNestedCalls) {
  Types T(R"(
define internal ptr @inner(ptr %p) {
  %q = getelementptr i8, ptr %p, i64 8
  ret ptr %q
}
define internal ptr @outer(ptr %p) {
  %q = call ptr @inner(ptr %p)
  ret ptr %q
}
define internal i64 @bits(ptr %p) {
  %i = load i64, ptr %p
  ret i64 %i
}
define void @f(ptr %p, ptr %r) {
  %q = call ptr @outer(ptr %p)
  %d = load double, ptr %q
  %i = call i64 @bits(ptr %r)
  %e = bitcast i64 %i to double
  ret void
})");
  EXPECT_TRUE(isUnknown(T.memory("p", 16), "byte 0"));
  EXPECT_EQ(T.memory("q", 8), "[0,8):Float@double");
  auto &P = T.value("p");
  auto *P8 = llvm::GetElementPtrInst::CreateInBounds(
      llvm::Type::getInt8Ty(T.Context), const_cast<llvm::Value *>(&P),
      {llvm::ConstantInt::get(llvm::Type::getInt64Ty(T.Context), 8)}, "p8",
      T.F->getEntryBlock().getTerminator()->getIterator());
  EXPECT_EQ(T.memory("p8", 8), "[0,8):Float@double");
  EXPECT_EQ(P8->getName(), "p8");
  EXPECT_EQ(T.memory("r", 8), "[0,8):Float@double");
}

TEST(TypeCalls, RecursionIsSafe) {
  Types T(R"(
define void @f(ptr %p, i64 %n) {
  %q = getelementptr i8, ptr %p, i64 8
  %d = load double, ptr %p
  call void @f(ptr %q, i64 %n)
  call void @g(ptr %p)
  ret void
}
define void @g(ptr %p) {
  call void @h(ptr %p)
  ret void
}
define void @h(ptr %p) {
  call void @g(ptr %p)
  call void @f(ptr %p, i64 1)
  ret void
})");
  EXPECT_EQ(T.memory("p", 8), "[0,8):Float@double");
  EXPECT_EQ(T.every("p", 8), "[0,8):Float@double every 8");
}

TEST(TypeCalls, SignaturesThatDoNotFit) {
  Types T(R"(
define internal double @g(ptr %p) {
  %d = load double, ptr %p
  ret double %d
}
define void @f(ptr %p, i64 %n) {
  %a = call ptr @g(i64 %n)
  call void @g()
  call void @g(ptr %p, ptr %p)
  ret void
})");
  EXPECT_EQ(T.memory("p", 8), "[0,8):Float@double");
  EXPECT_EQ(T.at("n"), "Unknown");
}

TEST(TypeCalls, LibraryFunctions) {
  Types T(R"(
declare ptr @memcpy(ptr, ptr, i64)
declare ptr @realloc(ptr, i64)
declare ptr @malloc(i64) allocsize(0)
declare double @frexp(double, ptr)
declare double @modf(double, ptr)
declare void @sincos(double, ptr, ptr)
declare i64 @strlen(ptr)
define void @f(ptr %p, ptr %q, ptr %e, ptr %m, ptr %s, ptr %c, ptr %t, double %x, ptr %n) {
  %d = load double, ptr %p
  %r = call ptr @memcpy(ptr %q, ptr %p, i64 8)
  %old = load ptr, ptr %t
  %new = call ptr @realloc(ptr %old, i64 80)
  %y = load float, ptr %new
  %size = load i64, ptr %n
  %fresh = call ptr @malloc(i64 %size)
  %1 = call double @frexp(double %x, ptr %e)
  %2 = call double @modf(double %x, ptr %m)
  call void @sincos(double %x, ptr %s, ptr %c)
  %len = call i64 @strlen(ptr %t)
  ret void
})");
  EXPECT_EQ(T.memory("r", 8), "[0,8):Float@double");
  EXPECT_EQ(T.memory("old", 4), "[0,4):Float@float");
  EXPECT_EQ(T.at("size"), "Integer");
  EXPECT_EQ(T.memory("e", 4), "[0,4):Integer");
  for (auto *Name : {"m", "s", "c"})
    EXPECT_EQ(T.memory(Name, 8), "[0,8):Float@double") << Name;
}

TEST(TypeCalls, MaskedAccesses) {
  Types T(R"(
declare <2 x double> @llvm.masked.load.v2f64.p0(ptr, <2 x i1>, <2 x double>)
declare void @llvm.masked.store.v2i64.p0(<2 x i64>, ptr, <2 x i1>)
declare <2 x double> @llvm.masked.gather.v2f64.v2p0(<2 x ptr>, <2 x i1>, <2 x double>)
define void @f(ptr %p, ptr %q, ptr %r, <2 x i64> %i, <2 x i1> %m) {
  %v = call <2 x double> @llvm.masked.load.v2f64.p0(ptr align 8 %p, <2 x i1> %m, <2 x double> zeroinitializer)
  %b = bitcast <2 x double> %v to <2 x i64>
  call void @llvm.masked.store.v2i64.p0(<2 x i64> %b, ptr align 8 %q, <2 x i1> %m)
  %g = getelementptr double, ptr %r, <2 x i64> %i
  %w = call <2 x double> @llvm.masked.gather.v2f64.v2p0(<2 x ptr> align 8 %g, <2 x i1> %m, <2 x double> zeroinitializer)
  ret void
})");
  EXPECT_EQ(T.memory("p", 16), "[0,16):Float@double");
  EXPECT_EQ(T.memory("q", 16), "[0,16):Float@double");
  EXPECT_EQ(T.memory("r", 8), "[0,8):Float@double");
  EXPECT_TRUE(isUnknown(T.memory("r", 80), "byte 8"));
}

TEST(TypeCalls, VirtualCallsAndUnknownCallees) {
  Types T(R"(
declare void @unknown(ptr, i64)
define void @f(ptr %p, ptr %fn, i64 %n) {
  call void %fn(ptr %p)
  call void @unknown(ptr %p, i64 %n)
  call void asm sideeffect "", "r"(ptr %p)
  ret void
})");
  EXPECT_TRUE(isUnknown(T.memory("p", 8), "byte 0"));
}

TEST(TypeCalls, Printing) {
  Types T(R"(
define i64 @f(ptr %p, i64 %n) {
  %d = load double, ptr %p
  %1 = add i64 %n, 1
  store double %d, ptr %p
  ret i64 %1
})");
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  linkgrad::printTypes(*T.F, OS);
  EXPECT_EQ(Text, "types of 'f':\n"
                  "  ptr %p: {[-1]:Pointer, [-1,0]:Float@double}\n"
                  "  i64 %n: {[-1]:Integer}\n"
                  "  double %d: {[-1]:Float@double}\n"
                  "  i64 %1: {[-1]:Integer}\n");
}

} // namespace
