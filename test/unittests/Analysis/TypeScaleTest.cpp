//===- TypeScaleTest.cpp - Bounds and linear time -------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TypeTestUtils.h"
#include "analysis/TypeAnalysisFunction.h"

using linkgrad::FunctionTypes;
using linkgrad::Loc;
using linkgrad::TypeGraph;
using linkgrad::test::isUnknown;
using linkgrad::test::Types;

namespace {

const char *const Memcpy =
    "\ndeclare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)\n";

/// Units of work for a function with the given body.
uint64_t steps(const std::string &Globals, const std::string &Body) {
  Types T(Globals + "define void @f(ptr %p, ptr %q, i64 %n) {\n" + Body +
          "  ret void\n}\n" + Memcpy);
  return FunctionTypes(*T.F).G.steps();
}

/// Work grows with the size of the function, for each of some shapes.
void expectLinear(const char *What, std::string (*Make)(unsigned),
                  const std::string &Globals = "") {
  uint64_t Small = steps(Globals, Make(1000));
  uint64_t Big = steps(Globals, Make(10000));
  EXPECT_LE(Big, Small * 25) << What;
  EXPECT_LE(Big, 10000u * 200) << What;
}

std::string number(unsigned I) { return std::to_string(I); }

TEST(TypeScale, ChainOfCopiesBetweenSlots) {
  expectLinear("slots", [](unsigned N) {
    std::string Body = "  %a0 = alloca double\n";
    for (unsigned I = 1; I < N / 3; ++I)
      Body += "  %a" + number(I) + " = alloca i64\n  %v" + number(I) +
              " = load i64, ptr %a" + number(I - 1) + "\n  store i64 %v" +
              number(I) + ", ptr %a" + number(I) + "\n";
    return Body;
  });
}

TEST(TypeScale, ManyCopiesOfOnePlace) {
  expectLinear("one place", [](unsigned N) {
    std::string Body;
    for (unsigned I = 0; I < N / 2; ++I)
      Body += "  %v" + number(I) + " = load i64, ptr %p\n  store i64 %v" +
              number(I) + ", ptr %q\n";
    return Body + "  store double 0.0, ptr %p\n";
  });
}

TEST(TypeScale, LongStraightLineOverAnArray) {
  expectLinear("array", [](unsigned N) {
    std::string Body;
    for (unsigned I = 0; I < N / 2; ++I)
      Body += "  %a" + number(I) + " = getelementptr i8, ptr %p, i64 " +
              number(8 * I) + "\n  store double 0.0, ptr %a" + number(I) + "\n";
    return Body;
  });
}

TEST(TypeScale, CopiesAroundInAnArray) {
  expectLinear("shuffled array", [](unsigned N) {
    std::string Body = "  store double 0.0, ptr %p\n";
    for (unsigned I = 0; I < N / 4; ++I)
      Body += "  %a" + number(I) + " = getelementptr i8, ptr %p, i64 " +
              number(8 * ((I * 7) % 400)) + "\n  %b" + number(I) +
              " = getelementptr i8, ptr %p, i64 " +
              number(8 * ((I * 11 + 1) % 400)) + "\n  %v" + number(I) +
              " = load i64, ptr %a" + number(I) + "\n  store i64 %v" +
              number(I) + ", ptr %b" + number(I) + "\n";
    return Body;
  });
}

TEST(TypeScale, ManyBlockCopies) {
  expectLinear("memcpy", [](unsigned N) {
    std::string Body = "  store double 0.0, ptr %p\n";
    for (unsigned I = 0; I < N / 2; ++I)
      Body += "  %a" + number(I) +
              " = alloca [64 x i8]\n  call void @llvm.memcpy.p0.p0.i64(ptr %a" +
              number(I) + ", ptr " +
              (I ? "%a" + number(I - 1) : std::string("%p")) +
              ", i64 64, i1 false)\n";
    return Body;
  });
}

TEST(TypeScale, LongPointerChains) {
  expectLinear("chain", [](unsigned N) {
    std::string Body;
    for (unsigned I = 0; I < N / 2; ++I)
      Body += "  %a" + number(I) + " = getelementptr i8, ptr " +
              (I ? "%a" + number(I - 1) : std::string("%p")) +
              ", i64 8\n  store double 0.0, ptr %a" + number(I) + "\n";
    return Body;
  });
}

TEST(TypeScale, LongListOfPointers) {
  expectLinear("list", [](unsigned N) {
    std::string Body;
    for (unsigned I = 0; I < N; ++I)
      Body += "  %a" + number(I) + " = load ptr, ptr " +
              (I ? "%a" + number(I - 1) : std::string("%p")) + "\n";
    return Body;
  });
}

TEST(TypeScale, BigStructAtManyPlaces) {
  std::string Struct = "%s = type { ";
  for (unsigned I = 0; I < 100; ++I)
    Struct += "double, i32, ";
  Struct += "ptr }\n";
  expectLinear(
      "struct",
      [](unsigned N) {
        std::string Body;
        for (unsigned I = 0; I < N; ++I)
          Body += "  %a" + number(I) +
                  " = getelementptr %s, ptr %p, i32 0, i32 " + number(I % 200) +
                  "\n";
        return Body;
      },
      Struct);
}

TEST(TypeScale, TablesCostNoMoreThanScalars) {
  Types T(R"(
@table = constant [4096 x double] zeroinitializer
@rows = global [512 x [512 x float]] zeroinitializer
define double @f(i64 %i) {
  %p = getelementptr [4096 x double], ptr @table, i64 0, i64 %i
  %d = load double, ptr %p
  %q = getelementptr [512 x [512 x float]], ptr @rows, i64 0, i64 %i, i64 %i
  %x = load float, ptr %q
  ret double %d
})");
  FunctionTypes F(*T.F);
  EXPECT_LE(F.G.maxFacts(), 8u);
  EXPECT_LE(F.G.steps(), 200u);
  EXPECT_EQ(T.memory("table", 32768), "[0,32768):Float@double");
  EXPECT_EQ(T.memory("rows", 512 * 512 * 4), "[0,1048576):Float@float");
}

TEST(TypeScale, FactsOfANodeAreBounded) {
  std::string Body;
  for (unsigned I = 0; I < 4096; ++I)
    Body += "  %a" + number(I) + " = getelementptr i8, ptr %p, i64 " +
            number(8 * I) + "\n  store double 0.0, ptr %a" + number(I) + "\n";
  Types T("define void @f(ptr %p) {\n" + Body + "  ret void\n}\n");
  FunctionTypes F(*T.F);
  EXPECT_LE(F.G.maxFacts(), TypeGraph::MaxCells + TypeGraph::MaxParts);
  // Runs of like elements have become tables, and nothing is lost.
  EXPECT_EQ(T.memory("p", 32768), "[0,32768):Float@double");
  EXPECT_TRUE(isUnknown(T.memory("p", 32776), "byte 32768"));
}

TEST(TypeScale, TooManyFactsAreUnknown) {
  // Nothing repeats: what does not fit makes the whole object unknown, since
  // what was dropped may contradict what was kept.
  std::string Body;
  for (unsigned I = 0; I < 1000; ++I)
    Body += "  %a" + number(I) + " = getelementptr i8, ptr %p, i64 " +
            number(32 * I) + "\n  store " + (I % 2 ? "double" : "float") +
            " 0.0, ptr %a" + number(I) + "\n";
  Types T("define void @f(ptr %p) {\n" + Body + "  ret void\n}\n");
  FunctionTypes F(*T.F);
  EXPECT_LE(F.G.maxFacts(), TypeGraph::MaxCells + TypeGraph::MaxParts);
  EXPECT_TRUE(isUnknown(T.memory("p", 8), "byte 0"));
}

TEST(TypeScale, CalleesAreReadWithinABudget) {
  // Each of these calls the next two: 2^20 paths.
  std::string Text;
  for (unsigned I = 0; I < 20; ++I)
    Text += "define internal void @g" + number(I) +
            "(ptr %p) {\n  call void @g" + number(I + 1) +
            "(ptr %p)\n  call void @g" + number(I + 1) +
            "(ptr %p)\n  ret void\n}\n";
  Types T(Text + R"(
declare void @g20(ptr)
define void @f(ptr %p) {
  call void @g0(ptr %p)
  ret void
})");
  EXPECT_TRUE(isUnknown(T.memory("p", 8), "byte 0"));
}

} // namespace
