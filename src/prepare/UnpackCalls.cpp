//===- UnpackCalls.cpp - Small structs passed as integers -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The i64 that holds {float, int} is neither active nor inactive, and once the
// optimiser counts the int up with an addition of 64 bits, no type fits it. So
//
//   i64 @f(i64 %s)   becomes   {float, i32} @f.linkgrad.unpacked(float, i32)
//
// with the parts put together where the body begins and taken apart where it
// ends, around the call the other way. Simplification removes both. The bits
// stay the same whatever they mean, so nothing is guessed.
//
//===----------------------------------------------------------------------===//

#include "prepare/UnpackCalls.h"
#include "prepare/PackedIntegers.h"
#include "prepare/ParallelRegions.h"
#include "request/Registration.h"
#include "rules/KnownFunctions.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/BasicBlockUtils.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace linkgrad {

namespace {

/// The pieces of each argument and of each field of the result; none for what
/// stays as it is.
struct Signature {
  SmallVector<Pieces, 8> Args;
  SmallVector<Pieces, 2> Results;

  bool changes() const {
    auto IsPacked = [](const Pieces &P) { return !P.empty(); };
    return any_of(Args, IsPacked) || any_of(Results, IsPacked);
  }
};

/// Rewrites the calls of one function that have the same signature.
class Unpacker {
public:
  Unpacker(Function &Callee, const Signature &S) : Callee(Callee), S(S) {}

  void rewrite(CallBase &Call);

private:
  Function &unpacked();
  Type *resultType() const;
  FunctionType *type() const;
  std::string name() const;
  void moveBody(Function &To);
  Value *takeApart(IRBuilderBase &B, Value *Result) const;
  Value *putTogether(IRBuilderBase &B, Value *Result) const;

  Function &Callee;
  const Signature &S;
};

} // namespace

//===----------------------------------------------------------------------===//
// What is packed
//===----------------------------------------------------------------------===//

/// The fields of a result: of a struct its elements, else itself.
static SmallVector<Type *, 2> fieldsOf(Type *T) {
  if (auto *Struct = dyn_cast<StructType>(T))
    return SmallVector<Type *, 2>(Struct->elements());
  return {T};
}

static IntegerType *packable(Type *T) {
  auto *Int = dyn_cast<IntegerType>(T);
  return Int && Int->getBitWidth() >= 16 ? Int : nullptr;
}

static Pieces findInArgument(const CallBase &Call, const Function &Callee,
                             unsigned I) {
  IntegerType *T = packable(Callee.getArg(I)->getType());
  if (!T)
    return {};
  FloatFinder Finder(*T);
  Finder.followUses(*Callee.getArg(I));
  Finder.followOrigin(*Call.getArgOperand(I));
  return Finder.pieces();
}

static Pieces findInResult(const CallBase &Call, const Function &Callee,
                           unsigned Field, Type *FieldType) {
  IntegerType *T = packable(FieldType);
  if (!T)
    return {};
  FloatFinder Finder(*T);
  if (Call.getType() == FieldType) {
    Finder.followResults(Callee, {});
    Finder.followUses(Call);
    return Finder.pieces();
  }
  Finder.followResults(Callee, {Field});
  for (const User *U : Call.users())
    if (auto *Extract = dyn_cast<ExtractValueInst>(U);
        Extract && Extract->getIndices() == ArrayRef(Field))
      Finder.followUses(*Extract);
  return Finder.pieces();
}

static Signature signatureOf(const CallBase &Call, const Function &Callee) {
  Signature S;
  for (unsigned I = 0; I < Callee.arg_size(); ++I)
    S.Args.push_back(findInArgument(Call, Callee, I));
  for (auto [I, T] : enumerate(fieldsOf(Callee.getReturnType())))
    S.Results.push_back(findInResult(Call, Callee, I, T));
  return S;
}

void relaxTailCalls(Function &F) {
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallInst>(&I); Call && Call->isMustTailCall())
      Call->setTailCallKind(CallInst::TCK_None);
}

Function *calleeToRewrite(const CallBase &Call) {
  Function *Callee = Call.getCalledFunction();
  if (!Callee || Callee->isDeclaration() || Callee->isInterposable() ||
      Callee->isVarArg() || isTeam(*Callee) ||
      Callee->hasFnAttribute(CustomRuleAttribute) ||
      Call.hasFnAttr("enzyme_inactive") || Call.isMustTailCall() ||
      Call.hasOperandBundles() || isa<CallBrInst>(Call) ||
      classifyCallee(*Callee) != CalleeKind::Unknown)
    return nullptr;
  return Callee;
}

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

Type *Unpacker::resultType() const {
  if (none_of(S.Results, [](const Pieces &P) { return !P.empty(); }))
    return Callee.getReturnType();
  SmallVector<Type *, 4> Fields;
  for (auto [T, P] : zip_equal(fieldsOf(Callee.getReturnType()), S.Results)) {
    if (P.empty())
      Fields.push_back(T);
    for (const Piece &Part : P)
      Fields.push_back(Part.Ty);
  }
  return StructType::get(Callee.getContext(), Fields);
}

