// Active structs with names: pointers to constant text, which functions store
// there that cannot be inlined, from literals, tables and other entries. RUN:
// %check %s %t

#include "../Inputs/check.h"

// A hash table that keeps the caller's text.
struct Entry {
  const char *name;
  double value;
  struct Entry *next;
};

__attribute__((noinline)) static struct Entry *named(struct Entry **buckets,
                                                     const char *name) {
  unsigned hash = 0;
  for (const char *c = name; *c; ++c)
    hash = hash * 31 + *c;
  for (struct Entry *e = buckets[hash % 4]; e; e = e->next)
    if (!strcmp(e->name, name))
      return e;
  struct Entry *e = malloc(sizeof *e);
  e->name = name;
  e->value = 0;
  e->next = buckets[hash % 4];
  return buckets[hash % 4] = e;
}

static double sumAndFree(struct Entry **buckets) {
  double sum = 0;
  for (int i = 0; i < 4; ++i)
    for (struct Entry *e = buckets[i], *next; e; e = next) {
      sum += e->value * e->name[0];
      next = e->next;
      free(e);
      buckets[i] = 0;
    }
  return sum;
}

double table(const double *x) {
  struct Entry *buckets[4] = {0};
  named(buckets, "mass")->value = x[0] * x[1];
  named(buckets, "speed")->value += x[1];
  named(buckets, "mass")->value *= x[0];
  double product =
      named(buckets, "mass")->value * named(buckets, "speed")->value;
  return product + sumAndFree(buckets);
}
FUNCTIONAL(table, 2)

static struct Entry *fixed[4];
double fixedTable(const double *x) {
  named(fixed, "mass")->value = x[0] * x[1];
  named(fixed, "")->value = x[1] / named(fixed, "mass")->value;
  return named(fixed, "")->value * sumAndFree(fixed);
}
FUNCTIONAL(fixedTable, 2)

// Names and units in one array, from a table, from literals, and behind the
// beginning of a text.
struct Quantity {
  const char *name;
  double value;
  const char *unit;
};

__attribute__((noinline)) static void add(struct Quantity *list, int *n,
                                          const char *name, double value,
                                          const char *unit) {
  list[*n].name = name;
  list[*n].value = value;
  list[*n].unit = *unit ? unit + 1 : unit;
  ++*n;
}

__attribute__((noinline)) static double lookUp(const struct Quantity *list,
                                               int n, const char *name) {
  for (int i = 0; i < n; ++i)
    if (!strcmp(list[i].name, name))
      return list[i].value;
  return 0;
}

static const char *const keys[] = {"mass", "speed", ""};
double quantities(const double *x) {
  struct Quantity list[8];
  int n = 0;
  for (int i = 0; i < 3; ++i)
    add(list, &n, keys[i], x[i] * x[0], i == 1 ? "[m/s]" : "");
  add(list, &n, "extra", x[1] * x[2], "[kg]");
  struct Quantity last = list[n - 1];
  add(list, &n, last.unit, last.value * x[0], last.name);
  return lookUp(list, n, "mass") * lookUp(list, n, keys[1]) *
             lookUp(list, n, "") +
         lookUp(list, n, "extra") + list[1].unit[0] * lookUp(list, n, "kg]");
}
FUNCTIONAL(quantities, 3)

// Text in the place of a number, and a number there again.
typedef struct {
  int isText;
  union {
    double number;
    char text[8];
  } is;
  double weight;
} Cell;

__attribute__((noinline)) static double valueOf(const Cell *c) {
  return c->isText ? c->is.text[0] == 'e' : c->is.number * c->weight;
}

static void write(Cell *c, const char *text) {
  c->isText = 1;
  strcpy(c->is.text, text);
}

double sheet(const double *x) {
  Cell row[4];
  double sum = 0;
  for (int i = 0; i < 4; ++i)
    row[i] = (Cell){.is.number = x[i % 3] * (i + 1), .weight = x[0]};
  for (int i = 0; i < 4; ++i)
    sum += valueOf(&row[i]);
  write(&row[1], "empty");
  write(&row[2], "no");
  for (int i = 0; i < 4; ++i)
    sum += valueOf(&row[i]) * i;
  row[1].isText = 0;
  row[1].is.number = sum;
  for (int i = 0; i < 4; ++i)
    sum += valueOf(&row[i]) * valueOf(&row[3 - i]);
  return sum;
}
FUNCTIONAL(sheet, 3)
