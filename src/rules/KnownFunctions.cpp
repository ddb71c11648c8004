//===- KnownFunctions.cpp - What is known of functions by name ------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/KnownFunctions.h"
#include "rules/Allocations.h"
#include "rules/BlasFunctions.h"
#include "rules/InactiveNames.h"
#include "rules/MirroredFunctions.h"
#include "rules/OpenMPCalls.h"
#include "rules/ScalarRules.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Intrinsics.h"
#include "llvm/IR/IntrinsicsX86.h"

using namespace llvm;

namespace linkgrad {

/// Intrinsics with pointers through which no active value passes.
static bool isInactivePointerIntrinsic(Intrinsic::ID ID) {
  switch (ID) {
  case Intrinsic::assume:
  case Intrinsic::eh_typeid_for:
  case Intrinsic::experimental_noalias_scope_decl:
  case Intrinsic::fake_use:
  case Intrinsic::frameaddress:
  case Intrinsic::instrprof_callsite:
  case Intrinsic::instrprof_cover:
  case Intrinsic::instrprof_increment:
  case Intrinsic::instrprof_increment_step:
  case Intrinsic::instrprof_mcdc_parameters:
  case Intrinsic::instrprof_mcdc_tvbitmap_update:
  case Intrinsic::instrprof_timestamp:
  case Intrinsic::instrprof_value_profile:
  case Intrinsic::invariant_end:
  case Intrinsic::invariant_start:
  case Intrinsic::is_constant:
  case Intrinsic::lifetime_end:
  case Intrinsic::lifetime_start:
  case Intrinsic::objectsize:
  case Intrinsic::prefetch:
  case Intrinsic::public_type_test:
  case Intrinsic::returnaddress:
  case Intrinsic::type_test:
  case Intrinsic::var_annotation:
  case Intrinsic::x86_sse2_clflush:
  case Intrinsic::x86_sse_ldmxcsr:
  case Intrinsic::x86_sse_stmxcsr:
    return true;
  default:
    return false;
  }
}

static bool holdsPointerOrFloat(const Type &T) {
  if (const auto *Struct = dyn_cast<StructType>(&T))
    return any_of(Struct->elements(),
                  [](const Type *E) { return holdsPointerOrFloat(*E); });
  const Type &Scalar = *T.getScalarType();
  return !(Scalar.isIntegerTy() || Scalar.isVoidTy() || Scalar.isMetadataTy());
}

/// An intrinsic that gives only integers and touches no memory: ctpop, lround,
/// is.fpclass, trap, the debug intrinsics.
static bool givesOnlyIntegers(const Function &F) {
  // Its integer is a half in disguise.
  if (F.getIntrinsicID() == Intrinsic::convert_to_fp16)
    return false;
  return !holdsPointerOrFloat(*F.getReturnType()) &&
         none_of(F.getFunctionType()->params(), [](const Type *T) {
           return holdsPointerOrFloat(*T) && !T->isFPOrFPVectorTy();
         });
}

static CalleeKind classifyIntrinsic(const Function &F) {
  switch (F.getIntrinsicID()) {
  case Intrinsic::memcpy:
  case Intrinsic::memcpy_inline:
  case Intrinsic::memmove:
  case Intrinsic::memset:
  case Intrinsic::memset_inline:
    return CalleeKind::MemoryIntrinsic;
  default:
    return isInactivePointerIntrinsic(F.getIntrinsicID()) ||
                   givesOnlyIntegers(F)
               ? CalleeKind::Inactive
               : CalleeKind::Unknown;
  }
}

/// The functions with the operands of the intrinsics.
static bool isMemoryName(StringRef Name) {
  return Name == "memcpy" || Name == "memmove" || Name == "memset";
}

/// \p IsLocal: the function can have been named by anybody.
static bool isInactiveByName(StringRef Name, bool HasBody, bool IsLocal) {
  if (!HasBody)
    switch (classifyOpenMP(Name)) {
    case OpenMPCall::None:
    case OpenMPCall::Waits:
    case OpenMPCall::Unsupported:
      break;
    default:
      return true;
    }
  switch (classifyInactiveName(Name)) {
  case InactiveName::No:
    return false;
  case InactiveName::Unreserved:
    return !HasBody;
  case InactiveName::StandardC:
    return !IsLocal;
  case InactiveName::Reserved:
    return true;
  }
  return false;
}

static bool isInactiveByName(const Function &F) {
  return isInactiveByName(F.getName(), !F.isDeclaration(), F.hasLocalLinkage());
}

CalleeKind classifyCallee(const Function &F) {
  if (F.hasFnAttribute("enzyme_inactive"))
    return CalleeKind::Inactive;
  if (ScalarRule::forCallee(F))
    return CalleeKind::ScalarRule;
  if (F.isIntrinsic())
    return classifyIntrinsic(F);
  if (getAllocationInfo(F))
    return CalleeKind::Allocate;
  if (isFreeFunction(F))
    return CalleeKind::Free;
  if (F.isDeclaration() && F.getName() == UsableSizeName && F.arg_size() == 1)
    return CalleeKind::UsableSize;
  if (F.isDeclaration() && isMemoryName(F.getName()) && F.arg_size() == 3)
    return CalleeKind::MemoryIntrinsic;
  if (F.isDeclaration() && mirroredFunction(F.getName()))
    return CalleeKind::Mirrored;
  // What never returns has no result to be differentiated.
  if (F.doesNotReturn() || isInactiveByName(F))
    return CalleeKind::Inactive;
  return CalleeKind::Unknown;
}

bool onlyNeverReturns(const Function &F) {
  return F.doesNotReturn() && classifyCallee(F) == CalleeKind::Inactive &&
         !F.hasFnAttribute("enzyme_inactive") && !isInactiveByName(F);
}

bool isKnownFunction(StringRef Symbol, bool HasBody) {
  if (Symbol.starts_with("llvm.") || isAllocatorName(Symbol))
    return true;
  if (!HasBody && (isMemoryName(Symbol) || ScalarRule::forLibraryName(Symbol) ||
                   mirroredFunction(Symbol) || BlasFunction::find(Symbol)))
    return true;
  return isInactiveByName(Symbol, HasBody, /*IsLocal=*/false);
}

} // namespace linkgrad
