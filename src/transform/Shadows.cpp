//===- Shadows.cpp - What moves beside the primal -------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/Shadows.h"
#include "analysis/GlobalActivity.h"
#include "rules/InactiveNames.h"
#include "transform/FarMemory.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace linkgrad {

Shadows::Shadows(const ShadowedClone &Clone, const ActivityAnalysis &Activities,
                 DiffMode Mode, unsigned Width)
    : Activities(Activities), Mode(Mode), Width(Width) {
  for (auto [Primal, Lanes] : zip(Clone.Primals, Clone.Shadows))
    for (auto [Lane, Shadow] : enumerate(Lanes))
      set(*Primal, Lane, Shadow);
}

void Shadows::fail(Error E) {
  if (First)
    consumeError(std::move(E));
  else
    First = std::move(E);
}

Error Shadows::takeError() {
  Error E = std::move(First);
  First = Error::success();
  return E;
}

bool Shadows::has(const Value &V) const {
  if (Activities.kinds().carriesPointer(V) && Activities.hasShadow(V))
    return true;
  return Mode == DiffMode::Forward && Activities.isActive(V);
}

static bool holdsOnlyPointers(Type *T) {
  if (auto *S = dyn_cast<StructType>(T))
    return all_of(S->elements(), holdsOnlyPointers);
  if (auto *A = dyn_cast<ArrayType>(T))
    return holdsOnlyPointers(A->getElementType());
  return T->isPtrOrPtrVectorTy();
}

/// False for tables of functions, for C++'s type information and for text.
/// Numbers may be written as bytes.
static bool mayHoldFloats(const GlobalVariable &Table) {
  return !isText(Table) && !Table.getName().starts_with("_ZTI") &&
         !holdsOnlyPointers(Table.getValueType());
}

static Constant *aggregateOf(Type *T, ArrayRef<Constant *> Fields) {
  if (auto *S = dyn_cast<StructType>(T))
    return ConstantStruct::get(S, Fields);
  if (auto *A = dyn_cast<ArrayType>(T))
    return ConstantArray::get(A, Fields);
  return ConstantVector::get(Fields);
}

/// A table of zeros of the layout of \p G; its pointers lead to the shadows of
/// what those of G lead to. Nothing reads what a reverse sweep adds to it; a
/// forward sweep never writes to it. Each mode and lane has its own.
Constant *Shadows::shadowTable(GlobalVariable &G, unsigned Lane,
                               const Instruction &User) {
  Module &M = *G.getParent();
  std::string Name = (G.getName() + ".linkgrad." +
                      (Mode == DiffMode::Forward ? "zero" : "sink"))
                         .str();
  if (Activities.globalPointers()) // Other variables have shadows then.
    Name += ".pointers";
  if (Activities.order() > 1)
    Name += ".order" + std::to_string(Activities.order());
  bool HasPointers =
      G.hasDefinitiveInitializer() && containsPointer(G.getValueType());
  if (HasPointers && Lane > 0)
    Name += "." + std::to_string(Lane);
  if (GlobalVariable *Existing = M.getGlobalVariable(Name, true))
    return Existing;
  auto *Shadow = new GlobalVariable(M, G.getValueType(), /*isConstant=*/false,
                                    GlobalValue::InternalLinkage,
                                    Constant::getNullValue(G.getValueType()),
                                    Name, nullptr, G.getThreadLocalMode());
  Shadow->setAlignment(G.getAlign());
  // Last, since tables may lead to one another in a circle.
  if (HasPointers)
    Shadow->setInitializer(tableContents(*G.getInitializer(), Lane, User));
  return Shadow;
}

/// The shadow of \p C, which is or is part of what a constant table holds.
Constant *Shadows::tableContents(Constant &C, unsigned Lane,
                                 const Instruction &User) {
  if (isa<ConstantAggregate>(C)) {
    SmallVector<Constant *, 4> Fields;
    for (Value *Op : C.operands())
      Fields.push_back(tableContents(*cast<Constant>(Op), Lane, User));
    return aggregateOf(C.getType(), Fields);
  }
  // Variables without a shadow: nothing looks for one where no float can be.
  auto *G = dyn_cast<GlobalVariable>(getUnderlyingObject(&C, /*MaxLookup=*/0));
  if (!C.getType()->isPointerTy() || !G || G->isConstant() ||
      Activities.hasShadowVariable(*G))
    return constantShadow(C, Lane, User);
  if (!Activities.globalPointers() && !G->getValueType()->isIntegerTy() &&
      !holdsOnlyPointers(G->getValueType()))
    fail(makeError(Reason::MixedActivity, User,
                   "a constant table with a shadow leads to '" +
                       displayName(*G) + "', which has none"));
  return Constant::getNullValue(C.getType());
}

