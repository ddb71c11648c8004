//===- TypeTreeTest.cpp - Type strings and what is done with them ---------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/TypeTree.h"
#include "support/Diagnostics.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Type.h"
#include "gtest/gtest.h"

using namespace llvm;
using namespace linkgrad;

namespace {

class TypeTreeTest : public testing::Test {
protected:
  TypeTree parse(StringRef Text) {
    auto T = TypeTree::parse(Text, C);
    if (T)
      return *T;
    ADD_FAILURE() << toString(T.takeError());
    return {};
  }
  std::string error(StringRef Text) {
    auto T = TypeTree::parse(Text, C);
    return T ? "parsed" : toString(T.takeError());
  }

  LLVMContext C;
  DataLayout DL{"e-i64:64"};
  ConcreteType Double{ConcreteType::Float, Type::getDoubleTy(C)};
  ConcreteType Single{ConcreteType::Float, Type::getFloatTy(C)};
  ConcreteType Integer{ConcreteType::Integer};
  ConcreteType Pointer{ConcreteType::Pointer};
  ConcreteType Anything{ConcreteType::Anything};
};

TEST_F(TypeTreeTest, StringsRoundTrip) {
  for (StringRef Text : {
           "{}",
           "{[]:Integer}",
           "{[-1]:Float@double}",
           "{[-1]:Pointer, [-1,0]:Float@double, [-1,8]:Integer}",
           "{[-1]:Pointer, [-1,-1]:Pointer, [-1,-1,0]:Float@float}",
           "{[0]:Float@half, [2]:Float@bf16, [4]:Float@float}",
           "{[0]:Float@fp80, [16]:Float@fp128, [32]:Float@ppc128}",
           "{[0]:Anything, [8]:Integer, [80]:Pointer, [80,16]:Integer}",
       })
    EXPECT_EQ(parse(Text).str(), Text);
}

TEST_F(TypeTreeTest, StringsAreSortedByPath) {
  EXPECT_EQ(
      parse(" {[10]:Integer,[0,8]:Integer, [2]:Integer, [0]:Pointer } ").str(),
      "{[0]:Pointer, [0,8]:Integer, [2]:Integer, [10]:Integer}");
}

TEST_F(TypeTreeTest, MalformedStringsAreErrors) {
  for (StringRef Text :
       {"", "{", "[-1]:Integer", "{[-1]}", "{[-1]:Double}", "{[-1]:Float@}",
        "{[-1]:Float@quad}", "{[-1:Integer}", "{[x]:Integer}", "{[-2]:Integer}",
        "{[1,]:Integer}", "{[-1]:Integer,}", "{[-1]:Integer} x",
        "{[99999999999999999999]:Integer}", "{[-1]:Integer [0]:Pointer}"})
    EXPECT_NE(error(Text).find("[bad-marker]"), std::string::npos)
        << Text.str() << ": " << error(Text);
}

TEST_F(TypeTreeTest, MergeJoins) {
  TypeTree A = parse("{[0]:Float@double}"), B = parse("{[8]:Integer}");
  EXPECT_TRUE(A.merge(B));
  EXPECT_FALSE(A.merge(B));
  EXPECT_EQ(A.str(), "{[0]:Float@double, [8]:Integer}");
}

TEST_F(TypeTreeTest, AnythingJoinsWithAll) {
  TypeTree A;
  EXPECT_TRUE(A.insert({0}, Anything));
  EXPECT_TRUE(A.insert({0}, Double));
  EXPECT_FALSE(A.insert({0}, Anything));
  EXPECT_EQ(A.str(), "{[0]:Float@double}");
  EXPECT_FALSE(A.hasConflict());
}

TEST_F(TypeTreeTest, ConflictsStayUnknown) {
  for (ConcreteType Other : {Single, Integer, Pointer}) {
    TypeTree A;
    A.insert({8}, Double);
    EXPECT_TRUE(A.insert({8}, Other));
    EXPECT_TRUE(A.hasConflict());
    EXPECT_EQ(A.at({8}).K, ConcreteType::Unknown);
    // No later fact resurrects it.
    EXPECT_FALSE(A.insert({8}, Double));
    EXPECT_EQ(A.at({8}).K, ConcreteType::Unknown);
    TypeTree B;
    EXPECT_TRUE(B.merge(A));
    EXPECT_TRUE(B.hasConflict());
  }
}

TEST_F(TypeTreeTest, EveryOffsetCoversEach) {
  TypeTree A = parse("{[-1]:Pointer, [-1,-1]:Float@double}");
  EXPECT_EQ(A.at({8, 16}), Double);
  EXPECT_FALSE(A.insert({8, 16}, Double));
  // The exception is remembered, the rest stays.
  EXPECT_TRUE(A.insert({-1, 16}, Integer));
  EXPECT_EQ(A.at({-1, 16}).K, ConcreteType::Unknown);
  EXPECT_EQ(A.at({-1, 8}), Double);
  // What is said of every offset swallows what was said of some.
  TypeTree B = parse("{[0]:Integer, [4]:Integer}");
  B.insert({-1}, Integer);
  EXPECT_EQ(B.str(), "{[-1]:Integer}");
}

TEST_F(TypeTreeTest, OnlyAndData0) {
  TypeTree A = parse("{[]:Pointer, [0]:Float@double}").only(-1);
  EXPECT_EQ(A.str(), "{[-1]:Pointer, [-1,0]:Float@double}");
  EXPECT_EQ(A.data0().str(), "{[]:Pointer, [0]:Float@double}");
  EXPECT_EQ(parse("{[0]:Integer, [8]:Pointer, [8,0]:Integer}").data0().str(),
            "{[]:Integer}");
}

TEST_F(TypeTreeTest, DepthIsBounded) {
  TypeTree A(Double);
  for (unsigned I = 0; I < TypeTree::MaxDepth; ++I)
    A = A.only(-1);
  EXPECT_EQ(A.str(), "{[-1,-1,-1,-1,-1,-1]:Float@double}");
  EXPECT_TRUE(A.only(0).empty());
  EXPECT_FALSE(A.insert({0, 0, 0, 0, 0, 0, 0}, Double));
}

TEST_F(TypeTreeTest, ShiftIndices) {
  TypeTree A = parse("{[0]:Float@double, [8]:Integer, [16]:Pointer}");
  EXPECT_EQ(A.shiftIndices(DL, 8, -1, 0).str(), "{[0]:Integer, [8]:Pointer}");
  EXPECT_EQ(A.shiftIndices(DL, 8, 8, 0).str(), "{[0]:Integer}");
  EXPECT_EQ(A.shiftIndices(DL, 0, 16, 32).str(),
            "{[32]:Float@double, [40]:Integer}");
}

TEST_F(TypeTreeTest, ShiftIndicesOfEveryOffset) {
  TypeTree A = parse("{[-1]:Float@float}");
  EXPECT_EQ(A.shiftIndices(DL, 8, -1, 0).str(), "{[-1]:Float@float}");
  EXPECT_EQ(A.shiftIndices(DL, 0, 8, 4).str(),
            "{[4]:Float@float, [8]:Float@float}");
  // The range starts in the middle of an element.
  EXPECT_EQ(A.shiftIndices(DL, 2, 8, 0).str(),
            "{[2]:Float@float, [6]:Float@float}");
  EXPECT_EQ(A.shiftIndices(DL, 0, -1, 16).str(), "{[16]:Float@float}");
  EXPECT_EQ(parse("{[]:Pointer}").shiftIndices(DL, 8, 8, 8).str(),
            "{[]:Pointer}");
}

TEST_F(TypeTreeTest, SizeIsBounded) {
  TypeTree A = parse("{[-1]:Integer}").shiftIndices(DL, 0, 1 << 20, 0);
  EXPECT_LE(A.entries().size(), TypeTree::MaxEntries);
  TypeTree B;
  for (int64_t I = 0; I < 4096; ++I)
    B.insert({8 * I}, Double);
  EXPECT_EQ(B.entries().size(), TypeTree::MaxEntries);
  // What does not fit is unknown, not wrong.
  EXPECT_EQ(B.at({8 * 4000}).K, ConcreteType::Unknown);
}

} // namespace
