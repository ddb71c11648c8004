// A function that handles doubles as integers, where it is called through a pointer: the
// program stops there, whoever knows of the doubles. What has integers there, or calls
// another function through that pointer, goes on.
// DEFINE: %{way} =
// DEFINE: %{made} = %clang -w -fpass-plugin=%plugin -DWAY=%{way} %s -o %t
// DEFINE: %{levels} = \
// DEFINE:   %{made} -O0 && not --crash %t 2>&1 | FileCheck %s && \
// DEFINE:   %{made} -O1 && not --crash %t 2>&1 | FileCheck %s && \
// DEFINE:   %{made} -O1 -g -fno-strict-aliasing && not --crash %t 2>&1 | FileCheck %s
// REDEFINE: %{way} = 1
// RUN: %{levels}
// REDEFINE: %{way} = 2
// RUN: %{levels}
// REDEFINE: %{way} = 3
// RUN: %{levels}
// REDEFINE: %{way} = 0
// RUN: %{made} -O0 && %t
// RUN: %{made} -O1 && %t
// RUN: %{made} -O1 -g -fno-strict-aliasing && %t
// CHECK: linkgrad: stopped in a derivative: {{.*}}error: {{.*}} [unknown-type]

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);

#define NOINLINE __attribute__((noinline))

NOINLINE static void square(const double *x, double *a) {
  for (int i = 0; i < 3; ++i)
    a[i] = x[i] * x[i];
}
NOINLINE static double weigh(const double *a) {
  return a[0] + 2 * a[1] + 3 * a[2];
}
NOINLINE static void reverse(void *v, int n) {
  long *a = v;
  if (n < 2)
    return;
  long t = a[0];
  a[0] = a[n - 1];
  a[n - 1] = t;
  reverse(a + 1, n - 2);
}
NOINLINE static void negate(void *v, int n) {
  double *a = v;
  if (n == 0)
    return;
  *a = -*a;
  negate(a + 1, n - 1);
}

void (*volatile operation)(void *, int) = reverse;
void (*volatile other)(void *, int) = negate;

// Recursive: its body stays its own.
NOINLINE static void apply(void *a, int n, int depth,
                           void (*operation)(void *, int)) {
  if (depth)
    apply(a, n, depth - 1, operation);
  else
    operation(a, n);
}

#if WAY == 0
static double f(const double *x) {
  double a[3];
  long order[3] = {0, 1, 2};
  square(x, a);
  apply(a, 3, 2, other);
  apply(order, 3, 2, operation);
  return a[order[0]] + 2 * a[order[1]] + 3 * a[order[2]];
}
#elif WAY == 1 // The caller has doubles.
static double f(const double *x) {
  double a[3];
  for (int i = 0; i < 3; ++i)
    a[i] = x[i] * x[i];
  operation(a, 3);
  return a[0] + 2 * a[1] + 3 * a[2];
}
#elif WAY == 2 // What else it calls has.
static double f(const double *x) {
  long a[3];
  square(x, (double *)a);
  operation(a, 3);
  return weigh((double *)a);
}
#else // The caller's caller has.
static double f(const double *x) {
  double a[3];
  square(x, a);
  apply(a, 3, 2, operation);
  return weigh(a);
}
#endif

int main(void) {
  double x[] = {1.5, 2.5, 3.5}, dx[3] = {0};
  __enzyme_autodiff((void *)f, enzyme_dup, x, dx);
  return dx[0] != -2 * x[0] * 3 || dx[1] != -2 * x[1] * 2 || dx[2] != -2 * x[2];
}
