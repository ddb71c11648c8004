// Mutual recursion with memory: a parser that builds a tree and an evaluator that
// frees it, alpha-beta search over active leaves, odd and even levels that allocate,
// a soft alignment by recursion with a table.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

// Levels take turns: one sums, one multiplies, each with a buffer of its own.
static double products(const double *x, int n);
NOINLINE static double sums(const double *x, int n) {
  if (n <= 1)
    return x[0];
  double *part = malloc(n * sizeof *part), s = 0;
  for (int i = 0; i < n; ++i)
    part[i] = x[i] * x[(i + 1) % n] * 0.8;
  s = products(part, n / 2) + products(part + n / 2, n - n / 2);
  free(part);
  return s;
}
NOINLINE static double products(const double *x, int n) {
  if (n <= 1)
    return sin(x[0]);
  double *part = calloc(n, sizeof *part), p = 1;
  for (int i = 0; i < n; ++i)
    part[n - 1 - i] = x[i] + 0.5;
  p = sums(part, n / 2) * sums(part + n / 2, n - n / 2);
  free(part);
  return p;
}
double levels(const double *x) { return sums(x, 7) + products(x, 5); }
FUNCTIONAL(levels, 7)

// A game tree: each side takes what is best for it, and branches are cut.
static double least(const double *leaves, int depth, int at, double alpha, double beta);
NOINLINE static double most(const double *leaves, int depth, int at, double alpha, double beta) {
  if (depth == 0)
    return leaves[at] * leaves[(at + 3) % 8];
  for (int i = 0; i < 2; ++i) {
    double v = least(leaves, depth - 1, 2 * at + i, alpha, beta);
    if (v > alpha)
      alpha = v;
    if (alpha >= beta)
      return alpha;
  }
  return alpha;
}
NOINLINE static double least(const double *leaves, int depth, int at, double alpha, double beta) {
  if (depth == 0)
    return leaves[at];
  for (int i = 0; i < 2; ++i) {
    double v = most(leaves, depth - 1, 2 * at + i, alpha, beta);
    if (v < beta)
      beta = v;
    if (alpha >= beta)
      return beta;
  }
  return beta;
}
double game(const double *x) { return most(x, 3, 0, -10, 10) * x[0] + least(x, 2, 1, -10, 10); }
FUNCTIONAL(game, 8)

// Soft alignment of two series: log-sum-exp over the three ways on.
struct alignment {
  const double *a, *b;
  int n;
  double *memo;
  char *known;
};
static double cost(struct alignment *t, int i, int j);
NOINLINE static double soft(struct alignment *t, int i, int j) {
  double p = cost(t, i - 1, j), q = cost(t, i, j - 1), r = cost(t, i - 1, j - 1);
  double m = fmin(p, fmin(q, r));
  return m - 0.5 * log(exp((m - p) / 0.5) + exp((m - q) / 0.5) + exp((m - r) / 0.5));
}
NOINLINE static double cost(struct alignment *t, int i, int j) {
  if (i == 0 || j == 0)
    return i == j ? 0 : 5;
  int at = i * t->n + j;
  if (!t->known[at]) {
    double d = t->a[i - 1] - t->b[j - 1];
    t->memo[at] = d * d + soft(t, i, j);
    t->known[at] = 1;
  }
  return t->memo[at];
}
double aligned(const double *x) {
  struct alignment t = {x, x + 3, 5, malloc(25 * sizeof(double)), calloc(25, 1)};
  double c = cost(&t, 3, 4);
  free(t.memo);
  free(t.known);
  return c;
}
FUNCTIONAL(aligned, 7)
