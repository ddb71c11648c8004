// Recursive functions that allocate: merge sort, Strassen, FFT, adaptive
// quadrature with a list of intervals, expression trees, backtracking.
// RUN: %check %s %t

#include "../Inputs/check.h"

static void mergeSort(double *v, int n) {
  if (n < 2)
    return;
  int half = n / 2;
  double *left = malloc(half * sizeof *left), *right = malloc((n - half) * sizeof *right);
  memcpy(left, v, half * sizeof *left);
  memcpy(right, v + half, (n - half) * sizeof *right);
  mergeSort(left, half);
  mergeSort(right, n - half);
  for (int i = 0, a = 0, b = 0; i < n; ++i)
    v[i] = b == n - half || (a < half && left[a] < right[b]) ? left[a++] : right[b++];
  free(left);
  free(right);
}
void ranks(const double *x, double *y) {
  double v[7];
  for (int i = 0; i < 7; ++i)
    v[i] = x[i] * x[(i * 3 + 1) % 7];
  mergeSort(v, 7);
  for (int i = 0; i < 7; ++i)
    y[i] = v[i] * (i + 1);
}
MAP(ranks, 7, 7)

// C = A B for n a power of two, with temporaries on the heap.
static void strassen(int n, const double *a, const double *b, double *c) {
  if (n == 1) {
    c[0] = a[0] * b[0];
    return;
  }
  int h = n / 2, q = h * h;
  double *work = malloc(17 * q * sizeof *work), *m = work + 8 * q, *s = work + 15 * q, *t = s + q;
  for (int block = 0; block < 4; ++block)
    for (int i = 0; i < h; ++i)
      for (int j = 0; j < h; ++j) {
        int from = (i + block / 2 * h) * n + j + block % 2 * h;
        work[block * q + i * h + j] = a[from];
        work[(block + 4) * q + i * h + j] = b[from];
      }
  // Which blocks of A and B go into each product, with signs: i + s * j.
  static const int left[7][3] = {{0, 1, 3}, {2, 1, 3}, {0, 0, 0}, {3, 0, 0}, {0, 1, 1}, {2, -1, 0}, {1, -1, 3}};
  static const int right[7][3] = {{0, 1, 3}, {0, 0, 0}, {1, -1, 3}, {2, -1, 0}, {3, 0, 0}, {0, 1, 1}, {2, 1, 3}};
  for (int p = 0; p < 7; ++p) {
    for (int i = 0; i < q; ++i) {
      s[i] = work[left[p][0] * q + i] + left[p][1] * work[left[p][2] * q + i];
      t[i] = work[(right[p][0] + 4) * q + i] + right[p][1] * work[(right[p][2] + 4) * q + i];
    }
    strassen(h, s, t, m + p * q);
  }
  for (int i = 0; i < h; ++i)
    for (int j = 0; j < h; ++j) {
      const double *k = m + i * h + j;
      c[i * n + j] = k[0] + k[3 * q] - k[4 * q] + k[6 * q];
      c[i * n + j + h] = k[2 * q] + k[4 * q];
      c[(i + h) * n + j] = k[q] + k[3 * q];
      c[(i + h) * n + j + h] = k[0] - k[q] + k[2 * q] + k[5 * q];
    }
  free(work);
}
void products(const double *x, double *y) { strassen(4, x, x + 16, y); }
MAP(products, 32, 16)

