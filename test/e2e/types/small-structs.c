// Structs that fit into one or two registers: pairs of floats, three floats, an
// integer and two floats; as arguments, results, elements, and through conditions.
// RUN: %check %s %t

#define FLOATS .step = 1e-3, .tolerance = 1e-4, .precision = 1e-6
#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

typedef struct {
  float re, im;
} Complex;
typedef struct {
  float x, y, z;
} Vec3;
typedef struct {
  int sign;
  float magnitude, angle;
} Signed;

NOINLINE static Complex mul(Complex a, Complex b) {
  return (Complex){a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
}
double powers(const double *x) {
  Complex z = {x[0], x[1]}, w = {1, 0};
  for (int i = 0; i < 4; ++i) {
    w = mul(w, z);
    if (w.re > 0.7f)
      w.im += 0.5f * z.re;
  }
  return w.re * w.im;
}
FUNCTIONAL(powers, 2, FLOATS)

NOINLINE static Vec3 cross(Vec3 a, Vec3 b) {
  return (Vec3){a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
NOINLINE static float dot(Vec3 a, Vec3 b) { return a.x * b.x + a.y * b.y + a.z * b.z; }
void frames(const double *x, double *y) {
  Vec3 v[3], *p = v;
  for (int i = 0; i < 3; ++i)
    *p++ = (Vec3){x[3 * i], x[3 * i + 1], x[3 * i + 2]};
  Vec3 n = cross(v[0], v[1]), m = dot(n, v[2]) > 0 ? n : v[2];
  v[0] = cross(m, v[2]);
  y[0] = dot(v[0], n);
  y[1] = v[0].z + dot(m, m);
}
MAP(frames, 9, 2, FLOATS)

NOINLINE static Signed turned(Signed s, float by) {
  Signed r = {-s.sign, s.magnitude * by, s.angle + by};
  return r.angle > 2 ? r : s;
}
double turns(const double *x) {
  Signed s = {1, x[0], x[1]};
  for (int i = 0; i < 4; ++i)
    s = turned(s, x[2] * (i + 1) * 0.5f);
  return s.sign * s.magnitude * s.angle;
}
FUNCTIONAL(turns, 3, FLOATS)
