// Structs that end in an array of one element, with room for more, as in C; and
// tables of structs that really end in one.
// RUN: %check %s %t -g --skip=-O0 --skip=-O3

#include "../Inputs/check.h"
#include <array>
#include <vector>

struct Series {
  long length;
  double data[1];
};

[[gnu::noinline]] static Series *copied(const Series *from) {
  size_t bytes = sizeof(Series) + (from->length - 1) * sizeof(double);
  auto *to = static_cast<Series *>(malloc(bytes));
  memcpy(to, from, bytes);
  return to;
}

double series(const double *x) {
  long n = 4;
  auto *a =
      static_cast<Series *>(malloc(sizeof(Series) + (n - 1) * sizeof(double)));
  a->length = n;
  double *data = a->data;
  for (long i = 0; i < n; i++)
    data[i] = x[i % 3] * x[(i + 1) % 3];
  Series *b = copied(a);
  data[2] = 1;
  double sum = 0;
  const double *others = b->data;
  for (long i = 0; i < b->length; i++)
    sum += others[i] * data[i] * (i + 1);
  free(a);
  free(b);
  return sum;
}
FUNCTIONAL(series, 3)

struct Cell {
  long kind;
  std::array<double, 1> value;
};

double cells(const double *x) {
  std::vector<Cell> a;
  for (int i = 0; i < 5; i++)
    a.push_back({i, {x[i % 3] * x[i % 2]}});
  std::vector<Cell> b(a);
  double sum = 0;
  for (size_t i = 0; i < b.size(); i++)
    sum += b[i].value[0] * b[i].value[0] * (b[i].kind + 1) * i;
  return sum;
}
FUNCTIONAL(cells, 3)