Constant *Shadows::constantShadow(Constant &C, unsigned Lane,
                                  const Instruction &User) {
  if (auto *Address = dyn_cast<PtrToIntOperator>(&C))
    return ConstantExpr::getPtrToInt(
        constantShadow(*cast<Constant>(Address->getOperand(0)), Lane, User),
        C.getType());
  if (!containsPointer(C.getType()))
    return Constant::getNullValue(C.getType());
  if (isa<ConstantPointerNull, ConstantAggregateZero, UndefValue>(C) ||
      isa<Function>(C) || isa<ConstantInt>(C))
    return &C;
  if (auto *Alias = dyn_cast<GlobalAlias>(&C))
    return constantShadow(*Alias->getAliasee(), Lane, User);
  if (auto *G = dyn_cast<GlobalVariable>(&C);
      G && Activities.hasShadowVariable(*G))
    return shadowGlobal(*G, Lane, Activities.order());
  if (auto *G = dyn_cast<GlobalVariable>(&C))
    if (G->isConstant() && G->getValueType()->isSized()) {
      if (mayHoldFloats(*G))
        TableUser = &User;
      return shadowTable(*G, Lane, User);
    }
  if (auto *Expr = dyn_cast<ConstantExpr>(&C);
      Expr && isa<GEPOperator, BitCastOperator, AddrSpaceCastOperator>(Expr)) {
    SmallVector<Constant *, 4> Ops;
    for (Value *Op : Expr->operands())
      Ops.push_back(Ops.empty()
                        ? constantShadow(*cast<Constant>(Op), Lane, User)
                        : cast<Constant>(Op));
    return Expr->getWithOperands(Ops);
  }
  // A constant address with nothing behind it, such as the dangling pointer of
  // an empty Rust slice.
  if (auto *Expr = dyn_cast<ConstantExpr>(&C);
      Expr && Expr->getOpcode() == Instruction::IntToPtr &&
      isa<ConstantInt>(Expr->getOperand(0)))
    return &C;
  if (auto *Aggregate = dyn_cast<ConstantAggregate>(&C)) {
    SmallVector<Constant *, 4> Fields;
    for (Value *Op : Aggregate->operands())
      Fields.push_back(constantShadow(*cast<Constant>(Op), Lane, User));
    return aggregateOf(C.getType(), Fields);
  }
  return cast<Constant>(standIn(C, User));
}

/// The shadow of a pointer that has none: the pointer itself, as long as it is
/// only chosen, offset or read. Loads look at that (guardLoad).
Value *Shadows::standIn(Value &V, const Instruction &User) {
  if (isa<GetElementPtrInst, PHINode, SelectInst, FreezeInst>(User) ||
      (isa<LoadInst>(User) && Activities.mayLackShadow(V)))
    return &V;
  std::string Name = "one that has none";
  if (isa<Constant>(V))
    Name = "'" + displayName(V) + "', which has none";
  else if (V.hasName())
    Name += " ('" + V.getName().str() + "')";
  fail(makeError(Reason::MixedActivity, User,
                 "a pointer with a shadow meets " + Name,
                 "pass it with enzyme_dup and a shadow"));
  return PoisonValue::get(V.getType());
}

/// True if \p V is what a function of the C library like strdup or fopen
/// returns, and not a part of its arguments: no floats are there.
static bool isTextOrFile(const Value &V, const ActivityAnalysis &Activities) {
  auto *Call = dyn_cast<CallBase>(&V);
  const Function *Callee = Call ? Call->getCalledFunction() : nullptr;
  if (!Callee || !Callee->isDeclaration())
    return false;
  InactiveName Name = classifyInactiveName(Callee->getName());
  return (Name == InactiveName::StandardC ||
          Name == InactiveName::Unreserved) &&
         none_of(Call->args(), [&](const Use &U) {
           return Activities.kinds().carriesPointer(*U) &&
                  Activities.hasShadow(*U);
         });
}

