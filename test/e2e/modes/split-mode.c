// Split reverse mode: the augmented primal now, the reverse sweep later, with
// several tapes at a time, inputs that change in between, tapes that are used
// twice and tapes in memory of the caller's.
// RUN: %check %s %t

#define OWN_CHECKS
#include "../Inputs/check.h"

extern int enzyme_tape, enzyme_allocated, enzyme_nofree;
int enzyme_tape, enzyme_allocated, enzyme_nofree;

struct TapeAndResult {
  void *tape;
  double result;
};
void *__enzyme_augmentfwd(void *, ...);
struct TapeAndResult __enzyme_augmentfwd_result(void *, ...);
double __enzyme_augmentfwd_own(void *, ...);
size_t __enzyme_augmentsize(void *, ...);
void __enzyme_reverse(void *, ...);
double __enzyme_reverse_number(void *, ...);

static double product(double x, double y) { return sin(x) * y * y; }

// Loops of unknown length, calls, recursion, memory that grows: all of the tape.
__attribute__((noinline)) static double fold(const double *x, int n) {
  return n == 0 ? 1 : fold(x + 1, n - 1) * x[0] + sin(x[0] * n);
}
static double work(const double *x, int n) {
  double *a = NULL, s = 0, step = x[0] * x[0];
  int used = 0;
  for (double t = 0.1; t < 3; t += 0.1 + step) {
    a = (double *)realloc(a, (used + 1) * sizeof *a);
    a[used] = t * x[used % n];
    step = step * 0.9 + a[used++] * 0.01;
  }
  for (int i = 0; i < used; ++i)
    s += a[i] * a[i] * fold(x, n);
  free(a);
  return s;
}

// Overwrites its input and calls itself.
static void squares(double *x, int n) {
  for (int i = 0; i < n; ++i)
    x[i] = x[i] * x[(i + 1) % n];
}

static void gradientOfWork(const double *x, double *d) {
  __enzyme_autodiff((void *)work, enzyme_dup, x, d, enzyme_const, 3);
}

static void scalars(void) {
  struct TapeAndResult a = __enzyme_augmentfwd_result((void *)product, enzyme_out,
                                                      0.5, enzyme_const, 3.0);
  EXPECT(a.result, product(0.5, 3));
  EXPECT(__enzyme_reverse_number((void *)product, enzyme_out, 0.5, enzyme_const,
                                 3.0, 2.0, a.tape),
         2 * cos(0.5) * 9);
}

static void severalTapes(void) {
  double x[3][3], d[3][3] = {{0}};
  void *tape[3];
  for (int k = 0; k < 3; ++k) {
    for (int i = 0; i < 3; ++i)
      x[k][i] = 0.5 + 0.25 * k + 0.125 * i;
    tape[k] = __enzyme_augmentfwd((void *)work, enzyme_dup, x[k], d[k],
                                  enzyme_const, 3);
  }
  static const int order[3] = {1, 0, 2};
  for (int k = 0; k < 3; ++k) {
    int at = order[k];
    double expected[3] = {0, 0, 0}, before[3];
    gradientOfWork(x[at], expected);
    // What the first half needs of its input it has kept.
    memcpy(before, x[at], sizeof before);
    memset(x[at], 0, sizeof before);
    __enzyme_reverse((void *)work, enzyme_dup, x[at], d[at], enzyme_const, 3,
                     1.0 + k, tape[at]);
    memcpy(x[at], before, sizeof before);
    for (int i = 0; i < 3; ++i)
      EXPECT(d[at][i], (1.0 + k) * expected[i]);
  }
}

static void usedTwice(void) {
  double x[3] = {0.75, 0.5, 0.25}, d[3] = {0, 0, 0}, expected[3] = {0, 0, 0};
  gradientOfWork(x, expected);
  void *tape = __enzyme_augmentfwd((void *)work, enzyme_dup, x, d, enzyme_const, 3);
  __enzyme_reverse((void *)work, enzyme_nofree, enzyme_dup, x, d, enzyme_const, 3,
                   1.0, tape);
  __enzyme_reverse((void *)work, enzyme_dup, x, d, enzyme_const, 3, 3.0, tape);
  for (int i = 0; i < 3; ++i)
    EXPECT(d[i], 4 * expected[i]);
}

static void ownMemory(void) {
  double x[3] = {0.75, 0.5, 0.25}, d[3] = {0, 0, 0}, expected[3] = {0, 0, 0};
  gradientOfWork(x, expected);
  size_t size = __enzyme_augmentsize((void *)work, enzyme_dup, enzyme_const);
  char *memory = (char *)malloc(size + 8);
  double y = __enzyme_augmentfwd_own((void *)work, enzyme_allocated, size,
                                     enzyme_tape, memory + 8, enzyme_dup, x, d,
                                     enzyme_const, 3);
  EXPECT(y, work(x, 3));
  __enzyme_reverse((void *)work, enzyme_allocated, size, enzyme_tape, memory + 8,
                   enzyme_dup, x, d, enzyme_const, 3, 0.5);
  free(memory);
  for (int i = 0; i < 3; ++i)
    EXPECT(d[i], 0.5 * expected[i]);
}

static void inPlace(void) {
  double x[3] = {2, 3, 5}, d[3] = {0.5, -1, 2};
  void *tape = __enzyme_augmentfwd((void *)squares, enzyme_dup, x, d, enzyme_const, 3);
  EXPECT(x[0], 6), EXPECT(x[1], 15), EXPECT(x[2], 30);
  __enzyme_reverse((void *)squares, enzyme_dup, x, d, enzyme_const, 3, tape);
  // y = (ab, bc, c ab): the third uses the new first.
  EXPECT(d[0], 3 * (0.5 + 2 * 5)), EXPECT(d[1], 2 * (0.5 + 2 * 5) - 5);
  EXPECT(d[2], -3 + 2 * 6);
}

static void lanes(void) {
  double x[3] = {2, 3, 5}, d[3] = {1, 0, 0}, e[3] = {0, 0, 1};
  void *tape = __enzyme_augmentfwd((void *)squares, enzyme_width, 2, enzyme_dup, x,
                                   d, e, enzyme_const, 3);
  __enzyme_reverse((void *)squares, enzyme_width, 2, enzyme_dup, x, d, e,
                   enzyme_const, 3, tape);
  EXPECT(d[0], 3), EXPECT(d[1], 2), EXPECT(d[2], 0);
  EXPECT(e[0], 15), EXPECT(e[1], 10), EXPECT(e[2], 6);
}

static void ownChecks(void) {
  scalars();
  severalTapes();
  usedTwice();
  ownMemory();
  inPlace();
  lanes();
}

// Through the harness too.
double whole(const double *x) { return work(x, 3); }
FUNCTIONAL(whole, 3)
