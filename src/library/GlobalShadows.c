//===- GlobalShadows.c - Shadows of variables that are in use -------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What a derivative calls can ask for another one, which uses the shadows of
// the same global variables: by a callback of code that is not seen, or by a
// pointer that leads back. The inner one puts back what it found there.
// transform/SweepCallers.h emits the calls.
//
//===----------------------------------------------------------------------===//

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/// Whoever differentiates a derivative shall find the calls: what is put back
/// is nothing that he asks for.
#define VISIBLE __attribute__((noinline))

/// A copy of \p Shadow, null if no derivative is \p Running that may use it.
VISIBLE void *linkgrad_shadow_keep(int Running, const void *Shadow,
                                   uint64_t Bytes) {
  if (!Running)
    return NULL;
  void *Copy = malloc(Bytes);
  if (!Copy) {
    static const char Message[] =
        "linkgrad: stopped in a derivative: there is no room for the shadows "
        "of global variables that another derivative uses\n";
    (void)!write(2, Message, sizeof Message - 1);
    abort();
  }
  return memcpy(Copy, Shadow, Bytes);
}

VISIBLE void linkgrad_shadow_put_back(void *Copy, void *Shadow,
                                      uint64_t Bytes) {
  if (!Copy)
    return;
  memcpy(Shadow, Copy, Bytes);
  free(Copy);
}
