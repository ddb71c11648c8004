// Structs by value and results in every form of the x86-64 calling convention,
// compared with closed forms.
// RUN: %clangxx -O0 -std=c++17 -fpass-plugin=%plugin %s -o %t0 && %t0
// RUN: %clangxx -O2 -std=c++17 -fpass-plugin=%plugin %s -o %t2 && %t2

#include <cmath>
#include <cstdio>

extern int enzyme_dup, enzyme_const, enzyme_out, enzyme_width;
extern int enzyme_primal_return, enzyme_dupv, enzyme_interleave, enzyme_byref;

template <class Result, class... T> Result __enzyme_autodiff(void *, T...);
template <class Result, class... T> Result __enzyme_fwddiff(void *, T...);

struct F2 { float a, b; };
struct F3 { float a, b, c; };
struct Mixed { float a, b; double c; float d; };
struct D2 { double a, b; };
struct V { double x, y, z; };
struct VV { V primal, tangent; };

static int Failures = 0;
static void expect(int Line, double Is, double Should) {
  if (std::fabs(Is - Should) <= 1e-6 * std::fmax(1, std::fabs(Should)))
    return;
  std::printf("line %d: %.9g instead of %.9g\n", Line, Is, Should);
  ++Failures;
}
#define EXPECT(Is, Should) expect(__LINE__, Is, Should)

static float product2(float x, float y) { return x * y; }
static float product3(float x, float y, float z) { return x * y * z; }
static double mixed(float x, float y, double z, float w) { return x * y * z * w; }
static double axpy(double x, const double *p) { return x * p[0] + p[1]; }
static V spread(double k) { return {k, k * k, k * k * k}; }
static V scale(V v, double s) { return {v.x * s, v.y * s, v.z * s * s}; }
static double norm2(V v) { return v.x * v.x + v.y * v.y + v.z * v.z; }
static F2 both(float x) { return {x * x, 3 * x}; }
static double mayThrow(double x) {
  if (x < 0)
    throw 1;
  return x * x;
}

static void reverseResults() {
  F2 G2 = __enzyme_autodiff<F2>((void *)product2, 2.0f, 3.0f);
  EXPECT(G2.a, 3), EXPECT(G2.b, 2);
  F3 G3 = __enzyme_autodiff<F3>((void *)product3, 2.0f, 3.0f, 5.0f);
  EXPECT(G3.a, 15), EXPECT(G3.b, 10), EXPECT(G3.c, 6);
  F3 P2 = __enzyme_autodiff<F3>((void *)product2, enzyme_primal_return, 2.0f, 3.0f);
  EXPECT(P2.a, 6), EXPECT(P2.b, 3), EXPECT(P2.c, 2);
  Mixed M = __enzyme_autodiff<Mixed>((void *)mixed, 2.0f, 3.0f, 5.0, 7.0f);
  EXPECT(M.a, 105), EXPECT(M.b, 70), EXPECT(M.c, 42), EXPECT(M.d, 30);
  EXPECT(__enzyme_autodiff<float>((void *)product2, 2.0f, 3.0f), 3);
}

static void reverseStructs() {
  V Adjoint = {1, 10, 100};
  EXPECT(__enzyme_autodiff<double>((void *)spread, &Adjoint, 2.0), 1 + 40 + 1200);
  V v = {1, 2, 3}, dv = {0, 0, 0};
  __enzyme_autodiff<void>((void *)norm2, enzyme_dup, &v, &dv);
  EXPECT(dv.x, 2), EXPECT(dv.y, 4), EXPECT(dv.z, 6);
  EXPECT(v.x, 1), EXPECT(v.y, 2), EXPECT(v.z, 3);
}

static void forwardStructs() {
  V T = __enzyme_fwddiff<V>((void *)spread, enzyme_dup, 2.0, 1.0);
  EXPECT(T.x, 1), EXPECT(T.y, 4), EXPECT(T.z, 12);
  VV Two = __enzyme_fwddiff<VV>((void *)spread, enzyme_primal_return, enzyme_dup, 2.0, 1.0);
  EXPECT(Two.primal.z, 8), EXPECT(Two.tangent.z, 12);
  V v = {1, 2, 3}, dv = {10, 20, 30};
  T = __enzyme_fwddiff<V>((void *)scale, enzyme_dup, v, dv, enzyme_dup, 2.0, 1.0);
  EXPECT(T.x, 20 + 1), EXPECT(T.y, 40 + 2), EXPECT(T.z, 30 * 4 + 3 * 4);
  EXPECT(dv.x, 10), EXPECT(v.x, 1);
  F2 B = __enzyme_fwddiff<F2>((void *)both, enzyme_dup, 5.0f, 1.0f);
  EXPECT(B.a, 10), EXPECT(B.b, 3);
  EXPECT(__enzyme_fwddiff<double>((void *)norm2, enzyme_dup, v, dv), 2 * (10 + 40 + 90));
}

static void otherOperands() {
  double p[2] = {3, 4}, dp[4] = {1, 0, 0, 1};
  D2 L = __enzyme_fwddiff<D2>((void *)axpy, enzyme_width, 2, enzyme_const, 2.0,
                              enzyme_dupv, sizeof(double) * 2, p, dp);
  EXPECT(L.a, 2), EXPECT(L.b, 1);
  EXPECT(__enzyme_fwddiff<double>((void *)axpy, enzyme_dup, 2.0, enzyme_dup, p,
                                  enzyme_interleave, 1.0, dp), 3 + 2);
  double x = 2;
  EXPECT(__enzyme_autodiff<double>((void *)axpy, enzyme_byref, 8, &x, enzyme_const, p), 3);
}

static void throwing() {
  EXPECT(__enzyme_autodiff<double>((void *)mayThrow, 3.0), 6);
  try {
    EXPECT(__enzyme_fwddiff<double>((void *)mayThrow, 3.0, 1.0), 6);
    __enzyme_fwddiff<double>((void *)mayThrow, -1.0, 1.0);
    EXPECT(0, 1); // Not reached.
  } catch (int) {
  }
}

int main() {
  reverseResults();
  reverseStructs();
  forwardStructs();
  otherOperands();
  throwing();
  return Failures != 0;
}
