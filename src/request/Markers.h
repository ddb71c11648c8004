//===- Markers.h - The enzyme_… operands of a request -----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Markers stand among the operands of a request and say how the operands after
// them are meant. A marker is recognised by its name, never by its value, and
// can be written in five ways: `metadata !"enzyme_dup"`; a load (or a cast of
// one) of a global of that name; the global itself as a pointer operand; a
// local variable of that name; a phi whose arms all mean the same marker.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_REQUEST_MARKERS_H
#define LINKGRAD_REQUEST_MARKERS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <optional>

namespace llvm {
class CallBase;
class Value;
} // namespace llvm

namespace linkgrad {

enum class Marker {
  // Activity of the next argument.
  Dup,
  DupNoNeed,
  DupV,       ///< operand: byte stride between the lanes of one shadow
  DupNoNeedV, ///< the same
  Out,
  Const,
  // Form of the next argument.
  ByRef,          ///< operand: size; the argument points to the value
  NotOverwritten, ///< promise: nothing overwrites the argument's memory
  // The call as a whole.
  Width, ///< operand: number of lanes
  PrimalReturn,
  NoRet,
  ConstReturn,
  ActiveReturn,
  DupReturn,
  RuntimeActivity,
  Interleave, ///< all operands after it are shadows
  // Split mode.
  Tape,
  Allocated,
  NoFree,
  // __enzyme_batch.
  Scalar,
  Vector,
  Buffer,
};

std::optional<Marker> markerByName(llvm::StringRef Name);

/// With the prefix: "enzyme_dup".
llvm::StringRef markerName(Marker M);

/// The marker that \p Operand of \p Call is; none if it is an ordinary value.
/// Errors: a marker that does not exist, or one that control flow chooses.
llvm::Expected<std::optional<Marker>> parseMarker(const llvm::CallBase &Call,
                                                  llvm::Value *Operand);

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_MARKERS_H
