// A copied constant reaches the engine as the store of an integer's bits. The
// memory that it overwrites is constant from there on, in both modes.
// RUN: %clang -O0 -fpass-plugin=%plugin %s -o %t0 -lm && %t0
// RUN: %clang -O2 -fpass-plugin=%plugin %s -o %t2 -lm && %t2
// RUN: %clang -O2 -fno-strict-aliasing -fpass-plugin=%plugin %s -o %t3 -lm
// RUN: %t3
#include <string.h>

extern int enzyme_dup;
double __enzyme_fwddiff(void *, ...);
void __enzyme_autodiff(void *, ...);

static const double table[] = {-1.765625, 2.5};

__attribute__((noinline)) static double overwrite(double *v) {
  double before = v[0] * v[0];
  memcpy(v, table, sizeof(double));
  return before + v[0] * v[1];
}

// The same through an integer that is loaded.
__attribute__((noinline)) static double pick(double *v, int i) {
  memcpy(v, &table[i], sizeof(double));
  return 1;
}

// overwrite(v) = v0^2 + c * v1, and leaves c in v0.
int main(void) {
  double v[2] = {3, 4}, dv[2] = {1, 0};
  double tangent = __enzyme_fwddiff((void *)overwrite, enzyme_dup, v, dv);
  if (tangent != 6 || dv[0] != 0 || v[0] != table[0])
    return 1;
  double u[1] = {3}, du[1] = {1};
  tangent = __enzyme_fwddiff((void *)pick, enzyme_dup, u, du, 1);
  if (tangent != 0 || du[0] != 0 || u[0] != table[1])
    return 3;
  double r[1] = {3}, dr[1] = {100};
  __enzyme_autodiff((void *)pick, enzyme_dup, r, dr, 1);
  if (dr[0] != 0)
    return 4;
  // The adjoint of what the function leaves in v0 flows nowhere.
  double w[2] = {3, 4}, dw[2] = {100, 0};
  __enzyme_autodiff((void *)overwrite, enzyme_dup, w, dw);
  return dw[0] == 6 && dw[1] == table[0] ? 0 : 2;
}
