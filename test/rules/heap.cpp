// Active values that pass through heap memory of every kind have derivatives,
// and the shadow memory is freed the way it was allocated.

// RUN: %clangxx -O1 -fpass-plugin=%plugin %s -o %t
// RUN: %t | FileCheck %s

#include <cstdio>
#include <cstdlib>
#include <new>

extern double __enzyme_autodiff(void *, double);

// Keeps the optimiser from seeing through the memory.
__attribute__((noinline)) static void fill(double *P, int N, double X) {
  for (int I = 0; I < N; ++I)
    P[I] = X * (I + 1);
}
__attribute__((noinline)) static double sum(const double *P, int N) {
  double S = 0;
  for (int I = 0; I < N; ++I)
    S += P[I] * P[I];
  return S;
}

constexpr int N = 3; // sum of squares: 14 x x

static double viaMalloc(double X) {
  double *P = static_cast<double *>(std::malloc(N * sizeof(double)));
  fill(P, N, X);
  double S = sum(P, N);
  std::free(P);
  return S;
}
static double viaCalloc(double X) {
  double *P = static_cast<double *>(std::calloc(N + 1, sizeof(double)));
  fill(P, N, X);
  double S = sum(P, N + 1);
  std::free(P);
  return S;
}
static double viaAlignedAlloc(double X) {
  double *P = static_cast<double *>(std::aligned_alloc(64, 64));
  fill(P, N, X);
  double S = sum(P, N);
  std::free(P);
  return S;
}
static double viaNew(double X) {
  double *P = static_cast<double *>(::operator new(N * sizeof(double)));
  fill(P, N, X);
  double S = sum(P, N);
  ::operator delete(P);
  return S;
}
static double viaNewArray(double X) {
  double *P = new double[N];
  fill(P, N, X);
  double S = sum(P, N);
  delete[] P;
  return S;
}
static double viaNewNothrow(double X) {
  double *P = new (std::nothrow) double[N];
  fill(P, N, X);
  double S = sum(P, N);
  delete[] P;
  return S;
}
struct alignas(64) Block {
  double V[8];
};
static double viaNewAligned(double X) {
  Block *B = new Block;
  fill(B->V, N, X);
  double S = sum(B->V, N);
  delete B;
  return S;
}

// CHECK: malloc 56
// CHECK-NEXT: calloc 56
// CHECK-NEXT: aligned_alloc 56
// CHECK-NEXT: operator new 56
// CHECK-NEXT: new[] 56
// CHECK-NEXT: nothrow 56
// CHECK-NEXT: aligned 56
int main() {
#define CHECK(NAME, F)                                                         \
  std::printf(NAME " %g\n",                                                    \
              __enzyme_autodiff(reinterpret_cast<void *>(F), 2.0));
  CHECK("malloc", viaMalloc)
  CHECK("calloc", viaCalloc)
  CHECK("aligned_alloc", viaAlignedAlloc)
  CHECK("operator new", viaNew)
  CHECK("new[]", viaNewArray)
  CHECK("nothrow", viaNewNothrow)
  CHECK("aligned", viaNewAligned)
}
