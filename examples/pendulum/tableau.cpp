//===- tableau.cpp - Coefficients of the Runge-Kutta method ---------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "tableau.h"

const Tableau<4> ClassicalRungeKutta = {
    {0, 0.5, 0.5, 1},
    {{}, {0.5}, {0, 0.5}, {0, 0, 1}},
    {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6},
};
