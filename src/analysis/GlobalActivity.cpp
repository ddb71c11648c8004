//===- GlobalActivity.cpp - Global variables with a shadow ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/GlobalActivity.h"
#include "analysis/CallTargets.h"
#include "analysis/GlobalBits.h"
#include "analysis/MemoryOperands.h"
#include "analysis/OutsideAccess.h"
#include "request/DiffRequest.h"
#include "request/MagicNames.h"
#include "request/Registration.h"
#include "rules/BlasFunctions.h"
#include "rules/KnownFunctions.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

static constexpr StringLiteral VariableMark = "linkgrad-active";
static constexpr StringLiteral FunctionMark = "linkgrad-touches-active";
/// On a marked variable: code that is not in the module can touch it.
static constexpr StringLiteral VisibleMark = "linkgrad-active-visible";
/// On a variable: some function may make floats of its integers.
static constexpr StringLiteral BitsMark = "linkgrad-made-float-of";
/// The value of a mark that counts only if pointers in variables do.
static constexpr StringLiteral PointersOnly = "pointers";
/// On a shadow variable: of which order it is.
static constexpr StringLiteral OrderMark = "linkgrad-shadow-order";

static bool counts(Attribute Mark, bool Pointers) {
  return Mark.isValid() &&
         (Pointers || Mark.getValueAsString() != PointersOnly);
}

bool mayHoldActive(const GlobalVariable &G, bool Pointers) {
  return counts(G.getAttribute(VariableMark), Pointers);
}

bool isMadeFloatOf(const GlobalVariable &G) { return G.hasAttribute(BitsMark); }

bool touchesActiveGlobal(const Function &F, bool Pointers) {
  return counts(F.getFnAttribute(FunctionMark), Pointers);
}

/// True if code that is not in \p M can touch a marked variable.
static bool isActiveGlobalVisible(const Module &M, bool Pointers) {
  return any_of(M.globals(), [&](const GlobalVariable &G) {
    return mayHoldActive(G, Pointers) && G.hasAttribute(VisibleMark);
  });
}

/// False if all that \p F does is to give a result, as comparators do.
static bool hasEffects(const Function &F) {
  return !F.onlyReadsMemory() && any_of(instructions(F), [](const auto &I) {
    if (auto *Call = dyn_cast<CallBase>(&I)) {
      const Function *Callee = Call->getCalledFunction();
      return !Call->onlyReadsMemory() &&
             !(Callee && classifyCallee(*Callee) == CalleeKind::Inactive);
    }
    auto *Store = dyn_cast<StoreInst>(&I);
    return I.mayWriteToMemory() &&
           !(Store &&
             isa<AllocaInst>(getUnderlyingObject(Store->getPointerOperand())));
  });
}

bool mayTouchActiveGlobal(const CallBase &Call, bool Pointers) {
  auto FunctionOf = [](const Value *V) {
    return dyn_cast<Function>(V->stripPointerCastsAndAliases());
  };
  const Function *Callee = FunctionOf(Call.getCalledOperand());
  if (!Callee)
    return callsThroughPointer(Call) &&
           isActiveGlobalVisible(*Call.getModule(), Pointers);
  return touchesActiveGlobal(*Callee, Pointers) ||
         (Callee->isDeclaration() && any_of(Call.args(), [&](const Use &U) {
            const Function *Given = FunctionOf(U);
            return Given && touchesActiveGlobal(*Given, Pointers) &&
                   hasEffects(*Given);
          }));
}

/// True for what strncpy writes: text, and zeros behind it.
static bool isPaddedText(const ConstantDataSequential &Data) {
  if (!Data.isString() || !Data.getAsString().ends_with('\0'))
    return false;
  StringRef Text = Data.getAsString().rtrim('\0');
  return !Text.empty() && all_of(Text, [](char C) {
    return isPrint(C) || isSpace(C) || uint8_t(C) >= 0x80;
  });
}