Value *Shadows::get(Value &V, unsigned Lane, const Instruction &User) {
  if (auto It = Map.find({&V, Lane}); It != Map.end())
    return It->second;
  if (auto *C = dyn_cast<Constant>(&V))
    return constantShadow(*C, Lane, User);
  if (!Activities.kinds().carriesPointer(V)) {
    // Integers beside pointers in an aggregate, indices: the same value. One
    // that holds the bits of an inactive float is no such integer.
    if (!containsFloat(V.getType()) && !Activities.kinds().adjointType(V))
      return &V;
    return Constant::getNullValue(V.getType());
  }
  if (Activities.hasNullShadow(V) || isTextOrFile(V, Activities))
    return Constant::getNullValue(V.getType());
  return standIn(V, User);
}

Value *shadowOrElse(IRBuilderBase &B, Value &Primal, Value *Shadow,
                    Value *Otherwise) {
  return B.CreateSelect(B.CreateICmpEQ(Shadow, &Primal), Otherwise, Shadow);
}

Align shadowAlign(const Instruction &Access) {
  Align Primal = getLoadStoreAlignment(&Access);
  if (Access.isAtomic())
    return Primal;
  Type *Element = getLoadStoreType(&Access)->getScalarType();
  return std::min(Primal, Access.getDataLayout().getABITypeAlign(Element));
}

Constant *zeroFor(const LoadInst &Load) {
  Module &M = *const_cast<Module *>(Load.getModule());
  uint64_t Size = M.getDataLayout().getTypeStoreSize(Load.getType());
  std::string Name = "linkgrad.zero." + std::to_string(Size);
  GlobalVariable *Zero = M.getGlobalVariable(Name, /*AllowInternal=*/true);
  if (!Zero) {
    Type *T = ArrayType::get(Type::getInt8Ty(M.getContext()), Size);
    Zero = new GlobalVariable(M, T, /*isConstant=*/true,
                              GlobalValue::PrivateLinkage,
                              Constant::getNullValue(T), Name);
  }
  Zero->setAlignment(std::max(Zero->getAlign().valueOrOne(), Load.getAlign()));
  return Zero;
}

/// The tangent of what \p Load reads is zero where there is no shadow.
void Shadows::guardLoad(LoadInst &Load, Instruction &Shadow, unsigned Lane) {
  IRBuilder<> B(&Shadow);
  Value &Ptr = *Load.getPointerOperand();
  if (Activities.mayBeFar(Ptr))
    Shadow.setOperand(0, address(B, Load, Lane));
  else if (Activities.mayLackShadow(Ptr))
    Shadow.setOperand(
        0, shadowOrElse(B, Ptr, Shadow.getOperand(0), zeroFor(Load)));
}

//===----------------------------------------------------------------------===//
// Far memory
//===----------------------------------------------------------------------===//

Value *Shadows::address(IRBuilderBase &B, Value &Ptr, Value *Bytes,
                        unsigned Lane, const Instruction &User) {
  Value *Shadow = get(Ptr, Lane, User);
  return Activities.mayBeFar(Ptr) ? emitFarAddress(B, &Ptr, Shadow, Bytes, Lane)
                                  : Shadow;
}

Value *Shadows::address(IRBuilderBase &B, const Instruction &Access,
                        unsigned Lane) {
  uint64_t Size =
      Access.getDataLayout().getTypeStoreSize(getLoadStoreType(&Access));
  auto *Ptr = const_cast<Value *>(getLoadStorePointerOperand(&Access));
  return address(B, *Ptr, B.getInt64(Size), Lane, Access);
}

std::pair<Value *, Value *>
copyAddresses(Value &Dst, Value *Src, const ActivityAnalysis &Activities,
              function_ref<Value *(Value &)> AddressOf) {
  Value *To = AddressOf(Dst);
  Value *From = Src && Activities.hasShadow(*Src) ? AddressOf(*Src) : nullptr;
  // The second may have moved the first; now that both are there, they stay.
  if (From && Activities.mayBeFar(*Src) && Activities.mayBeFar(Dst))
    To = AddressOf(Dst);
  return {To, From};
}

std::pair<Value *, Value *> Shadows::addresses(IRBuilderBase &B, Value &Dst,
                                               Value *Src, Value *Bytes,
                                               unsigned Lane,
                                               const Instruction &User) {
  return copyAddresses(Dst, Src, Activities, [&](Value &Ptr) {
    return address(B, Ptr, Bytes, Lane, User);
  });
}

Value *Shadows::freed(IRBuilderBase &B, Value &Memory, unsigned Lane,
                      const Instruction &Free) {
  Value *Shadow = get(Memory, Lane, Free);
  return Activities.mayBeFar(Memory) ? emitFarFree(B, &Memory, Shadow) : Shadow;
}

