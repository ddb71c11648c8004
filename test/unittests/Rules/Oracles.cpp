//===- Oracles.cpp - What must hold for every row -------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Oracles.h"
#include "llvm/Support/raw_ostream.h"
#include <algorithm>
#include <cstring>
#include <limits>
#include <type_traits>

namespace linkgrad::test {

namespace {

template <class Fn> RealMap realMap(Fn F) {
  return [F](double g, double x, double y, double z, double r) {
    return Real(F(g, x, y, z, r)).V;
  };
}

template <class Fn> constexpr bool isZeroMap(Fn) {
  return std::is_same_v<std::invoke_result_t<Fn, Real, Real, Real, Real, Real>,
                        Zero>;
}

std::string describe(const RowUnderTest &Row, unsigned Arg, const Point &P) {
  std::string S;
  llvm::raw_string_ostream(S) << Row.Name << ", map " << Arg << " at (" << P[0]
                              << ", " << P[1] << ", " << P[2] << "): ";
  return S;
}

bool isSame(double A, double B) {
  return std::memcmp(&A, &B, sizeof A) == 0 || (std::isnan(A) && std::isnan(B));
}

} // namespace

std::vector<RowUnderTest> allRows() {
  std::vector<RowUnderTest> Rows;
  unsigned Index = 0;
  auto Add = [&](const char *Name, unsigned Arity, const char *Operands, auto X,
                 auto Y, auto Z) {
    RowUnderTest Row{Name,
                     Arity,
                     Operands,
                     {realMap(X), realMap(Y), realMap(Z)},
                     {isZeroMap(X), isZeroMap(Y), isZeroMap(Z)},
                     {}};
    const ScalarRule &Rule = ScalarRule::all()[Index++];
    for (unsigned Arg = 0; Arg != 3; ++Arg)
      Row.Needs[Arg] = Rule.needs(Arg);
    Rows.push_back(Row);
  };
#define ADD(ROW, ARITY, OPERANDS)                                              \
  Add(#ROW, ARITY, OPERANDS, Maps<Real>::ROW##Row::X, Maps<Real>::ROW##Row::Y, \
      Maps<Real>::ROW##Row::Z);
#define RULE1(ROW, X) ADD(ROW, 1, "f")
#define RULE1I(ROW, X) ADD(ROW, 1, "fi")
#define RULEI1(ROW, Y) ADD(ROW, 2, "if")
#define RULE2(ROW, X, Y) ADD(ROW, 2, "ff")
#define RULE3(ROW, X, Y, Z) ADD(ROW, 3, "fff")
#include "rules/ScalarRules.def"
#undef ADD
  return Rows;
}

RowUnderTest rowNamed(llvm::StringRef Name) {
  for (RowUnderTest &Row : allRows())
    if (Row.Name == Name)
      return Row;
  llvm::errs() << "no row named " << Name << '\n';
  std::abort();
}

bool isClose(double A, double B, double Tolerance) {
  if (std::isnan(A) || std::isnan(B))
    return std::isnan(A) && std::isnan(B);
  if (std::isinf(A) || std::isinf(B))
    return A == B;
  return std::fabs(A - B) <=
         Tolerance * std::max({1.0, std::fabs(A), std::fabs(B)});
}

/// Five-point central difference: an error of order h^4.
static double difference(const RowSamples &Samples, unsigned Arg, Point P) {
  constexpr double H = 1e-3;
  auto At = [&](double Steps) {
    Point Q = P;
    Q[Arg] += Steps * H;
    return Samples.at(Q);
  };
  return (At(-2) - 8 * At(-1) + 8 * At(1) - At(2)) / (12 * H);
}

std::string checkSlope(const RowUnderTest &Row, unsigned Arg,
                       const RowSamples &Samples) {
  for (const Point &P : Samples.Points) {
    double Expected = difference(Samples, Arg, P);
    double Slope = Row.map(Arg, 1, P, Samples.at(P));
    if (!isClose(Slope, Expected, 1e-8))
      return describe(Row, Arg, P) + std::to_string(Slope) +
             ", but the difference quotient is " + std::to_string(Expected);
  }
  return "";
}

std::string checkLinear(const RowUnderTest &Row, unsigned Arg,
                        const RowSamples &Samples) {
  for (const Point &P : Samples.Points) {
    double R = Samples.at(P);
    auto Map = [&](double G) { return Row.map(Arg, G, P, R); };
    if (!isClose(Map(3 * 1.25 - 5 * 0.75), 3 * Map(1.25) - 5 * Map(0.75),
                 1e-13) ||
        Map(0) != 0 || !isClose(Map(-2), -2 * Map(1), 1e-13))
      return describe(Row, Arg, P) + "not linear in g";
  }
  return "";
}

/// True if replacing primal value \p Ref by another changes the map somewhere.
static bool depends(const RowUnderTest &Row, unsigned Arg,
                    const RowSamples &Samples, unsigned Ref) {
  bool IsInteger = Ref < Row.Operands.size() && Row.Operands[Ref] == 'i';
  std::vector<double> Others = {-2, -1, 0, 1, 3};
  if (!IsInteger)
    Others.insert(Others.end(),
                  {0.375, -1e3, std::numeric_limits<double>::quiet_NaN()});
  for (const Point &P : Samples.Points) {
    double R = Samples.at(P);
    for (double Other : Others) {
      Point Q = P;
      double S = R;
      (Ref == PrimalR ? S : Q[Ref]) = Other;
      if (!isSame(Row.map(Arg, 1, P, R), Row.map(Arg, 1, Q, S)))
        return true;
    }
  }
  return false;
}

std::string checkNeeds(const RowUnderTest &Row, unsigned Arg,
                       const RowSamples &Samples) {
  for (unsigned Ref : {PrimalX, PrimalY, PrimalZ, PrimalR}) {
    bool Named = Row.Needs[Arg] & (1u << Ref);
    bool Depends = depends(Row, Arg, Samples, Ref);
    if (Named != Depends)
      return Row.Name + ", map " + std::to_string(Arg) + ": " + "xyzr"[Ref] +
             (Named ? " is named but not read" : " is read but not named");
  }
  return "";
}

std::string checkZeroStaysZero(const RowUnderTest &Row, unsigned Arg,
                               const RowSamples &Samples) {
  const double Edges[] = {-2, -1, -0.5, -0.0, 0, 0.5, 1, 2};
  for (double X : Edges)
    for (double Y : Edges) {
      Point P = {X, Y, 0.5};
      for (unsigned I = 0; I != Row.Operands.size(); ++I)
        if (Row.Operands[I] == 'i')
          P[I] = std::rint(P[I]);
      double R = Samples.at(P);
      if (!std::isfinite(R))
        continue;
      if (double D = Row.map(Arg, 0, P, R); D != 0)
        return describe(Row, Arg, P) + std::to_string(D) + " for g = 0";
    }
  return "";
}

} // namespace linkgrad::test
