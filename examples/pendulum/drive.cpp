//===- drive.cpp - The measured torque ------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "drive.h"

namespace {

struct Sample {
  float Time;
  float Torque;
};

} // namespace

// One period. The instrument takes more samples where the torque changes fast.
static const Sample Samples[] = {
    {0.00f, 0.00f},  {0.30f, 0.42f},  {0.55f, 0.81f},  {0.80f, 1.05f},
    {1.10f, 1.12f},  {1.45f, 0.93f},  {1.75f, 0.60f},  {2.00f, 0.21f},
    {2.20f, -0.18f}, {2.45f, -0.66f}, {2.75f, -0.97f}, {3.10f, -1.10f},
    {3.50f, -0.98f}, {3.90f, -0.55f}, {4.20f, -0.20f}, {4.40f, 0.00f},
};
static const int Count = sizeof(Samples) / sizeof(Samples[0]);

/// The slope of the curve at sample \p I: that of the line through the
/// neighbours.
static double slopeAt(int I) {
  if (I == 0 || I == Count - 1) {
    const Sample &Before = Samples[Count - 2], &After = Samples[1];
    return (After.Torque - Before.Torque) /
           (After.Time + Samples[Count - 1].Time - Before.Time);
  }
  const Sample &Before = Samples[I - 1], &After = Samples[I + 1];
  return (After.Torque - Before.Torque) / (After.Time - Before.Time);
}

double driveTorque(double Time) {
  const double Period = Samples[Count - 1].Time;
  while (Time < 0)
    Time += Period;
  while (Time >= Period)
    Time -= Period;

  int Low = 0, High = Count - 1;
  while (High - Low > 1) {
    const int Middle = (Low + High) / 2;
    if (Samples[Middle].Time <= Time)
      Low = Middle;
    else
      High = Middle;
  }

  // The cubic with the samples' values and slopes at both ends.
  const double Width = Samples[High].Time - Samples[Low].Time;
  const double T = (Time - Samples[Low].Time) / Width;
  const double S = 1 - T;
  return S * S * (1 + 2 * T) * Samples[Low].Torque +
         T * T * (1 + 2 * S) * Samples[High].Torque +
         S * T * Width * (S * slopeAt(Low) - T * slopeAt(High));
}
