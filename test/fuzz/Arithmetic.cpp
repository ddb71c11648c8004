//===- Arithmetic.cpp - Operations on dual numbers ------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Arithmetic.h"

using namespace linkgrad::fuzz;

/// Larger numbers than this are not compared with 1e-9.
static constexpr double MaxMagnitude = 1e4;

Slot Arithmetic::apply(const Expr &E, const std::vector<Slot> &X) {
  if (!E.Ty.isReal()) {
    int64_t I = integer(E, X);
    if (I < -1000000 || I > 1000000)
      Fail("large integer");
    return integerSlot(I);
  }
  Dual D = real(E, X);
  if (Noise != 0)
    D.V *= 1 + Noise * (2.0 * Random() / Random.max() - 1);
  if (E.Ty.K == Type::Float)
    D.V = float(D.V);
  if (!(D.magnitude() < MaxMagnitude))
    Fail("large number");
  return realSlot(D);
}

Dual Arithmetic::real(const Expr &E, const std::vector<Slot> &X) const {
  auto Tie = [&](const Dual &A, const Dual &B) {
    if (std::fabs(A.V - B.V) < Margin * (1 + std::fabs(A.V)) &&
        !(A.isConstant() && B.isConstant()))
      Fail("near a kink");
    return A.V < B.V;
  };
  switch (E.Code) {
  case Op::Constant:
    return E.Real;
  case Op::Convert:
    return X[0].K == Slot::Real ? X[0].D : Dual(double(X[0].I));
  case Op::Neg:
    return -X[0].D;
  case Op::Add:
    return X[0].D + X[1].D;
  case Op::Sub:
    return X[0].D - X[1].D;
  case Op::Mul:
    return X[0].D * X[1].D;
  case Op::Div:
    return X[0].D / X[1].D;
  case Op::Sqrt:
    return sqrt(X[0].D);
  case Op::Exp:
    return exp(X[0].D);
  case Op::Log:
    return log(X[0].D);
  case Op::Sin:
    return sin(X[0].D);
  case Op::Cos:
    return cos(X[0].D);
  case Op::Tanh:
    return tanh(X[0].D);
  case Op::Fabs:
    Tie(X[0].D, 0.0);
    return fabs(X[0].D);
  case Op::Pow:
    return pow(X[0].D, X[1].D);
  case Op::Fmin:
    return Tie(X[0].D, X[1].D) ? X[0].D : X[1].D;
  case Op::Fmax:
    return Tie(X[0].D, X[1].D) ? X[1].D : X[0].D;
  case Op::Fma: {
    Dual R = X[0].D * X[1].D + X[2].D;
    R.V = std::fma(X[0].D.V, X[1].D.V, X[2].D.V);
    return R;
  }
  default:
    Fail("not a real operation");
    return {};
  }
}

int64_t Arithmetic::integer(const Expr &E, const std::vector<Slot> &X) const {
  switch (E.Code) {
  case Op::Constant:
    return E.Integer;
  case Op::Convert:
    if (X[0].K == Slot::Integer)
      return X[0].I;
    if (std::fabs(X[0].D.V - std::round(X[0].D.V)) < Margin)
      Fail("near a jump");
    return int64_t(X[0].D.V);
  case Op::Neg:
    return -X[0].I;
  case Op::Add:
    return X[0].I + X[1].I;
  case Op::Sub:
    return X[0].I - X[1].I;
  case Op::Mul:
    return X[0].I * X[1].I;
  case Op::Wrap:
    return uint32_t(X[0].I) % uint32_t(E.Integer);
  case Op::Less:
    return less(X[0], X[1]);
  case Op::Greater:
    return less(X[1], X[0]);
  case Op::Not:
    return !X[0].I;
  default:
    Fail("not an integer operation");
    return 0;
  }
}

bool Arithmetic::less(const Slot &X, const Slot &Y) const {
  if (X.K == Slot::Integer)
    return X.I < Y.I;
  if (std::fabs(X.D.V - Y.D.V) < Margin * (1 + std::fabs(X.D.V)))
    Fail("near a jump");
  return X.D.V < Y.D.V;
}
