//===- OpenMPCalls.h - Calls of the OpenMP runtime --------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_RULES_OPENMPCALLS_H
#define LINKGRAD_RULES_OPENMPCALLS_H

#include "llvm/ADT/StringRef.h"

namespace linkgrad {

/// What a function of the OpenMP runtime that clang calls, or one that makes
/// threads wait for one another, means for a derivative.
enum class OpenMPCall {
  None,        ///< it is none
  Fork,        ///< runs an outlined function in all threads of a team
  Query,       ///< thread numbers, settings, `single`: gives integers
  Schedule,    ///< writes the bounds of a part of a loop to its arguments
  Barrier,     ///< threads meet, in the reverse sweep in the same place
  Critical,    ///< begin of a section, with the address of its lock
  EndCritical, ///< end of it
  Reduce,      ///< asks how to combine; EndReduce says that it is done
  EndReduce,
  Serial, ///< begin of a region with one thread that is not outlined
  EndSerial,
  Waits,      ///< orders threads in another way: locks, `ordered`, `flush`
  Unsupported ///< any other: tasks, teams, devices, cancellation
};

OpenMPCall classifyOpenMP(llvm::StringRef Name);

} // namespace linkgrad

#endif // LINKGRAD_RULES_OPENMPCALLS_H