void Shadows::stopIfFar(Instruction &I) {
  for (Value *Op : I.operands())
    if (Op->getType()->isPointerTy() && Activities.mayBeFar(*Op))
      for (unsigned Lane = 0; Lane < Width; ++Lane)
        emitFarStop(I, Op, get(*Op, Lane, I));
}

void Shadows::emitFarLoad(LoadInst &Load, unsigned Lane) {
  IRBuilder<> B(Load.getParent(), std::next(Load.getIterator()));
  Value *From = get(*Load.getPointerOperand(), Lane, Load);
  Value *Shadow = linkgrad::emitFarLoad(B, Load, From, Lane);
  if (!Shadow) {
    fail(makeError(Reason::MixedActivity, Load,
                   "pointers that may lead to memory from before the "
                   "derivative are loaded together with other values",
                   "load the fields one by one"));
    Shadow = PoisonValue::get(Load.getType());
  }
  set(Load, Lane, Shadow);
}

void Shadows::emitAllocaShadow(Instruction &I, unsigned Lane) {
  auto &Alloca = cast<AllocaInst>(I);
  auto *Shadow = cast<AllocaInst>(Alloca.clone());
  Shadow->setName(Alloca.getName() + ".shadow");
  Shadow->insertAfter(&Alloca);
  IRBuilder<> B(Shadow->getParent(), std::next(Shadow->getIterator()));
  const DataLayout &DL = I.getDataLayout();
  Value *Size = B.getInt64(DL.getTypeAllocSize(Alloca.getAllocatedType()));
  if (Alloca.isArrayAllocation())
    Size = B.CreateMul(
        Size, B.CreateZExtOrTrunc(Alloca.getArraySize(), B.getInt64Ty()));
  B.CreateMemSet(Shadow, B.getInt8(0), Size, Shadow->getAlign());
  set(I, Lane, Shadow);
  Primal[Shadow] = &I;
}

/// Operands that select (conditions, indices, lengths) stay as they are;
/// operands that are moved are replaced by their shadows.
static bool isMovedOperand(const Instruction &I, unsigned OpNo) {
  switch (I.getOpcode()) {
  case Instruction::Select:
    return OpNo != 0;
  case Instruction::GetElementPtr:
  case Instruction::ExtractElement:
  case Instruction::Shl:
  case Instruction::LShr:
    return OpNo == 0;
  case Instruction::InsertElement:
    return OpNo != 2;
  default:
    return true;
  }
}

Instruction *cloneOnShadows(const Instruction &I,
                            function_ref<Value *(Value &)> Moved,
                            function_ref<Value *(Value &)> Kept) {
  Instruction *Shadow = I.clone();
  for (auto [OpNo, Op] : enumerate(Shadow->operands()))
    Op.set(isMovedOperand(I, OpNo) ? Moved(*Op) : Kept(*Op));
  if (auto *Load = dyn_cast<LoadInst>(Shadow))
    Load->setAlignment(shadowAlign(I));
  if (isPacking(I))
    Shadow->dropPoisonGeneratingFlags();
  // Facts about the primal's value do not hold for the shadow's.
  Shadow->dropUBImplyingAttrsAndUnknownMetadata(
      {LLVMContext::MD_tbaa, LLVMContext::MD_tbaa_struct,
       LLVMContext::MD_alias_scope, LLVMContext::MD_noalias});
  return Shadow;
}

void Shadows::emitClone(Instruction &I, unsigned Lane) {
  auto *Load = dyn_cast<LoadInst>(&I);
  bool IsPointer = Activities.kinds().carriesPointer(I);
  if (Load && IsPointer && Activities.globalPointers())
    return emitFarLoad(*Load, Lane);
  auto *Phi = dyn_cast<PHINode>(&I);
  auto Itself = [](Value &V) { return &V; };
  auto ShadowOf = [&](Value &V) {
    // Offsets and masks of addresses.
    return isa<BinaryOperator>(I) && isa<ConstantData>(V) ? &V
                                                          : get(V, Lane, I);
  };
  Instruction *Shadow = Phi ? cloneOnShadows(I, Itself, Itself)
                            : cloneOnShadows(I, ShadowOf, Itself);
  Shadow->insertAfter(&I);
  if (!I.getType()->isVoidTy())
    Shadow->setName(I.getName() + ".shadow");
  if (Phi)
    Phis.push_back({Phi, cast<PHINode>(Shadow), Lane});
  if (Load && !IsPointer)
    guardLoad(*Load, *Shadow, Lane);
  set(I, Lane, Shadow);
  Primal[Shadow] = &I;
}

