//===- model.cpp - Forces on the pendulum ---------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "model.h"
#include "drive.h"
#include <cmath>

// A mutable static: the primal counts, and so does the derivative's copy of it,
// in another module; there must be one counter all the same.
static long Evaluations = 0;

long evaluations() { return Evaluations; }

static double friction(const Parameters *P, double Speed) {
  return P->Damping * Speed + P->Drag * Speed * std::fabs(Speed);
}

void Pendulum::operator()(double Time, const State *S,
                          State *Derivative) const {
  ++Evaluations;
  Derivative->Angle = S->Speed;
  Derivative->Speed = -P->Stiffness * std::sin(S->Angle) -
                      friction(P, S->Speed) +
                      P->Drive * driveTorque(Time - P->Lag);
}
