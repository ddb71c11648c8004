// unique_ptr: trees with owners, custom deleters, arrays; each object is freed as
// soon as its owner is gone.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <memory>
#include <utility>

struct Node {
  double value;
  std::unique_ptr<Node> left, right;
  Node(double value) : value(value) {}
  double sum() const { return value + (left ? left->sum() * 0.5 : 0) + (right ? right->sum() * value : 0); }
};
static void insert(std::unique_ptr<Node> &at, double value) {
  if (!at)
    at = std::make_unique<Node>(value);
  else
    insert(value < at->value ? at->left : at->right, value);
}
double tree(const double *x) {
  std::unique_ptr<Node> root;
  for (int i = 0; i < 6; ++i)
    insert(root, x[i] * x[0]);
  double s = root->sum();
  root->left.reset();
  return s * root->sum();
}
FUNCTIONAL(tree, 6)

struct Deleter {
  int *count;
  void operator()(double *p) const {
    ++*count;
    delete[] p;
  }
};
double deleted(const double *x) {
  int count = 0;
  double s = 0;
  for (int i = 1; i < 4; ++i) {
    std::unique_ptr<double[], Deleter> p(new double[i], Deleter{&count});
    for (int k = 0; k < i; ++k)
      p[k] = x[k] * (s + 1);
    s += p[i - 1] * p[0];
  }
  return s * count;
}
FUNCTIONAL(deleted, 3)