bool isText(const GlobalVariable &G) {
  if (!G.isConstant() || !G.hasDefinitiveInitializer())
    return false;
  const Constant &Text = *G.getInitializer();
  auto *Data = dyn_cast<ConstantDataSequential>(&Text);
  auto *Type = dyn_cast<ArrayType>(Text.getType());
  return Data ? Data->isCString() || isPaddedText(*Data)
              : Type && Type->getNumElements() == 1 &&
                    Type->getElementType()->isIntegerTy(8); // An empty one.
}

bool holdsPrintableText(const Value &Ptr) {
  auto *G = dyn_cast<GlobalVariable>(getUnderlyingObject(&Ptr));
  auto *Data = G && isText(*G)
                   ? dyn_cast<ConstantDataSequential>(G->getInitializer())
                   : nullptr;
  return Data && isPaddedText(*Data);
}

/// \p Steps bounds the search.
static bool leadsToText(const Constant &C, unsigned &Steps) {
  if (Steps == 0)
    return false;
  --Steps;
  if (C.getType()->isPointerTy()) {
    auto *G =
        dyn_cast<GlobalVariable>(getUnderlyingObject(&C, /*MaxLookup=*/0));
    return isa<ConstantPointerNull>(C) || (G && isText(*G));
  }
  return !typeContent(C.getType()).Pointer ||
         (isa<ConstantAggregate, ConstantAggregateZero>(C) &&
          all_of(C.operands(), [&](const Use &Op) {
            return leadsToText(*cast<Constant>(Op), Steps);
          }));
}

bool leadsToText(const GlobalVariable &Table) {
  unsigned Steps = 1000;
  return Table.isConstant() && Table.hasDefinitiveInitializer() &&
         leadsToText(*Table.getInitializer(), Steps);
}

GlobalVariable *shadowGlobal(GlobalVariable &G, unsigned Lane, unsigned Order) {
  Module &M = *G.getParent();
  std::string Name = (G.getName() + ".linkgrad.shadow").str();
  if (Order > 1)
    Name += ".order" + std::to_string(Order);
  if (Lane)
    Name += "." + std::to_string(Lane);
  if (GlobalVariable *Existing = M.getGlobalVariable(Name, true))
    return Existing;
  auto *Shadow =
      new GlobalVariable(M, G.getValueType(), /*isConstant=*/false,
                         G.hasLocalLinkage() ? GlobalValue::InternalLinkage
                                             : GlobalValue::LinkOnceODRLinkage,
                         Constant::getNullValue(G.getValueType()), Name,
                         nullptr, G.getThreadLocalMode(), G.getAddressSpace());
  Shadow->setAlignment(G.getAlign());
  if (!G.hasLocalLinkage())
    Shadow->setVisibility(GlobalValue::HiddenVisibility);
  Shadow->setDSOLocal(true);
  Shadow->addAttribute(OrderMark, std::to_string(Order));
  return Shadow;
}

namespace {

static bool isPointerCall(const Instruction &I) {
  auto *Call = dyn_cast<CallBase>(&I);
  return Call && callsThroughPointer(*Call);
}

/// CallTargets, looked for once somebody needs them.
class LazyTargets {
public:
  SmallVector<Function *, 8> of(CallBase &Call) {
    return in(*Call.getModule()).of(Call);
  }

  bool mayReach(const Function &F) {
    return in(*const_cast<Module *>(F.getParent())).mayReach(F);
  }

private:
  CallTargets &in(Module &M) { return Targets ? *Targets : Targets.emplace(M); }

  std::optional<CallTargets> Targets;
};

} // namespace

