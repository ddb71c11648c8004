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

/// One pointer that was stored.
struct Entry {
  const char *Primal; ///< where it was stored,
  char *Shadow;       ///< and where its shadow
  uintptr_t Pointer;  ///< at the end of the forward sweep: if it is still there
  uintptr_t New;      ///< the shadow of Pointer
  uintptr_t Old;      ///< what Shadow held before
};

/// A node of the list of deferred frees (transform/TapeRuntime.cpp). If Memory
/// is the mark, it is a piece of the journal.
struct Node {
  struct Node *Next;
  const void *Memory;
  void (*Release)(void *, void *);
  uint64_t Count, Capacity;
  struct Entry Entries[];
};

static uintptr_t bitsAt(const char *Address) {
  uintptr_t Bits;
  memcpy(&Bits, Address, sizeof Bits);
  return Bits;
}

static void setBits(char *Address, uintptr_t Bits) {
  memcpy(Address, &Bits, sizeof Bits);
}

static void release(void *Memory, void *Operands) {}

static void append(struct Node **List, const void *Mark, struct Entry E) {
  // Among the latest nodes; there may be few entries among many other nodes.
  const uint64_t MaxSteps = 8, First = 4, Last = 1024;
  struct Node *N = *List;
  for (uint64_t I = 1; N && N->Memory != Mark; ++I)
    N = I < MaxSteps ? N->Next : NULL;
  if (!N || N->Count == N->Capacity) {
    uint64_t Capacity = !N                    ? First
                        : N->Capacity == Last ? Last
                                              : 2 * N->Capacity;
    N = malloc(sizeof *N + Capacity * sizeof E);
    if (!N) {
      static const char Message[] =
          "linkgrad: stopped in a derivative: there is no room for the record "
          "of pointers that are overwritten\n";
      (void)!write(2, Message, sizeof Message - 1);
      abort();
    }
    *N = (struct Node){*List, Mark, release, 0, Capacity};
    *List = N;
  }
  N->Entries[N->Count++] = E;
}

/// \p Pointer, whose shadow is \p New, is about to be stored.
VISIBLE void linkgrad_union_store(struct Node **List, const void *Mark,
                                  const char *Primal, char *Shadow,
                                  const char *Pointer, const char *New) {
  append(List, Mark,
         (struct Entry){Primal, Shadow, (uintptr_t)Pointer, (uintptr_t)New,
                        bitsAt(Shadow)});
}

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
      append(List, Mark,
             (struct Entry){
                 Primal + At, Shadow + At, From ? bitsAt(From + At) : 0,
                 From ? bitsAt(FromShadow + At) : 0, bitsAt(Shadow + At)});
    }
    if (!Period)
      return;
  }
}

/// As a float, and as two of them, an address is next to nothing, so it is no
/// seed.
static int isAddress(uint64_t Bits) { return Bits >> 32 && !(Bits >> 48); }

/// Stands where floats have overwritten a pointer. It is no address, and next
/// to nothing as one or two floats: in split mode a seed may overwrite a half.
static const uint64_t Gone = 0x8000000180000001;

/// Floats are about to be stored. A pointer that is there may be from before
/// the derivative.
VISIBLE void linkgrad_union_floats(struct Node **List, const void *Mark,
                                   char *Shadow, uint64_t Bytes) {
  const uintptr_t Size = sizeof(uintptr_t), No = UINTPTR_MAX;
  for (char *At = (char *)((uintptr_t)Shadow & -Size); At < Shadow + Bytes;
       At += Size)
    if (isAddress(bitsAt(At))) {
      append(List, Mark, (struct Entry){At, At, No, Gone, bitsAt(At)});
      setBits(At, Gone);
    }
}

/// The same for the [Begin, End) of each period (all, if there is none) of
/// \p Bytes that are about to be copied. Pointers beside them may be copied
/// from a place that overlaps this one: they stay.
VISIBLE void linkgrad_union_floats_in(struct Node **List, const void *Mark,
                                      char *Shadow, const char *FromShadow,
                                      uint64_t Begin, uint64_t End,
                                      uint64_t Period, uint64_t Bytes) {
  if (Shadow == FromShadow)
    return;
  for (uint64_t Base = 0; Base + Begin < Bytes; Base += Period) {
    uint64_t Last = Base + End < Bytes ? Base + End : Bytes;
    linkgrad_union_floats(List, Mark, Shadow + Base + Begin,
                          Last - Base - Begin);
    if (!Period)
      return;
  }
}

/// The forward sweep ends. Later the primal's memory may be gone.
VISIBLE void linkgrad_union_end(struct Node **List, const void *Mark) {
  for (struct Node *N = *List; N; N = N->Next)
    for (uint64_t I = 0; N->Memory == Mark && I < N->Count; ++I)
      N->Entries[I].Pointer =
          bitsAt(N->Entries[I].Primal) == N->Entries[I].Pointer;
}

/// Takes back that \p E was stored. In split mode a seed, or a tangent of what
/// was there before, may have overwritten a half.
static void undo(const struct Entry *E, int IsSplit) {
  const uintptr_t Low = UINT32_MAX, High = ~Low;
  uintptr_t Bits = bitsAt(E->Shadow), Changed = Bits ^ E->New;
  if (!Changed)
    return setBits(E->Shadow, E->Old);
  if (!IsSplit || (Changed & Low && Changed & High))
    return;
  uintptr_t Kept = Changed & Low ? High : Low;
  setBits(E->Shadow,
          (Bits & ~Kept) | (isAddress(E->Old) ? 0 : E->Old & Kept));
}

/// From the last to the first. The list is turned around. What is a pointer
/// still, was one before the derivative, and has no adjoint.
VISIBLE void linkgrad_union_undo(struct Node **List, const void *Mark,
                                 int Given, int IsSplit) {
  struct Node *Before = NULL;
  for (struct Node *N = *List, *Next; N; Before = N, N = Next) {
    for (uint64_t I = N->Memory == Mark ? N->Count : 0; I > 0; --I)
      undo(&N->Entries[I - 1], IsSplit);
    Next = N->Next;
    N->Next = Before;
  }
  *List = Before;
  for (struct Node *N = Given ? Before : NULL; N; N = N->Next)
    for (uint64_t I = 0; N->Memory == Mark && I < N->Count; ++I)
      if (isAddress(bitsAt(N->Entries[I].Shadow)))
        setBits(N->Entries[I].Shadow, 0);
}

/// From the first to the last, where the primal ended with the pointer. What a
/// reverse sweep added there stays: it is the derivative by what was there
/// before. The list is turned around again.
VISIBLE void linkgrad_union_redo(struct Node **List, const void *Mark,
                                 int IsForward) {
  struct Node *Before = NULL;
  for (struct Node *N = *List, *Next; N; Before = N, N = Next) {
    for (uint64_t I = 0; N->Memory == Mark && I < N->Count; ++I) {
      struct Entry *E = &N->Entries[I];
      if (bitsAt(E->Shadow) == E->Old || !bitsAt(E->Shadow) ||
          (IsForward && E->Pointer))
        setBits(E->Shadow, E->Pointer ? E->New : 0);
    }
    Next = N->Next;
    N->Next = Before;
  }
  *List = Before;
}
