//===- flow.h - Flow in a box -----------------------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Flow in a box with a moving lid: a projection method on a staggered grid.
//
//===----------------------------------------------------------------------===//

#ifndef FLOW_H
#define FLOW_H

enum { Cells = 6, Steps = 5, Inputs = Cells + 3 };
static const double size = 1.0 / Cells;

/// A field on the grid, with a border of one.
struct Field {
  int rows, columns;
  double *at;
};

/* field.c */
struct Field *newField(int rows, int columns);
void freeField(struct Field *f);
void copyField(struct Field *to, const struct Field *from);
double *cell(const struct Field *f, int row, int column);
double norm(const struct Field *f);

struct Flow {
  struct Field *u, *v, *pressure; /* across, upwards */
  const double *lid;              /* its speed over each cell */
  double viscosity, time;
};

/* pressure.c */
int project(struct Flow *flow, double relaxation);
double divergence(const struct Flow *flow, int row, int column);

/* step.c */
void step(struct Flow *flow);
double program(const double *x);

#endif