/// What the functions that a primal reaches do with global variables.
class ClosureScan {
public:
  ClosureScan(Function &Primal, LazyTargets &Targets) {
    reach(Primal);
    for (size_t Next = 0; Next < Reached.size(); ++Next)
      for (Instruction &I : instructions(*Reached[Next])) {
        for (const Use &Op : I.operands())
          if (auto *C = dyn_cast<Constant>(Op.get()))
            visit(*C, Op, *Reached[Next]);
        if (!isPointerCall(I))
          continue;
        CallPointers.insert(Reached[Next]);
        for (Function *Target : Targets.of(cast<CallBase>(I)))
          visitFunction(*Target, *Reached[Next]);
      }
  }

  SetVector<GlobalVariable *> Written;
  /// The others that may hold floating point or pointers.
  SetVector<GlobalVariable *> Others;
  /// All that the program may write to and does not call inactive.
  SetVector<GlobalVariable *> Mutable;
  /// Who mentions whom, or may call it through a pointer.
  SmallVector<std::pair<Function *, GlobalObject *>, 32> Mentions;
  /// Who calls through pointers.
  SmallSetVector<Function *, 8> CallPointers;

  bool isReached(const Function &F) const {
    return Reached.contains(const_cast<Function *>(&F));
  }

  /// True if pointers to what is written may lie in variables already.
  bool mayFindPointers() const {
    auto Reached = [this](const Function &F) { return isReached(F); };
    return any_of(Mentions,
                  [](const auto &M) {
                    auto *G = dyn_cast<GlobalVariable>(M.second);
                    return G && typeContent(G->getValueType()).Pointer;
                  }) &&
           any_of(Written,
                  [&](GlobalVariable *G) { return isKept(*G, Reached); });
  }

private:
  void reach(Function &F) {
    if (!F.isDeclaration())
      Reached.insert(&F);
  }

  void visitFunction(Function &Callee, Function &User) {
    Mentions.push_back({&User, &Callee});
    if (classifyCallee(Callee) == CalleeKind::Unknown)
      reach(Callee);
  }

  /// \p C, an operand of an instruction in \p User or part of one.
  void visit(Constant &C, const Use &Op, Function &User) {
    if (auto *Callee = dyn_cast<Function>(&C)) {
      visitFunction(*Callee, User);
    } else if (auto *A = dyn_cast<GlobalAlias>(&C)) {
      visit(*A->getAliasee(), Op, User);
    } else if (auto *G = dyn_cast<GlobalVariable>(&C)) {
      Mentions.push_back({&User, G});
      if (isCandidate(*G))
        Others.insert(G);
      if (!G->isConstant() && !G->hasAttribute("enzyme_inactive"))
        Mutable.insert(G);
      if (Others.contains(G) && holdsFloats(*G) && isWritten(Op))
        Written.insert(G);
    } else if (isa<ConstantExpr, ConstantAggregate>(C)) {
      for (const Use &Inner : C.operands())
        visit(*cast<Constant>(Inner.get()), Op, User);
    }
  }

  static bool isBytes(Type &T) {
    if (auto *S = dyn_cast<StructType>(&T))
      return any_of(S->elements(), [](Type *E) { return isBytes(*E); });
    return T.isArrayTy() && T.getArrayElementType()->isIntegerTy(8);
  }

  /// True if floating point can lie in \p G.
  static bool holdsFloats(const GlobalVariable &G) {
    return typeContent(G.getValueType()).Float || isBytes(*G.getValueType());
  }

  /// True if floating point or pointers can lie in \p G, and a shadow can be
  /// made.
  static bool isCandidate(const GlobalVariable &G) {
    Type &T = *G.getValueType();
    return !G.isConstant() && !G.hasAttribute("enzyme_inactive") &&
           T.isSized() && !G.getDataLayout().getTypeAllocSize(&T).isZero() &&
           (holdsFloats(G) || typeContent(&T).Pointer);
  }

