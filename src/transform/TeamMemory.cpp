//===- TeamMemory.cpp - What threads share --------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program without data races orders all accesses to a location of which one
// is a write: by barriers, critical sections, fork and join. The derivative
// keeps that order, turned around, so a thread that wrote to a location has its
// shadow for itself, and threads that read it only add to it.
//
//===----------------------------------------------------------------------===//

#include "analysis/GlobalActivity.h"
#include "library/Library.h"
#include "prepare/ParallelRegions.h"
#include "rules/KnownFunctions.h"
#include "rules/OpenMPCalls.h"
#include "support/Diagnostics.h"
#include "transform/ActiveMemory.h"
#include "transform/Speculation.h"
#include "transform/Teams.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/Analysis/CaptureTracking.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

//===----------------------------------------------------------------------===//
// Additions
//===----------------------------------------------------------------------===//

bool isShared(const Value &Ptr) {
  SmallVector<const Value *, 4> Objects;
  getUnderlyingObjects(&Ptr, Objects, nullptr, /*MaxLookup=*/0);
  return any_of(Objects, [](const Value *Object) {
    return !(isa<AllocaInst>(Object) || isNoAliasCall(Object)) ||
           PointerMayBeCaptured(Object, /*ReturnCaptures=*/true);
  });
}

/// Calls \p Visit for each floating-point number in \p V.
static void forEachFloat(IRBuilderBase &B, Value *V, uint64_t Offset,
                         function_ref<void(Value *, uint64_t)> Visit) {
  const DataLayout &DL = B.GetInsertBlock()->getDataLayout();
  Type *T = V->getType();
  if (T->isFloatingPointTy())
    return Visit(V, Offset);
  if (auto *Vector = dyn_cast<FixedVectorType>(T)) {
    uint64_t Size = DL.getTypeStoreSize(Vector->getElementType());
    for (unsigned I = 0; I < Vector->getNumElements(); ++I)
      forEachFloat(B, B.CreateExtractElement(V, I), Offset + I * Size, Visit);
  } else if (auto *Array = dyn_cast<ArrayType>(T)) {
    uint64_t Size = DL.getTypeAllocSize(Array->getElementType());
    for (unsigned I = 0; I < Array->getNumElements(); ++I)
      forEachFloat(B, B.CreateExtractValue(V, I), Offset + I * Size, Visit);
  } else if (auto *Struct = dyn_cast<StructType>(T)) {
    const StructLayout *Layout = DL.getStructLayout(Struct);
    for (unsigned I = 0; I < Struct->getNumElements(); ++I)
      forEachFloat(B, B.CreateExtractValue(V, I),
                   Offset + Layout->getElementOffset(I), Visit);
  }
}

/// What is not aligned as its type wants (a copied struct) is so all the same,
/// or atomic anyway: x86 has no need of it.
void emitAtomicAdd(IRBuilderBase &B, Value *Ptr, Value *V) {
  forEachFloat(B, V, 0, [&](Value *Number, uint64_t Offset) {
    uint64_t Size =
        B.GetInsertBlock()->getDataLayout().getTypeStoreSize(Number->getType());
    B.CreateAtomicRMW(AtomicRMWInst::FAdd,
                      B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Ptr, Offset),
                      Number, Align(Size), AtomicOrdering::Monotonic);
  });
}

//===----------------------------------------------------------------------===//
// What is refused
//===----------------------------------------------------------------------===//

OpenMPCall openMPKind(const CallBase &Call) {
  const Function *Callee = directCallee(Call);
  // A function that the program marks has another meaning.
  return Callee && Callee->isDeclaration() &&
                 !Callee->hasFnAttribute("enzyme_inactive") &&
                 !Call.hasFnAttr("enzyme_inactive")
             ? classifyOpenMP(Callee->getName())
             : OpenMPCall::None;
}

bool onlyOrdersThreads(const CallBase &Call) {
  switch (openMPKind(Call)) {
  case OpenMPCall::Query:
  case OpenMPCall::Barrier:
  case OpenMPCall::Critical:
  case OpenMPCall::EndCritical:
  case OpenMPCall::Serial:
  case OpenMPCall::EndSerial:
    return true;
  default:
    return false;
  }
}

Error checkOpenMP(const CallBase &Call) {
  switch (openMPKind(Call)) {
  case OpenMPCall::Unsupported:
    return makeError(Reason::UnsupportedCall, Call,
                     "'" + displayName(*directCallee(Call)) +
                         "': this part of OpenMP is not differentiated",
                     "see docs/limits.md for what is");
  case OpenMPCall::Fork:
  case OpenMPCall::Reduce:
  case OpenMPCall::EndReduce:
    return makeError(Reason::UnsupportedCall, Call,
                     "a parallel region of an unusual form, or whose body is "
                     "not known here");
  default:
    return Error::success();
  }
}

