//===- FarMemory.c - Shadows of memory from before the derivative ---------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Of memory that a global variable led to when the derivative began nobody
// knows how far it reaches. Its shadow is made where it is accessed, in pieces
// that grow, and found by the address of the primal. Variables of the program
// have a shadow variable; they are pieces too.
//
// A shadow's address is good for one access: a piece that grows moves.
// transform/FarMemory.h emits the calls of these functions.
//
//===----------------------------------------------------------------------===//

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct Piece {
  struct Piece *Next;
  uintptr_t Begin, End; ///< of the primal
  char *Shadow;
  int Lane;
  int IsVariable;
};

static struct Piece *add(struct Piece **List, uintptr_t Begin, uintptr_t End,
                         char *Shadow, int Lane, int IsVariable) {
  struct Piece *P = malloc(sizeof *P);
  if (!P || !Shadow) {
    static const char Message[] =
        "linkgrad: stopped in a derivative: there is no room for the shadow of "
        "memory that a global variable led to\n";
    (void)!write(2, Message, sizeof Message - 1);
    abort();
  }
  *P = (struct Piece){*List, Begin, End, Shadow, Lane, IsVariable};
  return *List = P;
}

void linkgrad_far_variable(struct Piece **List, void *Variable, void *Shadow,
                           uint64_t Bytes, int Lane) {
  uintptr_t Begin = (uintptr_t)Variable;
  add(List, Begin, Begin + Bytes, Shadow, Lane, /*IsVariable=*/1);
}

void linkgrad_far_clear(struct Piece **List) {
  for (struct Piece *P = *List, *Next; P; P = Next) {
    Next = P->Next;
    if (!P->IsVariable)
      free(P->Shadow);
    free(P);
  }
  *List = NULL;
}

/// Whole pages, and as much as there is already where it adjoins: to fill an
/// array from one end to the other takes linear time.
static void widen(struct Piece *List, uintptr_t *Begin, uintptr_t *End,
                  int Lane) {
  const uintptr_t Page = 4096, First = *Begin, Last = *End;
  *Begin &= -Page;
  *End = (*End + Page - 1) & -Page;
  uintptr_t Low = *Begin, High = *End;
  for (struct Piece *P = List; P; P = P->Next) {
    if (P->Lane != Lane || P->IsVariable || P->End < Low || P->Begin > High)
      continue;
    uintptr_t Size = P->End - P->Begin;
    if (First >= P->Begin)
      *End = High + Size < High ? High : High + Size;
    else
      *Begin = Low < Size ? Low : Low - Size;
  }
  for (struct Piece *P = List; P; P = P->Next) {
    if (P->Lane != Lane || !P->IsVariable)
      continue;
    if (P->End <= First && P->End > *Begin)
      *Begin = P->End;
    if (P->Begin >= Last && P->Begin < *End)
      *End = P->Begin;
  }
}

static __attribute__((noinline)) char *
linkgrad_far_make(struct Piece **List, uintptr_t Begin, uintptr_t End, int Lane) {
  uintptr_t Address = Begin;
  widen(*List, &Begin, &End, Lane);
  // The piece takes the place of all that it touches.
  struct Piece *Old = NULL;
  for (struct Piece **At = List, *P; (P = *At);) {
    if (P->Lane != Lane || P->IsVariable || P->End < Begin || P->Begin > End) {
      At = &P->Next;
      continue;
    }
    Begin = P->Begin < Begin ? P->Begin : Begin;
    End = P->End > End ? P->End : End;
    *At = P->Next;
    P->Next = Old;
    Old = P;
    At = List; // It reaches further now.
  }
  char *Shadow = calloc(1, End - Begin);
  add(List, Begin, End, Shadow, Lane, /*IsVariable=*/0);
  for (struct Piece *P = Old; P; P = P->Next)
    memcpy(Shadow + (P->Begin - Begin), P->Shadow, P->End - P->Begin);
  linkgrad_far_clear(&Old);
  return Shadow + (Address - Begin);
}

static __attribute__((noinline)) char *
linkgrad_far_find(struct Piece **List, void *Memory, uint64_t Bytes, int Lane) {
  uintptr_t Begin = (uintptr_t)Memory, End = Begin + Bytes;
  if (Bytes == 0)
    return Memory;
  for (struct Piece **At = List, *P; (P = *At); At = &P->Next) {
    if (P->Lane != Lane || Begin < P->Begin || End > P->End)
      continue;
    *At = P->Next; // It is the first that is looked at next time.
    P->Next = *List;
    *List = P;
    return P->Shadow + (Begin - P->Begin);
  }
  return linkgrad_far_make(List, Begin, End, Lane);
}

/// The address of the shadow of the \p Bytes behind \p Memory. If the shadow
/// pointer that goes with \p Memory is \p Memory itself, it has none.
void *linkgrad_far_address(struct Piece **List, void *Memory, void *Shadow,
                           uint64_t Bytes, int Lane) {
  return Memory == Shadow ? linkgrad_far_find(List, Memory, Bytes, Lane) : Shadow;
}

/// The shadow of \p Pointer, which was loaded from \p Memory: where none was
/// stored, it has none.
void *linkgrad_far_pointer(struct Piece **List, void *Memory, void *Shadow,
                           void *Pointer, int Lane) {
  void **At = linkgrad_far_address(List, Memory, Shadow, sizeof Pointer, Lane);
  void *Found;
  memcpy(&Found, At, sizeof Found);
  return Found ? Found : Pointer;
}
