//===- loss.h - How well parameters explain the observations --------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PENDULUM_LOSS_H
#define PENDULUM_LOSS_H

#include "model.h"

struct Observations {
  const double *Times;  ///< ascending
  const double *Angles; ///< of the pendulum at these times
  int Count;
};

/// Half the sum of the squared differences between model and observations.
double loss(const Parameters *P, const Observations *Data);

/// The largest step in time that the integrator takes.
inline constexpr double MaxStep = 0.02;

#endif // PENDULUM_LOSS_H
