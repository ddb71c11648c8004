//===- minimize.cpp - A small quasi-Newton optimiser ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "minimize.h"
#include <cmath>

using Vector = std::vector<double>;

static double dot(const Vector &A, const Vector &B) {
  double Sum = 0;
  for (std::size_t I = 0; I < A.size(); ++I)
    Sum += A[I] * B[I];
  return Sum;
}

/// A + Factor * B.
static Vector along(const Vector &A, double Factor, const Vector &B) {
  Vector Result(A);
  for (std::size_t I = 0; I < A.size(); ++I)
    Result[I] += Factor * B[I];
  return Result;
}

namespace {

/// An estimate of the inverse of the second derivatives, improved with each
/// step.
class InverseHessian {
public:
  explicit InverseHessian(std::size_t N) : Rows(N, Vector(N)) { reset(1); }

  void reset(double Scale) {
    for (std::size_t I = 0; I < Rows.size(); ++I)
      for (std::size_t J = 0; J < Rows.size(); ++J)
        Rows[I][J] = I == J ? Scale : 0;
  }

  Vector times(const Vector &V) const {
    Vector Result;
    for (const Vector &Row : Rows)
      Result.push_back(dot(Row, V));
    return Result;
  }

  /// The gradient changed by \p Change when the point moved by \p Step.
  void update(const Vector &Step, const Vector &Change) {
    const double Curvature = dot(Step, Change);
    if (Curvature <= 0)
      return;
    if (First)
      reset(Curvature / dot(Change, Change));
    First = false;
    const Vector HC = times(Change);
    const double Factor = (1 + dot(Change, HC) / Curvature) / Curvature;
    for (std::size_t I = 0; I < Rows.size(); ++I)
      for (std::size_t J = 0; J < Rows.size(); ++J)
        Rows[I][J] += Factor * Step[I] * Step[J] -
                      (HC[I] * Step[J] + Step[I] * HC[J]) / Curvature;
  }

private:
  std::vector<Vector> Rows;
  bool First = true;
};

} // namespace

Minimum minimize(const Objective &F, Vector Start, double Tolerance,
                 int MaxIterations) {
  Vector Gradient(Start.size());
  Minimum Best{Start, F(Start, Gradient), 0, 0};
  InverseHessian H(Start.size());
  for (; Best.Iterations < MaxIterations; ++Best.Iterations) {
    const Vector Direction = H.times(Gradient);
    const double Slope = dot(Direction, Gradient);
    double Length = 1;
    Vector Next, NextGradient(Start.size());
    double Value;
    do {
      Next = along(Best.Point, -Length, Direction);
      Value = F(Next, NextGradient);
      Length *= 0.5;
    } while (!(Value <= Best.Value - 1e-4 * Length * Slope) && Length > 1e-12);
    if (!(Value < Best.Value))
      break;
    H.update(along(Next, -1, Best.Point), along(NextGradient, -1, Gradient));
    Best.Point = Next;
    Best.Value = Value;
    Gradient = NextGradient;
    if (std::sqrt(dot(Gradient, Gradient)) < Tolerance)
      break;
  }
  Best.GradientNorm = std::sqrt(dot(Gradient, Gradient));
  return Best;
}
