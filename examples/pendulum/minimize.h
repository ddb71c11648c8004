//===- minimize.h - A small quasi-Newton optimiser ------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PENDULUM_MINIMIZE_H
#define PENDULUM_MINIMIZE_H

#include <functional>
#include <vector>

/// Returns the value at a point and fills in the gradient.
using Objective = std::function<double(const std::vector<double> &Point,
                                       std::vector<double> &Gradient)>;

struct Minimum {
  std::vector<double> Point;
  double Value;
  double GradientNorm;
  int Iterations;
};

/// Minimises \p F from \p Start (BFGS with a backtracking line search) until
/// the gradient is shorter than \p Tolerance or no step lowers the value.
Minimum minimize(const Objective &F, std::vector<double> Start,
                 double Tolerance, int MaxIterations);

#endif // PENDULUM_MINIMIZE_H
