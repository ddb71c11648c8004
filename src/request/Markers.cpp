//===- Markers.cpp - The enzyme_… operands of a request -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/Markers.h"
#include "request/OperandOrigin.h"
#include "support/Diagnostics.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace linkgrad {

static constexpr std::pair<StringLiteral, Marker> MarkerTable[] = {
    {"enzyme_dup", Marker::Dup},
    {"enzyme_dupnoneed", Marker::DupNoNeed},
    {"enzyme_dupv", Marker::DupV},
    {"enzyme_dupnoneedv", Marker::DupNoNeedV},
    {"enzyme_out", Marker::Out},
    {"enzyme_const", Marker::Const},
    {"enzyme_byref", Marker::ByRef},
    {"enzyme_not_overwritten", Marker::NotOverwritten},
    {"enzyme_width", Marker::Width},
    {"enzyme_primal_return", Marker::PrimalReturn},
    {"enzyme_noret", Marker::NoRet},
    {"enzyme_const_return", Marker::ConstReturn},
    {"enzyme_active_return", Marker::ActiveReturn},
    {"enzyme_dup_return", Marker::DupReturn},
    {"enzyme_runtime_activity", Marker::RuntimeActivity},
    {"enzyme_interleave", Marker::Interleave},
    {"enzyme_tape", Marker::Tape},
    {"enzyme_allocated", Marker::Allocated},
    {"enzyme_nofree", Marker::NoFree},
    {"enzyme_scalar", Marker::Scalar},
    {"enzyme_vector", Marker::Vector},
    {"enzyme_buffer", Marker::Buffer},
};

std::optional<Marker> markerByName(StringRef Name) {
  for (const auto &[MarkerName, M] : MarkerTable)
    if (Name == MarkerName)
      return M;
  return std::nullopt;
}

StringRef markerName(Marker M) {
  for (const auto &[Name, Entry] : MarkerTable)
    if (Entry == M)
      return Name;
  llvm_unreachable("every marker is in the table");
}

Expected<std::optional<Marker>> parseMarker(const CallBase &Call,
                                            Value *Operand) {
  OriginSet Origins = originsOf(Operand);
  StringRef Name;
  bool AllMarkers = !Origins.empty();
  for (Value *Origin : Origins) {
    StringRef OriginName = markerNameOf(Origin);
    AllMarkers &= !OriginName.empty();
    if (Name.empty())
      Name = OriginName;
    else if (!OriginName.empty() && Name != OriginName)
      return makeError(Reason::BadMarker, Call,
                       "control flow chooses between the markers '" + Name +
                           "' and '" + OriginName + "'",
                       "write one request for each case");
  }
  if (Name.empty()) {
    if (isa<MetadataAsValue>(Operand))
      return makeError(Reason::UnknownMarker, Call,
                       "metadata operand is not a marker");
    return std::nullopt;
  }
  std::optional<Marker> M = markerByName(Name);
  if (!M)
    return makeError(Reason::UnknownMarker, Call,
                     "unknown marker '" + Name + "'");
  if (!AllMarkers)
    return makeError(Reason::BadMarker, Call,
                     "control flow chooses between the marker '" + Name +
                         "' and a value",
                     "write one request for each case");
  return M;
}

} // namespace linkgrad
