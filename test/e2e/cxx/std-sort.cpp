// The algorithms of the standard library that move elements: their helpers move
// bytes whose number is the distance of two pointers.
// RUN: %check %s %t
// RUN: %check %s %t -DSTABLE_SORT --skip=valgrind --skip=sanitize
#include "../Inputs/check.h"
#include <algorithm>
#include <vector>

using Vector = std::vector<double>;

static Vector squares(const double *x, int n) {
  Vector v(x, x + n);
  for (double &e : v)
    e *= e;
  return v;
}

static void weigh(const Vector &v, double *y) {
  for (unsigned i = 0; i < v.size(); ++i)
    y[i] = v[i] * (i + 1);
}

static void sorted(const double *x, double *y) {
  Vector v = squares(x, 7);
  std::sort(v.begin(), v.end());
  weigh(v, y);
}
MAP(sorted, 7, 7)

// More than std::sort leaves to the insertion sort.
static void sortedMany(const double *x, double *y) {
  Vector v;
  for (int i = 0; i < 40; ++i)
    v.push_back(x[i % 7] * (1 + i % 5) + 0.01 * i);
  std::sort(v.begin(), v.end(), [](double a, double b) { return a > b; });
  for (int i = 0; i < 7; ++i)
    y[i] = v[i] * v[39 - i];
}
MAP(sortedMany, 7, 7)

static void rotated(const double *x, double *y) {
  Vector v = squares(x, 7);
  std::rotate(v.begin(), v.begin() + 2, v.end());
  weigh(v, y);
}
MAP(rotated, 7, 7)

#if !__has_feature(address_sanitizer) // Refused there, as nothing is inlined.
static void median(const double *x, double *y) {
  Vector v = squares(x, 7);
  std::nth_element(v.begin(), v.begin() + 3, v.end());
  weigh(v, y);
}
MAP(median, 7, 7)
#endif

static void partitioned(const double *x, double *y) {
  Vector v = squares(x, 7);
  std::stable_partition(v.begin(), v.end(), [](double a) { return a > 1; });
  weigh(v, y);
}
MAP(partitioned, 7, 7)

static void heap(const double *x, double *y) {
  Vector v;
  for (int i = 0; i < 7; i++) {
    v.push_back(x[i] * x[i]);
    std::push_heap(v.begin(), v.end());
  }
  for (int i = 0; i < 7; ++i) {
    y[i] = v[0] * (i + 1);
    std::pop_heap(v.begin(), v.end());
    v.pop_back();
  }
}
MAP(heap, 7, 7)

static void insertAndErase(const double *x, double *y) {
  Vector v;
  for (int i = 0; i < 7; i++)
    v.insert(v.begin() + i / 2, x[i]);
  v.erase(v.begin() + 2);
  v.push_back(3 * x[2]);
  weigh(v, y);
}
MAP(insertAndErase, 7, 7)

struct Keyed {
  double key, value;
};
static void pairs(const double *x, double *y) {
  std::vector<Keyed> v(7);
  for (int i = 0; i < 7; i++)
    v[i] = {x[i], x[(i + 1) % 7]};
  std::sort(v.begin(), v.end(),
            [](const Keyed &a, const Keyed &b) { return a.key < b.key; });
  for (int i = 0; i < 7; ++i)
    y[i] = v[i].key * v[i].value;
}
MAP(pairs, 7, 7)

struct Numbered {
  double key;
  int number;
};
static void numbered(const double *x, double *y) {
  std::vector<Numbered> v(7);
  for (int i = 0; i < 7; i++)
    v[i] = {x[i] * (1 + 0.1 * i), i};
  std::sort(v.begin(), v.end(),
            [](const Numbered &a, const Numbered &b) { return a.key < b.key; });
  for (int i = 0; i < 7; ++i)
    y[i] = v[i].key * v[i].number;
}
MAP(numbered, 7, 7)

#ifdef STABLE_SORT
static void stable(const double *x, double *y) {
  Vector v = squares(x, 7);
  std::stable_sort(v.begin(), v.end());
  weigh(v, y);
}
MAP(stable, 7, 7)
#endif
