//===- ActiveMemory.cpp - Effects of calls on active memory ---------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/ActiveMemory.h"
#include "analysis/MemoryOperands.h"
#include "library/Library.h"
#include "request/Registration.h"
#include "rules/Allocations.h"
#include "rules/BlasFunctions.h"
#include "rules/KnownFunctions.h"
#include "rules/LibraryBodies.h"
#include "rules/MirroredFunctions.h"
#include "transform/FarMemory.h"
#include "transform/Speculation.h"
#include "transform/SplitDerivative.h"
#include "transform/TapeRuntime.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

Function *directCallee(const CallBase &Call) {
  auto *F = dyn_cast<Function>(
      Call.getCalledOperand()->stripPointerCastsAndAliases());
  return F && F->getFunctionType() == Call.getFunctionType() ? F : nullptr;
}

void setPointBehind(IRBuilderBase &B, CallBase &Call) {
  if (auto *Invoke = dyn_cast<InvokeInst>(&Call)) {
    BasicBlock *Normal = Invoke->getNormalDest();
    B.SetInsertPoint(Normal, Normal->getFirstInsertionPt());
  } else {
    B.SetInsertPoint(Call.getParent(), std::next(Call.getIterator()));
  }
}

std::string callDescription(const CallBase &Call) {
  std::string Where = locationString(Call.getDebugLoc());
  const Function *Callee = directCallee(Call);
  return (Where.empty() ? "" : Where + ": ") + "'" +
         displayName(*Call.getFunction()) + "' calls " +
         (Callee ? "'" + displayName(*Callee) + "'" : "a function pointer");
}

//===----------------------------------------------------------------------===//
// Stores
//===----------------------------------------------------------------------===//

bool overwritesByInteger(const StoreInst &Store,
                         const ActivityAnalysis &Activities) {
  const Value &V = *Store.getValueOperand();
  const ValueKinds &Kinds = Activities.kinds();
  const DataLayout &DL = Store.getDataLayout();
  if (!V.getType()->isIntOrIntVectorTy() ||
      !DL.typeSizeEqualsStoreSize(V.getType()) || Kinds.adjointType(V) ||
      Kinds.carriesPointer(V) ||
      !Activities.hasShadow(*Store.getPointerOperand()))
    return false;
  // A constant's bits say nothing about their type, a computed integer does.
  if (!isa<Constant>(V) &&
      Kinds.types().valueType(V).K == ConcreteType::Integer)
    return false;
  auto Layout = Kinds.types().layoutBehind(
      *Store.getPointerOperand(), DL.getTypeStoreSize(V.getType()), Store);
  return !Layout || Layout->hasFloats();
}

/// True if \p Ptr points into a global that the program says holds nothing
/// active: values that it keeps there are lost to the derivative on purpose.
static bool isInactiveGlobal(const Value &Ptr) {
  auto *G = dyn_cast<GlobalVariable>(getUnderlyingObject(&Ptr));
  return G && G->hasAttribute("enzyme_inactive");
}

Error checkActiveStore(const StoreInst &Store,
                       const ActivityAnalysis &Activities) {
  const Value &V = *Store.getValueOperand(), &Ptr = *Store.getPointerOperand();
  const ValueKinds &Kinds = Activities.kinds();
  bool Float = containsFloat(V.getType()) || Kinds.adjointType(V);
  if (!Activities.hasShadow(Ptr)) {
    if (Activities.isVaried(V) && Float && !isInactiveGlobal(Ptr))
      return makeError(Reason::InactiveMemory, Store,
                       "an active value is stored to memory that has no shadow "
                       "(a constant argument or a global variable)",
                       "pass the memory with enzyme_dup and a shadow, or keep "
                       "the value out of it");
    return Error::success();
  }
  if (Float || Kinds.carriesPointer(V) || !V.getType()->isIntOrIntVectorTy() ||
      (!Activities.isVaried(V) && !Kinds.types().isFloatOrPointer(V)))
    return Error::success();
  return makeError(Reason::UnknownType, Store,
                   "cannot tell whether this integer, stored to active memory, "
                   "holds a floating-point value",
                   "keep type information (no -fno-strict-aliasing), or "
                   "describe the memory with __enzyme_double(ptr, size)");
}

