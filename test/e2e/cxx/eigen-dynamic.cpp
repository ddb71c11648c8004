// Eigen, matrices of sizes that are known at run time only: LU with pivots, LDLT,
// and operations on parts.
// RUN: %check %s %t --skip=-O0 --skip=valgrind --skip=sanitize
// RUN: %check %s %t -g --skip=-O1 --skip=-O3 --skip=valgrind \
// RUN:   --skip=sanitize
// REQUIRES: eigen

#include "../Inputs/check.h"
#define EIGEN_NO_DEBUG
#include <eigen3/Eigen/Dense>

using namespace Eigen;

static MatrixXd matrix(const double *x, int n) {
  MatrixXd a(n, n);
  for (int i = 0; i < n; ++i)
    for (int k = 0; k < n; ++k)
      a(i, k) = x[i] * x[k] + 3 * (i == k) + 0.5 * (i > k);
  return a;
}
static VectorXd vector(const double *x, int n) { return Map<const VectorXd>(x, n); }

void lu(const double *x, double *y) {
  Map<VectorXd>(y, 3) = matrix(x, 3).partialPivLu().solve(vector(x, 3));
}
MAP(lu, 3, 3)

double ldlt(const double *x) {
  MatrixXd a = matrix(x, 3), s = a + a.transpose();
  return s.ldlt().solve(vector(x, 3)).norm();
}
FUNCTIONAL(ldlt, 3)

double parts(const double *x) {
  MatrixXd a = matrix(x, 4);
  a.row(1) *= 2;
  a.col(2).swap(a.col(0));
  a.bottomRows(2).array() += a.topRows(2).array().sin();
  VectorXd v = a.colwise().sum();
  v.conservativeResize(5);
  v(4) = a.mean();
  return v.squaredNorm() + a.lpNorm<1>() + a.maxCoeff();
}
FUNCTIONAL(parts, 4)
