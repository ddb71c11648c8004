// A struct whose last pointer lies, in steps of the struct, where another field may
// be: LLVM moves it on its own. The shadow pointer stays, whether it is moved as a
// pointer or as the float that may be there.
// RUN: %clang -O1 -w -fpass-plugin=%plugin %s -o %t -lm && %t
// RUN: %clang -O2 -w -fpass-plugin=%plugin %s -o %t -lm && %t
#include <math.h>
#include <stdio.h>

struct Row {
  float scale;
  int *index;
  double weight;
  double **table;
};
__attribute__((noinline)) static float keep(struct Row *rows, struct Row row, double v) {
  double l = log(row.weight * row.weight);
  struct Row *r = rows;
  rows[*r->index] = row;
  return l > v;
}
__attribute__((noinline)) static double f(struct Row *rows) {
  keep(rows, *rows, 1);
  double v = (*rows->table)[1] + 2.375;
  int i = 1;
  while (i != 4 && v < 0.75) {
    ++i;
    double u = 1 > rows->weight ? rows[1].weight : (*rows[1].table)[i];
    v += sin(u);
  }
  (*rows->table)[1] -= 1;
  return (*rows->table)[1] * rows->weight + rows->scale * v;
}

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);

int main() {
  int index = 0;
  double numbers[5] = {1, 2, 3, 4, 5}, dnumbers[5] = {0}, *p = numbers, *dp = dnumbers;
  struct Row rows[2] = {{.5f, &index, 3, &p}, {.5f, &index, 3, &p}};
  struct Row drows[2] = {{0, &index, 0, &dp}, {0, &index, 0, &dp}};
  __enzyme_autodiff((void *)f, enzyme_dup, rows, drows);
  // (n - 1) w + s (n + 2.375)
  int bad = fabs(dnumbers[1] - 3.5) > 1e-12 || fabs(drows->weight - 1) > 1e-12 ||
            fabs(drows->scale - 4.375) > 1e-6;
  printf("%g %g %g\n", dnumbers[1], drows->weight, drows->scale);
  return bad;
}
