//===- TypeEvidence.h - What is known about some bytes ----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_TYPEEVIDENCE_H
#define LINKGRAD_ANALYSIS_TYPEEVIDENCE_H

#include "analysis/TypeAnalysis.h"

namespace linkgrad {

/// The facts about some bytes, joined.
struct Evidence {
  llvm::Type *Float = nullptr;
  bool Pointer = false;
  /// Certain: used in integer arithmetic, or accessed as an integer by the
  /// source program.
  bool Integer = false;
  /// At some time a string begins here.
  bool Text = false;
  /// Declared as an integer, or padding. Whatever else is known beats it.
  bool WeakInteger = false;
  /// Two floats that overlap, or a fraction of one.
  bool Mixed = false;
  /// Padding, or members of a derived class. To add up the shadows of padding
  /// as floats does no harm, to take a float for padding does. Whatever else is
  /// known beats it.
  llvm::Type *Tail = nullptr;
  /// Part of a union: what this function does not see there may be there all
  /// the same.
  bool Union = false;
  /// The one float among the members of a union, all of which are known. The
  /// others are pointers, at just these bytes, and integers.
  llvm::Type *Variant = nullptr;
  /// A float and an integer in the same bytes, and a tag that tells which is
  /// there: an enum of Rust. Both are moved as the float. What becomes of
  /// calculations with the bits is left to ActivityBits.cpp.
  bool Tagged = false;
  /// A declaration tells all that can be there.
  bool Closed = false;

  static Evidence floating(llvm::Type *T);
  static Evidence pointer();
  static Evidence integer();
  static Evidence text();
  static Evidence weakInteger();
  static Evidence mixed();
  static Evidence memberOfUnion();
  static Evidence floatOrPointer(llvm::Type *Float);
  static Evidence tagged();
  static Evidence tailPadding(llvm::Type *Float);

  /// \returns whether *this changed.
  bool join(const Evidence &O);
  bool empty() const {
    return !Float && !Pointer && !Integer && !WeakInteger && !Mixed && !Union &&
           !Tail;
  }
  bool conflict() const {
    return Mixed || (Float != nullptr) + Pointer + (Integer && !Tagged) > 1;
  }
  /// Each of the two to some uses. Copies can tell them by their bits: those of
  /// an address are next to nothing as a double.
  bool isDoubleOrPointer() const;
  /// What all uses agree on; Unknown if there are none.
  ConcreteType type() const;
  /// What copies can be said to move: FloatOrPointer, too.
  ConcreteType copiedType() const;
  /// That nothing else can be there is not known.
  bool open() const { return Union && !Closed; }
  bool operator==(const Evidence &O) const = default;
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_TYPEEVIDENCE_H
