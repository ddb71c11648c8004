//===- drive.h - The measured torque --------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PENDULUM_DRIVE_H
#define PENDULUM_DRIVE_H

/// The torque at a time: a smooth curve through the measurements. It repeats.
double driveTorque(double Time);

#endif // PENDULUM_DRIVE_H
