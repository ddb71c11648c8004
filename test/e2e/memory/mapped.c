// Memory from mmap: anonymous mappings are allocations whose shadow is another one;
// that of a file is read as a constant.
// RUN: %check %s %t
//
// RUN: not %clang -O1 -w -DSTORED -fpass-plugin=%plugin %s -o %t 2>&1 | FileCheck %s
// CHECK: error: cannot make a shadow for memory from this allocator [unsupported-call]

#define _GNU_SOURCE
#include "../Inputs/check.h"
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static double *map(size_t bytes) {
  double *p = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return p == MAP_FAILED ? NULL : p;
}

// A page of coefficients, unmapped before the reverse sweep reads it.
double page(const double *x) {
  double *p = map(4096);
  for (int i = 0; i < 10; ++i)
    p[i] = x[i % 2] * (i + p[9 - i]);
  double s = 0;
  for (int i = 0; i < 10; ++i)
    s += p[i] * p[i];
  if (munmap(p, 4096) != 0)
    return 0;
  return s;
}
FUNCTIONAL(page, 2)

// An arena on a mapping: rows of a matrix behind one another, some pages of it
// given back early.
struct Arena {
  char *next, *end;
};
static double *take(struct Arena *a, int n) {
  double *p = (double *)a->next;
  a->next += n * sizeof(double);
  return a->next <= a->end ? p : NULL;
}
double arena(const double *x) {
  size_t bytes = 3 * 4096;
  char *memory = (char *)map(bytes);
  struct Arena a = {memory, memory + bytes};
  double *rows[3];
  for (int i = 0; i < 3; ++i) {
    rows[i] = take(&a, 3);
    for (int j = 0; j < 3; ++j)
      rows[i][j] = x[i] * (j + 1) + x[j];
  }
  munmap(memory + 2 * 4096, 4096);
  double s = 0;
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      s += rows[i][j] * rows[j][i] * rows[i][i];
  munmap(memory, 2 * 4096);
  return s;
}
FUNCTIONAL(arena, 3)

// A table that lies in a file.
static int tableFile(void) {
  static const double table[] = {0.5, 2, -1, 3};
  char name[] = "/tmp/linkgrad-mapped-XXXXXX";
  int file = mkstemp(name);
  unlink(name);
  return write(file, table, sizeof table) == sizeof table ? file : -1;
}
double file_table(const double *x) {
  int file = tableFile();
  const double *t = mmap(NULL, 4 * sizeof *t, PROT_READ, MAP_SHARED, file, 0);
  double s = 0;
  for (int i = 0; i < 4; ++i)
    s += t[i] * x[i % 2] * x[0];
  munmap((void *)t, 4 * sizeof *t);
  close(file);
  return s;
}
FUNCTIONAL(file_table, 2)

#ifdef STORED
double stored(const double *x) {
  int file = tableFile();
  double *t = mmap(NULL, 4 * sizeof *t, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  t[0] = x[0] * x[1];
  return t[0] * t[1];
}
FUNCTIONAL(stored, 2)
#endif
