// Linked lists and trees on the heap, built from active values.
// RUN: %check %s %t

#include "../Inputs/check.h"

struct Node {
  double value;
  struct Node *next;
};
static struct Node *push(struct Node *head, double v) {
  struct Node *n = malloc(sizeof *n);
  n->value = v;
  n->next = head;
  return n;
}
static void drop(struct Node *n) {
  while (n) {
    struct Node *next = n->next;
    free(n);
    n = next;
  }
}
double list(const double *x) {
  struct Node *head = 0;
  for (int i = 0; i < 6; ++i)
    head = push(head, x[i] * (i ? head->value : 1));
  double s = 0;
  for (struct Node *n = head; n; n = n->next)
    s = s * 0.7 + n->value * n->value;
  drop(head);
  return s;
}
FUNCTIONAL(list, 6)

// Reversed, spliced, changed in place.
double surgery(const double *x) {
  struct Node *head = 0, *turned = 0;
  for (int i = 0; i < 5; ++i)
    head = push(head, x[i]);
  while (head) {
    struct Node *n = head;
    head = n->next;
    n->next = turned;
    turned = n;
  }
  for (struct Node *n = turned; n->next; n = n->next) {
    n->next->value *= n->value + 0.2;
    if (n->next->next && n->value > 1) {
      struct Node *gone = n->next;
      n->next = gone->next;
      n->value += gone->value;
      free(gone);
    }
  }
  double s = 1;
  for (struct Node *n = turned; n; n = n->next)
    s += s * n->value;
  drop(turned);
  return s;
}
FUNCTIONAL(surgery, 5)

struct Tree {
  double key, weight;
  struct Tree *child[2];
};
static struct Tree *insert(struct Tree *t, double key) {
  if (!t) {
    t = calloc(1, sizeof *t);
    t->key = key;
    t->weight = 1;
    return t;
  }
  int side = key > t->key;
  t->child[side] = insert(t->child[side], key);
  t->weight += key * t->key;
  return t;
}
static double fold(const struct Tree *t) {
  return t ? t->key * t->weight + 0.5 * sin(fold(t->child[0])) * fold(t->child[1]) : 1;
}
static void fell(struct Tree *t) {
  if (!t)
    return;
  fell(t->child[0]);
  fell(t->child[1]);
  free(t);
}
double tree(const double *x) {
  struct Tree *t = 0;
  for (int i = 0; i < 7; ++i)
    t = insert(t, x[i]);
  double s = fold(t);
  fell(t);
  return s;
}
FUNCTIONAL(tree, 7)

// A queue that is filled and emptied by turns.
double queue(const double *x) {
  struct Node *head = 0, **tail = &head;
  double s = 0;
  for (int i = 0; i < 12; ++i) {
    struct Node *n = malloc(sizeof *n);
    n->value = x[i % 4] + 0.1 * s;
    n->next = 0;
    *tail = n;
    tail = &n->next;
    if (i % 3 == 2) {
      struct Node *first = head;
      s += first->value * first->value;
      head = first->next;
      if (!head)
        tail = &head;
      free(first);
    }
  }
  for (struct Node *n = head; n; n = n->next)
    s *= 0.5 + 0.3 * n->value;
  drop(head);
  return s;
}
FUNCTIONAL(queue, 4)