bool isPacking(const Instruction &I) {
  switch (I.getOpcode()) {
  case Instruction::Trunc:
  case Instruction::ZExt:
    return true;
  case Instruction::Shl:
  case Instruction::LShr: {
    auto *Amount = dyn_cast<ConstantInt>(I.getOperand(1));
    return Amount && Amount->getZExtValue() % 16 == 0;
  }
  case Instruction::Or:
    return cast<PossiblyDisjointInst>(I).isDisjoint();
  default:
    return false;
  }
}

void Shadows::emitPacking(Instruction &I, unsigned Lane) {
  Instruction *Shadow = cloneOnShadows(
      I,
      [&](Value &V) {
        return has(V) ? get(V, Lane, I) : Constant::getNullValue(V.getType());
      },
      [](Value &V) { return &V; });
  Shadow->insertAfter(&I);
  set(I, Lane, Shadow);
  Primal[Shadow] = &I;
}

/// A pointer made of a float's bits has no shadow, a float made of a pointer's
/// bits no adjoint. Most unions do not get here: prepare/UnionLoads.h.
void Shadows::checkKind(const Instruction &I) {
  const Value &From = *I.getOperand(0);
  const ValueKinds &Kinds = Activities.kinds();
  bool FromFloat = isa<IntToPtrInst>(I) && Activities.isVaried(From) &&
                   !Kinds.carriesPointer(From);
  bool FromUnknown = isa<IntToPtrInst>(I) && !Kinds.carriesPointer(From) &&
                     Kinds.types().isContradictory(From);
  bool ToFloat = isa<BitCastInst>(I) && I.getType()->isFloatingPointTy() &&
                 Kinds.carriesPointer(From) && Activities.hasShadow(From);
  if ((FromFloat || ToFloat) && !all_of(I.users(), IsaPred<CmpInst>))
    fail(makeError(Reason::UnknownType, I,
                   "these bits are a pointer and a floating-point value that "
                   "may be active",
                   "keep the two in different places"));
  else if (FromUnknown)
    fail(makeError(Reason::UnknownType, I,
                   "this pointer is made of a number that may be the address "
                   "of active memory",
                   "keep pointers as pointers"));
}

bool Shadows::emitStructural(Instruction &I) {
  switch (I.getOpcode()) {
  case Instruction::Alloca:
  case Instruction::GetElementPtr:
  case Instruction::Load:
  case Instruction::PHI:
  case Instruction::Select:
  case Instruction::ExtractElement:
  case Instruction::InsertElement:
  case Instruction::ShuffleVector:
  case Instruction::ExtractValue:
  case Instruction::InsertValue:
  case Instruction::Freeze:
  case Instruction::AddrSpaceCast:
  case Instruction::PtrToInt:
    break;
  case Instruction::BitCast:
  case Instruction::IntToPtr:
    checkKind(I);
    break;
  case Instruction::Add:
  case Instruction::Sub:
  case Instruction::And:
  case Instruction::Or:
    // An address as an integer: p + offset, p & -alignment.
    if (Activities.kinds().carriesPointer(I)) {
      if (has(I) &&
          none_of(I.operands(), [&](const Use &U) { return has(*U); }))
        fail(makeError(Reason::UnknownType, I,
                       "the address of active memory is calculated from "
                       "numbers",
                       "keep pointers as pointers"));
      break;
    }
    [[fallthrough]];
  case Instruction::Trunc:
  case Instruction::ZExt:
  case Instruction::Shl:
  case Instruction::LShr:
    // Floats packed into an integer: their tangents are packed alike.
    if (Mode == DiffMode::Forward && isPacking(I) && has(I)) {
      for (unsigned Lane = 0; Lane < Width; ++Lane)
        emitPacking(I, Lane);
      return true;
    }
    return false;
  default:
    return false;
  }
  if (!has(I))
    return true;
  for (unsigned Lane = 0; Lane < Width; ++Lane) {
    if (isa<AllocaInst>(I))
      emitAllocaShadow(I, Lane);
    else
      emitClone(I, Lane);
  }
  return true;
}

void Shadows::finishPhis() {
  for (auto [Phi, Shadow, Lane] : Phis)
    for (unsigned K = 0; K < Phi->getNumIncomingValues(); ++K)
      Shadow->setIncomingValue(K, get(*Phi->getIncomingValue(K), Lane, *Phi));
  Phis.clear();
}

} // namespace linkgrad
