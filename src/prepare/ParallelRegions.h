//===- ParallelRegions.h - OpenMP regions as calls --------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clang moves the body of a parallel region into a function, of which it gives
// the address to the runtime. For the engine a region is a call as any other:
//
//   __kmpc_fork_call(ident, 2, @f.omp_outlined, ptr %x, i64 %s)
//
// becomes
//
//   call void @f.omp_outlined.linkgrad.team(ptr %x, double %s)
//
// The *team* function calls the *thread* function, which is what each thread
// does: the outlined body, with floats as floats. Analyses need not know more
// than that. The call stands for running the thread function in all threads;
// transform/Teams.h makes that of it.
//
// A reduction asks the runtime how the threads' parts are combined. It is told
// here: one after the other, in a critical section, whatever the operation is.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_PARALLELREGIONS_H
#define LINKGRAD_PREPARE_PARALLELREGIONS_H

namespace llvm {
class CallBase;
class Constant;
class Function;
} // namespace llvm

namespace linkgrad {

class AnalysisManagers;
struct Options;

/// Rewrites the parallel regions and reductions in \p F, a copy that is being
/// prepared. What has another form than clang gives it stays as it is.
/// \returns whether there were any.
bool lowerParallelRegions(llvm::Function &F, AnalysisManagers &AMs,
                          const Options &Opts);

/// True if \p F is a team function.
bool isTeam(const llvm::Function &F);
/// Its thread function, which has the same type.
llvm::Function &threadOf(const llvm::Function &Team);
/// What the runtime is told about the place in the source.
llvm::Constant *identOf(const llvm::Function &Team);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_PARALLELREGIONS_H
