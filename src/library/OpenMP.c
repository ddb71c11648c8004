//===- OpenMP.c - Teams of threads in derivatives -------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// In the augmented primal each thread of a team leaves its tape in a slot of its
// own. The reverse sweep runs with as many threads, and each takes the slot of
// its number. Critical sections run in the opposite order: for each lock there
// is a counter, which each section of the primal takes a number from and counts
// up, and each section of the reverse sweep waits for and counts down.
// transform/Teams.h emits the calls of these functions.
//
//===----------------------------------------------------------------------===//

#include <sched.h>
#include <stddef.h>
#include <stdlib.h>
#include <unistd.h>

int omp_get_thread_num(void);
int omp_get_num_threads(void);

/// A deferred free: TapeRuntime.h.
struct Node {
  struct Node *Next;
  void *Memory;
  void (*Release)(void *Memory, void *Operands);
};

/// The critical sections of one lock in one outermost region.
struct Turn {
  struct Turn *Next;
  void *Lock;
  long Taken; ///< how many have run
  long Total; ///< how many there were in the end
};

struct Slot;

/// The frame of a region in its caller's tape. It may be moved once the threads
/// have joined.
struct Team {
  struct Slot *First;  ///< while the threads run
  struct Slot **Slots; ///< by thread, afterwards
  long Size;
  struct Team *Root; ///< of the outermost region, as long as that runs
  struct Turn *Turns;
};

/// What a thread has; its frame follows.
struct Slot {
  struct Slot *Next;
  long Thread;
  struct Team *Team;
  /// All code that runs in the region knows the address of this list.
  struct Node *Deferred;
};

static struct Slot *slotOf(struct Node **List) {
  return (struct Slot *)((char *)List - offsetof(struct Slot, Deferred));
}

static void release(void *Memory, void *Operands) { free(Memory); }

static void defer(struct Node **List, void *Memory) {
  struct Node *N = malloc(sizeof *N);
  N->Next = *List;
  N->Memory = Memory;
  N->Release = release;
  *List = N;
}

/// Before the threads of the primal start. \p Nested: in a thread of a team.
void linkgrad_team_begin(struct Team *T, struct Node **List, int Nested) {
  T->First = 0;
  T->Slots = 0;
  T->Size = 0;
  T->Turns = 0;
  T->Root = Nested ? slotOf(List)->Team->Root : T;
}

/// In each thread of the primal, with the size of its frame.
struct Slot *linkgrad_team_enter(struct Team *T, long Bytes) {
  struct Slot *S = malloc(sizeof *S + Bytes);
  S->Thread = omp_get_thread_num();
  S->Team = T;
  S->Deferred = 0;
  S->Next = __atomic_load_n(&T->First, __ATOMIC_RELAXED);
  while (!__atomic_compare_exchange_n(&T->First, &S->Next, S, 1,
                                      __ATOMIC_RELEASE, __ATOMIC_RELAXED))
    ;
  return S;
}

/// When they have joined. What they deferred is deferred by the caller now, and
/// so is what the team has allocated.
void linkgrad_team_join(struct Team *T, struct Node **List) {
  for (struct Slot *S = T->First; S; S = S->Next)
    ++T->Size;
  T->Slots = malloc(T->Size * sizeof *T->Slots);
  for (struct Slot *S = T->First; S; S = S->Next)
    T->Slots[S->Thread] = S;
  defer(List, T->Slots);
  for (long I = 0; I < T->Size; ++I) {
    struct Slot *S = T->Slots[I];
    struct Node **End = &S->Deferred;
    while (*End)
      End = &(*End)->Next;
    *End = *List;
    *List = S->Deferred;
    S->Deferred = 0;
    defer(List, S);
  }
  for (struct Turn *U = T->Turns; U; U = U->Next) {
    U->Total = U->Taken;
    defer(List, U);
  }
}

/// Before the threads of the reverse sweep start. \returns how many it takes.
int linkgrad_team_back(struct Team *T) {
  for (struct Turn *U = T->Turns; U; U = U->Next)
    U->Taken = U->Total;
  return (int)T->Size;
}

/// In each thread of the reverse sweep.
struct Slot *linkgrad_team_slot(struct Team *T) {
  static const char Message[] =
      "linkgrad: stopped in a derivative: the reverse sweep of a parallel "
      "region was given another number of threads than the region had\n";
  if (omp_get_num_threads() != T->Size) {
    if (write(2, Message, sizeof Message - 1) < 0)
      _exit(1);
    abort();
  }
  return T->Slots[omp_get_thread_num()];
}

/// That of thread \p I, when they have joined.
struct Slot *linkgrad_team_get(struct Team *T, long I) { return T->Slots[I]; }

/// The counter of \p Lock, which the thread holds.
struct Turn *linkgrad_turn(struct Node **List, void *Lock) {
  struct Team *T = slotOf(List)->Team->Root;
  struct Turn *First = __atomic_load_n(&T->Turns, __ATOMIC_ACQUIRE);
  for (struct Turn *U = First; U; U = U->Next)
    if (U->Lock == Lock)
      return U;
  struct Turn *U = malloc(sizeof *U);
  U->Lock = Lock;
  U->Taken = 0;
  U->Next = First;
  while (!__atomic_compare_exchange_n(&T->Turns, &U->Next, U, 1,
                                      __ATOMIC_RELEASE, __ATOMIC_RELAXED))
    ;
  return U;
}

/// At the begin of a section of the primal: its number.
long linkgrad_turn_take(struct Turn *U) { return U->Taken++; }

/// The same at its end.
long linkgrad_turn_current(struct Turn *U) { return U->Taken - 1; }

/// At its end, where the reverse sweep enters it.
void linkgrad_turn_await(struct Turn *U, long Number) {
  while (__atomic_load_n(&U->Taken, __ATOMIC_ACQUIRE) != Number + 1)
    sched_yield();
}

/// At its begin, where the reverse sweep leaves it.
void linkgrad_turn_pass(struct Turn *U, long Number) {
  __atomic_store_n(&U->Taken, Number, __ATOMIC_RELEASE);
}