  /// True if floating point may be written through the pointer \p Op.
  static bool isWritten(const Use &Op) {
    SmallVector<const Use *, 8> Work = {&Op};
    SmallPtrSet<const User *, 8> Seen;
    while (!Work.empty()) {
      const Use &U = *Work.pop_back_val();
      auto &I = *cast<Instruction>(U.getUser());
      auto Follow = [&](const User &By) {
        if (Seen.insert(&By).second)
          for (const Use &Next : By.uses())
            Work.push_back(&Next);
      };
      if (isa<GetElementPtrInst, PHINode, SelectInst, FreezeInst,
              AddrSpaceCastInst, InsertValueInst, ExtractValueInst>(I) ||
          isThreadLocalAddress(I)) {
        Follow(I);
      } else if (isa<ReturnInst>(I)) {
        for (const Use &F : I.getFunction()->uses()) {
          auto *Call = dyn_cast<CallBase>(F.getUser());
          if (!Call || !Call->isCallee(&F))
            return true; // Whoever calls it through a pointer may write.
          Follow(*Call);
        }
      } else if (writesThrough(I, U)) {
        return true;
      }
    }
    return false;
  }

  static unsigned getAddressOperand(const Instruction &I) {
    return isa<StoreInst>(I) ? StoreInst::getPointerOperandIndex() : 0;
  }

  static bool isThreadLocalAddress(const Instruction &I) {
    auto *Call = dyn_cast<IntrinsicInst>(&I);
    return Call && Call->getIntrinsicID() == Intrinsic::threadlocal_address;
  }

  static bool writesThrough(const Instruction &I, const Use &U) {
    const Value *V = storedAtomically(I);
    unsigned Address = getAddressOperand(I);
    if (auto *Store = dyn_cast<StoreInst>(&I))
      V = Store->getValueOperand();
    if (V) // An address that is kept can lead anywhere.
      return U.getOperandNo() != Address ||
             (!isa<Constant>(V) && (typeContent(V->getType()).Float ||
                                    V->getType()->getScalarSizeInBits() >= 16));
    auto *Call = dyn_cast<CallBase>(&I);
    if (!Call)
      return false;
    const Function *Callee = Call->getCalledFunction();
    switch (Callee ? classifyCallee(*Callee) : CalleeKind::Unknown) {
    case CalleeKind::MemoryIntrinsic: {
      MemoryOperands Ops(*Call);
      return Ops.Src && U.getOperandNo() == 0;
    }
    case CalleeKind::Unknown:
      return Call->isArgOperand(&U) &&
             !Call->onlyReadsMemory(Call->getArgOperandNo(&U));
    default:
      return false;
    }
  }

  SetVector<Function *> Reached;
};

namespace {

/// What a primal can run into, inactive functions too, tells about its order.
class OrderScan {
public:
  /// \param Targets where calls through pointers go, null to leave them out.
  OrderScan(Function &Primal, LazyTargets *Targets) {
    visit(Primal);
    while (!Work.empty())
      for (Instruction &I : instructions(*Work.pop_back_val())) {
        for (const Use &Op : I.operands())
          if (auto *C = dyn_cast<Constant>(Op.get()))
            visit(*C);
        if (Targets && isPointerCall(I))
          for (Function *Target : Targets->of(cast<CallBase>(I)))
            visit(*Target);
      }
  }

  unsigned Order = 1;
  bool InCircle = false;

private:
  void visit(Constant &C) {
    if (isa<ConstantData>(C) || !Seen.insert(&C).second)
      return;
    if (auto *F = dyn_cast<Function>(&C)) {
      InCircle |= isDerivative(classifyMagicCall(F->getName()));
      Work.push_back(F);
      return;
    }
    if (auto *G = dyn_cast<GlobalVariable>(&C)) { // Tables: see Targets.
      unsigned Used = 0;
      if (!G->getAttribute(OrderMark).getValueAsString().getAsInteger(10, Used))
        Order = std::max(Order, Used + 1);
      return;
    }
    for (const Use &Op : C.operands()) // Of a block's address one is the block.
      if (auto *Part = dyn_cast<Constant>(Op.get()))
        visit(*Part);
  }