/// True if \p I may make one thread wait for another, other than by what the
/// reverse sweep does too.
static bool ordersThreads(const Instruction &I) {
  if (isa<FenceInst>(I))
    return true;
  if (auto *Load = dyn_cast<LoadInst>(&I))
    return isStrongerThanMonotonic(Load->getOrdering());
  if (auto *Store = dyn_cast<StoreInst>(&I))
    return isStrongerThanMonotonic(Store->getOrdering());
  if (auto *RMW = dyn_cast<AtomicRMWInst>(&I))
    return isStrongerThanMonotonic(RMW->getOrdering());
  if (auto *Exchange = dyn_cast<AtomicCmpXchgInst>(&I))
    return isStrongerThanMonotonic(Exchange->getSuccessOrdering());
  return false;
}

namespace {

/// Looks for the first thing in an inactive callee that makes threads wait.
class WaitFinder {
public:
  /// What \p Call does; empty if nothing.
  std::string find(const CallBase &Call) {
    if (openMPKind(Call) == OpenMPCall::Waits)
      return displayName(*directCallee(Call));
    if (openMPKind(Call) == OpenMPCall::Unsupported)
      return ""; // checkOpenMP() says so.
    const Function *Callee = directCallee(Call);
    if (!Callee) // Assembler; what remains of a resolved call stops.
      return isSpeculative(Call) || Call.isInlineAsm() ||
                     Call.hasFnAttr("enzyme_inactive")
                 ? ""
                 : "a call through a pointer";
    if (Call.hasFnAttr("enzyme_inactive") ||
        classifyCallee(*Callee) != CalleeKind::Unknown)
      return "";
    if (Callee->isDeclaration())
      return Callee->hasNoSync() || Call.doesNotAccessMemory() ||
                     Callee->isIntrinsic()
                 ? ""
                 : displayName(*Callee);
    return Seen.insert(Callee).second ? findIn(*Callee) : "";
  }

private:
  std::string findIn(const Function &F) {
    for (const Instruction &I : instructions(F)) {
      if (ordersThreads(I))
        return "an atomic access";
      auto *Call = dyn_cast<CallBase>(&I);
      if (!Call)
        continue;
      switch (openMPKind(*Call)) {
      case OpenMPCall::Barrier:
        if (InTeam)
          continue;
        [[fallthrough]];
      case OpenMPCall::Critical:
      case OpenMPCall::Reduce:
      case OpenMPCall::Unsupported:
        return displayName(*directCallee(*Call));
      default:
        break;
      }
      const Function *Callee = directCallee(*Call);
      bool Was = std::exchange(InTeam, InTeam || (Callee && isTeam(*Callee)));
      std::string Found = find(*Call);
      InTeam = Was;
      if (!Found.empty())
        return Found;
    }
    return "";
  }

  SmallPtrSet<const Function *, 16> Seen;
  bool InTeam = false; ///< of another region
};

} // namespace

/// The reverse sweep has to know in which order threads ran.
static Error checkOrder(const Instruction &I,
                        const ActivityAnalysis &Activities) {
  if (ordersThreads(I))
    return makeError(Reason::UnsupportedInstruction, I,
                     "an atomic access that orders threads, in a parallel "
                     "region",
                     "use '#pragma omp atomic', 'critical' or 'barrier'");
  auto *Call = dyn_cast<CallBase>(&I);
  if (!Call || Activities.isActiveCall(*Call))
    return Error::success();
  if (std::string Found = WaitFinder().find(*Call); !Found.empty())
    return makeError(Reason::UnsupportedCall, I,
                     "'" + Found +
                         "' may make threads of a parallel region wait for one "
                         "another, in an order that the reverse sweep does not "
                         "know",
                     "use '#pragma omp critical' or 'barrier', or mark the "
                     "function inactive if it does not");
  return Error::success();
}

/// Atomic additions need a type that the processor exchanges at once.
static bool canAddAtomically(const Type &T) {
  if (auto *Array = dyn_cast<ArrayType>(&T))
    return canAddAtomically(*Array->getElementType());
  if (auto *Struct = dyn_cast<StructType>(&T))
    return all_of(Struct->elements(),
                  [](const Type *E) { return canAddAtomically(*E); });
  const Type &Scalar = *T.getScalarType();
  return !Scalar.isFloatingPointTy() || Scalar.getPrimitiveSizeInBits() <= 64;
}

Error checkAtomicAdd(const Instruction &I, const Type &T) {
  if (canAddAtomically(T))
    return Error::success();
  return makeError(Reason::UnsupportedInstruction, I,
                   "memory that threads share is read as a number that cannot "
                   "be added to atomically",
                   "use 'double'");
}

