//===- assembly.c - Sparse matrices ---------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Matrices from single entries, as finite elements give them.
//
//===----------------------------------------------------------------------===//

#include "sparse.h"
#include <stdlib.h>

struct Assembly *newAssembly(int n) {
  struct Assembly *a = malloc(sizeof *a);
  a->n = n;
  a->rows = calloc(n, sizeof *a->rows);
  return a;
}

/// Adds to the entry if it is there; rows stay sorted by column.
void addEntry(struct Assembly *a, int row, int column, double value) {
  struct Entry **at = &a->rows[row];
  while (*at && (*at)->column < column)
    at = &(*at)->next;
  if (*at && (*at)->column == column) {
    (*at)->value += value;
    return;
  }
  struct Entry *e = malloc(sizeof *e);
  e->column = column;
  e->value = value;
  e->next = *at;
  *at = e;
}

/// The matrix; the assembly is gone afterwards.
struct Matrix *finish(struct Assembly *a) {
  int entries = 0;
  for (int i = 0; i < a->n; ++i)
    for (struct Entry *e = a->rows[i]; e; e = e->next)
      ++entries;
  struct Matrix *m = malloc(sizeof *m);
  m->n = a->n;
  m->begin = malloc((a->n + 1) * sizeof *m->begin);
  m->column = malloc(entries * sizeof *m->column);
  m->value = malloc(entries * sizeof *m->value);
  int k = 0;
  for (int i = 0; i < a->n; ++i) {
    m->begin[i] = k;
    struct Entry *e = a->rows[i];
    while (e) {
      struct Entry *next = e->next;
      m->column[k] = e->column;
      m->value[k++] = e->value;
      free(e);
      e = next;
    }
  }
  m->begin[a->n] = k;
  free(a->rows);
  free(a);
  return m;
}

void freeMatrix(struct Matrix *m) {
  free(m->begin);
  free(m->column);
  free(m->value);
  free(m);
}
