// std::unique_ptr moved into members, locals and out of a recursive factory: LLVM
// copies such pointers as integers, where other classes have a number. (Between the
// checks of sanitizers they stay integers, and are refused.)
// RUN: %check %s %t --skip=sanitize

#include "../Inputs/check.h"
#include <memory>
#include <utility>
#include <vector>

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
};
struct Square : Shape {
  double side;
  explicit Square(double s) : side(s) {}
  double area() const override { return side * side; }
};
struct Frame : Shape {
  std::unique_ptr<Shape> inner;
  double border;
  Frame(std::unique_ptr<Shape> i, double b) : inner(std::move(i)), border(b) {}
  double area() const override { return inner->area() * border + border; }
};
static std::unique_ptr<Shape> make(int kind, double v) {
  if (kind == 0)
    return std::make_unique<Square>(v);
  return std::make_unique<Frame>(make(kind - 1, v * 0.5), v);
}
double frames(const double *x) { return make(3, x[0])->area() * x[1]; }
FUNCTIONAL(frames, 2)

struct Node {
  double value;
  std::unique_ptr<Node> left, right;
};
static std::unique_ptr<Node> grow(const double *x, int depth) {
  if (depth == 0)
    return nullptr;
  auto n = std::make_unique<Node>();
  n->value = x[depth % 2] * depth;
  n->left = grow(x, depth - 1);
  n->right = grow(x, depth - 2 > 0 ? depth - 2 : 0);
  return n;
}
static double sum(const Node *n) {
  return n ? n->value * n->value + 0.5 * sum(n->left.get()) - sum(n->right.get())
           : 1;
}
double rotated(const double *x) {
  auto root = grow(x, 4);
  auto part = std::move(root->right);
  part->value *= root->value;
  std::swap(root->left, part->left);
  root->right = std::move(part->left);
  part->left = std::move(root);
  return sum(part.get());
}
FUNCTIONAL(rotated, 2)

double owners(const double *x) {
  std::vector<std::unique_ptr<Shape>> shapes;
  for (int i = 0; i < 3; ++i)
    shapes.push_back(make(i, x[i % 2] + i));
  std::swap(shapes[0], shapes[2]);
  double s = 0;
  for (int i = 0; i < 3; ++i)
    s += (i + 1) * shapes[i]->area();
  return s;
}
FUNCTIONAL(owners, 2)
