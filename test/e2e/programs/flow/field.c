//===- field.c - Flow in a box --------------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Fields.
//
//===----------------------------------------------------------------------===//

#include "flow.h"
#include <math.h>
#include <stdlib.h>

struct Field *newField(int rows, int columns) {
  struct Field *f = malloc(sizeof *f);
  f->rows = rows;
  f->columns = columns;
  f->at = calloc((size_t)(rows + 2) * (columns + 2), sizeof *f->at);
  return f;
}

void freeField(struct Field *f) {
  free(f->at);
  free(f);
}

/// With the border. (By a loop: nothing would tell the type of what a call of
/// memcpy moves here.)
void copyField(struct Field *to, const struct Field *from) {
  int cells = (from->rows + 2) * (from->columns + 2);
  for (int i = 0; i < cells; ++i)
    to->at[i] = from->at[i];
}

/// The cells of the border have the numbers -1 and rows, or columns.
double *cell(const struct Field *f, int row, int column) {
  return &f->at[(row + 1) * (f->columns + 2) + column + 1];
}

double norm(const struct Field *f) {
  double sum = 0;
  for (int i = 0; i < f->rows; ++i)
    for (int j = 0; j < f->columns; ++j)
      sum += *cell(f, i, j) * *cell(f, i, j);
  return sqrt(sum);
}
