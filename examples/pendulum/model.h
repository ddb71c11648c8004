//===- model.h - The pendulum and its parameters --------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A damped, driven pendulum: theta'' = -k sin(theta) - c w - d w |w| +
// a T(t - lag), with w = theta'. T is a torque that was measured (drive.h); the
// rest is to be found from observations of theta.
//
//===----------------------------------------------------------------------===//

#ifndef PENDULUM_MODEL_H
#define PENDULUM_MODEL_H

struct Parameters {
  double Stiffness; ///< k, gravity over length
  double Damping;   ///< c, linear in the speed
  double Drag;      ///< d, quadratic in the speed
  double Drive;     ///< a, strength of the torque
  double Lag;       ///< how late the clock of the torque meter is
  double Angle;     ///< theta(0)
  double Speed;     ///< w(0)
};

struct State {
  double Angle;
  double Speed;
};

/// The time derivative of the state, as a function object for the integrator.
struct Pendulum {
  const Parameters *P;

  void operator()(double Time, const State *S, State *Derivative) const;
};

/// How often a Pendulum was evaluated since the program started.
long evaluations();

#endif // PENDULUM_MODEL_H