bool isAtomicSum(const Instruction &I) {
  auto *RMW = dyn_cast<AtomicRMWInst>(&I);
  return RMW && (RMW->getOperation() == AtomicRMWInst::FAdd ||
                 RMW->getOperation() == AtomicRMWInst::FSub);
}

/// What is calculated with is an integer, unless the function uses it as a
/// float elsewhere. What is exchanged may be anything.
static bool isAtomicOfInteger(const Instruction &I, const TypeTrees &Types) {
  if (auto *Exchange = dyn_cast<AtomicCmpXchgInst>(&I)) {
    Type *T = Exchange->getNewValOperand()->getType();
    auto Layout = Types.layoutBehind(*Exchange->getPointerOperand(),
                                     I.getDataLayout().getTypeStoreSize(T), I);
    return Layout && Layout->hasOnlyIntegers();
  }
  auto *RMW = dyn_cast<AtomicRMWInst>(&I);
  if (RMW && RMW->getOperation() == AtomicRMWInst::Xchg)
    return Types.valueType(I).K == ConcreteType::Integer;
  return RMW && I.getType()->isIntegerTy() && !Types.isContradictory(I);
}

Error checkAtomic(const Instruction &I, const ActivityAnalysis &Activities) {
  const Value &Ptr = *I.getOperand(0);
  if (!Activities.hasShadow(Ptr)) {
    const Value *V = storedAtomically(I);
    if (!V || !Activities.isVaried(*V) ||
        !Activities.kinds().mayCarryFloat(*V) || isInactiveGlobal(Ptr))
      return Error::success();
    return makeError(Reason::InactiveMemory, I,
                     "an active value is added to or stored in memory that has "
                     "no shadow",
                     "pass the memory with enzyme_dup and a shadow");
  }
  if (isAtomicSum(I) || isAtomicOfInteger(I, Activities.kinds().types()))
    return Error::success();
  return makeError(Reason::UnsupportedInstruction, I,
                   "atomic update of active memory",
                   "add to it atomically, or protect it by a lock");
}

//===----------------------------------------------------------------------===//
// Pointers that may or may not have a shadow
//===----------------------------------------------------------------------===//

/// True if the derivative of \p I does nothing with the shadows of pointers
/// that \p I is given, or can deal with those that are none.
static bool toleratesMixedPointers(const Instruction &I,
                                   const ActivityAnalysis &Activities) {
  if (isa<GetElementPtrInst, PHINode, SelectInst, FreezeInst, CmpInst>(I))
    return true;
  if (isa<BinaryOperator>(I)) // Distances and alignments.
    return !Activities.kinds().carriesPointer(I);
  if (isa<LoadInst>(I))
    return !containsPointer(I.getType()) || I.getType()->isPointerTy();
  if (isa<ReturnInst>(I))
    return !isDup(Activities.result());
  if (auto *Call = dyn_cast<CallBase>(&I)) {
    const Function *Callee = directCallee(*Call);
    switch (Callee ? classifyCallee(*Callee) : CalleeKind::Unknown) {
    case CalleeKind::Inactive:
    case CalleeKind::ScalarRule:
      return true;
    case CalleeKind::Unknown:
      return !Activities.isActiveCall(*Call);
    default:
      return false;
    }
  }
  return false;
}

