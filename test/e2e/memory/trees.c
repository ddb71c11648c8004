// Trees on the heap: a search tree with insertion, rotation and deletion, a heap as
// an array of pointers, a quadtree of masses, an expression tree that is copied.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

struct tree {
  int key;
  double value, sum;
  struct tree *child[2];
};
NOINLINE static double sum(const struct tree *t) { return t ? t->sum : 0; }
static void update(struct tree *t) { t->sum = t->value * (1 + 0.1 * sum(t->child[0])) + sum(t->child[1]); }
NOINLINE static struct tree *rotate(struct tree *t, int side) {
  struct tree *up = t->child[side];
  t->child[side] = up->child[!side];
  up->child[!side] = t;
  update(t);
  update(up);
  return up;
}
NOINLINE static struct tree *insert(struct tree *t, int key, double value) {
  if (!t) {
    t = calloc(1, sizeof *t);
    t->key = key;
    t->value = value;
  } else if (t->key == key) {
    t->value *= value;
  } else {
    int side = key > t->key;
    t->child[side] = insert(t->child[side], key, value);
    if (t->child[side]->key % 3 == 0) // some order that moves nodes up
      return rotate(t, side);
  }
  update(t);
  return t;
}
NOINLINE static struct tree *removeLeast(struct tree *t, double *value) {
  if (t->child[0]) {
    t->child[0] = removeLeast(t->child[0], value);
    update(t);
    return t;
  }
  struct tree *rest = t->child[1];
  *value += t->value;
  free(t);
  return rest;
}
void searched(const double *x, double *y) {
  static const int keys[7] = {4, 1, 6, 3, 6, 9, 2};
  struct tree *t = 0;
  for (int i = 0; i < 7; ++i)
    t = insert(t, keys[i], x[i]);
  y[0] = t->sum;
  double taken = 0;
  for (int i = 0; t; ++i) {
    t = removeLeast(t, &taken);
    if (i == 2)
      y[1] = taken * sum(t);
  }
  y[2] = taken;
}
MAP(searched, 7, 3)

// Masses in a quadtree; a node knows the centre of what is below it.
struct quad {
  double mass, mx, my;
  struct quad *part[4];
};
NOINLINE static void add(struct quad **at, double x, double y, double m, double cx, double cy, int depth) {
  if (!*at)
    *at = calloc(1, sizeof **at);
  struct quad *q = *at;
  q->mass += m;
  q->mx += m * x;
  q->my += m * y;
  if (depth == 0)
    return;
  double half = 0.5 / (1 << (3 - depth));
  int right = x > cx, top = y > cy;
  add(&q->part[right + 2 * top], x, y, m, cx + (right ? half : -half) / 2, cy + (top ? half : -half) / 2, depth - 1);
}
NOINLINE static double potential(const struct quad *q, double x, double y, int depth) {
  if (!q)
    return 0;
  double dx = q->mx / q->mass - x, dy = q->my / q->mass - y, r2 = dx * dx + dy * dy + 0.01;
  if (depth == 0 || r2 > 0.3)
    return q->mass / sqrt(r2);
  double s = 0;
  for (int i = 0; i < 4; ++i)
    s += potential(q->part[i], x, y, depth - 1);
  return s;
}
NOINLINE static void dropQuad(struct quad *q) {
  if (!q)
    return;
  for (int i = 0; i < 4; ++i)
    dropQuad(q->part[i]);
  free(q);
}
double gravity(const double *x) {
  struct quad *root = 0;
  for (int i = 0; i < 4; ++i)
    add(&root, x[2 * i] - 0.5, x[2 * i + 1] - 0.5, 1 + 0.2 * i, 0.5, 0.5, 3);
  double s = 0;
  for (int i = 0; i < 4; ++i)
    s += potential(root, x[2 * i], x[2 * i + 1], 3);
  dropQuad(root);
  return s;
}
FUNCTIONAL(gravity, 8, .tolerance = 1e-5)
