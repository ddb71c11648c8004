//===- seeds.cpp - Modules to begin mutations with ------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// One small program for each value of SEED.
//
//===----------------------------------------------------------------------===//

extern "C" {
double sin(double), exp(double), sqrt(double), pow(double, double);
void *malloc(unsigned long), *calloc(unsigned long, unsigned long);
void free(void *);
int printf(const char *, ...);
}
extern int enzyme_dup, enzyme_const, enzyme_width;
template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);

#if SEED == 0 // A list on the heap.
struct Node {
  double value;
  Node *next;
};
static double f(const double *x, double *y, int n) {
  Node *head = nullptr;
  for (int i = 0; i < n; ++i) {
    auto *node = (Node *)malloc(sizeof(Node));
    node->value = x[i];
    node->next = head;
    head = node;
  }
  double s = 1;
  while (head) {
    Node *next = head->next;
    s = s * head->value + sin(s);
    y[0] += s;
    free(head);
    head = next;
  }
  return s;
}
#elif SEED == 1 // Virtual functions and exceptions.
struct Shape {
  virtual double area() const = 0;
};
struct Box : Shape {
  double w, h;
  double area() const override { return w * h; }
};
struct Disc : Shape {
  double r;
  double area() const override {
    if (r < -100)
      throw 1;
    return 3 * r * r;
  }
};
static double f(const double *x, double *y, int n) {
  Box b;
  b.w = x[0], b.h = x[1];
  Disc d;
  d.r = x[2];
  const Shape *all[] = {&b, &d, &b};
  for (int i = 0; i < n; ++i)
    y[i] = all[i % 3]->area() * x[i];
  return y[0] * y[1];
}
#elif SEED == 2 // Copies of structs with pointers, floats and integers.
struct Mixed {
  double a;
  float b;
  int n;
  double *p;
};
__attribute__((noinline)) static void change(Mixed *to, const Mixed *from, int k) {
  __builtin_memcpy(to, from, sizeof *to);
  to->a *= to->p[k & 3] + to->b;
  to->n += k;
}
static double f(const double *x, double *y, int n) {
  Mixed m[3] = {{x[0], float(x[1]), 1, y}, {x[2], 2, 2, y + 1}, {1, float(x[3]), 3, y}};
  for (int i = 0; i < n; ++i)
    change(&m[i % 3], &m[(i + 1) % 3], m[i % 3].n);
  y[0] = m[0].a;
  return m[1].a * m[2].a + m[0].b;
}
#elif SEED == 3 // Loops, switches, early exits.
static double f(const double *x, double *y, int n) {
  double s = x[0];
  for (int i = 0; i < n; ++i) {
    for (int j = 0; s < 10 && j < 20; ++j)
      s = s * x[j & 3] + 0.1 * j;
    switch ((i * 7) % 5) {
    case 0:
      s = exp(-s * s);
      continue;
    case 3:
      y[i & 3] = s;
    case 1:
      s += sqrt(s * s + 1);
      break;
    case 2:
      if (s > 5)
        return s * y[0];
    }
    y[(i + 1) & 3] *= s;
  }
  return s;
}
#elif SEED == 4 // Recursion with allocation, function pointers.
static double half(double a) { return a / 2; }
static double square(double a) { return a * a; }
static double (*const table[])(double) = {half, square, sin};
__attribute__((noinline)) static double walk(const double *x, int n) {
  if (n <= 0)
    return x[0];
  double *work = (double *)calloc(n, sizeof *work);
  for (int i = 0; i < n; ++i)
    work[i] = table[i % 3](x[i & 3]);
  double r = walk(work, n - 1) + work[n - 1];
  free(work);
  return r;
}
static double f(const double *x, double *y, int n) { return walk(x, n) * (y[1] = x[1]); }
#elif SEED == 5 // Vectors.
typedef double V __attribute__((vector_size(32)));
static double f(const double *x, double *y, int n) {
  V a = {x[0], x[1], x[2], x[3]}, b = a;
  for (int i = 0; i < n; ++i) {
    b = b * a + __builtin_shufflevector(a, b, 7, 1, 4, 2);
    b[i & 3] = sin(b[0]);
  }
  V c = b > a ? b : a;
  for (int i = 0; i < 4; ++i)
    y[i] = c[i];
  return c[0] * b[3];
}
#elif SEED == 6 // A derivative inside.
static double inner(double a, double b) { return pow(a, 3) * b + sin(a * b); }
static double f(const double *x, double *y, int n) {
  double s = 0;
  for (int i = 0; i < n; ++i)
    s += __enzyme_autodiff<double>((void *)inner, x[0], enzyme_const, x[i & 3] + s);
  y[0] = __enzyme_fwddiff<double>((void *)inner, enzyme_dup, s, 1.0, enzyme_const, x[2]);
  return s * y[0];
}
#else // Integers that hold the bits of floats, printing.
static double f(const double *x, double *y, int n) {
  union {
    double d;
    long l;
  } u, *p = &u;
  double s = 1;
  for (int i = 0; i < n; ++i) {
    u.d = x[i & 3] * s;
    long bits = p->l & 0x7fffffffffffffff;
    __builtin_memcpy(&y[i & 3], &bits, 8);
    s = y[i & 3] + 0.5;
    printf("%d %g\n", i, s);
  }
  return s;
}
#endif

double forward(double *x, double *dx, double *y, double *dy, int n) {
  return __enzyme_fwddiff<double>((void *)f, enzyme_dup, x, dx, enzyme_dup, y, dy, n);
}
void reverse(double *x, double *dx, double *y, double *dy, int n) {
  __enzyme_autodiff<void>((void *)f, enzyme_dup, x, dx, enzyme_dup, y, dy, n);
}
void lanes(double *x, double *dx, double *y, double *dy, int n) {
  __enzyme_autodiff<void>((void *)f, enzyme_width, 2, enzyme_dup, x, dx, dx + 4, enzyme_dup, y, dy, dy + 4, n);
}
