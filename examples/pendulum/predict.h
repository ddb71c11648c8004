//===- predict.h - What the model says ------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef PENDULUM_PREDICT_H
#define PENDULUM_PREDICT_H

#include "model.h"
#include <vector>

/// The pendulum's angles at \p Times, which ascend.
std::vector<double> predict(const Parameters &P,
                            const std::vector<double> &Times);

#endif // PENDULUM_PREDICT_H
