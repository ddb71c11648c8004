// Eigen's own vector functions: exp and log by polynomials and the bits of floats,
// roots, minima and maxima, on arrays of sizes that nobody knows; and norms.
// RUN: %check %s %t --skip=-O1 --skip=-O3 --skip=valgrind --skip=sanitize
// RUN: %if haswell %{ %check %s %t -mavx2 -mfma --skip=-O0 --skip=-O1 --skip=-O3 \
// RUN:   --skip=valgrind --skip=sanitize %}
// REQUIRES: eigen

#include "../Inputs/check.h"
#define EIGEN_NO_DEBUG
#include <eigen3/Eigen/Dense>

using namespace Eigen;

static int nine = 9;
void resizeTo(int n) { nine = n; }

void functions(const double *x, double *y) {
  ArrayXd v = Map<const ArrayXd>(x, nine);
  ArrayXd w = v.exp() * v.log() + v.sqrt() - v.rsqrt() + v.min(1 / v).cube();
  Map<ArrayXd>(y, nine) = w + (v - 1).abs() * v.logistic();
  y[0] += v.matrix().stableNorm() + v.matrix().lpNorm<3>() + v.prod();
}
MAP(functions, 9, 9)
