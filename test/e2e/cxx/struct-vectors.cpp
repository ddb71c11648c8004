// Vectors of structs of an integer and a float, by algorithms that move elements with
// memmove to where distances of pointers lead: what such a distance counts is told by
// divisions, copies and allocations elsewhere.
// RUN: %check %s %t
// RUN: %check %s %t -DMORE --skip=-O3 --skip=valgrind --skip=sanitize

#include "../Inputs/check.h"
#include <algorithm>
#include <deque>
#include <iterator>
#include <vector>

struct Item {
  long key;
  double value;
};
using Items = std::vector<Item>;

static bool byKey(const Item &a, const Item &b) { return a.key < b.key; }
static bool byValue(const Item &a, const Item &b) { return a.value < b.value; }

static Items items(const double *x) {
  Items all;
  for (int i = 0; i < 6; ++i)
    all.push_back({(i * 5) % 6, x[i % 3] * (i + 1)});
  return all;
}

static double sum(const Items &all) {
  double s = 0;
  for (const Item &i : all)
    s = s * 1.1 + i.value * i.key;
  return s;
}

#ifdef MORE
static double sortedStably(const double *x) {
  Items all = items(x);
  std::stable_sort(all.begin(), all.end(), byValue);
  return sum(all);
}
FUNCTIONAL(sortedStably, 3)

static double inserted(const double *x) {
  Items all = items(x);
  all.insert(all.begin(), 2, {1, x[2]});
  std::deque<Item> both(all.begin(), all.end());
  both.push_front(all[4]);
  both.pop_back();
  return sum(Items(both.begin(), both.end()));
}
FUNCTIONAL(inserted, 3)

static double nested(const double *x) {
  std::vector<Items> rows(2, items(x));
  rows[1].resize(3);
  rows.push_back(rows[0]);
  return sum(rows[1]) * sum(rows[2]);
}
FUNCTIONAL(nested, 3)
#else
static double sorted(const double *x) {
  Items all = items(x);
  std::sort(all.begin(), all.end(), byKey);
  return sum(all);
}
FUNCTIONAL(sorted, 3)

static double merged(const double *x) {
  Items all = items(x), both;
  std::merge(all.begin(), all.begin() + 2, all.begin() + 3, all.begin() + 5,
             std::back_inserter(both), byKey);
  return sum(both);
}
FUNCTIONAL(merged, 3)

static double erased(const double *x) {
  Items all = items(x);
  all.erase(all.begin() + 2, all.begin() + 4);
  auto odd = [](const Item &i) { return i.key % 2; };
  all.erase(std::partition(all.begin(), all.end(), odd), all.end());
  return sum(all);
}
FUNCTIONAL(erased, 3)

static double copied(const double *x) {
  Items all = items(x), some(all.begin() + 1, all.end()), others;
  others.assign(some.begin(), some.end());
  some = others;
  some.insert(some.end(), all.rbegin(), all.rend());
  some.swap(all);
  std::rotate(all.begin(), all.begin() + 2, all.end());
  return sum(all) * some.size();
}
FUNCTIONAL(copied, 3)
#endif
