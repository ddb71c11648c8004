// __enzyme_batch: one function for several lanes, whose arguments are the same
// for all, one for each, or at a distance in memory; its derivative.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"

extern int enzyme_scalar, enzyme_vector, enzyme_buffer;
int enzyme_scalar, enzyme_vector, enzyme_buffer;

struct Four {
  double v[4];
};
struct Two {
  double a, b;
};
struct Four __enzyme_batch_four(void *, ...);
struct Two __enzyme_batch_two(void *, ...);
void __enzyme_batch(void *, ...);

static double f(double x, double y, const double *z) { return sin(x) * y + z[1]; }
static void fill(double *to, int n, double v) {
  for (int i = 0; i < n; ++i)
    to[i] = v * i;
}

double batched(const double *x) {
  struct Two r = __enzyme_batch_two((void *)f, enzyme_width, 2, enzyme_vector, x[0],
                                    x[1], enzyme_scalar, x[2], enzyme_buffer, 8, x);
  return r.a * r.b;
}
FUNCTIONAL(batched, 3)

static void ownChecks(void) {
  double z[8] = {1, 2, 3, 4, 5, 6, 7, 8}, to[2][3];
  struct Four r = __enzyme_batch_four((void *)f, enzyme_width, 4, enzyme_vector, 0.1,
                                      0.2, 0.3, 0.4, enzyme_scalar, 2.0,
                                      enzyme_buffer, 16, z);
  for (int k = 0; k < 4; ++k)
    EXPECT(r.v[k], f(0.1 * (k + 1), 2, z + 2 * k));
  __enzyme_batch((void *)fill, enzyme_width, 2, enzyme_buffer, sizeof to[0], to,
                 enzyme_scalar, 3, 1.5, 2.5);
  for (int i = 0; i < 3; ++i)
    EXPECT(to[0][i], 1.5 * i), EXPECT(to[1][i], 2.5 * i);
}
