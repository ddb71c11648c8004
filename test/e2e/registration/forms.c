// The forms that registered derivatives can have: several adjoints, in the
// types that the calling convention makes of a struct, a tape that is a struct
// by value or that is too large for registers, results in memory, pointers as
// results, several lanes. Every rule is three times the true derivative, so a
// derivative that ignores it is found out.
//
// RUN: %clang -O0 -Wall -Werror -fpass-plugin=%plugin %s -lm -o %t0 && %t0
// RUN: %clang -O1 -fpass-plugin=%plugin %s -lm -o %t1 && %t1
// RUN: %clang -O2 -fpass-plugin=%plugin %s -lm -o %t2 && %t2
// RUN: %clang -O3 -fpass-plugin=%plugin %s -lm -o %t3 && %t3
// RUN: %clang -O2 -fpass-plugin=%plugin -flto=thin --ld-path=%ld_linkgrad %s -lm -o %t4 && %t4
#include <math.h>
#include <stdio.h>

extern int enzyme_dup, enzyme_width, enzyme_const;
typedef struct {
  double d[2];
} Pair;
typedef struct {
  float x, y, z;
} Floats;
typedef struct {
  double a, b, c;
} Doubles;
double __enzyme_autodiff_d(void *, ...), __enzyme_fwddiff_d(void *, ...);
Pair __enzyme_autodiff_p(void *, ...), __enzyme_fwddiff_p(void *, ...);
Floats __enzyme_autodiff_f(void *, ...);
Doubles __enzyme_autodiff_s(void *, ...);

#define KEEP __attribute__((used)) static

static int bad;
static void check(const char *What, double Is, double Should) {
  if (fabs(Is - Should) <= 1e-6 * fabs(Should))
    return;
  printf("%s: %.17g, not %.17g\n", What, Is, Should);
  ++bad;
}

// Three floats: {<2 x float>, float} on this target. The tape is the arguments,
// by value.
static float product(float X, float Y, float Z) { return X * Y * Z; }
typedef struct {
  Floats Tape;
  float Result;
} ProductAugmented;
static ProductAugmented productAugment(float X, float Y, float Z) {
  return (ProductAugmented){{X, Y, Z}, X * Y * Z};
}
static Floats productGradient(float X, float Y, float Z, float D, Floats T) {
  D *= 3;
  return (Floats){T.y * T.z * D, T.x * T.z * D, T.x * T.y * D};
}
KEEP void *__enzyme_register_gradient_product[] = {
    (void *)product, (void *)productAugment, (void *)productGradient};
static float useProduct(float X, float Y, float Z) {
  return product(X, Y, Z) + product(Z, Y, X);
}

// Three doubles: everything that is returned goes through memory, and so does
// the tape as an argument. One lane after the other.
static double weigh(double A, double B, double C) { return A * B + C * C; }
typedef struct {
  Doubles Tape;
  double Result;
} WeighAugmented;
static WeighAugmented weighAugment(double A, double B, double C) {
  return (WeighAugmented){{A, B, C}, A * B + C * C};
}
static Doubles weighGradient(double A, double B, double C, double D,
                             Doubles T) {
  D *= 3;
  return (Doubles){T.b * D, T.a * D, 2 * T.c * D};
}
KEEP void *__enzyme_register_gradient_weigh[] = {
    (void *)weigh, (void *)weighAugment, (void *)weighGradient};
static double weighTangent(double A, double DA, double B, double DB, double C,
                           double DC) {
  return 3 * (DA * B + A * DB + 2 * C * DC);
}
KEEP void *__enzyme_register_derivative_weigh[] = {(void *)weigh,
                                                   (void *)weighTangent};
static double useWeigh(double A, double B, double C) {
  return weigh(A, B, C) * A;
}

// The tape alone: the function is called for its result, as it writes nowhere.
static double halve(double X, const double *By) { return X / *By; }
static void *halveAugment(double X, const double *By, double *DBy) {
  return (void *)By;
}
static double halveGradient(double X, const double *By, double *DBy, double D,
                            void *Tape) {
  const double *Divisor = Tape;
  *DBy -= 3 * D * X / (*Divisor * *Divisor);
  return 3 * D / *Divisor;
}
KEEP void *__enzyme_register_gradient_halve[] = {
    (void *)halve, (void *)halveAugment, (void *)halveGradient};

