// Registrations in one module, with the plugin: effective before the inliner and
// other optimisations can look through calls of what is registered. The rules
// are not the true derivatives, so one that is ignored is found out.
//
// RUN: %clang -g -O0 -fpass-plugin=%plugin %s -lm -o %t0 && %t0
// RUN: %clang -g -O1 -fpass-plugin=%plugin %s -lm -o %t1 && %t1
// RUN: %clang -O2 -fpass-plugin=%plugin %s -lm -o %t2 && %t2
// RUN: %clang -O3 -fpass-plugin=%plugin %s -lm -o %t3 && %t3
// RUN: %clangxx -x c++ -O2 -fpass-plugin=%plugin %s -lm -o %t4 && %t4
//
// The plugin loaded at the compile is enough for what the linker does later.
// RUN: %clang -O2 -flto=thin -fpass-plugin=%plugin -c %s -o %t.thin.o
// RUN: %clang -flto=thin --ld-path=%ld_linkgrad %t.thin.o -lm -o %t5 && %t5
// RUN: %clang -O2 -flto -fpass-plugin=%plugin -c %s -o %t.full.o
// RUN: %clang -flto -fuse-ld=lld -Wl,--load-pass-plugin=%plugin %t.full.o -lm -o %t6 && %t6
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef __cplusplus
#define MAGIC extern "C"
#else
#define MAGIC
#endif
MAGIC double __enzyme_autodiff(void *, ...);
MAGIC double __enzyme_fwddiff(void *, ...);

static int bad;
static void check(const char *What, double Is, double Should) {
  if (fabs(Is - Should) <= 1e-12 * fabs(Should))
    return;
  printf("%s: %.17g, not %.17g\n", What, Is, Should);
  ++bad;
}

// By value. The tape is on the heap; the rule says twice the derivative.
static int augments, gradients, tangents;
static double cube(double X) { return X * X * X; }
typedef struct {
  double *Tape, Result;
} CubeAugmented;
static CubeAugmented cubeAugment(double X) {
  ++augments;
  double *Tape = (double *)malloc(sizeof(double));
  *Tape = 6 * X * X;
  CubeAugmented A = {Tape, X * X * X};
  return A;
}
static double cubeGradient(double X, double D, double *Tape) {
  ++gradients;
  double Slope = *Tape;
  free(Tape);
  return Slope * D;
}
#ifdef __cplusplus
namespace rules {
#endif
__attribute__((used)) static void *__enzyme_register_gradient_cube[] = {
    (void *)cube, (void *)cubeAugment, (void *)cubeGradient};
#ifdef __cplusplus
}
#endif
typedef struct {
  double Result, Tangent;
} CubeTangent;
static CubeTangent cubeTangent(double X, double DX) {
  ++tangents;
  CubeTangent T = {X * X * X, 6 * X * X * DX};
  return T;
}
__attribute__((used)) static void *__enzyme_register_derivative_cube[] = {
    (void *)cube, (void *)cubeTangent};
double useCube(double X) { return cube(X) * X + cube(2 * X); }

// Through memory.
void square(const double *From, double *To, int N) {
  for (int I = 0; I < N; ++I)
    To[I] = From[I] * From[I];
}
void *squareAugment(const double *From, double *DFrom, double *To, double *DTo,
                    int N) {
  square(From, To, N);
  return 0;
}
void squareGradient(const double *From, double *DFrom, double *To, double *DTo,
                    int N, void *Tape) {
  for (int I = 0; I < N; ++I) {
    DFrom[I] += 10 * From[I] * DTo[I];
    DTo[I] = 0;
  }
}
void *__enzyme_register_gradient_square[] = {
    (void *)square, (void *)squareAugment, (void *)squareGradient};
void squareTangent(const double *From, const double *DFrom, double *To,
                   double *DTo, int N) {
  for (int I = 0; I < N; ++I) {
    To[I] = From[I] * From[I];
    DTo[I] = 10 * From[I] * DFrom[I];
  }
}
void *__enzyme_register_derivative_square[] = {(void *)square,
                                               (void *)squareTangent};
double useSquare(const double *X, int N) {
  double Y[4], Sum = 0;
  square(X, Y, N);
  for (int I = 0; I < N; ++I)
    Sum += Y[I];
  return Sum;
}

