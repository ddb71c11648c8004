//===- ActivityAnalysis.cpp - What has a derivative -----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Everything only ever grows (classes merge and become active, values become
// varied, calls become active), so the passes over the function are repeated
// until nothing changes; two or three are the rule.
//
//===----------------------------------------------------------------------===//

#include "analysis/ActivityAnalysis.h"
#include "analysis/GlobalActivity.h"
#include "analysis/GlobalBits.h"
#include "analysis/MemoryOperands.h"
#include "rules/BlasFunctions.h"
#include "rules/KnownFunctions.h"
#include "rules/ScalarRules.h"
#include "rules/StringFunctions.h"
#include "llvm/ADT/SmallPtrSet.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Operator.h"

using namespace llvm;

namespace linkgrad {

/// Fills Texts.
void ActivityAnalysis::findTexts() {
  DenseMap<const GlobalVariable *, bool> Tables;
  for (Instruction &I : instructions(F)) {
    auto *Load = dyn_cast<LoadInst>(&I);
    if (!Load || !Load->getType()->isPointerTy())
      continue;
    auto *Table = dyn_cast<GlobalVariable>(
        getUnderlyingObject(Load->getPointerOperand(), /*MaxLookup=*/0));
    if (!Table)
      continue;
    auto [It, New] = Tables.try_emplace(Table);
    if (New)
      It->second = leadsToText(*Table);
    if (It->second)
      Texts.insert(Load);
  }
}

bool ActivityAnalysis::hasNullShadow(const Value &V) const {
  if (auto *A = dyn_cast<Argument>(&V))
    return A->getParent() == &F && Args[A->getArgNo()] == Activity::Null;
  if (isa<ConstantPointerNull, UndefValue>(V) || Texts.contains(&V))
    return true;
  auto *G =
      isa<Constant>(V)
          ? dyn_cast<GlobalVariable>(getUnderlyingObject(&V, /*MaxLookup=*/0))
          : nullptr;
  return G && isText(*G);
}

/// Null, undef, functions and constant tables can meet active pointers freely:
/// they hold nothing active, and a shadow can always be made for them.
bool ActivityAnalysis::isNeutral(const Value &V) const {
  if (!isa<Constant>(V))
    return hasNullShadow(V);
  if (isa<ConstantAggregate>(V))
    return all_of(cast<User>(V).operands(),
                  [&](const Use &U) { return isNeutral(*U); });
  auto *G = dyn_cast<GlobalVariable>(getUnderlyingObject(&V, /*MaxLookup=*/0));
  return !G || G->isConstant();
}

static CalleeKind calleeKind(const CallBase &Call) {
  if (Call.hasFnAttr("enzyme_inactive"))
    return CalleeKind::Inactive;
  const Function *Callee = Call.getCalledFunction();
  return Callee ? classifyCallee(*Callee) : CalleeKind::Unknown;
}

//===----------------------------------------------------------------------===//
// Pointer classes
//===----------------------------------------------------------------------===//

unsigned ActivityAnalysis::find(unsigned N) const {
  while (Parent[N] != N)
    N = Parent[N] = Parent[Parent[N]];
  return N;
}

unsigned ActivityAnalysis::node(const Value &V) {
  const Value *Key = &V;
  if (isa<Constant>(V)) // One node for a global, whatever the offset.
    Key = getUnderlyingObject(&V, /*MaxLookup=*/0);
  auto [It, New] = Nodes.try_emplace(Key, Parent.size());
  if (New) {
    Parent.push_back(Parent.size());
    auto *Global = dyn_cast<GlobalVariable>(Key);
    bool HasShadow = Global && hasShadowVariable(*Global);
    ClassActive.push_back(HasShadow);
    ClassBits.push_back(false);
    // Other mutable globals have none; what an integer points to is unknown.
    auto *FromInt = dyn_cast<IntToPtrInst>(Key);
    ClassFixed.push_back(
        (Global && !HasShadow) ||
        (FromInt && !Kinds.carriesPointer(*FromInt->getOperand(0))));
    // Several addresses are of one class, as what is stored side by side is.
    if (isa<ConstantAggregate>(Key))
      for (const Use &Element : cast<User>(Key)->operands())
        unify(V, *Element);
  }
  return find(Nodes.lookup(Key));
}

void ActivityAnalysis::unify(const Value &A, const Value &B) {
  if (isNeutral(A) || isNeutral(B))
    return;
  unsigned NA = node(A), NB = node(B);
  if (NA == NB)
    return;
  Parent[NB] = NA;
  ClassActive[NA] |= ClassActive[NB];
  ClassFixed[NA] |= ClassFixed[NB];
  ClassBits[NA] |= ClassBits[NB];
}

/// Makes the class of \p Ptr active if it can be. \returns whether it changed.
bool ActivityAnalysis::activate(const Value &Ptr) {
  if (isNeutral(Ptr))
    return false;
  unsigned N = node(Ptr);
  if (ClassActive[N] || ClassFixed[N])
    return false;
  ClassActive[N] = true;
  return true;
}

bool ActivityAnalysis::hasShadow(const Value &Ptr) const {
  if (isNeutral(Ptr))
    return false;
  const Value *Key = &Ptr;
  if (isa<Constant>(Ptr))
    Key = getUnderlyingObject(&Ptr, /*MaxLookup=*/0);
  if (auto *Global = dyn_cast<GlobalVariable>(Key);
      Global && hasShadowVariable(*Global))
    return true;
  auto It = Nodes.find(Key);
  return It != Nodes.end() && ClassActive[find(It->second)];
}

/// True if \p Ptr is compared and called and nothing else: it leads to code,
/// which has no shadow.
static bool isOnlyCalled(const Value &Ptr,
                         SmallPtrSetImpl<const Value *> &Seen) {
  if (!Seen.insert(&Ptr).second)
    return true;
  return all_of(Ptr.uses(), [&](const Use &U) {
    if (auto *Call = dyn_cast<CallBase>(U.getUser()))
      return Call->isCallee(&U);
    return isa<ICmpInst>(U.getUser()) ||
           (isa<PHINode, SelectInst, FreezeInst>(U.getUser()) &&
            isOnlyCalled(*U.getUser(), Seen));
  });
}

bool ActivityAnalysis::isFixed(const Value &Ptr) const {
  const Value *Key = &Ptr;
  if (isa<Constant>(Ptr))
    Key = getUnderlyingObject(&Ptr, /*MaxLookup=*/0);
  auto It = Nodes.find(Key);
  return It != Nodes.end() && ClassFixed[find(It->second)];
}

bool ActivityAnalysis::hasShadowVariable(const GlobalVariable &G) const {
  return mayHoldActive(G, GlobalPointers);
}

/// Where \p Ptr may come from.
bool ActivityAnalysis::mayLack(const Value &Ptr, Lack Kind) const {
  SmallVector<const Value *, 8> Work = {&Ptr};
  SmallPtrSet<const Value *, 8> Seen;
  bool IsFar = Kind == Lack::Far;
  while (!Work.empty()) {
    const Value *V = Work.pop_back_val();
    if (!Seen.insert(V).second || isNeutral(*V) || isa<AllocaInst>(V))
      continue;
    if (auto *A = dyn_cast<Argument>(V)) {
      Activity Given = Args[A->getArgNo()];
      if (IsFar ? Given == Activity::MayLack : !isDup(Given))
        return true;
    } else if (auto *Global = dyn_cast<GlobalVariable>(V);
               Global && hasShadowVariable(*Global)) {
      continue;
    } else if (auto *Call = dyn_cast<CallBase>(V)) {
      if (calleeKind(*Call) != CalleeKind::Allocate &&
          (IsFar || !isActiveCall(*Call)))
        return true;
    } else if (IsFar && isa<LoadInst>(V)) {
      return true;
    } else if (isa<GEPOperator, AddrSpaceCastOperator, PtrToIntOperator,
                   LoadInst, FreezeInst>(V)) {
      // What lies in memory without shadows has no shadow either.
      Work.push_back(cast<User>(V)->getOperand(0));
    } else if (auto *Select = dyn_cast<SelectInst>(V)) {
      Work.append({Select->getTrueValue(), Select->getFalseValue()});
    } else if (isa<PHINode, ConstantAggregate>(V)) {
      append_range(Work, cast<User>(V)->operand_values());
    } else {
      return true;
    }
  }
  return false;
}

bool ActivityAnalysis::mayLackShadow(const Value &Ptr) const {
  return !isNeutral(Ptr) && hasShadow(Ptr) && isFixed(Ptr) &&
         mayLack(Ptr, Lack::Always);
}

bool ActivityAnalysis::mayBeFar(const Value &Ptr) const {
  // What a Const argument points to may be such memory, too.
  return GlobalPointers && !isNeutral(Ptr) && hasShadow(Ptr) &&
         (mayLack(Ptr, Lack::Far) || mayLackShadow(Ptr));
}

/// The number of the first pointer argument of a mirrored function.
static unsigned firstPointer(const CallBase &Call) {
  return find_if(Call.args(),
                 [](const Use &U) { return U->getType()->isPointerTy(); }) -
         Call.arg_begin();
}

/// Unifies the pointers that \p I relates. Done once: this part of the
/// constraints does not depend on what is active.
void ActivityAnalysis::unifyPointers(Instruction &I) {
  if (auto *Store = dyn_cast<StoreInst>(&I)) {
    if (Kinds.carriesPointer(*Store->getValueOperand()))
      unify(*Store->getPointerOperand(), *Store->getValueOperand());
    return;
  }
  // The nodes that such a function is given lead to one another afterwards.
  auto *Call = dyn_cast<CallBase>(&I);
  bool IsMirrored = Call && calleeKind(*Call) == CalleeKind::Mirrored;
  if (IsMirrored)
    for (const Use &Arg : Call->args())
      if (Kinds.carriesPointer(*Arg))
        unify(*Call->getArgOperand(firstPointer(*Call)), *Arg);
  SmallPtrSet<const Value *, 4> Seen;
  if (!Kinds.carriesPointer(I) || isOnlyCalled(I, Seen))
    return;
  node(I);
  if (auto *Load = dyn_cast<LoadInst>(&I)) {
    // What a variable without a shadow points to may be one with a shadow.
    SmallVector<const Value *, 4> Objects;
    getUnderlyingObjects(Load->getPointerOperand(), Objects, nullptr,
                         /*MaxLookup=*/0);
    if (GlobalPointers && any_of(Objects, [&](const Value *O) {
          auto *G = dyn_cast<GlobalVariable>(O);
          return G && !hasShadowVariable(*G) &&
                 !G->hasAttribute("enzyme_inactive");
        }))
      ClassActive[node(I)] = true;
    else if (isNeutral(*Load->getPointerOperand()) && !isNeutral(*Load))
      ClassFixed[node(I)] = true; // What a constant points to is global.
    unify(I, *Load->getPointerOperand());
    return;
  }
  if (Call && !IsMirrored) {
    // The result of such a function can be a reference to one of the strings.
    if (calleeKind(*Call) == CalleeKind::Inactive)
      for (const ChangedString &S : changedStrings(*Call))
        unify(I, *Call->getArgOperand(S.Argument));
    return;
  }
  // GEPs, phis, selects, casts, freeze, insert, extract, shuffle, and
  // arithmetic on addresses.
  for (Value *Op : I.operands())
    if (Kinds.carriesPointer(*Op))
      unify(I, *Op);
}

//===----------------------------------------------------------------------===//
// Varied
//===----------------------------------------------------------------------===//

/// True if the program loads an integer and calculates with it. It is one even
/// if floats are in other places of what the type analysis takes for the same
/// memory: the header of a std::list, which holds the number of nodes, is
/// linked with its nodes, which hold floats at that offset.
static bool isCertainlyInteger(const LoadInst &Load) {
  const MDNode *Tag = Load.getMetadata(LLVMContext::MD_tbaa);
  auto *Access = Tag && Tag->getNumOperands() > 2
                     ? dyn_cast<MDNode>(Tag->getOperand(1))
                     : nullptr;
  auto *Name = Access && Access->getNumOperands() > 0
                   ? dyn_cast<MDString>(Access->getOperand(0))
                   : nullptr;
  return Name && Load.getType()->isIntegerTy() &&
         is_contained({"short", "int", "long", "long long"},
                      Name->getString()) &&
         !isDeclaredFloat(*Load.getPointerOperand(), Load.getDataLayout()) &&
         all_of(Load.users(), [](const User *U) {
           switch (cast<Instruction>(U)->getOpcode()) {
           case Instruction::Add:
           case Instruction::Sub:
           case Instruction::Mul:
           case Instruction::UDiv:
           case Instruction::SDiv:
           case Instruction::URem:
           case Instruction::SRem:
           case Instruction::ICmp:
           case Instruction::SIToFP:
           case Instruction::UIToFP:
             return true;
           default:
             return false;
           }
         });
}

/// True if the call returns a struct of integers of which one may hold floats.
static bool mayReturnFloat(const CallBase &Call, const ValueKinds &Kinds) {
  return Kinds.mayCarryFloat(Call) || (Call.getType()->isStructTy() &&
                                       any_of(Call.users(), [&](const User *U) {
                                         return isa<ExtractValueInst>(U) &&
                                                U->getType()->isIntegerTy() &&
                                                Kinds.mayCarryFloat(*U);
                                       }));
}

/// An index that runs over integers may run over a float first.
static bool mayReadFloat(const LoadInst &Load, const ValueKinds &Kinds) {
  return Kinds.mayCarryFloat(Load) ||
         (Load.getType()->isIntegerTy() &&
          Kinds.types().beginsWithFloat(
              *Load.getPointerOperand(),
              Load.getDataLayout().getTypeStoreSize(Load.getType())));
}

bool ActivityAnalysis::computeVaried(const Instruction &I) const {
  if (auto *Load = dyn_cast<LoadInst>(&I))
    return hasShadow(*Load->getPointerOperand()) &&
           mayReadFloat(*Load, Kinds) && !isCertainlyInteger(*Load);
  if (isa<AtomicRMWInst>(I))
    return hasShadow(*I.getOperand(0)) && Kinds.mayCarryFloat(I);
  if (isa<CmpInst, FPToSIInst, FPToUIInst, PtrToIntInst, AllocaInst,
          GetElementPtrInst>(I) ||
      isSignOrExponent(I))
    return false; // Piecewise constant, or not a number at all.
  if (isa<ExtractValueInst>(I) && I.getType()->isPointerTy())
    return false; // Whatever else the struct holds.
  if (I.getType()->isIntegerTy() && !Kinds.adjointType(I) &&
      Kinds.types().valueType(I).K == ConcreteType::Integer &&
      !Kinds.types().isContradictory(I))
    return false; // Known to be an integer, whatever it was cut out of.
  if (isa<FixedVectorType>(I.getType()) && I.getType()->isIntOrIntVectorTy() &&
      !Kinds.mayCarryFloat(I))
    return false;
  if (becomesFloat(I))
    return true;
  if (auto *Call = dyn_cast<CallBase>(&I)) {
    auto Blas = BlasFunction::find(*Call);
    if (Blas && !Blas->GivesNumber)
      return false; // An error code.
    if (calleeKind(*Call) != CalleeKind::ScalarRule)
      return isActiveCall(*Call) && mayReturnFloat(*Call, Kinds);
  }
  if (const ScalarRule *Rule = ScalarRule::find(I)) {
    for (unsigned Arg = 0; Arg < Rule->arity(); ++Arg)
      if (!Rule->isZero(Arg) && isVaried(*I.getOperand(Arg)))
        return true;
    return false;
  }
  return any_of(I.operands(), [&](const Use &U) { return isVaried(*U.get()); });
}

/// Copies within memory: what the source may hold, the destination may hold
/// afterwards. Pointers tie the two together; floats flow one way.
bool ActivityAnalysis::visitMemTransfer(CallBase &Call) {
  MemoryOperands Ops(Call);
  if (!Ops.Src)
    return false;
  const Value &Dst = *Ops.Dst, &Src = *Ops.Src;
  auto Layout = Kinds.types().layoutBehind(Dst, Ops.constantLength(), Call);
  // The sweeps report an unknown layout where it matters.
  bool Pointers = !Layout || Layout->hasPointers();
  if (Pointers && !isNeutral(Dst) && !isNeutral(Src) &&
      node(Dst) != node(Src)) {
    unify(Dst, Src);
    return true;
  }
  bool Bits = !isNeutral(Dst) && !isNeutral(Src) &&
              ClassBits[find(node(Src))] &&
              !std::exchange(ClassBits[find(node(Dst))], true);
  return (hasShadow(Src) && activate(Dst)) || Bits;
}

/// Only what the function writes becomes active.
bool ActivityAnalysis::visitBlasCall(CallBase &Call, const BlasFunction &Blas) {
  bool In = false;
  for (unsigned I = 0; I < Blas.Parameters.size(); ++I) {
    const Value &Arg = *Call.getArgOperand(I);
    In |= Blas.isDifferentiable(I) &&
          (Arg.getType()->isPointerTy() ? hasShadow(Arg) : isVaried(Arg));
  }
  if (!In)
    return false;
  bool Changed = ActiveCalls.insert(&Call).second;
  for (unsigned I = 0; I < Blas.Parameters.size(); ++I)
    if (Blas.parameter(I) == BlasParameter::Output)
      Changed |= activate(*Call.getArgOperand(I));
  return Changed;
}

bool ActivityAnalysis::visitCall(CallBase &Call) {
  CalleeKind Kind = calleeKind(Call);
  if (Kind == CalleeKind::MemoryIntrinsic)
    return visitMemTransfer(Call);
  if (Kind != CalleeKind::Unknown)
    return false;
  if (auto Blas = BlasFunction::find(Call))
    return visitBlasCall(Call, *Blas);

  // What goes in is active values and pointers with shadows. It comes out by
  // the result, or through memory: of an argument (behind a `readonly` one too,
  // by a pointer that lies there), or of a global, which the callee's own
  // analysis refuses.
  Type *ResultType = Call.getType();
  const bool Writes = !Call.onlyReadsMemory();
  bool In = false;
  bool Out = mayReturnFloat(Call, Kinds) || containsPointer(ResultType) ||
             !Call.getMemoryEffects()
                  .getWithoutLoc(IRMemLocation::ArgMem)
                  .getWithoutLoc(IRMemLocation::InaccessibleMem)
                  .getWithoutLoc(IRMemLocation::ErrnoMem)
                  .onlyReadsMemory();
  for (const Use &Arg : Call.args()) {
    bool Pointer = Kinds.carriesPointer(*Arg);
    In |= isVaried(*Arg) || (Pointer && hasShadow(*Arg));
    Out |= Pointer && Writes && !isNeutral(*Arg);
  }
  if (mayTouchActiveGlobal(Call, GlobalPointers))
    In = Out = true;
  bool ResultActive = Kinds.carriesPointer(Call) && hasShadow(Call);
  if (!(In && Out) && !ResultActive)
    return false;

  bool Changed = ActiveCalls.insert(&Call).second;
  // Where such a result meets memory without a shadow, it keeps its own.
  if (Kinds.carriesPointer(Call) && !isNeutral(Call))
    Changed |= !std::exchange(ClassActive[node(Call)], true);
  // The callee may store something active wherever it can write, and what it
  // returns may point into any argument.
  for (const Use &Arg : Call.args())
    if (Kinds.carriesPointer(*Arg) && (Writes || Kinds.carriesPointer(Call)))
      Changed |= activate(*Arg);
  return Changed;
}

bool ActivityAnalysis::visitForward(Instruction &I) {
  bool Changed = false;
  if (auto *Call = dyn_cast<CallBase>(&I))
    Changed |= visitCall(*Call);
  if (auto *Store = dyn_cast<StoreInst>(&I)) {
    Changed |= keepBits(*Store);
    if (isVaried(*Store->getValueOperand()))
      Changed |= activate(*Store->getPointerOperand());
  }
  if (const Value *V = storedAtomically(I); V && isVaried(*V))
    Changed |= activate(*I.getOperand(0));
  if (!I.getType()->isVoidTy() && !Varied.contains(&I) && computeVaried(I)) {
    Varied.insert(&I);
    Changed = true;
  }
  return visitBits(I) || Changed;
}

//===----------------------------------------------------------------------===//
// Useful
//===----------------------------------------------------------------------===//

/// True if the operand \p U can influence an active output through its user.
bool ActivityAnalysis::flowsInto(const Use &U) const {
  auto *User = cast<Instruction>(U.getUser());
  if (auto *Store = dyn_cast<StoreInst>(User))
    return U.getOperandNo() == 0 && hasShadow(*Store->getPointerOperand());
  if (isa<AtomicRMWInst>(User))
    return U.getOperandNo() == 1 && hasShadow(*User->getOperand(0));
  if (isa<ReturnInst>(User))
    return Result != Activity::Const;
  if (auto *Call = dyn_cast<CallBase>(User))
    if (isActiveCall(*Call))
      return Call->isArgOperand(&U);
  if (isa<SelectInst>(User) && U.getOperandNo() == 0)
    return false;
  return Useful.contains(User);
}

void ActivityAnalysis::computeUseful() {
  SmallVector<const Value *, 64> Work;
  for (Argument &A : F.args())
    Work.push_back(&A);
  for (Instruction &I : instructions(F))
    Work.push_back(&I);
  while (!Work.empty()) {
    const Value *V = Work.pop_back_val();
    if (Useful.contains(V) || !Varied.contains(V) ||
        none_of(V->uses(), [&](const Use &U) { return flowsInto(U); }))
      continue;
    Useful.insert(V);
    if (auto *I = dyn_cast<Instruction>(V))
      for (const Use &Op : I->operands())
        Work.push_back(Op.get());
  }
}

//===----------------------------------------------------------------------===//
// The whole
//===----------------------------------------------------------------------===//

ActivityAnalysis::ActivityAnalysis(Function &F, ArrayRef<Activity> Args,
                                   const DiffRequest &R,
                                   const ValueKinds &Kinds)
    : F(F), Args(Args), Result(R.Result), GlobalPointers(R.GlobalPointers),
      Order(R.Order), Kinds(Kinds) {
  findTexts();
  for (Argument &A : F.args()) {
    Activity Wanted = Args[A.getArgNo()];
    if (Wanted == Activity::Null)
      continue;
    if (Kinds.carriesPointer(A))
      (isDup(Wanted) ? ClassActive : ClassFixed)[node(A)] = true;
    if (Wanted != Activity::Const && Kinds.mayCarryFloat(A))
      Varied.insert(&A);
  }
  for (Instruction &I : instructions(F))
    unifyPointers(I);
  // A result that is handed back with a shadow needs one.
  if (isDup(Result))
    for (BasicBlock &BB : F)
      if (auto *Ret = dyn_cast<ReturnInst>(BB.getTerminator()))
        if (Value *V = Ret->getReturnValue(); V && Kinds.carriesPointer(*V))
          activate(*V);

  for (bool Changed = true; Changed;) {
    Changed = false;
    for (Instruction &I : instructions(F))
      Changed |= visitForward(I);
  }
  computeUseful();
}

Activity ActivityAnalysis::argumentActivity(const CallBase &Call,
                                            unsigned ArgNo) const {
  const Value &Arg = *Call.getArgOperand(ArgNo);
  if (Arg.getType()->isPointerTy() && hasNullShadow(Arg))
    return Activity::Null;
  if (containsPointer(Arg.getType()))
    return mayBeFar(Arg)    ? Activity::MayLack
           : hasShadow(Arg) ? Activity::Dup
                            : Activity::Const;
  return isVaried(Arg) ? Activity::Active : Activity::Const;
}

Activity ActivityAnalysis::resultActivity(const CallBase &Call) const {
  if (containsPointer(Call.getType()))
    return hasShadow(Call) ? Activity::Dup : Activity::Const;
  return isActive(Call) ? Activity::Active : Activity::Const;
}

void ActivityAnalysis::print(raw_ostream &OS) const {
  OS << "activity of " << F.getName() << ":\n";
  auto Line = [&](const Value &V) {
    bool Active = Kinds.carriesPointer(V) ? hasShadow(V) : isActive(V);
    auto *Call = dyn_cast<CallBase>(&V);
    Active |= Call && isActiveCall(*Call);
    OS << (Active ? "  active   " : "  inactive ");
    if (isa<Argument>(V))
      V.printAsOperand(OS);
    else
      V.print(OS);
    OS << '\n';
  };
  for (const Argument &A : F.args())
    Line(A);
  for (const Instruction &I : instructions(F))
    if (!I.isTerminator())
      Line(I);
}

} // namespace linkgrad