// A pointer as the result.
static double *element(double *A, int I) { return A + I; }
typedef struct {
  void *Tape;
  double *Result, *Shadow;
} ElementAugmented;
static ElementAugmented elementAugment(double *A, double *DA, int I) {
  return (ElementAugmented){0, A + I, DA + I};
}
static void elementGradient(double *A, double *DA, int I, void *Tape) {
  DA[I] *= 3;
}
KEEP void *__enzyme_register_gradient_element[] = {
    (void *)element, (void *)elementAugment, (void *)elementGradient};
static double useElement(double *A) {
  double V = *element(A, 1);
  return V * V;
}

// A constant array, whose shadow the rule ignores; called in a loop.
static void scatter(double *To, const int *Index, int N, double X) {
  for (int I = 0; I < N; ++I)
    To[Index[I]] += X * I;
}
static void *scatterAugment(double *To, double *DTo, const int *Index,
                            const int *DIndex, int N, double X) {
  scatter(To, Index, N, X);
  return 0;
}
static double scatterGradient(double *To, double *DTo, const int *Index,
                              const int *DIndex, int N, double X, void *Tape) {
  double D = 0;
  for (int I = 0; I < N; ++I)
    D += 3 * DTo[Index[I]] * I;
  return D;
}
KEEP void *__enzyme_register_gradient_scatter[] = {
    (void *)scatter, (void *)scatterAugment, (void *)scatterGradient};
static double useScatter(double X, const int *Index) {
  double To[3] = {0, 0, 0};
  for (int I = 0; I < 4; ++I)
    scatter(To, Index, 3, X);
  return To[0] + 2 * To[1] + 4 * To[2];
}

int main(void) {
  Floats F = __enzyme_autodiff_f((void *)useProduct, 2.0f, 3.0f, 5.0f);
  check("product x", F.x, 90), check("product y", F.y, 60);
  check("product z", F.z, 36);

  Doubles S = __enzyme_autodiff_s((void *)useWeigh, 2.0, 3.0, 5.0);
  check("weigh a", S.a, 3 * 3 * 2 + 31), check("weigh b", S.b, 3 * 2 * 2);
  check("weigh c", S.c, 3 * 10 * 2);
  check("weigh tangent",
        __enzyme_fwddiff_d((void *)useWeigh, 2.0, 1.0, 3.0, 10.0, 5.0, 100.0),
        3 * 3 * 2 + 31 + 3 * 2 * 2 * 10 + 3 * 10 * 2 * 100);
  Pair P = __enzyme_fwddiff_p((void *)useWeigh, enzyme_width, 2, 2.0, 1.0, 0.0,
                              3.0, 0.0, 1.0, 5.0, 0.0, 0.0);
  check("weigh lane 0", P.d[0], 3 * 3 * 2 + 31);
  check("weigh lane 1", P.d[1], 3 * 2 * 2);
  check("weigh b alone",
        __enzyme_autodiff_d((void *)useWeigh, enzyme_const, 2.0, 3.0,
                            enzyme_const, 5.0),
        3 * 2 * 2);
  P = __enzyme_autodiff_p((void *)useWeigh, enzyme_width, 2, enzyme_const, 2.0,
                          3.0, enzyme_const, 5.0);
  check("weigh, lanes", P.d[0] + P.d[1], 2 * 3 * 2 * 2);

  double By = 4, DBy = 0;
  check("halve", __enzyme_autodiff_d((void *)halve, 2.0, &By, &DBy), 0.75);
  check("halve by", DBy, -3 * 2.0 / 16);

  double A[2] = {5, 7}, DA[2] = {0, 0};
  __enzyme_autodiff_d((void *)useElement, A, DA);
  check("element 0", DA[0], 0), check("element 1", DA[1], 42);

  int Index[3] = {2, 0, 1};
  check("scatter",
        __enzyme_autodiff_d((void *)useScatter, 1.5, enzyme_const, Index),
        3 * 4 * (1 + 2 * 2));
  return bad;
}
