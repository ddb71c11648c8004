// Functions that return a pointer and a number, in registers: of a search, of an
// allocation, of a recursive walk, through a function pointer, and by a call that may
// throw.
// RUN: %check %s %t -fno-inline

#include "../Inputs/check.h"
#include <stdexcept>
#include <utility>

struct Found {
  double *place;
  double value;
};
static Found largest(double *v, int n) {
  Found f = {v, v[0] * v[0]};
  for (int i = 1; i < n; ++i)
    if (v[i] * v[i] > f.value)
      f = {v + i, v[i] * v[i]};
  return f;
}
double search(const double *x) {
  double v[4] = {x[0], x[1] * x[0], x[2], x[0] - x[1]};
  double sum = 0;
  for (int round = 0; round < 3; ++round) {
    Found f = largest(v, 4);
    sum += f.value * x[1];
    *f.place *= 0.25 * f.value;
  }
  return sum + v[0] + v[1] + v[2] + v[3];
}
FUNCTIONAL(search, 3)

struct Node {
  double weight;
  Node *left, *right;
};
static std::pair<Node *, double> build(const double *x, int depth) {
  if (depth == 0)
    return {nullptr, 1};
  auto left = build(x, depth - 1);
  auto right = build(x + 1, depth - 1);
  Node *n = new Node{x[0] * left.second, left.first, right.first};
  return {n, n->weight + 0.5 * right.second};
}
static std::pair<double, Node *> heaviest(Node *n) {
  if (!n)
    return {-1000, nullptr};
  std::pair<double, Node *> best = {n->weight * n->weight, n};
  for (Node *child : {n->left, n->right})
    if (auto b = heaviest(child); b.first > best.first)
      best = b;
  return best;
}
static void release(Node *n) {
  if (n) {
    release(n->left);
    release(n->right);
    delete n;
  }
}
double tree(const double *x) {
  auto [root, total] = build(x, 3);
  auto [value, node] = heaviest(root);
  node->weight *= total;
  double s = value * root->weight + root->left->weight;
  release(root);
  return s;
}
FUNCTIONAL(tree, 4)

static Found first(double *v, int n) { return {v, v[n - 1] * v[0]}; }
static Found last(double *v, int n) { return {v + n - 1, v[0] + v[1]}; }
double pointers(const double *x) {
  Found (*which[2])(double *, int) = {first, last};
  double v[3] = {x[0], x[1], x[0] * x[1]};
  double s = 0;
  for (int i = 0; i < 4; ++i) {
    Found f = which[i % 2](v, 3);
    *f.place += f.value;
    s += f.value * v[1];
  }
  return s;
}
FUNCTIONAL(pointers, 2)

static Found checked(double *v, int n) {
  if (n == 2)
    throw std::runtime_error("no");
  return {v + n, v[n] * v[0]};
}
double throwing(const double *x) {
  double v[3] = {x[0], x[1], x[2]};
  double s = 0;
  for (int i = 0; i < 3; ++i)
    try {
      Found f = checked(v, i);
      *f.place *= f.value;
      s += f.value;
    } catch (const std::exception &) {
      s *= v[1];
    }
  return s + v[0] * v[1];
}
FUNCTIONAL(throwing, 3)
