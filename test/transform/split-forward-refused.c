// What has no split forward mode says so, and only if it is asked for: the reverse
// sweep of the same pair is there.
// RUN: %clang -O1 -w -c -fopenmp -fpass-plugin=%plugin %s -o %t.o
// RUN: not %clang -O1 -w -DTABLE -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=TABLE %s
// RUN: not %clang -O1 -w -DREGISTERED -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=REGISTERED %s
// RUN: not %clang -O1 -w -DBLAS -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=BLAS %s
// RUN: not %clang -O1 -w -DREGION -c -fopenmp -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=REGION %s
// TABLE: error: a constant table meets memory with a shadow, which split forward mode cannot tell apart [mixed-activity]
// TABLE: note: while making the forward sweep of table(dup, const) -> active
// TABLE: help: use __enzyme_fwddiff
// REGISTERED: error: split forward mode of 'own', which has a derivative of its own kind (registered, of BLAS or of a parallel region), is not supported [unsupported-request]
// REGISTERED: note: called here: 'registered' calls 'own'
// REGISTERED: note: while making the forward sweep of registered(active) -> active
// BLAS: error: split forward mode of 'cblas_ddot', which has a derivative of its own kind
// REGION: error: split forward mode of 'region.omp_outlined', which has a derivative of its own kind
extern int enzyme_dup, enzyme_const, enzyme_out;
void *__enzyme_augmentfwd(void *, ...);
double __enzyme_fwdsplit(void *, ...);
double __enzyme_reverse(void *, ...);
void __enzyme_reverse_only(void *, ...);

static const double numbers[3] = {1, 2, 3};
double table(const double *x, int n) {
  const double *p = n > 2 ? x : numbers;
  return p[0] * p[n] * x[1];
}

__attribute__((noinline)) static double own(double x) { return x * x; }
static void *ownAugment(double x) { return 0; }
static double ownGradient(double x, double g, void *tape) { return 2 * x * g; }
void *__enzyme_register_gradient_own[3] = {(void *)own, (void *)ownAugment,
                                           (void *)ownGradient};
double registered(double x) { return own(x) * x; }

double cblas_ddot(int, const double *, int, const double *, int);
double blas(const double *x) { return cblas_ddot(3, x, 1, x, 1) * x[0]; }

void region(double *x) {
#pragma omp parallel for
  for (int i = 0; i < 9; ++i)
    x[i] *= x[i];
}

double all(double *x, double *d) {
  double s = 0;
#if defined TABLE
  s += __enzyme_fwdsplit((void *)table, enzyme_dup, x, d, 2,
             __enzyme_augmentfwd((void *)table, enzyme_dup, x, d, 2));
#elif defined REGISTERED
  s += __enzyme_fwdsplit((void *)registered, 1.0, 1.0,
             __enzyme_augmentfwd((void *)registered, 1.0));
#elif defined BLAS
  s += __enzyme_fwdsplit((void *)blas, enzyme_dup, x, d,
             __enzyme_augmentfwd((void *)blas, enzyme_dup, x, d));
#elif defined REGION
  __enzyme_fwdsplit((void *)region, enzyme_dup, x, d,
        __enzyme_augmentfwd((void *)region, enzyme_dup, x, d));
#else
  __enzyme_reverse_only((void *)table, enzyme_dup, x, d, 2, 1.0,
                        __enzyme_augmentfwd((void *)table, enzyme_dup, x, d, 2));
  s += __enzyme_reverse((void *)registered, 1.0, 1.0,
                        __enzyme_augmentfwd((void *)registered, 1.0));
  __enzyme_reverse_only((void *)blas, enzyme_dup, x, d, 1.0,
                        __enzyme_augmentfwd((void *)blas, enzyme_dup, x, d));
  __enzyme_reverse_only((void *)region, enzyme_dup, x, d,
                        __enzyme_augmentfwd((void *)region, enzyme_dup, x, d));
#endif
  return s;
}
