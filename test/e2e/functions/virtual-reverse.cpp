// Shadow objects that the caller builds by hand, with __enzyme_virtualreverse for
// the pointers to functions, tables and vtables in them.
// RUN: %clangxx -O0 -g -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clangxx -O1 -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clangxx -O3 -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clangxx -O2 -flto=thin --ld-path=%ld_linkgrad %s -o %t && %t

#include <cmath>
#include <cstdio>
#include <cstring>

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
void *__enzyme_virtualreverse(const void *);

struct Operations {
  double (*inner)(double), (*outer)(double);
};
static double cube(double x) { return x * x * x; }
static double wave(double x) { return std::sin(x); }
static double root(double x) { return std::sqrt(x); }
static const Operations table[] = {{cube, wave}, {root, cube}};

struct Model {
  double scale;
  double (*last)(double);
  const Operations *operations;
};

static double run(const Model *m, const double *x) {
  double y = 0;
  for (int i = 0; i < 3; ++i) {
    const Operations &o = m->operations[i % 2];
    y += m->last(o.outer(m->scale * o.inner(x[i])));
  }
  return y;
}

struct Shape {
  virtual double area(double x) const = 0;
};
struct Disc : Shape {
  double radius;
  explicit Disc(double r) : radius(r) {}
  double area(double x) const override { return 3 * radius * radius * x; }
};
struct Box : Shape {
  double a, b;
  Box(double a, double b) : a(a), b(b) {}
  double area(double x) const override { return a * b * x * x; }
};
extern const void *const discTable[] asm("_ZTV4Disc");
extern const void *const boxTable[] asm("_ZTV3Box");

__attribute__((noinline)) static double total(Shape *const *shapes,
                                              const double *x) {
  return shapes[0]->area(x[0]) * shapes[1]->area(x[1]);
}

static int failures;
static void close(const char *what, double got, double expected,
                  double tolerance) {
  if (std::fabs(got - expected) > tolerance * std::fmax(1, std::fabs(expected)))
    ++failures, std::printf("%s: %.15g is not %.15g\n", what, got, expected);
}

static void models() {
  Model m = {0.7, root, table}, d = {};
  double x[3] = {0.9, 1.3, 1.1}, dx[3] = {}, v[3] = {0.3, -0.2, 0.5};
  d.last = (double (*)(double))__enzyme_virtualreverse((void *)root);
  d.operations = (const Operations *)__enzyme_virtualreverse(table);
  __enzyme_autodiff((void *)run, enzyme_dup, &m, &d, enzyme_dup, x, dx);
  Model t = d;
  t.scale = -0.4;
  double slope =
      __enzyme_fwddiff((void *)run, enzyme_dup, &m, &t, enzyme_dup, x, v);
  auto along = [&](double h) {
    double y[3];
    for (int i = 0; i < 3; ++i)
      y[i] = x[i] + h * v[i];
    Model n = m;
    n.scale += h * t.scale;
    return run(&n, y);
  };
  close("models", slope, (along(1e-5) - along(-1e-5)) / 2e-5, 1e-8);
  close("models, dot product",
        d.scale * t.scale + dx[0] * v[0] + dx[1] * v[1] + dx[2] * v[2], slope,
        1e-13);
}

static void shapes() {
  Disc disc(1.2), disc1(0);
  Box box(0.8, 1.7), box1(0, 0);
  // What a program does that has only memory for the shadows.
  const void *vtable = __enzyme_virtualreverse(discTable + 2);
  std::memcpy((void *)&disc1, &vtable, sizeof vtable);
  vtable = __enzyme_virtualreverse(boxTable + 2);
  std::memcpy((void *)&box1, &vtable, sizeof vtable);
  Shape *primal[] = {&disc, &box}, *shadow[] = {&disc1, &box1};
  double x[2] = {0.6, 1.4}, dx[2] = {};
  __enzyme_autodiff((void *)total, enzyme_dup, primal, shadow, enzyme_dup, x,
                    dx);
  double y = 3 * 1.2 * 1.2 * 0.6 * 0.8 * 1.7 * 1.4 * 1.4;
  close("radius", disc1.radius, 2 * y / 1.2, 1e-13);
  close("a", box1.a, y / 0.8, 1e-13);
  close("b", box1.b, y / 1.7, 1e-13);
  close("x0", dx[0], y / 0.6, 1e-13);
  close("x1", dx[1], 2 * y / 1.4, 1e-13);
}

int main() {
  models();
  shapes();
  return failures != 0;
}
