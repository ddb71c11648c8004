//===- OpenMPCalls.cpp - Calls of the OpenMP runtime ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/OpenMPCalls.h"
#include "llvm/ADT/StringSwitch.h"

using namespace llvm;

namespace linkgrad {

/// The compiler's interface.
static OpenMPCall classifyCompilerCall(StringRef Name) {
  return StringSwitch<OpenMPCall>(Name)
      .Case("fork_call", OpenMPCall::Fork)
      .Cases({"global_thread_num", "global_num_threads", "bound_thread_num",
              "bound_num_threads", "in_parallel", "single", "end_single",
              "master", "end_master", "masked", "end_masked",
              "push_num_threads", "push_proc_bind", "for_static_fini"},
             OpenMPCall::Query)
      .Cases({"dispatch_init_4", "dispatch_init_4u", "dispatch_init_8",
              "dispatch_init_8u", "dispatch_deinit"},
             OpenMPCall::Query)
      .Cases({"for_static_init_4", "for_static_init_4u", "for_static_init_8",
              "for_static_init_8u"},
             OpenMPCall::Schedule)
      .Cases({"dispatch_next_4", "dispatch_next_4u", "dispatch_next_8",
              "dispatch_next_8u"},
             OpenMPCall::Schedule)
      .Case("barrier", OpenMPCall::Barrier)
      .Cases({"critical", "critical_with_hint"}, OpenMPCall::Critical)
      .Case("end_critical", OpenMPCall::EndCritical)
      .Cases({"reduce", "reduce_nowait"}, OpenMPCall::Reduce)
      .Cases({"end_reduce", "end_reduce_nowait"}, OpenMPCall::EndReduce)
      .Case("serialized_parallel", OpenMPCall::Serial)
      .Case("end_serialized_parallel", OpenMPCall::EndSerial)
      .Cases({"ordered", "end_ordered", "flush"}, OpenMPCall::Waits)
      .Cases({"dispatch_fini_4", "dispatch_fini_4u", "dispatch_fini_8",
              "dispatch_fini_8u"},
             OpenMPCall::Waits) // Of `ordered` only.
      .Default(OpenMPCall::Unsupported);
}

OpenMPCall classifyOpenMP(StringRef Name) {
  if (Name.consume_front("__kmpc_"))
    return classifyCompilerCall(Name);
  if (Name.starts_with("__tgt_") || Name.starts_with("GOMP_"))
    return OpenMPCall::Unsupported;
  if (Name.consume_front("omp_")) {
    if (Name.ends_with("_lock") && !Name.starts_with("init_") &&
        !Name.starts_with("destroy_"))
      return OpenMPCall::Waits;
    if (Name.starts_with("get_") || Name.starts_with("set_") ||
        Name.ends_with("_lock") || Name == "in_parallel")
      return OpenMPCall::Query;
    return OpenMPCall::None;
  }
  bool IsThread = Name.starts_with("pthread_") || Name.starts_with("mtx_") ||
                  Name.starts_with("cnd_") || Name.starts_with("sem_");
  return IsThread && !Name.ends_with("_init") && !Name.ends_with("_destroy") &&
                 Name != "pthread_self"
             ? OpenMPCall::Waits
             : OpenMPCall::None;
}

} // namespace linkgrad
