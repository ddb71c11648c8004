//===- ParallelRegions.cpp - OpenMP regions as calls ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "prepare/ParallelRegions.h"
#include "prepare/AnalysisManagers.h"
#include "prepare/IndirectCalls.h"
#include "prepare/PackedIntegers.h"
#include "prepare/Prepare.h"
#include "rules/OpenMPCalls.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Scalar/SROA.h"
#include "llvm/Transforms/Utils/Cloning.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace linkgrad {

static constexpr StringLiteral TeamAttribute = "linkgrad-team";
static constexpr StringLiteral IdentMD = "linkgrad.ident";
/// What the runtime passes to an outlined function before its own parameters:
/// the addresses of two thread numbers, in the program and in the team.
static constexpr unsigned NumThreadNumbers = 2;
/// Of __kmpc_fork_call(ident, number of arguments, function, arguments…).
static constexpr unsigned FirstArgument = 3;

bool isTeam(const Function &F) { return F.hasFnAttribute(TeamAttribute); }

Function &threadOf(const Function &Team) {
  return *cast<CallInst>(Team.getEntryBlock().front()).getCalledFunction();
}

Constant *identOf(const Function &Team) {
  return cast<ConstantAsMetadata>(Team.getMetadata(IdentMD)->getOperand(0))
      ->getValue();
}

//===----------------------------------------------------------------------===//
// The thread function
//===----------------------------------------------------------------------===//

