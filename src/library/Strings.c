//===- Strings.c - Shadows of std::string ---------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A string beside active values has a shadow with a pointer in it. In code that
// LinkGrad differentiates, it is kept up to date: it leads to the shadow's own
// room for short text, or to memory that was allocated beside the primal's. A
// function of the library (rules/StringFunctions.h) changes the primal alone.
// The pointer is null from then on. Nobody reads through it, since text has no
// adjoint, and a null pointer may be freed.
//
//===----------------------------------------------------------------------===//

#include <stddef.h>

/// libstdc++'s std::string, of any character type.
struct String {
  void *Text;
  size_t Length;
  union {
    char Short[16];
    size_t Capacity;
  };
};

/// operator delete(void *)
void _ZdlPv(void *);

/// Before \p S is made where there was none.
void linkgrad_new_string(const struct String *S, struct String *Shadow) {
  if (!Shadow || Shadow == S)
    return;
  Shadow->Text = NULL;
  Shadow->Length = 0;
  Shadow->Capacity = 0;
}

/// Before \p S is changed or destroyed. Shadow text that is not the primal's is
/// the shadow's.
void linkgrad_change_string(const struct String *S, struct String *Shadow) {
  if (!Shadow || Shadow == S)
    return;
  if (Shadow->Text != Shadow->Short && Shadow->Text != S->Text)
    _ZdlPv(Shadow->Text);
  linkgrad_new_string(S, Shadow);
}
