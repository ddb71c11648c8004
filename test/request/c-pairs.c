// A struct or a complex number by value that the calling convention passes in two
// parameters: a request lists both halves, and then those of each shadow. Debug
// information tells them from two parameters.
// RUN: %clang -O0 -g -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O2 -g -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clangxx -O1 -g -x c++ -fpass-plugin=%plugin %s -o %t && %t
// RUN: not %clang -O1 -g -DBATCH -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=BATCH %s
// RUN: not %clang -O1 -g -DBY_REFERENCE -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=BY-REFERENCE %s
// RUN: not %clang -O1 -g -DNO_SHADOW -c -fpass-plugin=%plugin %s -o %t.o 2>&1 | FileCheck --check-prefix=NO-SHADOW %s
// BATCH: error: 'f' takes a struct in two parameters, which '__enzyme_batch' does not support yet [unsupported-request]
// BY-REFERENCE: error: 'enzyme_byref' is given for a struct that 'f' takes by value in two parameters [unsupported-request]
// NO-SHADOW: error: too few arguments: the request ends, or has a marker, before all halves of parameters 1 and 2 of 'f' and of their shadows, which are one struct [wrong-argument-count]

#define EXPECT(x, y)                                                           \
  if ((x) != (y))                                                              \
  return __LINE__

typedef struct { double a, b; } Two;
typedef struct { float a; double b; } Mixed;
typedef struct { double *p; long n; } Slice;
typedef struct { long n; double x; } Counted;
typedef struct { float a, b, c; } Three;
typedef struct { double a; } One;
typedef struct { double d[2]; } Lanes;

extern int enzyme_dup, enzyme_const, enzyme_out, enzyme_width, enzyme_interleave,
    enzyme_byref, enzyme_vector;
#ifdef __cplusplus
extern "C" {
#endif
double __enzyme_fwddiff(void *, ...);
Lanes __enzyme_fwddiff2(void *, ...);
double __enzyme_autodiff(void *, ...);
Two __enzyme_autodiff_two(void *, ...);
Lanes __enzyme_batch(void *, ...);
#ifdef __cplusplus
}
#endif

static double f(Two x) { return x.a * x.a * x.b; }
static double g(double y, const Two x, int n) { return x.a * x.a * x.b * y * n; }
static double mixed(Mixed x, double y) { return x.a * x.b * y; }
static double slice(Slice s) { double sum = 0; for (long i = 0; i < s.n; ++i) sum += s.p[i] * s.p[i]; return sum; }
static double counted(Counted c) { return c.x * c.x * c.n; }
static double three(Three t) { return t.a * t.b * t.c; }
static double ones(One x, One y) { return x.a * x.a * y.a; }
static double complexes(double _Complex z, double y) { return __real__ z * __real__ z * __imag__ z * y; }

int main(void) {
  Two x = {2, 3}, dx = {10, 100}, ex = {1, 0};
#ifdef BATCH
  __enzyme_batch((void *)f, enzyme_width, 2, enzyme_vector, x, dx);
#elif defined(BY_REFERENCE)
  __enzyme_fwddiff((void *)f, enzyme_dup, enzyme_byref, 16, &x, dx);
#elif defined(NO_SHADOW)
  __enzyme_fwddiff((void *)f, enzyme_dup, x);
#else
  double slope = 2 * 2 * 3 * 10 + 4 * 100;
  EXPECT(__enzyme_fwddiff((void *)f, x, dx), slope);
  EXPECT(__enzyme_fwddiff((void *)f, enzyme_dup, x, dx), slope);
  EXPECT(__enzyme_fwddiff((void *)f, x, enzyme_interleave, dx), slope);
  Lanes l = __enzyme_fwddiff2((void *)f, enzyme_width, 2, x, dx, ex);
  EXPECT(l.d[0], slope);
  EXPECT(l.d[1], 12);
  l = __enzyme_fwddiff2((void *)f, enzyme_width, 2, x, enzyme_interleave, dx, ex);
  EXPECT(l.d[0], slope);
  EXPECT(l.d[1], 12);
  // Halves that the user takes apart.
  EXPECT(__enzyme_fwddiff((void *)f, enzyme_dup, x.a, dx.a, enzyme_dup, x.b, dx.b), slope);

  EXPECT(__enzyme_fwddiff((void *)g, 5.0, 1.0, x, dx, 7), 7 * (12 + 5 * slope));
  EXPECT(__enzyme_fwddiff((void *)g, enzyme_const, 5.0, enzyme_dup, x, dx, enzyme_const, 7), 35 * slope);
  EXPECT(__enzyme_fwddiff((void *)g, enzyme_dup, 5.0, 1.0, enzyme_const, x, 7), 7 * 12);
  EXPECT(__enzyme_autodiff((void *)g, 5.0, enzyme_const, x, 7), 7 * 12);
  Two r = __enzyme_autodiff_two((void *)f, x);
  EXPECT(r.a, 12);
  EXPECT(r.b, 4);

  Mixed m = {2, 3}, dm = {10, 100};
  EXPECT(__enzyme_fwddiff((void *)mixed, m, dm, 5.0, 0.0), 5 * (10 * 3 + 2 * 100));
  double v[3] = {1, 2, 3}, dv[3] = {1, 10, 100};
  Slice s = {v, 3}, ds = {dv, 3};
  EXPECT(__enzyme_fwddiff((void *)slice, s, ds), 2 + 40 + 600);
  double bar[3] = {0, 0, 0};
  Slice bars = {bar, 3};
  __enzyme_autodiff((void *)slice, enzyme_dup, s, bars);
  EXPECT(bar[2], 6);
  Counted c = {4, 3}, dc = {0, 1};
  EXPECT(__enzyme_fwddiff((void *)counted, c, dc), 24);
  EXPECT(__enzyme_fwddiff((void *)counted, enzyme_dup, c, dc), 24);
  Three t = {2, 3, 5}, dt = {1, 10, 100};
  EXPECT(__enzyme_fwddiff((void *)three, t, dt), 15 + 100 + 600);
  One o = {2}, p = {3}, po = {10}, pp = {100};
  EXPECT(__enzyme_fwddiff((void *)ones, o, po, p, pp), slope);
  double _Complex z, dz;
  __real__ z = 2, __imag__ z = 3, __real__ dz = 10, __imag__ dz = 100;
  EXPECT(__enzyme_fwddiff((void *)complexes, z, dz, 5.0, 1.0), 5 * slope + 12);
  EXPECT(__enzyme_fwddiff((void *)complexes, enzyme_dup, z, dz, enzyme_const, 5.0), 5 * slope);
#endif
  return 0;
}
