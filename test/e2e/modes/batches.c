// __enzyme_batch in programs: an ensemble of a small model, rows of a matrix by a
// buffer, inside a function that is differentiated.
// RUN: %check %s %t

#include "../Inputs/check.h"

extern int enzyme_scalar, enzyme_vector, enzyme_buffer;
int enzyme_scalar, enzyme_vector, enzyme_buffer;
struct Three {
  double v[3];
};
struct Three __enzyme_batch_three(void *, ...);
void __enzyme_batch(void *, ...);

static double logistic(double v, double rate, int steps) {
  for (int i = 0; i < steps; ++i)
    v += 0.1 * rate * v * (1 - v);
  return v;
}
double ensemble(const double *x) {
  struct Three r = __enzyme_batch_three((void *)logistic, enzyme_width, 3, enzyme_vector, x[0], x[1], x[2],
                                        enzyme_scalar, x[3], enzyme_scalar, 6);
  double mean = (r.v[0] + r.v[1] + r.v[2]) / 3, s = 0;
  for (int i = 0; i < 3; ++i)
    s += (r.v[i] - mean) * (r.v[i] - mean);
  return s + mean;
}
FUNCTIONAL(ensemble, 4)

static void normalise(double *row, int n) {
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += row[i] * row[i];
  for (int i = 0; i < n; ++i)
    row[i] /= sqrt(s);
}
void rows(double *x) {
  __enzyme_batch((void *)normalise, enzyme_width, 3, enzyme_buffer, 2 * sizeof *x, x, enzyme_scalar, 2);
  x[0] *= x[5];
}
INPLACE(rows, 6)
