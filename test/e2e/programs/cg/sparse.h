//===- sparse.h - Sparse matrices -------------------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Sparse matrices and the method of conjugate gradients.
//
//===----------------------------------------------------------------------===//

#ifndef SPARSE_H
#define SPARSE_H

/// A matrix by rows: the entries of row i are [begin[i], begin[i + 1]).
struct Matrix {
  int n, *begin, *column;
  double *value;
};

/// A matrix that is being put together: a list for each row.
struct Entry {
  int column;
  double value;
  struct Entry *next;
};
struct Assembly {
  int n;
  struct Entry **rows;
};

/* assembly.c */
struct Assembly *newAssembly(int n);
void addEntry(struct Assembly *a, int row, int column, double value);
struct Matrix *finish(struct Assembly *a);
void freeMatrix(struct Matrix *m);

/* solver.c */
enum Preconditioner { NONE, DIAGONAL, CHOLESKY };
struct Report {
  int iterations;
  double residual;
};
void multiply(const struct Matrix *m, const double *x, double *y);
double dot(const double *x, const double *y, int n);
struct Report solve(const struct Matrix *m, const double *b, double *x,
                    enum Preconditioner kind, double tolerance, int limit);

/* problem.c */
enum { Side = 5, Unknowns = Side * Side, Inputs = Unknowns + 3 };
double program(const double *x);

#endif
