//===- tableau.h - Coefficients of the Runge-Kutta method -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PENDULUM_TABLEAU_H
#define PENDULUM_TABLEAU_H

/// The Butcher tableau of an explicit method with N stages.
template <int N> struct Tableau {
  double Node[N];
  double Stage[N][N];
  double Weight[N];
};

extern const Tableau<4> ClassicalRungeKutta;

#endif // PENDULUM_TABLEAU_H
