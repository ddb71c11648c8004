// A gravitational system of particles, forces by all threads, by leapfrog; the
// energy and the distance of the lightest to the centre of mass in the end,
// derived for the start. Forces are computed once for each pair: both particles'
// accelerations are shared.
// RUN: %check %s %t -fopenmp

#define ROUNDING 1e-11
#include "../Inputs/check.h"

enum { Bodies = 7, Steps = 4 };

typedef struct {
  double x, y, z;
} Vector;

typedef struct {
  Vector at, speed, force;
  double mass;
} Body;

static Vector between(const Body *a, const Body *b) {
  return (Vector){b->at.x - a->at.x, b->at.y - a->at.y, b->at.z - a->at.z};
}

static double norm2(Vector v) { return v.x * v.x + v.y * v.y + v.z * v.z; }

static void push(Vector *f, Vector d, double by) {
#pragma omp atomic
  f->x += d.x * by;
#pragma omp atomic
  f->y += d.y * by;
#pragma omp atomic
  f->z += d.z * by;
}

static void forces(Body *bodies, int n) {
#pragma omp for
  for (int i = 0; i < n; ++i)
    bodies[i].force = (Vector){0, 0, 0};
#pragma omp for schedule(dynamic, 1)
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < i; ++j) {
      Vector d = between(&bodies[i], &bodies[j]);
      double r2 = norm2(d) + .05, g = 1 / (r2 * sqrt(r2));
      push(&bodies[i].force, d, g * bodies[j].mass);
      push(&bodies[j].force, d, -g * bodies[i].mass);
    }
}

static void move(Vector *v, Vector d, double by) {
  v->x += d.x * by, v->y += d.y * by, v->z += d.z * by;
}

static double energy(const Body *bodies, int n) {
  double sum = 0;
#pragma omp parallel for reduction(+ : sum) schedule(static, 2)
  for (int i = 0; i < n; ++i) {
    sum += .5 * bodies[i].mass * norm2(bodies[i].speed);
    for (int j = 0; j < i; ++j)
      sum -= bodies[i].mass * bodies[j].mass /
             sqrt(norm2(between(&bodies[i], &bodies[j])) + .05);
  }
  return sum;
}

static void simulate(const double *x, double *y) {
  Body *bodies = (Body *)malloc(Bodies * sizeof *bodies);
  double h = .02 * x[0], lightest = 1e9, radius = 0;
#pragma omp parallel
  {
#pragma omp for nowait
    for (int i = 0; i < Bodies; ++i) {
      const double *p = x + 1 + 5 * i;
      bodies[i] = (Body){{p[0] * 2, p[1] * i, p[2]},
                         {p[3], -p[0], .1 * p[1]},
                         {0, 0, 0},
                         p[4]};
    }
#pragma omp barrier
    forces(bodies, Bodies);
    for (int k = 0; k < Steps; ++k) {
#pragma omp for
      for (int i = 0; i < Bodies; ++i) {
        move(&bodies[i].speed, bodies[i].force, h / 2);
        move(&bodies[i].at, bodies[i].speed, h);
      }
      forces(bodies, Bodies);
#pragma omp for
      for (int i = 0; i < Bodies; ++i)
        move(&bodies[i].speed, bodies[i].force, h / 2);
    }
#pragma omp for
    for (int i = 0; i < Bodies; ++i) {
#pragma omp critical
      if (bodies[i].mass < lightest) {
        lightest = bodies[i].mass;
        radius = sqrt(norm2(bodies[i].at));
      }
    }
  }
  y[0] = energy(bodies, Bodies);
  y[1] = radius * lightest;
  free(bodies);
}
MAP(simulate, 1 + 5 * Bodies, 2, .precision = 1e-11)