  static bool isDerivative(MagicCall Kind) {
    return is_contained({MagicCall::AutoDiff, MagicCall::FwdDiff,
                         MagicCall::AugmentFwd, MagicCall::Reverse,
                         MagicCall::FwdSplit},
                        Kind);
  }

  SmallPtrSet<const Constant *, 32> Seen;
  SmallVector<Function *, 16> Work;
};

} // namespace

GlobalActivity::Touched GlobalActivity::mark(Function &Primal) {
  LazyTargets Targets;
  ClosureScan Scan(Primal, Targets);
  auto Reached = [&](const Function &F) { return Scan.isReached(F); };
  auto Insert = [&](GlobalVariable &G) {
    if (!Variables.insert(&G))
      return false;
    // Before there are derivatives, which touch it too.
    if (isAccessibleOutside(
            G, [&](const Function &F) { return Targets.mayReach(F); }) ||
        isLeft(G, Reached))
      G.addAttribute(VisibleMark);
    return true;
  };
  for (GlobalVariable *G : Scan.Written) {
    Insert(*G);
    G->addAttribute(VariableMark);
  }
  for (GlobalVariable *G : Scan.Others)
    if (Insert(*G)) {
      G->addAttribute(VariableMark, PointersOnly);
      Pointers |= typeContent(G->getValueType()).Pointer;
    }
  for (GlobalVariable *G : Scan.Mutable)
    if (!isMadeFloatOf(*G) && mayMakeFloatOf(*G, Reached)) {
      KeepBits.insert(G);
      G->addAttribute(BitsMark);
    }
  return {{spread(Scan, false), spread(Scan, true)},
          Scan.mayFindPointers(),
          OrderScan(Primal, &Targets).Order,
          // That a pointer leads back is possible nearly everywhere, and rare.
          OrderScan(Primal, nullptr).InCircle};
}

/// Marks the functions that mention a marked variable or function, and so on to
/// the callers. \returns the marked variables.
SmallVector<GlobalVariable *, 4> GlobalActivity::spread(const ClosureScan &Scan,
                                                        bool WithPointers) {
  auto Mark = [&](Function &F) {
    if (touchesActiveGlobal(F, WithPointers))
      return false;
    Functions.insert(&F);
    F.addFnAttr(FunctionMark, WithPointers ? PointersOnly : "");
    return true;
  };
  // Of what has no body nobody knows which variables it touches.
  if (!Variables.empty() &&
      isActiveGlobalVisible(*Variables.front()->getParent(), WithPointers)) {
    for (auto [User, Object] : Scan.Mentions)
      if (auto *F = dyn_cast<Function>(Object); F && isOpaque(*F))
        Mark(*F);
    for (Function *F : Scan.CallPointers)
      Mark(*F);
  }
  SetVector<GlobalVariable *> Touched;
  for (bool Changed = true; Changed;) {
    Changed = false;
    for (auto [User, Object] : Scan.Mentions) {
      auto *G = dyn_cast<GlobalVariable>(Object);
      bool Marked =
          G ? mayHoldActive(*G, WithPointers)
            : touchesActiveGlobal(*cast<Function>(Object), WithPointers);
      if (G && Marked)
        Touched.insert(G);
      if (Marked)
        Changed |= Mark(*User);
    }
  }
  return Touched.takeVector();
}

void GlobalActivity::clear() {
  for (auto *List : {&Variables, &KeepBits}) {
    for (GlobalVariable *G : *List)
      for (StringRef Mark : {VariableMark, VisibleMark, BitsMark})
        G->setAttributes(
            G->getAttributes().removeAttribute(G->getContext(), Mark));
    List->clear();
  }
  for (Function *F : Functions)
    F->removeFnAttr(FunctionMark);
  Functions.clear();
  Pointers = false;
}

} // namespace linkgrad