// Inactive, in both ways; LLVM could foresee the second one's result.
double triple(double X) { return 3 * X; }
void *__enzyme_inactivefn_triple = (void *)triple;
__attribute__((annotate("enzyme_inactive"))) double stop(double X) { return X; }
double useInactive(double X) { return triple(X) * stop(X) * X; }

// A result that could be foreseen and an argument that is ignored.
static double scaleGradient(double X, double Factor) { return X; }
typedef struct {
  void *Tape;
  double Result;
} ScaleAugmented;
static ScaleAugmented scaleAugment(double X, double Factor) {
  ScaleAugmented A = {0, X};
  return A;
}
typedef struct {
  double X, Factor;
} ScaleGradient;
static ScaleGradient scaleReverse(double X, double Factor, double D, void *T) {
  ScaleGradient G = {Factor * D, 0};
  return G;
}
void *__enzyme_register_gradient_scale[] = {
    (void *)scaleGradient, (void *)scaleAugment, (void *)scaleReverse};
double useScale(double X) { return X * scaleGradient(X, 10); }

// Like a known function, though the body says otherwise.
double myLog(double X) { return log(1 + X) + 0 * X; }
void *__enzyme_function_like_myLog[] = {(void *)myLog, (void *)"log1p"};
double useLike(double X) { return myLog(X) * 2; }

// A global that is there for debugging.
static double last, history[2];
void *__enzyme_inactive_global_last = (void *)&last;
void *__enzyme_inactive_global_history = (void *)history;
double useGlobal(double X) {
  last = X;
  double Pair[2] = {X, 2 * X};
  memcpy(history, Pair, sizeof Pair);
  return X * X;
}

// An allocator that must not be given to free.
static char pool[1 << 12];
static size_t used;
static int live;
void *take(int Tag, size_t Bytes) {
  void *P = pool + used;
  memset(P, 0x7f, Bytes);
  used += (Bytes + 15) & ~(size_t)15;
  ++live;
  return P;
}
void give(void *P, int Tag) { --live; }
void *__enzyme_allocation_like_take[] = {(void *)take, (void *)1,
                                         (void *)"-1,0", (void *)give};
void *__enzyme_nofree_useSquare = (void *)useSquare;
double usePool(double X) {
  double *A = (double *)take(7, 3 * sizeof(double));
  A[0] = X;
  A[1] = A[0] * X;
  A[2] = A[1] * X;
  double R = A[2] + A[1];
  give(A, 7);
  return R;
}

int main(void) {
  double X = 1.5;
  double Cube = 6 * X * X * X + X * X * X + 48 * X * X;
  check("cube", __enzyme_autodiff((void *)useCube, X), Cube);
  check("augments", augments, 2), check("gradients", gradients, 2);
  check("cube, forward", __enzyme_fwddiff((void *)useCube, X, 1.0), Cube);
  check("tangents", tangents, 2);
  check("cube itself", __enzyme_autodiff((void *)cube, X), 6 * X * X);
  check("its tangent", __enzyme_fwddiff((void *)cube, X, 1.0), 6 * X * X);

  double V[4] = {1, 2, 3, 4}, D[4] = {0, 0, 0, 0}, T[4] = {1, 0, 1, 0};
  __enzyme_autodiff((void *)useSquare, V, D, 4);
  for (int I = 0; I < 4; ++I)
    check("square", D[I], 10 * V[I]);
  check("square, forward", __enzyme_fwddiff((void *)useSquare, V, T, 4), 40);

  check("inactive", __enzyme_autodiff((void *)useInactive, X), 3 * X * X);
  check("inactive, forward", __enzyme_fwddiff((void *)useInactive, X, 1.0),
        3 * X * X);
  check("scale", __enzyme_autodiff((void *)useScale, X), 11 * X);
  check("like", __enzyme_autodiff((void *)useLike, X), 2 / (1 + X));
  check("like, forward", __enzyme_fwddiff((void *)useLike, X, 1.0),
        2 / (1 + X));
  check("global", __enzyme_autodiff((void *)useGlobal, X), 2 * X);
  check("last", last, X), check("history", history[1], 2 * X);
  check("global, forward", __enzyme_fwddiff((void *)useGlobal, X, 1.0), 2 * X);
  check("pool", __enzyme_autodiff((void *)usePool, X), 3 * X * X + 2 * X);
  check("pool, forward", __enzyme_fwddiff((void *)usePool, X, 1.0),
        3 * X * X + 2 * X);
  check("live", live, 0);
  return bad;
}