FunctionType *Unpacker::type() const {
  SmallVector<Type *, 8> Parameters;
  for (const Argument &A : Callee.args()) {
    if (S.Args[A.getArgNo()].empty())
      Parameters.push_back(A.getType());
    for (const Piece &Part : S.Args[A.getArgNo()])
      Parameters.push_back(Part.Ty);
  }
  return FunctionType::get(resultType(), Parameters, false);
}

/// Distinct for the signatures of one function.
std::string Unpacker::name() const {
  std::string Name;
  raw_string_ostream OS(Name);
  OS << Callee.getName() << ".linkgrad.unpacked";
  auto Print = [&](ArrayRef<Pieces> List) {
    for (const Pieces &P : List) {
      OS << '.';
      for (const Piece &Part : P)
        Part.Ty->print(OS);
    }
  };
  Print(S.Args);
  OS << ".to";
  Print(S.Results);
  return Name;
}

/// \p Result with the packed fields in pieces.
Value *Unpacker::takeApart(IRBuilderBase &B, Value *Result) const {
  SmallVector<Value *, 4> Fields;
  for (auto [I, P] : enumerate(S.Results)) {
    Value *Field = Result->getType()->isStructTy()
                       ? B.CreateExtractValue(Result, unsigned(I))
                       : Result;
    if (P.empty())
      Fields.push_back(Field);
    else
      append_range(Fields, splitInteger(B, Field, P));
  }
  Value *New = PoisonValue::get(resultType());
  for (auto [I, V] : enumerate(Fields))
    New = B.CreateInsertValue(New, V, unsigned(I));
  return New;
}

/// The result that the original function has.
Value *Unpacker::putTogether(IRBuilderBase &B, Value *Result) const {
  Type *T = Callee.getReturnType();
  unsigned Next = 0;
  Value *Old = PoisonValue::get(T);
  for (auto [I, Field] : enumerate(fieldsOf(T))) {
    const Pieces &P = S.Results[I];
    SmallVector<Value *, 4> Parts;
    for (unsigned N = std::max<size_t>(P.size(), 1); N; --N)
      Parts.push_back(B.CreateExtractValue(Result, Next++));
    Value *V = P.empty() ? Parts[0] : joinInteger(B, Parts, Field, P);
    Old = T->isStructTy() ? B.CreateInsertValue(Old, V, unsigned(I)) : V;
  }
  return Old;
}

/// Gives \p To a copy of the callee's body.
void Unpacker::moveBody(Function &To) {
  ValueToValueMapTy VMap;
  Function *Clone = CloneFunction(&Callee, VMap);
  To.splice(To.begin(), Clone);
  relaxTailCalls(To);
  To.setSubprogram(Clone->getSubprogram());
  Clone->setSubprogram(nullptr);
  if (Callee.hasPersonalityFn())
    To.setPersonalityFn(Callee.getPersonalityFn());

  IRBuilder<> B(&*To.getEntryBlock().getFirstNonPHIOrDbgOrAlloca());
  auto *Next = To.arg_begin();
  for (Argument &A : Clone->args()) {
    const Pieces &P = S.Args[A.getArgNo()];
    SmallVector<Value *, 4> Parts;
    for (unsigned N = std::max<size_t>(P.size(), 1); N; --N) {
      Next->setName(A.getName());
      Parts.push_back(&*Next++);
    }
    A.replaceAllUsesWith(P.empty() ? Parts[0]
                                   : joinInteger(B, Parts, A.getType(), P));
    if (P.empty()) {
      AttrBuilder Attributes(To.getContext(), A.getAttributes());
      cast<Argument>(Parts[0])->addAttrs(Attributes);
    }
  }
  Clone->eraseFromParent();

  if (To.getReturnType() == Callee.getReturnType())
    return;
  for (BasicBlock &BB : To)
    if (auto *Return = dyn_cast<ReturnInst>(BB.getTerminator())) {
      B.SetInsertPoint(Return);
      Return->setOperand(0, takeApart(B, Return->getReturnValue()));
    }
}

Function &Unpacker::unpacked() {
  Module &M = *Callee.getParent();
  if (Function *Existing = M.getFunction(name()))
    return *Existing;
  auto *F = Function::Create(type(), GlobalValue::InternalLinkage,
                             Callee.getAddressSpace(), name(), &M);
  F->setDSOLocal(true);
  F->addFnAttrs(
      AttrBuilder(F->getContext(), Callee.getAttributes().getFnAttrs()));
  if (F->getReturnType() == Callee.getReturnType())
    F->addRetAttrs(
        AttrBuilder(F->getContext(), Callee.getAttributes().getRetAttrs()));
  moveBody(*F);
  return *F;
}

//===----------------------------------------------------------------------===//
// The calls
//===----------------------------------------------------------------------===//

