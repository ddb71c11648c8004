// Pointers in global variables: buffers that stay from call to call, tables and
// lists of them. What they lead to when a derivative begins is a constant, whoever
// allocated it, but may be written to.
// RUN: %check %s %t

#include "../Inputs/check.h"

// Allocated by whoever comes first, the primal or a derivative.
static double *buffer;
static int size;
static double *room(int n) {
  if (size < n) {
    free(buffer);
    buffer = malloc(n * sizeof(double));
    size = n;
  }
  return buffer;
}
double lazily(const double *x) {
  double *b = room(6);
  for (int i = 0; i < 6; ++i)
    b[i] = x[i % 3] * (i + 1);
  for (int i = 1; i < 6; ++i)
    b[i] += sin(b[i - 1]) * b[i];
  return b[5] * b[2];
}
FUNCTIONAL(lazily, 3)

// Data from outside of the derivative, which is read; results beside.
static double *weights, *results;
__attribute__((noinline)) static void prepare(void) {
  if (weights)
    return;
  weights = malloc(5 * sizeof(double));
  for (int i = 0; i < 5; ++i)
    weights[i] = 1.0 / (i + 1);
  results = calloc(5, sizeof(double));
}
__attribute__((noinline)) static void weigh(const double *x) {
  for (int i = 0; i < 5; ++i)
    results[i] = weights[i] * x[i % 2] * x[i % 2];
}
void beside(const double *x, double *y) {
  prepare();
  weigh(x);
  for (int i = 0; i < 5; ++i)
    y[i % 3] += results[i] * weights[4 - i];
}
MAP(beside, 2, 3)

// What is left there from before counts as a constant, until it is overwritten.
static double *memory;
double remembers(const double *x) {
  if (!memory)
    memory = calloc(3, sizeof(double));
  double s = memory[0] * 0 + x[0];
  memory[0] = s * x[1];
  memory[1] = memory[0] + memory[2];
  return memory[0] * memory[1];
}
FUNCTIONAL(remembers, 2)

// A struct of pointers and numbers, set by one function, used by another.
static struct Model {
  double *w;
  int n;
  double bias;
  struct Model *next;
} model, *models[3];
static void load(const double *x, int n) {
  model.w = malloc(n * sizeof(double));
  model.n = n;
  model.bias = x[0] * x[1];
  memcpy(model.w, x, n * sizeof(double));
}
static double apply(void) {
  double s = model.bias;
  for (int i = 0; i < model.n; ++i)
    s += model.w[i] * model.w[i] * (i + 1);
  return s;
}
double modelled(const double *x) {
  load(x, 3);
  double y = apply();
  free(model.w);
  model.w = 0;
  return y * y;
}
FUNCTIONAL(modelled, 3)

// A table of pointers to structs with pointers.
double tabled(const double *x) {
  for (int i = 0; i < 3; ++i) {
    if (!models[i]) {
      models[i] = calloc(1, sizeof(struct Model));
      models[i]->w = malloc(2 * sizeof(double));
      models[i]->n = 2;
    }
    models[i]->next = i ? models[i - 1] : 0;
    models[i]->bias = x[i];
    for (int k = 0; k < models[i]->n; ++k)
      models[i]->w[k] = x[i] * (k + 2);
  }
  double s = 0;
  models[0]->next = models[2];
  struct Model *m = models[0];
  for (int i = 0; i < 7 && m; ++i, m = m->next) {
    s += m->bias * m->w[i % 2];
    m->w[i % 2] = s;
  }
  return s;
}
FUNCTIONAL(tabled, 3)

// A pool: nodes go back to it, some were there before.
struct Node {
  double value;
  struct Node *next;
};
static struct Node *pool;
static struct Node *take(double v) {
  struct Node *n = pool;
  if (n)
    pool = n->next;
  else
    n = malloc(sizeof *n);
  n->value = v;
  n->next = 0;
  return n;
}
static void give(struct Node *n) { n->next = pool, pool = n; }
double pooled(const double *x) {
  struct Node *list = 0;
  for (int i = 0; i < 5; ++i) {
    struct Node *n = take(x[i % 3] * (i + 1));
    n->next = list, list = n;
  }
  double s = 0;
  while (list) {
    struct Node *n = list;
    list = n->next;
    s += n->value * n->value;
    give(n);
    if (list && list->next)
      list->next->value += s;
  }
  return s;
}
FUNCTIONAL(pooled, 3)

// Two ways to one place: a variable that leads to another, one that was set
// before and one that changes.
static double cell, cells[4] = {1, 2, 3, 4};
static double *where = &cell, *part = cells + 1;
static double *const fixed[] = {&cell, cells};
__attribute__((noinline)) static void put(double v) { *where = v; }
double aliases(const double *x) {
  cell = x[0] * x[1], cells[0] = 1;
  double s = *where * x[0];
  put(s * s);
  s += cell * x[1];
  part[1] = s;
  part = cells + 1;
  s *= cells[2] + part[0];
  for (int i = 0; i < 2; ++i)
    *fixed[i] = s * x[i], s += cell + cells[0];
  return s * *fixed[(int)x[0] & 1];
}
FUNCTIONAL(aliases, 2)

static _Thread_local double *own, *other;
double threads(const double *x) {
  if (!own)
    own = malloc(2 * sizeof(double)), other = malloc(2 * sizeof(double));
  own[0] = x[0], own[1] = x[0] * x[1], other[0] = own[1], other[1] = x[1];
  double *swap = own;
  own = other, other = swap;
  return own[0] * own[1] + other[0];
}
FUNCTIONAL(threads, 2)

// Much memory, filled in some order and from the end.
static double *large;
double far(const double *x) {
  if (!large)
    large = calloc(3005, sizeof(double));
  for (int i = 0; i < 3000; ++i)
    large[i * 7 % 3000] = x[i % 3] * (i % 10);
  for (int i = 2999; i > 0; i -= 3)
    large[i] += large[3000 - i] * x[0];
  for (int i = 2999; i >= 0; --i)
    large[i + 5] += large[i];
  double s = 0;
  for (int i = 0; i < 3000; ++i)
    s += large[i] * large[i] * 1e-4;
  for (int i = 0; i < 5; ++i)
    large[3000 + i] = 0;
  return s;
}
FUNCTIONAL(far, 3)
