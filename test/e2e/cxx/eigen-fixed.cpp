// Eigen, matrices of fixed size: products, inverse, determinant, norms,
// expressions, small decompositions.
// RUN: %check %s %t --skip=-O0
// RUN: %check %s %t -g --skip=-O1 --skip=-O2 --skip=-O3 --skip=valgrind \
// RUN:   --skip=sanitize
// REQUIRES: eigen

#include "../Inputs/check.h"
#define EIGEN_NO_DEBUG
#include <eigen3/Eigen/Dense>

using namespace Eigen;

double products(const double *x) {
  Matrix2d a;
  a << x[0], x[1], x[2], x[3];
  Vector2d v(x[0], x[3]);
  return (a * v).dot(a.transpose() * v) + a.norm() + (a * a * a).trace();
}
FUNCTIONAL(products, 4)

double inverted(const double *x) {
  Matrix3d a;
  a << 4 + x[0], x[1], x[2], x[3], 5, 1, x[1], 2, 6;
  Matrix3d b = a.inverse();
  return b.trace() * a.determinant() + (b * Vector3d(x[0], x[1], x[2])).sum();
}
FUNCTIONAL(inverted, 4)

double rotated(const double *x) {
  Vector3d axis = Vector3d(x[0], x[1], x[2]).normalized();
  Matrix3d r = AngleAxisd(x[3], axis).toRotationMatrix();
  Quaterniond q(r);
  return (r * Vector3d(1, 2, 3)).cross(axis)(1) + q.w() * q.vec().dot(axis);
}
FUNCTIONAL(rotated, 4)

double blocks(const double *x) {
  Matrix4d a = Matrix4d::Identity();
  a.topLeftCorner<2, 2>() << x[0], x[1], x[2], x[3];
  a.block<2, 2>(2, 0) = a.topLeftCorner<2, 2>() * x[0];
  a.col(3) += a.col(0) * x[1];
  return a.squaredNorm() + a.row(2).dot(a.col(0)) + a.diagonal().prod();
}
FUNCTIONAL(blocks, 4)

void solve(const double *x, double *y) {
  Matrix3d a;
  a << 4, x[0], x[1], x[0], 5, x[2], x[1], x[2], 6;
  Map<Vector3d>(y, 3) = a.llt().solve(Vector3d(x[0], 1, x[1]));
}
MAP(solve, 3, 3)