void Unpacker::rewrite(CallBase &Call) {
  Function &New = unpacked();
  IRBuilder<> B(&Call);
  SmallVector<Value *, 8> Args;
  SmallVector<AttributeSet, 8> Attributes;
  for (unsigned I = 0; I < Call.arg_size(); ++I) {
    Value *Arg = Call.getArgOperand(I);
    if (S.Args[I].empty()) {
      Args.push_back(Arg);
      Attributes.push_back(Call.getAttributes().getParamAttrs(I));
      continue;
    }
    append_range(Args, splitInteger(B, Arg, S.Args[I]));
    Attributes.resize(Args.size());
  }
  bool SameResult = New.getReturnType() == Call.getType();
  auto *Invoke = dyn_cast<InvokeInst>(&Call);
  CallBase *NewCall =
      Invoke ? cast<CallBase>(B.CreateInvoke(&New, Invoke->getNormalDest(),
                                             Invoke->getUnwindDest(), Args))
             : B.CreateCall(&New, Args);
  NewCall->setAttributes(AttributeList::get(
      Call.getContext(), Call.getAttributes().getFnAttrs(),
      SameResult ? Call.getAttributes().getRetAttrs() : AttributeSet(),
      Attributes));
  Value *Result = NewCall;
  if (!SameResult) {
    if (Invoke) {
      BasicBlock *Normal = SplitEdge(Call.getParent(), Invoke->getNormalDest());
      cast<InvokeInst>(NewCall)->setNormalDest(Normal);
      B.SetInsertPoint(&*Normal->getFirstInsertionPt());
    }
    Result = putTogether(B, NewCall);
  }
  Call.replaceAllUsesWith(Result);
  Call.eraseFromParent();
}

bool unpackCalls(Function &F) {
  if (!F.getDataLayout().isLittleEndian())
    return false;
  SmallVector<CallBase *, 16> Calls;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallBase>(&I); Call && calleeToRewrite(*Call))
      Calls.push_back(Call);
  bool Changed = false;
  for (CallBase *Call : Calls) {
    Function &Callee = *calleeToRewrite(*Call);
    Signature S = signatureOf(*Call, Callee);
    if (!S.changes())
      continue;
    Unpacker(Callee, S).rewrite(*Call);
    Changed = true;
  }
  return Changed;
}

//===----------------------------------------------------------------------===//
// Phis and selects
//===----------------------------------------------------------------------===//

static void unpackPhi(PHINode &Phi, const Pieces &P) {
  IRBuilder<> B(&Phi);
  SmallVector<Value *, 4> Parts;
  for (const Piece &Part : P)
    Parts.push_back(
        B.CreatePHI(Part.Ty, Phi.getNumIncomingValues(), Phi.getName()));
  // A block that leads here twice must hand over the same values.
  DenseMap<BasicBlock *, SmallVector<Value *, 4>> Split;
  for (auto [V, From] : zip_equal(Phi.incoming_values(), Phi.blocks())) {
    SmallVector<Value *, 4> &Values = Split[From];
    if (Values.empty()) {
      B.SetInsertPoint(From->getTerminator());
      Values = splitInteger(B, V, P);
    }
    for (auto [Part, Value] : zip_equal(Parts, Values))
      cast<PHINode>(Part)->addIncoming(Value, From);
  }
  B.SetInsertPoint(Phi.getParent(), Phi.getParent()->getFirstInsertionPt());
  Phi.replaceAllUsesWith(joinInteger(B, Parts, Phi.getType(), P));
  Phi.eraseFromParent();
}

static void unpackSelect(SelectInst &Select, const Pieces &P) {
  IRBuilder<> B(&Select);
  SmallVector<Value *, 4> Parts;
  for (auto [True, False] :
       zip_equal(splitInteger(B, Select.getTrueValue(), P),
                 splitInteger(B, Select.getFalseValue(), P)))
    Parts.push_back(B.CreateSelect(Select.getCondition(), True, False));
  Select.replaceAllUsesWith(joinInteger(B, Parts, Select.getType(), P));
  Select.eraseFromParent();
}

/// The pieces of \p V, as far as its uses and where it comes from tell.
static Pieces piecesOf(const Instruction &V) {
  IntegerType *T = packable(V.getType());
  if (!T)
    return {};
  FloatFinder Finder(*T);
  Finder.followUses(V);
  Finder.followOrigin(V);
  return Finder.pieces();
}

bool unpackMerges(Function &F) {
  if (!F.getDataLayout().isLittleEndian())
    return false;
  SmallVector<std::pair<Instruction *, Pieces>, 4> Packed;
  for (Instruction &I : instructions(F)) {
    auto *Phi = dyn_cast<PHINode>(&I);
    auto *Select = dyn_cast<SelectInst>(&I);
    if ((Phi && I.getParent()->getFirstInsertionPt() != I.getParent()->end()) ||
        (Select && Select->getCondition()->getType()->isIntegerTy()))
      if (Pieces P = piecesOf(I); !P.empty())
        Packed.push_back({&I, P});
  }
  for (auto &[I, P] : Packed) {
    if (auto *Phi = dyn_cast<PHINode>(I))
      unpackPhi(*Phi, P);
    else
      unpackSelect(cast<SelectInst>(*I), P);
  }
  return !Packed.empty();
}

} // namespace linkgrad