Error checkMixedPointers(const Instruction &I,
                         const ActivityAnalysis &Activities) {
  for (const Use &Op : I.operands())
    if (Activities.kinds().carriesPointer(*Op) &&
        Activities.mayLackShadow(*Op) && !toleratesMixedPointers(I, Activities))
      return makeError(Reason::MixedActivity, I,
                       "a pointer that was chosen among memory with a shadow "
                       "and memory without is used for more than reading",
                       "pass all of them with enzyme_dup and a shadow");
  return Error::success();
}

/// True if \p Callee is differentiated like any code.
static bool isPlain(const Function &Callee) {
  return !Callee.isDeclaration() && !BlasFunction::find(Callee) &&
         !Callee.hasFnAttribute(CustomRuleAttribute);
}

bool needsShadow(const Instruction &I, const ActivityAnalysis &Activities,
                 bool Parallel) {
  if (!Activities.globalPointers())
    return false;
  // Pieces of far memory belong to one thread.
  if (isa<LoadInst, StoreInst>(I))
    return Parallel;
  auto *Call = dyn_cast<CallBase>(&I);
  if (!Call)
    return isa<AtomicRMWInst>(I);
  const Function *Callee = directCallee(*Call);
  switch (Callee ? classifyCallee(*Callee) : CalleeKind::Unknown) {
  case CalleeKind::MemoryIntrinsic:
  case CalleeKind::Free:
    return Parallel;
  case CalleeKind::Mirrored:
    return true;
  case CalleeKind::Unknown:
    return Callee && Activities.isActiveCall(*Call) && !isPlain(*Callee);
  default:
    return false;
  }
}

Error checkBits(const Instruction &I, const ActivityAnalysis &Activities) {
  auto *Store = dyn_cast<StoreInst>(&I);
  bool Active = Store ? Activities.hasShadow(*Store->getPointerOperand()) ||
                            Activities.becomesFloatElsewhere(*Store)
                      : isa<CallBase>(I) || Activities.isActive(I);
  if (!Active || !Activities.becomesFloat(I))
    return Error::success();
  return makeError(Reason::UnsupportedInstruction, I,
                   "a float is made from integer arithmetic on the bits of an "
                   "active float",
                   "use a function of the mathematical library, or register a "
                   "derivative for a function around it");
}

/// The shadow of a value that is a parameter by itself begins as zeros. A null
/// pointer among them would be taken for the shadow of what the value's leads
/// to.
static Error checkNoPointer(const CallBase &Hint,
                            const ActivityAnalysis &Activities) {
  auto *Size = dyn_cast<ConstantInt>(Hint.getArgOperand(1));
  if (!Size)
    return makeError(Reason::UnsupportedRequest, Hint,
                     "'__enzyme_nopointer' without a constant size");
  auto At = Activities.kinds().types().firstPointerBehind(
      *Hint.getArgOperand(0), Size->getZExtValue());
  if (!At)
    return Error::success();
  return makeError(Reason::UnsupportedRequest, Hint,
                   "there is a pointer at byte " + Twine(*At) +
                       " of a value that is Active: its adjoint would be one "
                       "that leads nowhere",
                   "Active is for numbers; pass a reference that is "
                   "Duplicated");
}

