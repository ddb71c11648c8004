// Eigen's kernels for matrices that are not small: products by packed blocks, and
// the inverse and Cholesky's decomposition, which are made of them.
// RUN: %check %s %t --skip=-O0 --skip=-O1 --skip=-O3 --skip=valgrind --skip=sanitize
// REQUIRES: eigen

#include "../Inputs/check.h"
#define EIGEN_NO_DEBUG
#include <eigen3/Eigen/Dense>

using namespace Eigen;

static int nine = 9;
void resizeTo(int n) { nine = n; }

double blocked(const double *x) {
  MatrixXd a(nine, nine);
  for (int i = 0; i < nine; ++i)
    for (int k = 0; k < nine; ++k)
      a(i, k) = x[i] * x[k] + 3 * (i == k) + 0.5 * (i > k);
  MatrixXd s = a * a.transpose();
  return (a.inverse() * s.llt().solve(a)).norm();
}
FUNCTIONAL(blocked, 9)
