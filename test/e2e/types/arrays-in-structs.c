// Structs with arrays in them, by value and in tables: copied, exchanged and
// returned. TBAA's tag for an array in a copied struct is that of a union's
// member, and LLVM lets an index that counts from 1 begin at what is before the
// array.
// RUN: %check %s %t --skip=-O0

#include "../Inputs/check.h"
#include <stdlib.h>
#include <string.h>

typedef struct {
  double pos[3], vel[3];
  int id;
  double w[2];
} Particle;
typedef struct {
  Particle *p;
  int n, cap;
} Cloud;

static __attribute__((noinline)) void push(Cloud *c, Particle q) {
  if (c->n == c->cap) {
    c->cap = c->cap ? 2 * c->cap : 2;
    Particle *np = malloc(c->cap * sizeof(Particle));
    if (c->p)
      memcpy(np, c->p, c->n * sizeof(Particle));
    free(c->p);
    c->p = np;
  }
  c->p[c->n++] = q;
}

static __attribute__((noinline)) void step(Cloud *c, double h) {
  for (int i = 0; i < c->n; i++)
    for (int k = 0; k < 3; k++) {
      c->p[i].pos[k] += h * c->p[i].vel[k];
      c->p[i].vel[k] -= h * c->p[i].pos[k] * c->p[i].w[k & 1];
    }
}

static __attribute__((noinline)) void swap(Particle *a, Particle *b) {
  Particle t = *a;
  *a = *b;
  *b = t;
}

double cloud(const double *x) {
  Cloud c = {0};
  for (int i = 0; i < 5; i++) {
    Particle q = {{x[0], x[1] * i, i}, {x[2], 1, x[0]}, i, {1, x[1]}};
    push(&c, q);
  }
  step(&c, .1);
  swap(&c.p[0], &c.p[3]);
  step(&c, .2);
  double e = 0;
  for (int i = 0; i < c.n; i++)
    for (int k = 0; k < 3; k++)
      e += (i + 1) * c.p[i].pos[k] * c.p[i].vel[k];
  free(c.p);
  return e;
}
FUNCTIONAL(cloud, 3)

typedef struct {
  double m[4][4];
} Mat4;

static Mat4 mul(Mat4 a, Mat4 b) {
  Mat4 r;
  for (int i = 0; i < 4; i++)
    for (int j = 0; j < 4; j++) {
      r.m[i][j] = 0;
      for (int k = 0; k < 4; k++)
        r.m[i][j] += a.m[i][k] * b.m[k][j];
    }
  return r;
}

double mats(const double *x) {
  Mat4 a, s[4];
  for (int i = 0; i < 16; i++)
    a.m[i / 4][i % 4] = x[i % 3] * .1 * i;
  s[0] = a;
  for (int i = 1; i < 4; i++)
    s[i] = mul(s[i - 1], a);
  Mat4 t = s[x[0] > 0 ? 3 : 2];
  s[1] = t;
  double e = 0;
  for (int i = 0; i < 4; i++)
    e += s[1].m[i][3 - i];
  return e;
}
FUNCTIONAL(mats, 3)

typedef struct {
  int k;
  double c[8];
} Poly;

static __attribute__((noinline)) Poly deriv(const Poly *p) {
  Poly r = {p->k - 1};
  for (int i = 0; i < r.k; i++)
    r.c[i] = (i + 1) * p->c[i + 1];
  return r;
}

static double evalp(Poly p, double t) {
  double s = 0;
  for (int i = p.k; i-- > 0;)
    s = s * t + p.c[i];
  return s;
}

double newton(const double *x) {
  Poly p = {4, {x[0], x[1], x[2], 1}};
  Poly q = deriv(&p);
  Poly tab[3] = {p, q, q};
  tab[2] = deriv(&tab[1]);
  double t = 3;
  for (int i = 0; i < 20; i++)
    t -= evalp(tab[0], t) / (evalp(tab[1], t) + 0.01 * evalp(tab[2], t));
  return t;
}
FUNCTIONAL(newton, 3)