Error checkInactiveCall(const CallBase &Call,
                        const ActivityAnalysis &Activities) {
  const Function *Callee = directCallee(Call);
  if (Callee && Callee->getName().contains("__enzyme_nopointer") &&
      Call.arg_size() == 2)
    return checkNoPointer(Call, Activities);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Memory intrinsics
//===----------------------------------------------------------------------===//

Expected<std::optional<MemoryEffect>>
describeMemoryEffect(const CallBase &Call, const ActivityAnalysis &Activities) {
  MemoryOperands Ops(Call);
  bool SrcActive = Ops.Src && Activities.hasShadow(*Ops.Src);
  bool DstActive = Activities.hasShadow(*Ops.Dst);
  if (!DstActive && (!SrcActive || isInactiveGlobal(*Ops.Dst)))
    return std::nullopt;
  const TypeTrees &Types = Activities.kinds().types();
  auto Layout = Types.memoryBehind(*Ops.Dst, Ops.constantLength(), Call);
  if (!Layout && !Ops.Src) {
    consumeError(Layout.takeError()); // See MemoryEffect::Layout.
    return MemoryEffect{Ops.Dst, nullptr, Ops.Length, false, MemoryLayout()};
  }
  if (!Layout)
    return Layout.takeError();
  if (!DstActive) {
    if (!Layout->hasFloats())
      return std::nullopt;
    return makeError(Reason::InactiveMemory, Call,
                     "active memory is copied to memory that has no shadow",
                     "pass the destination with enzyme_dup and a shadow");
  }
  return MemoryEffect{Ops.Dst, Ops.Src, Ops.Length, SrcActive, *Layout};
}

//===----------------------------------------------------------------------===//
// Allocation
//===----------------------------------------------------------------------===//

std::optional<MemoryLayout>
describeZeroedMemory(const CallBase &Call, const ActivityAnalysis &Activities) {
  std::optional<AllocationInfo> Info = getAllocationInfo(Call);
  if (!Info || !Info->Zeroed || !Activities.hasShadow(Call))
    return std::nullopt;
  std::optional<uint64_t> Size = 1;
  auto Multiply = [&](unsigned Operand) {
    auto *C = dyn_cast<ConstantInt>(Call.getArgOperand(Operand));
    Size = C && Size ? std::optional(*Size * C->getZExtValue()) : std::nullopt;
  };
  Multiply(Info->SizeOperand);
  if (Info->CountOperand)
    Multiply(*Info->CountOperand);
  return Activities.kinds()
      .types()
      .layoutBehind(Call, Size, Call)
      .value_or(MemoryLayout());
}

Error emitShadowAllocation(CallBase &Call, Shadows &Shadow) {
  IRBuilder<> B(&Call);
  setPointBehind(B, Call);
  for (unsigned Lane = 0; Lane < Shadow.width(); ++Lane) {
    Value *S = emitZeroedLike(
        B, Call, [&](unsigned Index) { return Call.getArgOperand(Index); });
    if (!S)
      return makeError(Reason::UnsupportedCall, Call,
                       "cannot make a shadow for memory from this allocator",
                       "declare it with __enzyme_allocation_like");
    S->setName(Call.getName() + ".shadow");
    Shadow.set(Call, Lane, S);
  }
  return Error::success();
}

Error emitDeferredFree(CallBase &Free, Value *List, Value *Memory) {
  const DataLayout &DL = Free.getDataLayout();
  SmallVector<Value *, 3> Operands(drop_begin(Free.args()));
  // std::nothrow, of which only the type matters.
  auto IsConstant = [](const Value *V) { return isa<GlobalVariable>(V); };
  for (Value *V : Operands)
    if (!IsConstant(V) && (!V->getType()->isIntegerTy() ||
                           DL.getTypeSizeInBits(V->getType()) > 64))
      return makeError(Reason::UnsupportedCall, Free,
                       "cannot defer this deallocation");
  Module &M = *Free.getModule();
  Function *Callee = directCallee(Free);
  std::string Name = ("linkgrad.release." + Callee->getName()).str();
  for (Value *V : make_filter_range(Operands, IsConstant))
    Name += ("." + V->getName()).str();
  Function *Release = M.getFunction(Name);
  IRBuilder<> B(&Free);
  if (!Release) {
    auto *Type =
        FunctionType::get(B.getVoidTy(), {B.getPtrTy(), B.getPtrTy()}, false);
    Release = Function::Create(Type, GlobalValue::InternalLinkage, Name, M);
    Release->setDSOLocal(true);
    IRBuilder<> Body(BasicBlock::Create(M.getContext(), "entry", Release));
    SmallVector<Value *, 4> Args = {Release->getArg(0)};
    for (unsigned Slot = 0; Value *V : Operands)
      Args.push_back(
          IsConstant(V)
              ? V
              : Body.CreateLoad(V->getType(), Body.CreateConstGEP1_64(
                                                  Body.getInt64Ty(),
                                                  Release->getArg(1), Slot++)));
    Body.CreateCall(Callee, Args)->setCallingConv(Free.getCallingConv());
    Body.CreateRetVoid();
  }
  erase_if(Operands, IsConstant);
  emitDeferral(B, List, Memory, Release, Operands);
  return Error::success();
}

void emitUsableSize(CallBase &Call, Shadows &Shadow,
                    const ActivityAnalysis &Activities) {
  Value &Memory = *Call.getArgOperand(0);
  if (!Activities.hasShadow(Memory))
    return;
  SmallVector<Use *, 4> Uses(make_pointer_range(Call.uses()));
  IRBuilder<> B(Call.getContext());
  setPointBehind(B, Call);
  Value *Size = &Call;
  for (unsigned Lane = 0; Lane < Shadow.width(); ++Lane) {
    auto *S = cast<CallBase>(B.Insert(Call.clone()));
    S->setArgOperand(0, Shadow.get(Memory, Lane, Call));
    Size = B.CreateBinaryIntrinsic(Intrinsic::umin, Size, S);
  }
  for (Use *U : Uses)
    U->set(Size);
}

//===----------------------------------------------------------------------===//
// Mirrored functions
//===----------------------------------------------------------------------===//

Error emitMirroredCall(CallBase &Call, Shadows &Shadow,
                       const ActivityAnalysis &Activities) {
  auto IsPointer = [](const Use &U) { return U->getType()->isPointerTy(); };
  if (none_of(Call.args(), [&](const Use &U) {
        return IsPointer(U) && Activities.hasShadow(*U);
      }))
    return Error::success();
  Function &Callee = *directCallee(Call);
  StringRef BeforeName = mirroredFunction(Callee.getName())->Before;
  IRBuilder<> B(&Call);
  for (unsigned Lane = 0; Lane < Shadow.width(); ++Lane) {
    SmallVector<Value *, 4> Args;
    SmallVector<Value *, 6> Pairs;
    for (const Use &U : Call.args()) {
      Args.push_back(IsPointer(U) ? Shadow.get(*U, Lane, Call) : U.get());
      if (IsPointer(U))
        Pairs.append({U.get(), Args.back()});
    }
    if (!BeforeName.empty()) {
      Function *Before = libraryFunction(*Call.getModule(), BeforeName);
      if (!Before || Before->arg_size() != Pairs.size())
        return makeError(Reason::UnsupportedCall, Call,
                         "'" + displayName(Callee) +
                             "' is not declared as in libstdc++");
      B.CreateCall(Before, Pairs);
    }
    CallInst *S = B.CreateCall(&Callee, Args);
    S->setCallingConv(Call.getCallingConv());
    if (Call.getType()->isPointerTy())
      Shadow.set(Call, Lane, S);
  }
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Calls
//===----------------------------------------------------------------------===//

/// True if a field of the struct that \p Call returns is an integer of which
/// some bytes are used as a float.
static bool returnsPackedField(const CallBase &Call,
                               const ActivityAnalysis &Activities) {
  const ValueKinds &Kinds = Activities.kinds();
  return any_of(Call.users(), [&](const User *U) {
    return isa<ExtractValueInst>(U) && U->getType()->isIntegerTy() &&
           (Kinds.adjointType(*U) || Kinds.types().isContradictory(*U));
  });
}

Expected<DiffRequest> describeActiveCall(const CallBase &Call,
                                         const ActivityAnalysis &Activities,
                                         DiffMode Mode, unsigned Width) {
  if (Call.isInlineAsm())
    return makeError(Reason::UnsupportedCall, Call,
                     "inline assembler that takes or gives active values",
                     "write it in the language, or register a derivative for a "
                     "function around it");
  Function *Callee = directCallee(Call);
  if (!Callee)
    return makeError(
        Reason::IndirectCall, Call,
        isSpeculative(Call)
            ? "call through a pointer of a function that was not known when "
              "the derivative was made"
            : "call through a pointer: no function of its type is known whose "
              "address is taken",
        "link with ld.linkgrad and compile the file that takes the address of "
        "the function with -flto=thin, or mark the call inactive");
  if (isFarFunction(*Callee))
    return makeError(Reason::UnsupportedCall, Call,
                     "derivative of a derivative that uses memory which a "
                     "global variable led to",
                     "pass the memory with enzyme_dup and a shadow");
  if (Callee->isVarArg())
    return makeError(Reason::UnsupportedCall, Call,
                     "call of a variadic function with active arguments",
                     "mark the function enzyme_inactive if it is");
  if (Callee->hasFnAttribute(CustomRuleAttribute) &&
      any_of(Call.args(), IsaPred<UndefValue>))
    return makeError(Reason::BadRegistration, Call,
                     "an argument of '" + displayName(*Callee) +
                         "', which has a registered derivative, was dropped by "
                         "the compiler because the function ignores it",
                     "compile with the plugin, or define the function in "
                     "another file than its callers");
  if (auto Known = libraryBody(*Callee); Known && !Known->knowsSize(Call))
    return makeError(Reason::UnknownType, Call,
                     "the size of the elements that '" + displayName(*Callee) +
                         "' is given is not a constant here",
                     "call it where their type is known");
  DiffRequest R;
  R.Primal = Callee;
  R.Mode = Mode;
  R.Width = Width;
  R.GlobalPointers = Activities.globalPointers();
  R.Order = Activities.order();
  auto IsHidden = [&](const Value &V) {
    return !containsPointer(V.getType()) &&
           Activities.kinds().carriesPointer(V) && Activities.hasShadow(V);
  };
  if (IsHidden(Call) ||
      any_of(Call.args(), [&](const Use &U) { return IsHidden(*U); }))
    return makeError(Reason::UnknownType, Call,
                     "the address of active memory is passed as an integer",
                     "pass it as a pointer");
  for (unsigned I = 0; I < Call.arg_size(); ++I) {
    const Value &Arg = *Call.getArgOperand(I);
    Activity A = Activities.argumentActivity(Call, I);
    if (isDup(A) && containsFloat(Arg.getType()) && Mode != DiffMode::Forward)
      return makeError(Reason::UnsupportedInstruction, Call,
                       "active aggregate of pointers and floats by value",
                       "pass it by reference");
    if (A == Activity::Active && !containsFloat(Arg.getType()))
      return makeError(Reason::UnknownType, Call,
                       "cannot tell whether an integer argument holds a "
                       "floating-point value",
                       "pass small structs by reference");
    if (A == Activity::Active && Mode == DiffMode::Forward)
      A = Activity::Dup;
    if (A == Activity::Null && !isPlain(*Callee))
      A = Activity::Const;
    if (A == Activity::MayLack && !isPlain(*Callee))
      A = Activity::Dup; // It stops otherwise: needsShadow().
    R.Args.push_back(A);
  }
  R.Result = Activities.resultActivity(Call);
  if (R.Result == Activity::Active &&
      (!containsFloat(Call.getType()) || returnsPackedField(Call, Activities)))
    return makeError(Reason::UnknownType, Call,
                     "the integer result of this active call holds or may hold "
                     "a floating-point value",
                     "return small structs by reference");
  if (R.Result == Activity::Active && Mode == DiffMode::Forward)
    R.Result = Activity::Dup;
  if (isDup(R.Result) && containsFloat(Call.getType()) &&
      Mode != DiffMode::Forward)
    return makeError(Reason::UnsupportedInstruction, Call,
                     "active result that mixes pointers and floats",
                     "return it by reference");
  return R;
}

} // namespace linkgrad
