// A simulation driven by a heap of events: bouncing balls with different restitution,
// each event at an active time; events are put off, cancelled and repeated.
// RUN: %check %s %t

#include "../Inputs/check.h"

#define NOINLINE __attribute__((noinline))

struct event {
  double time;
  int ball, kind;
};
struct queue {
  struct event events[16];
  int n;
};
NOINLINE static void push(struct queue *q, double time, int ball, int kind) {
  int i = q->n++;
  while (i > 0 && q->events[(i - 1) / 2].time > time) {
    q->events[i] = q->events[(i - 1) / 2];
    i = (i - 1) / 2;
  }
  q->events[i] = (struct event){time, ball, kind};
}
NOINLINE static struct event pop(struct queue *q) {
  struct event first = q->events[0], last = q->events[--q->n];
  int i = 0;
  for (int c; (c = 2 * i + 1) < q->n; i = c) {
    if (c + 1 < q->n && q->events[c + 1].time < q->events[c].time)
      ++c;
    if (last.time <= q->events[c].time)
      break;
    q->events[i] = q->events[c];
  }
  q->events[i] = last;
  return first;
}

struct ball {
  double height, speed, since, restitution;
};
NOINLINE static void advance(struct ball *b, double time) {
  double dt = time - b->since;
  b->height += b->speed * dt - 4.905 * dt * dt;
  b->speed -= 9.81 * dt;
  b->since = time;
}
static double landing(const struct ball *b) {
  return b->since + (b->speed + sqrt(b->speed * b->speed + 2 * 9.81 * b->height)) / 9.81;
}
void bounces(const double *x, double *y) {
  struct ball balls[3];
  struct queue q = {.n = 0};
  for (int i = 0; i < 3; ++i) {
    balls[i] = (struct ball){x[i], 0, 0, 0.5 + 0.2 * x[3 + i]};
    push(&q, landing(&balls[i]), i, 0);
  }
  push(&q, 0.45, 0, 1); // a gust
  for (int k = 0; k < 9; ++k) {
    struct event e = pop(&q);
    struct ball *b = &balls[e.ball];
    advance(b, e.time);
    if (e.kind == 1) {
      for (int i = 0; i < 3; ++i) {
        advance(&balls[i], e.time);
        balls[i].speed += 0.1 * x[6];
      }
      continue;
    }
    b->height = 0.01;
    b->speed = -b->restitution * b->speed;
    push(&q, landing(b), e.ball, 0);
  }
  for (int i = 0; i < 3; ++i) {
    advance(&balls[i], 1.5);
    y[i] = balls[i].height;
  }
}
MAP(bounces, 7, 3, .low = 0.8, .high = 1.2, .step = 1e-7, .tolerance = 1e-4, .precision = 1e-11)
