//===- UnionMemory.c - Shadows that are a pointer or a float --------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// transform/UnionMemory.h says what this is for, and emits the calls.
//
//===----------------------------------------------------------------------===//

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// Whoever differentiates a derivative shall find the calls: there is no
/// derivative of these functions.
#define VISIBLE __attribute__((noinline))

/// A node of the list of deferred frees (transform/TapeRuntime.cpp). If Memory
/// is the mark, it tells of one pointer that was stored.
struct Node {
  struct Node *Next;
  const void *Memory;
  void (*Release)(void *, void *);
  const char *Primal; ///< where it was stored,
  char *Shadow;       ///< and where its shadow
  uintptr_t Pointer;  ///< at the end of the forward sweep: if it is still there
  uintptr_t New;      ///< the shadow of Pointer
  uintptr_t Old;      ///< what Shadow held before
};

static uintptr_t bitsAt(const char *Address) {
  uintptr_t Bits;
  memcpy(&Bits, Address, sizeof Bits);
  return Bits;
}

static void setBits(char *Address, uintptr_t Bits) {
  memcpy(Address, &Bits, sizeof Bits);
}

void linkgrad_union_release(void *Memory, void *Operands) {}

/// The pointers in [Begin, End) of each period (all, if there is none) of
/// \p Bytes are about to be copied, or overwritten by zeros.
VISIBLE void linkgrad_union_copy(struct Node **List, const void *Mark,
                                 const char *Primal, char *Shadow,
                                 const char *From, const char *FromShadow,
                                 uint64_t Begin, uint64_t End, uint64_t Period,
                                 uint64_t Bytes) {
  for (uint64_t Base = 0; Base < Bytes; Base += Period) {
    for (uint64_t At = Base + Begin; At < Base + End; At += sizeof(uintptr_t)) {
      if (At + sizeof(uintptr_t) > Bytes)
        return;
      struct Node *N = malloc(sizeof *N);
      if (!N) {
        static const char Message[] =
            "linkgrad: stopped in a derivative: there is no room for the "
            "record of pointers that a copy overwrites\n";
        (void)!write(2, Message, sizeof Message - 1);
        abort();
      }
      *N = (struct Node){*List,
                         Mark,
                         linkgrad_union_release,
                         Primal + At,
                         Shadow + At,
                         From ? bitsAt(From + At) : 0,
                         From ? bitsAt(FromShadow + At) : 0,
                         bitsAt(Shadow + At)};
      *List = N;
    }
    if (!Period)
      return;
  }
}

/// The forward sweep ends. Later the primal's memory may be gone.
VISIBLE void linkgrad_union_end(struct Node **List, const void *Mark) {
  for (struct Node *N = *List; N; N = N->Next)
    if (N->Memory == Mark)
      N->Pointer = bitsAt(N->Primal) == N->Pointer;
}

/// From the last to the first. The list is turned around.
VISIBLE void linkgrad_union_undo(struct Node **List, const void *Mark) {
  struct Node *Before = NULL;
  for (struct Node *N = *List, *Next; N; Before = N, N = Next) {
    if (N->Memory == Mark && bitsAt(N->Shadow) == N->New)
      setBits(N->Shadow, N->Old);
    Next = N->Next;
    N->Next = Before;
  }
  *List = Before;
}

/// From the first to the last, where the primal ended with the pointer. What a
/// sweep added there stays: it is the derivative by what was there before. The
/// list is turned around again.
VISIBLE void linkgrad_union_redo(struct Node **List, const void *Mark) {
  struct Node *Before = NULL;
  for (struct Node *N = *List, *Next; N; Before = N, N = Next) {
    if (N->Memory == Mark &&
        (bitsAt(N->Shadow) == N->Old || !bitsAt(N->Shadow)))
      setBits(N->Shadow, N->Pointer ? N->New : 0);
    Next = N->Next;
    N->Next = Before;
  }
  *List = Before;
}
