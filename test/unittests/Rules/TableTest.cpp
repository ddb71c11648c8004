//===- TableTest.cpp - The rule tester, without a compiler ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Oracles.h"
#include "gtest/gtest.h"
#include <limits>
#include <set>

using namespace linkgrad;
using namespace linkgrad::test;

namespace {

using Oracle = std::string (*)(const RowUnderTest &, unsigned,
                               const RowSamples &);

/// Applies \p Check to every map of every row.
void checkAll(Oracle Check) {
  for (const RowUnderTest &Row : allRows()) {
    auto Samples = allSamples().find(Row.Name);
    if (Samples == allSamples().end())
      continue; // EveryRowHasSamples fails.
    for (unsigned Arg = 0; Arg != Row.Arity; ++Arg)
      if (Row.Operands[Arg] == 'f')
        EXPECT_EQ(Check(Row, Arg, Samples->second), "");
  }
}

TEST(RuleTable, EveryRowHasSamples) {
  std::set<std::string> Rows, Sampled;
  for (const ScalarRule &Rule : ScalarRule::all())
    Rows.insert(Rule.name().str());
  EXPECT_EQ(Rows.size(), ScalarRule::all().size()) << "a name occurs twice";
  for (const auto &[Name, Samples] : allSamples()) {
    Sampled.insert(Name);
    EXPECT_FALSE(Samples.Points.empty()) << Name;
  }
  EXPECT_EQ(Rows, Sampled);
}

TEST(RuleTable, TheAlgebrasAgreeOnTheShape) {
  for (auto [Row, Rule] : llvm::zip_equal(allRows(), ScalarRule::all())) {
    EXPECT_EQ(Row.Name, Rule.name());
    EXPECT_EQ(Row.Arity, Rule.arity());
    for (unsigned Arg = 0; Arg != 3; ++Arg)
      EXPECT_EQ(Row.IsZero[Arg], Rule.isZero(Arg)) << Row.Name << ' ' << Arg;
  }
}

TEST(RuleTable, MapsAreTheSlopes) { checkAll(checkSlope); }
TEST(RuleTable, MapsAreLinear) { checkAll(checkLinear); }
TEST(RuleTable, NeedsAreExact) { checkAll(checkNeeds); }
TEST(RuleTable, ZeroStaysZeroAtTheEdges) { checkAll(checkZeroStaysZero); }

/// Replaces the first map of the row \p Name.
RowUnderTest wrongRow(const char *Name, RealMap Map) {
  RowUnderTest Row = rowNamed(Name);
  Row.Maps[0] = Map;
  return Row;
}

TEST(RuleTester, FindsAWrongSlope) {
  RowUnderTest Row = wrongRow("sin", [](double g, double x, double, double,
                                        double) { return -g * std::cos(x); });
  EXPECT_NE(checkSlope(Row, 0, allSamples().at("sin")), "");
}

TEST(RuleTester, FindsAWrongZero) {
  RowUnderTest Row = wrongRow(
      "exp", [](double, double, double, double, double) { return 0.0; });
  EXPECT_NE(checkSlope(Row, 0, allSamples().at("exp")), "");
}

TEST(RuleTester, FindsANonlinearMap) {
  for (RealMap Map : {RealMap([](double g, double x, double, double, double) {
                        return g * std::fabs(g) * std::cos(x);
                      }),
                      RealMap([](double g, double x, double, double, double) {
                        return std::cos(x) + 0 * g;
                      }),
                      RealMap([](double g, double x, double, double, double) {
                        return std::fabs(g) * std::cos(x);
                      })})
    EXPECT_NE(checkLinear(wrongRow("sin", Map), 0, allSamples().at("sin")), "");
}

TEST(RuleTester, FindsWrongNeeds) {
  RowUnderTest Row = rowNamed("tanh");
  Row.Needs[0] = 0;
  EXPECT_NE(checkNeeds(Row, 0, allSamples().at("tanh")), "");
  Row.Needs[0] = 1u << PrimalR | 1u << PrimalX;
  EXPECT_NE(checkNeeds(Row, 0, allSamples().at("tanh")), "");
}

TEST(RuleTester, FindsAnUnguardedEdge) {
  RowUnderTest Row = wrongRow("sqrt", [](double g, double, double, double,
                                         double r) { return g / (r + r); });
  EXPECT_NE(checkZeroStaysZero(Row, 0, allSamples().at("sqrt")), "");
}

//===-- The values that the rows promise at kinks -------------------------===//

double map(const char *Name, unsigned Arg, double G, Point P) {
  return rowNamed(Name).map(Arg, G, P, allSamples().at(Name).at(P));
}

constexpr double Infinity = std::numeric_limits<double>::infinity();
const double NaN = std::numeric_limits<double>::quiet_NaN();

TEST(RuleKinks, AbsTakesTheSideOfTheSign) {
  EXPECT_EQ(map("fabs", 0, 1, {0.0}), 1);
  EXPECT_EQ(map("fabs", 0, 1, {-0.0}), -1);
}

TEST(RuleKinks, TiesGoToTheFirstOperandOnly) {
  for (const char *Row : {"fmin", "fmax"}) {
    EXPECT_EQ(map(Row, 0, 1, {2, 2}), 1) << Row;
    EXPECT_EQ(map(Row, 1, 1, {2, 2}), 0) << Row;
  }
  EXPECT_EQ(map("fdim", 0, 1, {2, 2}), 0);
  EXPECT_EQ(map("fdim", 1, 1, {2, 2}), 0);
}

TEST(RuleKinks, MinAndMaxIgnoreNaN) {
  for (const char *Row : {"fmin", "fmax"}) {
    EXPECT_EQ(map(Row, 0, 1, {NaN, 2}), 0) << Row;
    EXPECT_EQ(map(Row, 1, 1, {NaN, 2}), 1) << Row;
    EXPECT_EQ(map(Row, 0, 1, {2, NaN}), 1) << Row;
    EXPECT_EQ(map(Row, 1, 1, {2, NaN}), 0) << Row;
  }
}

TEST(RuleKinks, InfiniteSlopesAreInfinite) {
  EXPECT_EQ(map("sqrt", 0, 1, {0}), Infinity);
  EXPECT_EQ(map("cbrt", 0, 1, {0}), Infinity);
  EXPECT_EQ(map("pow", 0, 1, {0, 0.5}), Infinity);
  EXPECT_EQ(map("asin", 0, 1, {1}), Infinity);
  EXPECT_EQ(map("acos", 0, 1, {1}), -Infinity);
  EXPECT_EQ(map("acosh", 0, 1, {1}), Infinity);
}

TEST(RuleKinks, PowersOfZero) {
  EXPECT_EQ(map("pow", 0, 1, {0, 0}), 0);
  EXPECT_EQ(map("pow", 0, 1, {0, 1}), 1);
  EXPECT_EQ(map("pow", 0, 1, {0, 2}), 0);
  EXPECT_EQ(map("pow", 0, 1, {-3, 2}), -6);
  EXPECT_EQ(map("pow", 1, 1, {0, 2}), 0);
  EXPECT_EQ(map("powi", 0, 1, {0, 0}), 0);
  EXPECT_EQ(map("powi", 0, 1, {0, 1}), 1);
}

TEST(RuleKinks, TheTipOfTheConeIsFlat) {
  EXPECT_EQ(map("hypot", 0, 1, {0, 0}), 0);
  EXPECT_EQ(map("hypot", 1, 1, {0, 0}), 0);
}

TEST(RuleKinks, BesselAtZero) { EXPECT_EQ(map("j1", 0, 1, {0}), 0.5); }

// Values of the digamma function in closed form.
TEST(RuleValues, Digamma) {
  constexpr double Gamma = 0.57721566490153286061, Ln2 = 0.69314718055994530942;
  EXPECT_NEAR(map("lgamma", 0, 1, {1}), -Gamma, 2e-15);
  EXPECT_NEAR(map("lgamma", 0, 1, {2}), 1 - Gamma, 2e-15);
  EXPECT_NEAR(map("lgamma", 0, 1, {0.5}), -Gamma - 2 * Ln2, 2e-15);
  EXPECT_NEAR(map("lgamma", 0, 1, {0.25}), -Gamma - M_PI / 2 - 3 * Ln2, 4e-15);
  EXPECT_NEAR(map("lgamma", 0, 1, {-0.5}), 2 - Gamma - 2 * Ln2, 2e-15);
  EXPECT_NEAR(map("lgamma", 0, 1, {-1000.5}), map("lgamma", 0, 1, {1001.5}),
              2e-14);
  EXPECT_NEAR(map("lgamma", 0, 1, {1e10}), 10 * std::log(10) - 0.5e-10, 1e-14);
  EXPECT_NEAR(map("tgamma", 0, 1, {5}), 24 * (25. / 12 - Gamma), 1e-13);
}

// What a select does not choose is evaluated all the same.
TEST(RuleKinks, UnchosenPolesContributeNothing) {
  EXPECT_EQ(map("FDiv", 0, 0, {1, 0}), 0);
  EXPECT_EQ(map("FDiv", 1, 0, {1, 0}), 0);
  EXPECT_EQ(map("log", 0, 0, {0}), 0);
  EXPECT_EQ(map("log", 0, 0, {-1}), 0);
  EXPECT_EQ(map("sqrt", 0, 0, {-1}), 0);
}

} // namespace