/// A copy of \p Outlined without the thread numbers among its parameters.
static Function *cloneOutlined(Function &Outlined, Constant &Ident) {
  Module &M = *Outlined.getParent();
  LLVMContext &C = M.getContext();
  Type *Int32 = Type::getInt32Ty(C);
  // What stands for the numbers' addresses until there is a body.
  ValueToValueMapTy VMap;
  SmallVector<GlobalVariable *, NumThreadNumbers> Places;
  for (unsigned I = 0; I < NumThreadNumbers; ++I) {
    Places.push_back(new GlobalVariable(M, Int32, /*isConstant=*/false,
                                        GlobalValue::InternalLinkage,
                                        ConstantInt::get(Int32, 0)));
    VMap[Outlined.getArg(I)] = Places.back();
  }
  Function *F = CloneFunction(&Outlined, VMap);
  F->setLinkage(GlobalValue::InternalLinkage);
  F->setVisibility(GlobalValue::DefaultVisibility);
  F->setComdat(nullptr);
  F->setDSOLocal(true);
  for (auto Kind :
       {Attribute::AlwaysInline, Attribute::NoInline, Attribute::OptimizeNone,
        Attribute::OptimizeForSize, Attribute::MinSize})
    F->removeFnAttr(Kind);

  IRBuilder<> B(&*F->getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
  for (auto [I, Place] : enumerate(Places)) {
    if (!Place->use_empty()) {
      auto *Number = new AllocaInst(Int32, 0, I ? "thread.of.team" : "thread",
                                    F->getEntryBlock().begin());
      FunctionCallee Get =
          I ? M.getOrInsertFunction("omp_get_thread_num", Int32)
            : M.getOrInsertFunction("__kmpc_global_thread_num", Int32,
                                    Ident.getType());
      Value *V = I ? B.CreateCall(Get) : B.CreateCall(Get, {&Ident});
      B.CreateStore(V, Number);
      Place->replaceAllUsesWith(Number);
    }
    Place->eraseFromParent();
  }
  return F;
}

/// Gives \p From's body to a new function that takes the floats of its packed
/// parameters as floats.
static Function *withFloats(Function &From, ArrayRef<Pieces> Packed) {
  SmallVector<Type *, 8> Types;
  for (auto [A, P] : zip_equal(From.args(), Packed)) {
    if (P.empty())
      Types.push_back(A.getType());
    for (const Piece &Part : P)
      Types.push_back(Part.Ty);
  }
  auto *To =
      Function::Create(FunctionType::get(From.getReturnType(), Types, false),
                       GlobalValue::InternalLinkage, From.getAddressSpace(), "",
                       From.getParent());
  To->setDSOLocal(true);
  To->addFnAttrs(
      AttrBuilder(To->getContext(), From.getAttributes().getFnAttrs()));
  if (From.hasPersonalityFn())
    To->setPersonalityFn(From.getPersonalityFn());
  To->splice(To->begin(), &From);
  To->setSubprogram(From.getSubprogram());
  From.setSubprogram(nullptr);

  IRBuilder<> B(&*To->getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
  auto *Next = To->arg_begin();
  for (auto [A, P] : zip_equal(From.args(), Packed)) {
    Next->setName(A.getName());
    if (P.empty()) {
      AttrBuilder Attributes(To->getContext(), A.getAttributes());
      Next->addAttrs(Attributes);
      A.replaceAllUsesWith(&*Next++);
      continue;
    }
    SmallVector<Value *, 2> Parts;
    for (unsigned I = 0; I < P.size(); ++I)
      Parts.push_back(&*Next++);
    A.replaceAllUsesWith(joinInteger(B, Parts, A.getType(), P));
  }
  return To;
}

/// A parameter of up to eight bytes is passed as an integer, whatever it is.
static SmallVector<Pieces, 8> packedParameters(Function &F,
                                               ArrayRef<Value *> Given) {
  SmallVector<Pieces, 8> Packed;
  for (Argument &A : F.args()) {
    Packed.emplace_back();
    auto *T = dyn_cast<IntegerType>(A.getType());
    if (!T || T->getBitWidth() < 16 || !F.getDataLayout().isLittleEndian())
      continue;
    FloatFinder Finder(*T);
    Finder.followUses(A);
    Finder.followOrigin(*Given[A.getArgNo()]);
    Packed.back() = Finder.pieces();
  }
  return Packed;
}

/// Distinct for different signatures.
static std::string describe(ArrayRef<Pieces> Packed) {
  std::string Name;
  raw_string_ostream OS(Name);
  for (auto [I, P] : enumerate(Packed))
    for (const Piece &Part : P) {
      OS << '.' << I << '.';
      Part.Ty->print(OS);
    }
  return Name;
}

static void simplifyThread(Function &F, AnalysisManagers &AMs,
                           const Options &Opts) {
  if (Opts.Optimize)
    return simplifyFunction(F, AMs);
  AMs.invalidate(F);
  FunctionPassManager FPM;
  FPM.addPass(SROAPass(SROAOptions::PreserveCFG));
  FPM.run(F, AMs.FAM);
  AMs.invalidate(F);
}

//===----------------------------------------------------------------------===//
// The team function
//===----------------------------------------------------------------------===//

static Function *makeTeam(Function &Thread, const Function &Outlined,
                          Constant &Ident, const Twine &Name) {
  Module &M = *Thread.getParent();
  auto *Team =
      Function::Create(Thread.getFunctionType(), GlobalValue::InternalLinkage,
                       Thread.getAddressSpace(), Name, &M);
  Team->setDSOLocal(true);
  Team->addFnAttr(TeamAttribute);
  Team->addFnAttr(Attribute::NoInline);
  Team->addFnAttr(Attribute::NoUnwind);
  // Marks of the engine's, as they say something about the body.
  for (Attribute A : Outlined.getAttributes().getFnAttrs())
    if (A.isStringAttribute() && A.getKindAsString().starts_with("linkgrad-"))
      Team->addFnAttr(A);
  LLVMContext &C = M.getContext();
  Team->setMetadata(IdentMD, MDNode::get(C, ConstantAsMetadata::get(&Ident)));
  IRBuilder<> B(BasicBlock::Create(C, "entry", Team));
  SmallVector<Value *, 8> Args;
  for (auto [A, Of] : zip_equal(Team->args(), Thread.args())) {
    AttrBuilder Attributes(C, Of.getAttributes());
    A.addAttrs(Attributes);
    Args.push_back(&A);
  }
  B.CreateCall(&Thread, Args);
  B.CreateRetVoid();
  return Team;
}

/// The outlined function of the region that \p Fork runs, if it is as clang
/// makes it: __kmpc_fork_call(ident, number of arguments, function, arguments).
static Function *outlinedFunction(const CallInst &Fork) {
  constexpr unsigned First = FirstArgument;
  if (Fork.arg_size() < First || !isa<Constant>(Fork.getArgOperand(0)))
    return nullptr;
  auto *F =
      dyn_cast<Function>(Fork.getArgOperand(2)->stripPointerCastsAndAliases());
  if (!F || F->isDeclaration() || F->isInterposable() || F->isVarArg() ||
      !F->getReturnType()->isVoidTy() ||
      F->arg_size() != NumThreadNumbers + Fork.arg_size() - First)
    return nullptr;
  for (unsigned I = 0; I < Fork.arg_size() - First; ++I)
    if (F->getArg(NumThreadNumbers + I)->getType() !=
        Fork.getArgOperand(First + I)->getType())
      return nullptr;
  return F;
}

static bool lowerFork(CallInst &Fork, AnalysisManagers &AMs,
                      const Options &Opts) {
  Function *Outlined = outlinedFunction(Fork);
  if (!Outlined)
    return false;
  Module &M = *Fork.getModule();
  auto &Ident = *cast<Constant>(Fork.getArgOperand(0));
  SmallVector<Value *, 8> Given(drop_begin(Fork.args(), FirstArgument));
  Function *Body = cloneOutlined(*Outlined, Ident);
  simplifyThread(*Body, AMs, Opts);
  SmallVector<Pieces, 8> Packed = packedParameters(*Body, Given);
  std::string Name = (Outlined->getName() + ".linkgrad.").str();
  std::string TeamName = Name + "team" + describe(Packed);
  Function *Team = M.getFunction(TeamName);
  if (!Team) {
    Function *Thread = withFloats(*Body, Packed);
    Thread->setName(Name + "thread" + describe(Packed));
    Team = makeTeam(*Thread, *Outlined, Ident, TeamName);
  }
  AMs.FAM.clear(*Body, Body->getName());
  Body->eraseFromParent();

  IRBuilder<> B(&Fork);
  SmallVector<Value *, 8> Args;
  for (auto [Arg, P] : zip_equal(Given, Packed)) {
    if (P.empty())
      Args.push_back(Arg);
    else
      append_range(Args, splitInteger(B, Arg, P));
  }
  CallInst *Call = B.CreateCall(Team, Args);
  if (Fork.hasFnAttr(SpeculativeCallAttribute))
    Call->addFnAttr(Fork.getFnAttr(SpeculativeCallAttribute));
  Fork.eraseFromParent();
  return true;
}

//===----------------------------------------------------------------------===//
// Reductions
//===----------------------------------------------------------------------===//

/// A function that makes threads wait. As the compiler has to treat it, it may
/// do anything to memory.
static FunctionCallee waitFunction(Module &M, StringRef Name,
                                   ArrayRef<Type *> Parameters) {
  FunctionCallee Callee = M.getOrInsertFunction(
      Name,
      FunctionType::get(Type::getVoidTy(M.getContext()), Parameters, false));
  auto *F = cast<Function>(Callee.getCallee());
  F->setConvergent();
  F->setDoesNotThrow();
  return Callee;
}

static FunctionCallee lockFunction(Module &M, StringRef Name) {
  LLVMContext &C = M.getContext();
  Type *Ptr = PointerType::getUnqual(C);
  return waitFunction(M, Name, {Ptr, Type::getInt32Ty(C), Ptr});
}

/// `switch (__kmpc_reduce(…, lock))`: 1 asks the thread to combine by itself.
static void lowerReduce(CallInst &Reduce) {
  IRBuilder<> B(&Reduce);
  B.CreateCall(lockFunction(*Reduce.getModule(), "__kmpc_critical"),
               {Reduce.getArgOperand(0), Reduce.getArgOperand(1),
                Reduce.getArgOperand(Reduce.arg_size() - 1)});
  SmallVector<BasicBlock *, 2> Switches;
  for (User *U : Reduce.users())
    if (auto *I = cast<Instruction>(U); I->isTerminator())
      Switches.push_back(I->getParent());
  Reduce.replaceAllUsesWith(B.getInt32(1));
  Reduce.eraseFromParent();
  for (BasicBlock *BB : Switches)
    ConstantFoldTerminator(BB, /*DeleteDeadConditions=*/true);
}

static void lowerEndReduce(CallInst &End) {
  IRBuilder<> B(&End);
  Module &M = *End.getModule();
  Value *Ident = End.getArgOperand(0), *Thread = End.getArgOperand(1);
  B.CreateCall(lockFunction(M, "__kmpc_end_critical"),
               {Ident, Thread, End.getArgOperand(2)});
  if (End.getCalledFunction()->getName() == "__kmpc_end_reduce") {
    FunctionCallee Barrier =
        waitFunction(M, "__kmpc_barrier", {B.getPtrTy(), B.getInt32Ty()});
    B.CreateCall(Barrier, {Ident, Thread});
  }
  End.eraseFromParent();
}

/// The runtime writes the bounds of a loop and nothing else of the program's.
static void describeSchedule(CallInst &Call) {
  Call.setMemoryEffects(MemoryEffects::argMemOnly() |
                        MemoryEffects::inaccessibleMemOnly());
  for (unsigned I = 0; I < Call.arg_size(); ++I)
    if (Call.getArgOperand(I)->getType()->isPointerTy())
      Call.addParamAttr(I, Attribute::getWithCaptureInfo(Call.getContext(),
                                                         CaptureInfo::none()));
}

bool lowerParallelRegions(Function &F, AnalysisManagers &AMs,
                          const Options &Opts) {
  SmallVector<std::pair<CallInst *, OpenMPCall>, 8> Calls;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallInst>(&I))
      if (Function *Callee = Call->getCalledFunction();
          Callee && Callee->isDeclaration())
        if (auto Kind = classifyOpenMP(Callee->getName());
            Kind != OpenMPCall::None)
          Calls.push_back({Call, Kind});
  bool Changed = false;
  for (auto [Call, Kind] : Calls) {
    switch (Kind) {
    case OpenMPCall::Fork:
      Changed |= lowerFork(*Call, AMs, Opts);
      break;
    case OpenMPCall::Reduce:
      lowerReduce(*Call);
      Changed = true;
      break;
    case OpenMPCall::EndReduce:
      lowerEndReduce(*Call);
      Changed = true;
      break;
    case OpenMPCall::Schedule:
      describeSchedule(*Call);
      break;
    default:
      break;
    }
  }
  if (Changed) {
    removeUnreachableBlocks(F);
    AMs.invalidate(F);
  }
  return Changed;
}

} // namespace linkgrad