// Radix-2 FFT of interleaved complex numbers into new memory.
static double *transform(const double *v, int n, int stride) {
  double *out = malloc(2 * n * sizeof *out);
  if (n == 1) {
    out[0] = v[0], out[1] = v[1];
    return out;
  }
  double *even = transform(v, n / 2, 2 * stride), *odd = transform(v + 2 * stride, n / 2, 2 * stride);
  for (int k = 0; k < n / 2; ++k) {
    double c = cos(2 * M_PI * k / n), s = -sin(2 * M_PI * k / n);
    double re = c * odd[2 * k] - s * odd[2 * k + 1], im = c * odd[2 * k + 1] + s * odd[2 * k];
    out[2 * k] = even[2 * k] + re, out[2 * k + 1] = even[2 * k + 1] + im;
    out[2 * k + n] = even[2 * k] - re, out[2 * k + n + 1] = even[2 * k + 1] - im;
  }
  free(even);
  free(odd);
  return out;
}
void spectrum(const double *x, double *y) {
  double *f = transform(x, 8, 1);
  for (int k = 0; k < 8; ++k)
    y[k] = f[2 * k] * f[2 * k] + f[2 * k + 1] * f[2 * k + 1];
  free(f);
}
MAP(spectrum, 16, 8)

// Adaptive quadrature; the accepted intervals form a list.
struct Interval {
  double middle, area;
  struct Interval *next;
};
static double integrand(double t, const double *p) { return p[0] * exp(-p[1] * t * t) + sin(p[2] * t); }
static void refine(double a, double b, double tolerance, const double *p, struct Interval **list) {
  double m = (a + b) / 2, coarse = (b - a) * integrand(m, p);
  double fine = (b - a) / 2 * (integrand((a + m) / 2, p) + integrand((m + b) / 2, p));
  if (fabs(fine - coarse) > tolerance && b - a > 0.05) {
    refine(a, m, tolerance / 2, p, list);
    refine(m, b, tolerance / 2, p, list);
    return;
  }
  struct Interval *node = malloc(sizeof *node);
  *node = (struct Interval){m, fine, *list};
  *list = node;
}
double adaptive(const double *x) {
  struct Interval *list = 0;
  refine(0, x[3] + 1, 0.02, x, &list);
  double sum = 0, weighted = 0;
  while (list) {
    struct Interval *node = list;
    sum += node->area;
    weighted += node->area * node->middle;
    list = node->next;
    free(node);
  }
  return sum * weighted;
}
FUNCTIONAL(adaptive, 4)

// An expression as text becomes a tree, is simplified, evaluated and freed.
struct Term {
  char kind;
  double value;
  struct Term *left, *right;
};
static struct Term *parse(const char **text, const double *x) {
  struct Term *t = calloc(1, sizeof *t);
  t->kind = *(*text)++;
  if (t->kind >= 'a' && t->kind <= 'd') {
    t->value = x[t->kind - 'a'];
  } else {
    t->left = parse(text, x);
    t->right = t->kind == '~' ? 0 : parse(text, x);
  }
  return t;
}
static double evaluate(struct Term *t) {
  switch (t->kind) {
  case '+': t->value = evaluate(t->left) + evaluate(t->right); break;
  case '*': t->value = evaluate(t->left) * evaluate(t->right); break;
  case '/': t->value = evaluate(t->left) / evaluate(t->right); break;
  case '~': t->value = sin(evaluate(t->left)); break;
  }
  return t->value;
}
static void discard(struct Term *t) {
  if (t) {
    discard(t->left);
    discard(t->right);
    free(t);
  }
}
double expression(const double *x) {
  const char *text = "+*~a+bc/+a*dd~+b~*cd";
  struct Term *t = parse(&text, x);
  double v = evaluate(t), inner = t->left->right->value;
  discard(t);
  return v * inner;
}
FUNCTIONAL(expression, 4)

// The best of all subsets, by trying: one copy of the state for each branch.
static double search(const double *x, int i, const double *state) {
  if (i == 4)
    return state[0] - 0.3 * state[1] * state[1];
  double *taken = malloc(2 * sizeof *taken);
  taken[0] = state[0] + x[i] * (1 + 0.1 * i);
  taken[1] = state[1] + x[i] * x[(i + 1) % 4];
  double with = search(x, i + 1, taken);
  free(taken);
  double without = search(x, i + 1, state);
  return with > without ? with : without;
}
double knapsack(const double *x) {
  double start[2] = {x[0] * 0.1, 0};
  return search(x, 0, start);
}
FUNCTIONAL(knapsack, 4)
