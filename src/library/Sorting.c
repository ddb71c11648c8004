//===- Sorting.c - C's functions that take a comparison -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What takes the place of these functions in code that is differentiated
// (rules/LibraryBodies.h). Each makes the comparisons that glibc's makes, as far
// as they depend on one another: so elements that compare equal end up in the
// same order, and a comparison that contradicts itself does the same harm.
//
// What is sorted is the numbers of the elements. Then these are moved once, and
// all that the way back needs is where each came from.
//
//===----------------------------------------------------------------------===//

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

typedef int Compare(const void *, const void *);
typedef int CompareWith(const void *, const void *, void *);

/// One of the two functions, the other is null.
struct Order {
  Compare *Plain;
  CompareWith *With;
  void *Context;
};

#define INLINE static inline __attribute__((always_inline))

INLINE int compare(const struct Order *O, const void *A, const void *B) {
  return O->Plain ? O->Plain(A, B) : O->With(A, B, O->Context);
}

/// The part \p Number of the 2^Level parts of \p Count elements: halves of
/// halves, of which the second is the larger one.
INLINE void findPart(size_t Number, unsigned Level, size_t Count, size_t *Begin,
                     size_t *Length) {
  *Begin = 0;
  *Length = Count;
  while (Level-- > 0) {
    size_t Half = *Length / 2;
    if (Number >> Level & 1) {
      *Begin += Half;
      *Length -= Half;
    } else {
      *Length = Half;
    }
  }
}

INLINE void sort(char *Base, size_t Count, size_t Size, struct Order O) {
  size_t *From = malloc(Count * sizeof *From);
  size_t *Merged = malloc(Count * sizeof *Merged);
  for (size_t I = 0; I < Count; ++I)
    From[I] = I;
  unsigned Level = 0;
  while (Level < 8 * sizeof Count && (size_t)1 << Level < Count)
    ++Level;
  while (Level-- > 0) {
    for (size_t Part = 0; Part < (size_t)1 << Level; ++Part) {
      size_t Left, Length;
      findPart(Part, Level, Count, &Left, &Length);
      size_t Middle = Left + Length / 2, Right = Middle, End = Left + Length;
      for (size_t To = Left; To < End; ++To) {
        int TakesLeft = Left < Middle;
        if (TakesLeft && Right < End)
          TakesLeft = compare(&O, Base + From[Left] * Size,
                              Base + From[Right] * Size) <= 0;
        Merged[To] = From[TakesLeft ? Left : Right];
        Left += TakesLeft;
        Right += !TakesLeft;
      }
    }
    size_t *Old = From;
    From = Merged;
    Merged = Old;
  }
  free(Merged);
  // One by one, both times: of what a copy as a whole copies nobody would know
  // where it ends.
  char *Elements = malloc(Count * Size);
  for (size_t I = 0; I < Count; ++I)
    memcpy(Elements + From[I] * Size, Base + From[I] * Size, Size);
  for (size_t I = 0; I < Count; ++I)
    memcpy(Base + I * Size, Elements + From[I] * Size, Size);
  free(Elements);
  free(From);
}

void linkgrad_qsort(void *Base, size_t Count, size_t Size, Compare *C) {
  sort(Base, Count, Size, (struct Order){C, NULL, NULL});
}

void linkgrad_qsort_r(void *Base, size_t Count, size_t Size, CompareWith *C,
                      void *Context) {
  sort(Base, Count, Size, (struct Order){NULL, C, Context});
}

void *linkgrad_bsearch(const void *Key, const void *Base, size_t Count,
                       size_t Size, Compare *C) {
  size_t Begin = 0, End = Count;
  while (Begin < End) {
    size_t Middle = (Begin + End) / 2;
    char *Element = (char *)Base + Middle * Size;
    int Result = C(Key, Element);
    if (Result == 0)
      return Element;
    if (Result < 0)
      End = Middle;
    else
      Begin = Middle + 1;
  }
  return NULL;
}

void *linkgrad_lfind(const void *Key, const void *Base, size_t *Count,
                     size_t Size, Compare *C) {
  char *Element = (char *)Base;
  for (size_t I = 0; I < *Count; ++I, Element += Size)
    if (C(Key, Element) == 0)
      return Element;
  return NULL;
}
