// Rotations: quaternions in double, float and long double, spherical interpolation,
// a rotation matrix and back, integration of a spinning body.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

#define QUATERNION(T, S)                                                                           \
  typedef struct {                                                                                 \
    T w, x, y, z;                                                                                  \
  } Q##S;                                                                                          \
  NOINLINE static Q##S mul##S(Q##S a, Q##S b) {                                                    \
    return (Q##S){a.w * b.w - a.x * b.x - a.y * b.y - a.z * b.z,                                   \
                  a.w * b.x + a.x * b.w + a.y * b.z - a.z * b.y,                                   \
                  a.w * b.y - a.x * b.z + a.y * b.w + a.z * b.x,                                   \
                  a.w * b.z + a.x * b.y - a.y * b.x + a.z * b.w};                                  \
  }                                                                                                \
  NOINLINE static Q##S unit##S(Q##S q) {                                                           \
    T n = 1 / sqrt##S(q.w * q.w + q.x * q.x + q.y * q.y + q.z * q.z);                              \
    return (Q##S){q.w * n, q.x * n, q.y * n, q.z * n};                                             \
  }                                                                                                \
  NOINLINE static Q##S between##S(Q##S a, Q##S b, T t) {                                           \
    T c = a.w * b.w + a.x * b.x + a.y * b.y + a.z * b.z;                                           \
    T angle = acos##S(c), s = sin##S(angle);                                                       \
    T u = sin##S((1 - t) * angle) / s, v = sin##S(t * angle) / s;                                  \
    return (Q##S){u * a.w + v * b.w, u * a.x + v * b.x, u * a.y + v * b.y, u * a.z + v * b.z};     \
  }                                                                                                \
  double turned##S(const double *x) {                                                              \
    Q##S a = unit##S((Q##S){x[0], x[1], x[2], x[3]});                                              \
    Q##S b = unit##S((Q##S){x[4], -x[5], x[6], x[7]});                                             \
    Q##S m = between##S(a, b, x[8] * (T)0.5), p = mul##S(mul##S(m, a), b);                         \
    return p.w * m.x + p.y * p.z + p.x;                                                            \
  }
QUATERNION(double, )
QUATERNION(float, f)
QUATERNION(long double, l)
FUNCTIONAL(turned, 9, .tolerance = 1e-5)
FUNCTIONAL(turnedf, 9, .step = 1e-2, .tolerance = 1e-2, .precision = 1e-5)
FUNCTIONAL(turnedl, 9, .tolerance = 1e-5)

// Euler's equations and the attitude, by the midpoint rule.
void spinning(const double *x, double *y) {
  Q q = {1, 0, 0, 0};
  double w[3] = {x[0], x[1], x[2]}, inertia[3] = {x[3], x[4], x[5]}, h = 0.1;
  for (int t = 0; t < 4; ++t) {
    double half[3];
    for (int i = 0; i < 3; ++i) {
      int j = (i + 1) % 3, k = (i + 2) % 3;
      half[i] = w[i] + h / 2 * (inertia[j] - inertia[k]) / inertia[i] * w[j] * w[k];
    }
    for (int i = 0; i < 3; ++i) {
      int j = (i + 1) % 3, k = (i + 2) % 3;
      w[i] += h * (inertia[j] - inertia[k]) / inertia[i] * half[j] * half[k];
    }
    Q spin = {1, h / 2 * half[0], h / 2 * half[1], h / 2 * half[2]};
    q = unit(mul(q, spin));
  }
  memcpy(y, &q, sizeof q);
}
MAP(spinning, 6, 4)