static Error checkLoad(const LoadInst &Load,
                       const ActivityAnalysis &Activities) {
  Type *T = Activities.isActive(Load) ? Activities.kinds().adjointType(Load)
                                      : nullptr;
  return T && isShared(*Load.getPointerOperand()) ? checkAtomicAdd(Load, *T)
                                                  : Error::success();
}

Error checkInTeam(const Instruction &I, const ActivityAnalysis &Activities,
                  DiffMode Mode) {
  for (const Use &Op : I.operands())
    if (auto *G = Op->getType()->isPointerTy()
                      ? dyn_cast<GlobalVariable>(getUnderlyingObject(Op, 0))
                      : nullptr;
        G && G->isThreadLocal() && Activities.hasShadowVariable(*G))
      return makeError(Reason::UnsupportedInstruction, I,
                       "the thread-local variable '" + displayName(*G) +
                           "' holds active values in a parallel region",
                       "use a variable that is local to the region");
  bool Atomic = (isa<LoadInst, StoreInst>(I) && I.isAtomic());
  if (Atomic && Activities.hasShadow(*getLoadStorePointerOperand(&I)) &&
      !getLoadStoreType(&I)->isPointerTy() &&
      !isa<IntegerType>(getLoadStoreType(&I)))
    return makeError(Reason::UnsupportedInstruction, I,
                     "atomic access to active memory in a parallel region: its "
                     "place among the updates of other threads is not known",
                     "use '#pragma omp critical'");
  if (isAtomicSum(I) && Activities.isActive(I))
    return makeError(Reason::UnsupportedInstruction, I,
                     "the value before an atomic update is used in a parallel "
                     "region: its place among the updates of other threads is "
                     "not known",
                     "use '#pragma omp critical'");
  if (Mode == DiffMode::Forward)
    return Error::success();
  if (auto *Load = dyn_cast<LoadInst>(&I))
    if (Error E = checkLoad(*Load, Activities))
      return E;
  return checkOrder(I, Activities);
}

//===----------------------------------------------------------------------===//
// The runtime's calls
//===----------------------------------------------------------------------===//

Expected<Turn> emitTurn(CallBase &Call, Value *Deferred) {
  Module &M = *Call.getModule();
  bool Begins = openMPKind(Call) == OpenMPCall::Critical;
  Function *Counter = libraryFunction(M, "linkgrad_turn");
  Function *Number = libraryFunction(M, Begins ? "linkgrad_turn_take"
                                               : "linkgrad_turn_current");
  if (!Counter || !Number)
    return makeError(Reason::UnsupportedCall, Call,
                     "there is no derivative of parallel regions on this "
                     "target");
  IRBuilder<> B(&Call);
  if (Begins)
    setPointBehind(B, Call);
  Turn T;
  T.Counter = B.CreateCall(Counter, {Deferred, Call.getArgOperand(2)});
  T.Number = B.CreateCall(Number, {T.Counter});
  return T;
}

void emitReverseCall(IRBuilderBase &B, CallBase &Call, const Turn *Turn,
                     function_ref<Value *(Value &)> GetValue) {
  Module &M = *Call.getModule();
  OpenMPCall Kind = openMPKind(Call);
  bool Begins = Kind == OpenMPCall::Critical;
  if (Turn) {
    B.CreateCall(libraryFunction(M, Begins ? "linkgrad_turn_pass"
                                           : "linkgrad_turn_await"),
                 {GetValue(*Turn->Counter), GetValue(*Turn->Number)});
    return;
  }
  StringRef Name;
  switch (Kind) {
  case OpenMPCall::Barrier:
    Name = "__kmpc_barrier";
    break;
  case OpenMPCall::Critical:
    Name = "__kmpc_end_critical";
    break;
  case OpenMPCall::EndCritical:
    Name = "__kmpc_critical";
    break;
  case OpenMPCall::Serial:
    Name = "__kmpc_end_serialized_parallel";
    break;
  case OpenMPCall::EndSerial:
    Name = "__kmpc_serialized_parallel";
    break;
  default:
    return;
  }
  // Another thread of the runtime's may run the reverse sweep.
  Value *Ident = GetValue(*Call.getArgOperand(0));
  FunctionCallee Get = M.getOrInsertFunction("__kmpc_global_thread_num",
                                             B.getInt32Ty(), B.getPtrTy());
  SmallVector<Value *, 3> Args = {Ident, B.CreateCall(Get, {Ident})};
  SmallVector<Type *, 3> Types = {B.getPtrTy(), B.getInt32Ty()};
  if (Begins || Kind == OpenMPCall::EndCritical) {
    Args.push_back(GetValue(*Call.getArgOperand(2)));
    Types.push_back(B.getPtrTy());
  }
  B.CreateCall(M.getOrInsertFunction(
                   Name, FunctionType::get(B.getVoidTy(), Types, false)),
               Args)
      ->setConvergent();
}

} // namespace linkgrad
