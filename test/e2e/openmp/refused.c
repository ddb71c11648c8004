// What is not differentiated ends with an error that says where.
// RUN: split-file %s %t
// DEFINE: %{name} =
// DEFINE: %{refuse} = not %clang -O1 -g -w -fopenmp -fpass-plugin=%plugin \
// DEFINE:   -c %t/%{name}.c -o %t/%{name}.o 2>&1 | FileCheck %t/%{name}.c
// REDEFINE: %{name} = tasks
// RUN: %{refuse}
// REDEFINE: %{name} = order
// RUN: %{refuse}
// REDEFINE: %{name} = locks
// RUN: %{refuse}
// REDEFINE: %{name} = capture
// RUN: %{refuse}
// REDEFINE: %{name} = read
// RUN: %{refuse}
// REDEFINE: %{name} = fence
// RUN: %{refuse}
// REDEFINE: %{name} = thread
// RUN: %{refuse}
// REDEFINE: %{name} = library
// RUN: %{refuse}
// REDEFINE: %{name} = quad
// RUN: %{refuse}
// REDEFINE: %{name} = teams
// RUN: %{refuse}
// REDEFINE: %{name} = taskloop
// RUN: %{refuse}
// REDEFINE: %{name} = league
// RUN: %{refuse}
// REDEFINE: %{name} = copyprivate
// RUN: %{refuse}
// REDEFINE: %{name} = flush
// RUN: %{refuse}
// REDEFINE: %{name} = mutex
// RUN: %{refuse}
// REDEFINE: %{name} = unknown
// RUN: %{refuse}
// REDEFINE: %{name} = second
// RUN: %{refuse}
// Without a device `target` is ordinary code.
// RUN: %clang -O1 -g -w -fopenmp -fpass-plugin=%plugin -c %t/target.c -o %t/target.o
// RUN: not %clang -O1 -g -w -fopenmp -fopenmp-targets=x86_64-pc-linux-gnu \
// RUN:   --offload-host-only -fpass-plugin=%plugin -c %t/target.c -o %t/target.o 2>&1 \
// RUN:   | FileCheck %t/target.c

//--- tasks.c
#include "request.h"
double f(const double *x) {
  double s = 0;
#pragma omp parallel
#pragma omp single
#pragma omp task shared(s)
  // CHECK: tasks.c:[[#]]:{{.*}}error: '__kmpc_omp_task_alloc': this part of OpenMP is not differentiated [unsupported-call]
  s = x[0] * x[1];
  return s;
}
REVERSE

//--- order.c
#include "request.h"
double f(const double *x) {
  double s = 0;
#pragma omp parallel for ordered
  for (int i = 0; i < 4; ++i)
#pragma omp ordered
    // CHECK: order.c:[[#]]:{{.*}}error: '__kmpc_{{.*}}' may make threads of a parallel region wait for one another
    s = s * x[i] + 1;
  return s;
}
REVERSE

//--- locks.c
#include "request.h"
#include <omp.h>
static omp_lock_t lock;
double f(const double *x) {
  double s = 0;
#pragma omp parallel for
  for (int i = 0; i < 4; ++i) {
    // CHECK: locks.c:[[#@LINE+1]]:{{.*}}error: 'omp_set_lock' may make threads of a parallel region wait for one another
    omp_set_lock(&lock);
    s = s * x[i] + 1;
    omp_unset_lock(&lock);
  }
  return s;
}
REVERSE

//--- capture.c
#include "request.h"
double f(const double *x) {
  double s = 0, t = 0;
#pragma omp parallel for
  for (int i = 0; i < 4; ++i) {
    double before;
    // CHECK: capture.c:[[#@LINE+2]]:{{.*}}error: the value before an atomic update is used in a parallel region
#pragma omp atomic capture
    {
      before = s;
      s += x[i];
    }
#pragma omp atomic
    t += before * before;
  }
  return t;
}
REVERSE

//--- read.c
#include "request.h"
double f(const double *x) {
  double s = 0, t = 0;
#pragma omp parallel for
  for (int i = 0; i < 4; ++i) {
    double now;
#pragma omp atomic
    s += x[i];
    // CHECK: read.c:[[#@LINE+2]]:{{.*}}error: atomic access to active memory in a parallel region
#pragma omp atomic read
    now = s;
#pragma omp atomic
    t += now * now;
  }
  return t;
}
FORWARD

//--- fence.c
#include "request.h"
double f(const double *x) {
  double s = 0;
  int ready = 0;
#pragma omp parallel num_threads(2)
  {
#pragma omp single nowait
    {
      s = x[0] * x[1];
      // CHECK: fence.c:[[#@LINE+1]]:{{.*}}error: an atomic access that orders threads, in a parallel region
      __atomic_store_n(&ready, 1, __ATOMIC_RELEASE);
    }
    while (!__atomic_load_n(&ready, __ATOMIC_ACQUIRE))
      ;
  }
  return s;
}
REVERSE

//--- thread.c
#include "request.h"
_Thread_local double own;
double f(const double *x) {
  double s = 0;
#pragma omp parallel reduction(+ : s)
  {
    // CHECK: thread.c:[[#@LINE+1]]:{{.*}}error: the thread-local variable 'own' holds active values in a parallel region
    own = x[0] * x[1];
    s += own;
  }
  return s;
}
FORWARD

