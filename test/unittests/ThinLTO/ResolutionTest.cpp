//===- ResolutionTest.cpp - Reading what lld resolved ---------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/Resolution.h"
#include "gtest/gtest.h"

using namespace linkgrad;
using namespace llvm;

TEST(Resolution, ReadsModulesSymbolsAndFlags) {
  auto R = parseResolution("main.o\n"
                           "-r=main.o,main,plx\n"
                           "-r=main.o,printf,\n"
                           "lib.a(loss.o at 82)\n"
                           "-r=lib.a(loss.o at 82),loss,pr\n");
  ASSERT_TRUE(bool(R)) << toString(R.takeError());
  ASSERT_EQ(R->size(), 2u);
  const ResolvedModule &Main = (*R)[0], &Loss = (*R)[1];
  EXPECT_EQ(Main.Id, "main.o");
  ASSERT_EQ(Main.Symbols.size(), 2u);
  EXPECT_EQ(Main.Symbols[0].Name, "main");
  EXPECT_TRUE(Main.Symbols[0].Prevailing);
  EXPECT_TRUE(Main.Symbols[0].Final);
  EXPECT_TRUE(Main.Symbols[0].VisibleOutside);
  EXPECT_FALSE(Main.Symbols[0].Redefined);
  EXPECT_EQ(Main.Symbols[1].Name, "printf");
  EXPECT_FALSE(Main.Symbols[1].Prevailing);
  EXPECT_EQ(Loss.Id, "lib.a(loss.o at 82)");
  ASSERT_EQ(Loss.Symbols.size(), 1u);
  EXPECT_TRUE(Loss.Symbols[0].Redefined);
  EXPECT_FALSE(Loss.Symbols[0].VisibleOutside);
  EXPECT_FALSE(Loss.Symbols[0].Final);
}

TEST(Resolution, NamesMayContainCommas) {
  auto R = parseResolution("a,b.o\n"
                           "-r=a,b.o,operator,(int, int),pl\n"
                           "-r=a,b.o,,p\n");
  ASSERT_TRUE(bool(R)) << toString(R.takeError());
  ASSERT_EQ(R->size(), 1u);
  ASSERT_EQ(R->front().Symbols.size(), 2u);
  EXPECT_EQ(R->front().Symbols[0].Name, "operator,(int, int)");
  EXPECT_EQ(R->front().Symbols[1].Name, "");
}

TEST(Resolution, ModulesWithoutSymbolsCount) {
  auto R = parseResolution("empty.o\nother.o\n-r=other.o,f,p\n");
  ASSERT_TRUE(bool(R)) << toString(R.takeError());
  ASSERT_EQ(R->size(), 2u);
  EXPECT_TRUE(R->front().Symbols.empty());
  auto Nothing = parseResolution("");
  ASSERT_TRUE(bool(Nothing)) << toString(Nothing.takeError());
  EXPECT_TRUE(Nothing->empty());
}

TEST(Resolution, FlagsAreNeeded) {
  auto R = parseResolution("a.o\n-r=a.o,f\n");
  ASSERT_FALSE(bool(R));
  EXPECT_NE(toString(R.takeError()).find("[bad-input]"), std::string::npos);
}