//--- library.c
#include "request.h"
double cblas_ddot(int, const double *, int, const double *, int);
double f(const double *x) {
  double s = 0;
#pragma omp parallel for reduction(+ : s)
  for (int i = 0; i < 4; ++i)
    // CHECK: error: 'cblas_ddot' is called with active memory in a parallel region
    s += cblas_ddot(3, x, 1, x + i, 1);
  return s;
}
REVERSE

//--- quad.c
#include "request.h"
double f(const double *x) {
  long double table[4] = {x[0], x[1], 2, 3};
  double s = 0;
#pragma omp parallel for reduction(+ : s)
  for (int i = 0; i < 4; ++i)
    // CHECK: quad.c:[[#@LINE+1]]:{{.*}}error: memory that threads share is read as a number that cannot be added to atomically
    s += table[i] * table[(i + 1) % 4];
  return s;
}
REVERSE

//--- teams.c
#include "request.h"
double f(const double *x) {
  double s = 0;
#pragma omp parallel
  {
#pragma omp for
    for (int i = 0; i < 4; ++i) {
      // CHECK: teams.c:[[#]]:{{.*}}error: '__kmpc_{{.*}}': this part of OpenMP is not differentiated
      if (x[i] > 5) {
#pragma omp cancel for
      }
#pragma omp atomic
      s += x[i] * x[i];
    }
  }
  return s;
}
REVERSE

//--- taskloop.c
#include "request.h"
double f(const double *x) {
  double s = 0;
#pragma omp parallel
#pragma omp single
  // CHECK: taskloop.c:[[#@LINE+1]]:{{.*}}error: '__kmpc_taskgroup': this part of OpenMP is not differentiated [unsupported-call]
#pragma omp taskloop reduction(+ : s)
  for (int i = 0; i < 4; ++i)
    s += x[i] * x[i];
  return s;
}
REVERSE

//--- league.c
#include "request.h"
double f(const double *x) {
  double s = 0;
  // CHECK: league.c:[[#@LINE+1]]:{{.*}}error: '__kmpc_fork_teams': this part of OpenMP is not differentiated [unsupported-call]
#pragma omp teams reduction(+ : s)
#pragma omp distribute
  for (int i = 0; i < 4; ++i)
    s += x[i] * x[i];
  return s;
}
REVERSE

//--- copyprivate.c
#include "request.h"
double f(const double *x) {
  double s = 0;
#pragma omp parallel reduction(+ : s)
  {
    double t;
    // CHECK: copyprivate.c:[[#]]:{{.*}}error: '__kmpc_copyprivate': this part of OpenMP is not differentiated [unsupported-call]
#pragma omp single copyprivate(t)
    t = x[0] * x[1];
    s += t;
  }
  return s;
}
REVERSE

//--- flush.c
#include "request.h"
double f(const double *x) {
  double s = 0;
#pragma omp parallel reduction(+ : s)
  {
    s += x[0] * x[1];
    // CHECK: flush.c:[[#@LINE+1]]:{{.*}}error: '__kmpc_flush' may make threads of a parallel region wait for one another
#pragma omp flush
  }
  return s;
}
REVERSE

//--- mutex.c
#include "request.h"
#include <pthread.h>
static pthread_mutex_t mutex;
double f(const double *x) {
  double s = 0;
#pragma omp parallel for
  for (int i = 0; i < 4; ++i) {
    // CHECK: mutex.c:[[#@LINE+1]]:{{.*}}error: 'pthread_mutex_lock' may make threads of a parallel region wait for one another
    pthread_mutex_lock(&mutex);
    s = s * x[i] + 1;
    pthread_mutex_unlock(&mutex);
  }
  return s;
}
REVERSE

//--- unknown.c
#include "request.h"
void progress(int);
double f(const double *x) {
  double s = 0;
#pragma omp parallel for reduction(+ : s)
  for (int i = 0; i < 4; ++i) {
    s += x[i] * x[0];
    // CHECK: unknown.c:[[#@LINE+1]]:{{.*}}error: 'progress' may make threads of a parallel region wait for one another
    progress(i);
  }
  return s;
}
REVERSE

//--- second.c
#include "request.h"
double f(const double *x) {
  double s = 0;
#pragma omp parallel for reduction(+ : s)
  for (int i = 0; i < 4; ++i)
    s += x[i] * x[i];
  return s;
}
REVERSE
// CHECK: error: atomic update of active memory [unsupported-instruction]
void ddf(double *x, double *vx, double *dx, double *vdx) {
  __enzyme_fwddiff((void *)df, x, vx, dx, vdx);
}

//--- target.c
#include "request.h"
double f(const double *x) {
  double s = 0;
  // CHECK: target.c:[[#@LINE+1]]:{{.*}}error: '__tgt_target_kernel': this part of OpenMP is not differentiated [unsupported-call]
#pragma omp target map(to : x[0 : 4]) map(tofrom : s)
  for (int i = 0; i < 4; ++i)
    s += x[i] * x[i];
  return s;
}
REVERSE

//--- request.h
void __enzyme_autodiff(void *, ...);
double __enzyme_fwddiff(void *, ...);
double f(const double *);
#define REVERSE                                                                \
  void df(double *x, double *dx) { __enzyme_autodiff((void *)f, x, dx); }
#define FORWARD                                                                \
  double df(double *x, double *dx) {                                           \
    return __enzyme_fwddiff((void *)f, x, dx);                                 \
  }
