//===- CustomRules.cpp - A program's own derivatives ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/CustomRules.h"
#include "analysis/ValueKinds.h"
#include "prepare/AnalysisManagers.h"
#include "request/Scalars.h"
#include "rules/ScalarRules.h"
#include "support/Diagnostics.h"
#include "transform/Shadows.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/Analysis/AliasAnalysis.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/IPO/FunctionAttrs.h"

using namespace llvm;

namespace linkgrad {

static Error refuse(const Function &F, const Twine &Problem,
                    const Twine &Help = "") {
  return makeError(
      Reason::BadRegistration, F,
      "the registered derivative of '" + displayName(F) + "' " + Problem, Help);
}

//===----------------------------------------------------------------------===//
// What may be done with the function itself
//===----------------------------------------------------------------------===//

/// True if it makes no difference how often \p F is called: rules that give no
/// result need F for it, and several lanes need a rule several times.
static bool isRepeatable(Function &F, AnalysisManagers &AMs) {
  MemoryEffects Effects = F.getMemoryEffects();
  if (!F.isDeclaration())
    Effects &=
        computeFunctionBodyMemoryAccess(F, AMs.FAM.getResult<AAManager>(F));
  return none_of(F.args(),
                 [](Argument &A) { return containsPointer(A.getType()); }) ||
         Effects.getWithoutLoc(IRMemLocation::InaccessibleMem)
             .getWithoutLoc(IRMemLocation::ErrnoMem)
             .onlyReadsMemory();
}

static Error checkWidth(const DiffRequest &R, AnalysisManagers &AMs) {
  if (R.Width == 1 || isRepeatable(*R.Primal, AMs))
    return Error::success();
  return refuse(*R.Primal,
                "cannot be used in vector mode yet: the function writes to "
                "memory, and each lane would write again",
                "ask for one direction at a time");
}

static Error checkSignature(const Function &F) {
  for (const Argument &A : F.args())
    if (A.hasByValAttr() || A.hasStructRetAttr() || A.hasPreallocatedAttr() ||
        A.hasInAllocaAttr() ||
        (containsPointer(A.getType()) && containsFloat(A.getType())))
      return refuse(F,
                    "is not supported yet: the function takes or returns a "
                    "large struct by value",
                    "pass the struct by pointer");
  if (F.isVarArg())
    return refuse(F, "is not supported: the function is variadic");
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Calls of the program's functions
//===----------------------------------------------------------------------===//

namespace {

/// The body of one adapted function: calls helpers, one lane after the other.
class RuleBody {
public:
  /// \param Clone has the signature that the engine wants.
  RuleBody(const DiffRequest &R, const ShadowedClone &Clone)
      : R(R), Clone(Clone), DL(Clone.F->getDataLayout()),
        B(BasicBlock::Create(Clone.F->getContext(), "entry", Clone.F)) {}

  /// The arguments that \p Helper has in common with the function, for one
  /// lane. \p Tangents: floats are followed by tangents.
  Expected<SmallVector<Value *, 16>> arguments(Function &Helper, unsigned Lane,
                                               bool Tangents);

  /// Calls \p Helper; a result in memory is loaded. Null if there is none.
  Expected<Value *> call(Function &Helper, ArrayRef<Value *> Args);

  /// Calls the function itself for its result.
  Expected<Value *> callPrimal(AnalysisManagers &AMs, const Function &Helper);

  Value *lane(Value *Pack, unsigned Lane) {
    return R.Width == 1 ? Pack : B.CreateExtractValue(Pack, {Lane});
  }
  Value *setLane(Value *Pack, Value *V, unsigned Lane) {
    return R.Width == 1 ? V : B.CreateInsertValue(Pack, V, {Lane});
  }

  /// Returns the fields that are not null; nothing if there are none.
  void finish(ArrayRef<Value *> Fields);

  const DiffRequest &R;
  const ShadowedClone &Clone;
  const DataLayout &DL;
  IRBuilder<> B;
};

} // namespace

/// What \p Helper returns, also through memory.
static Type *resultOf(const Function &Helper) {
  for (const Argument &A : Helper.args())
    if (A.hasStructRetAttr())
      return A.getParamStructRetType();
  return Helper.getReturnType();
}

/// True if \p A is ignored, also in unoptimised code, which keeps parameters in
/// local variables.
static bool isIgnored(const Argument &A) {
  if (A.getParent()->isDeclaration())
    return false;
  return all_of(A.users(), [&](const User *U) {
    auto *Store = dyn_cast<StoreInst>(U);
    auto *Local =
        Store ? dyn_cast<AllocaInst>(Store->getPointerOperand()) : nullptr;
    return Local && all_of(Local->users(), [](const User *LocalUser) {
             return isa<StoreInst>(LocalUser) ||
                    cast<Instruction>(LocalUser)->isLifetimeStartOrEnd();
           });
  });
}

Expected<SmallVector<Value *, 16>>
RuleBody::arguments(Function &Helper, unsigned Lane, bool Tangents) {
  SmallVector<Value *, 16> Args;
  unsigned Skipped = Helper.hasStructRetAttr() ? 1 : 0;
  for (auto [I, Primal] : enumerate(Clone.Primals)) {
    Args.push_back(Primal);
    Type *T = Primal->getType();
    bool Pointer = containsPointer(T);
    if (!Pointer && !(Tangents && containsFloat(T)))
      continue;
    if (isDup(R.Args[I])) {
      Args.push_back(Clone.Shadows[I][Lane]);
      continue;
    }
    if (!Pointer) {
      Args.push_back(Constant::getNullValue(T));
      continue;
    }
    // There is no shadow, and nobody knows how large one would have to be.
    unsigned No = Args.size() + Skipped;
    if (No < Helper.arg_size() && !isIgnored(*Helper.getArg(No)))
      return refuse(*R.Primal,
                    "uses the shadow of parameter " + Twine(I + 1) +
                        ", but the argument is inactive here",
                    "pass memory that has a shadow, or let '" +
                        displayName(Helper) + "' ignore that parameter");
    Args.push_back(Primal);
  }
  return Args;
}

static Error wrongType(const Function &F, const Function &Helper,
                       ArrayRef<Value *> Args) {
  std::string Message;
  raw_string_ostream OS(Message);
  OS << "cannot be used: '" << displayName(Helper) << "' must take (";
  interleaveComma(Args, OS, [&](const Value *V) { OS << *V->getType(); });
  OS << "), but is declared as " << *Helper.getFunctionType();
  return refuse(F, Message,
                "each pointer is followed by its shadow; see "
                "docs/registration.md");
}

Expected<Value *> RuleBody::call(Function &Helper, ArrayRef<Value *> Args) {
  SmallVector<Value *, 16> All;
  AllocaInst *Buffer = nullptr;
  if (Helper.hasStructRetAttr()) {
    Buffer = B.CreateAlloca(resultOf(Helper), nullptr, "result");
    All.push_back(Buffer);
  }
  append_range(All, Args);
  FunctionType *Type = Helper.getFunctionType();
  if (Type->isVarArg() || !equal(Type->params(), map_range(All, [](Value *V) {
                                   return V->getType();
                                 })))
    return wrongType(*R.Primal, Helper, All);
  CallInst *Call = B.CreateCall(&Helper, All);
  Call->setCallingConv(Helper.getCallingConv());
  Call->setAttributes(
      Helper.getAttributes().removeFnAttributes(Helper.getContext()));
  if (Buffer)
    return B.CreateLoad(Buffer->getAllocatedType(), Buffer);
  return Call->getType()->isVoidTy() ? nullptr : Call;
}

Expected<Value *> RuleBody::callPrimal(AnalysisManagers &AMs,
                                       const Function &Helper) {
  if (!isRepeatable(*R.Primal, AMs))
    return refuse(*R.Primal,
                  "cannot be used: '" + displayName(Helper) +
                      "' does not give the result of the function, which may "
                      "write to memory and so cannot be called for it",
                  "return the result too");
  SmallVector<Value *, 16> Args(Clone.Primals.begin(), Clone.Primals.end());
  return call(*R.Primal, Args);
}

void RuleBody::finish(ArrayRef<Value *> Fields) {
  Type *T = Clone.F->getReturnType();
  if (T->isVoidTy()) {
    B.CreateRetVoid();
    return;
  }
  Value *Result = PoisonValue::get(T);
  unsigned No = 0;
  for (Value *Field : Fields)
    if (Field)
      Result = B.CreateInsertValue(Result, Field, {No++});
  B.CreateRet(Result);
}

static Error wrongResult(const Function &F, const Function &Helper,
                         ArrayRef<Type *> Expected) {
  std::string Message;
  raw_string_ostream OS(Message);
  OS << "cannot be used: '" << displayName(Helper) << "' must return ";
  if (Expected.empty())
    OS << "nothing";
  if (Expected.size() > 1)
    OS << "{ ";
  interleaveComma(Expected, OS, [&](Type *T) {
    if (T)
      OS << *T;
    else
      OS << "tape";
  });
  if (Expected.size() > 1)
    OS << " }";
  OS << ", but returns ";
  resultOf(Helper)->print(OS, /*IsForDebug=*/false, /*NoDetails=*/true);
  return refuse(F, Message);
}

//===----------------------------------------------------------------------===//
// Gradients
//===----------------------------------------------------------------------===//

namespace {

/// What an augmented primal gives.
struct AugmentForm {
  Type *Tape = nullptr; ///< null if there is none
  bool HasResult = false;
};

} // namespace

static SmallVector<Type *, 8> typesOf(ArrayRef<Scalar> Scalars) {
  return map_to_vector<8>(Scalars, [](const Scalar &S) { return S.Ty; });
}

/// What stands behind the tape: the result, and its shadow if it is a pointer.
static StructType *resultsType(Type *Result) {
  SmallVector<Type *, 2> Fields(containsPointer(Result) ? 2 : 1, Result);
  return StructType::get(Result->getContext(), Fields);
}

static Expected<AugmentForm> augmentForm(const DiffRequest &R,
                                         const Function &Augment) {
  Type *Given = resultOf(Augment), *Result = R.Primal->getReturnType();
  if (Given->isVoidTy())
    return AugmentForm();
  if (Result->isVoidTy())
    return AugmentForm{Given, false};
  // The calling convention may have packed several fields into one, so it is
  // the sequence of scalars that is compared.
  const DataLayout &DL = Augment.getDataLayout();
  StructType *Results = resultsType(Result);
  auto All = scalarsOf(Given, DL), Last = scalarsOf(Results, DL);
  if (All && Last && All->size() > Last->size()) {
    size_t TapeSize = All->size() - Last->size();
    if (typesOf(ArrayRef(*All).drop_front(TapeSize)) == typesOf(*Last))
      return AugmentForm{
          StructType::get(Given->getContext(),
                          typesOf(ArrayRef(*All).take_front(TapeSize))),
          true};
  }
  // The tape alone, for whoever can be asked again for the result. A struct is
  // more likely a mistake.
  if (!Given->isStructTy() && !containsPointer(Result))
    return AugmentForm{Given, false};
  SmallVector<Type *, 3> Wanted = {nullptr};
  append_range(Wanted, Results->elements());
  return wrongResult(*R.Primal, Augment, Wanted);
}

/// Splits what an augmented primal gives into tape and results.
static std::pair<Value *, Value *> splitAugmented(RuleBody &Body, Value *Given,
                                                  const AugmentForm &Form) {
  auto Build = [&](ArrayRef<Scalar> Scalars) {
    Value *S = PoisonValue::get(
        StructType::get(Given->getContext(), typesOf(Scalars)));
    for (auto [I, Part] : enumerate(Scalars))
      S = Body.B.CreateInsertValue(S, extractScalar(Body.B, Given, Part),
                                   {unsigned(I)});
    return S;
  };
  ScalarList All = *scalarsOf(Given->getType(), Body.DL);
  unsigned TapeSize = Form.Tape->getStructNumElements();
  Value *Results =
      rebuildAs(Body.B, Build(ArrayRef(All).drop_front(TapeSize)),
                resultsType(Body.R.Primal->getReturnType()), Body.DL);
  return {Build(ArrayRef(All).take_front(TapeSize)), Results};
}

/// The tapes of all lanes.
static Type *frameType(const DiffRequest &R, const AugmentForm &Form) {
  return Form.Tape ? ArrayType::get(Form.Tape, R.Width) : nullptr;
}

static Error emitAugmented(RuleBody &Body, Function &Augment,
                           const AugmentForm &Form, AnalysisManagers &AMs) {
  const DiffRequest &R = Body.R;
  IRBuilder<> &B = Body.B;
  Type *T = R.Primal->getReturnType();
  Value *Result = nullptr, *Shadow = nullptr;
  if (isDup(R.Result) && containsPointer(T))
    Shadow = PoisonValue::get(shadowType(T, R.Width));
  for (unsigned Lane = 0; Lane < R.Width; ++Lane) {
    auto Args = Body.arguments(Augment, Lane, /*Tangents=*/false);
    if (!Args)
      return Args.takeError();
    auto Given = Body.call(Augment, *Args);
    if (!Given)
      return Given.takeError();
    Value *Tape = *Given;
    if (Form.HasResult) {
      Value *Results;
      std::tie(Tape, Results) = splitAugmented(Body, *Given, Form);
      Result = B.CreateExtractValue(Results, {0u});
      if (Shadow)
        Shadow =
            Body.setLane(Shadow, B.CreateExtractValue(Results, {1u}), Lane);
    }
    if (Form.Tape)
      B.CreateStore(Tape,
                    B.CreateConstInBoundsGEP2_64(frameType(R, Form),
                                                 Body.Clone.Extra[0], 0, Lane));
  }
  if (!Result && !T->isVoidTy()) {
    auto Primal = Body.callPrimal(AMs, Augment);
    if (!Primal)
      return Primal.takeError();
    Result = *Primal;
  }
  Body.finish({Result, Shadow});
  return Error::success();
}

/// Appends the tape at \p Address to \p Args, in as many parameters as the
/// calling convention of \p Gradient has made of it.
static void passTape(RuleBody &Body, Function &Gradient, Value *Address,
                     uint64_t Size, SmallVectorImpl<Value *> &Args) {
  uint64_t Offset = 0;
  unsigned Skipped = Gradient.hasStructRetAttr() ? 1 : 0;
  for (unsigned No = Args.size() + Skipped; No < Gradient.arg_size(); ++No) {
    Argument &Param = *Gradient.getArg(No);
    if (Param.hasByValAttr()) {
      Args.push_back(Address);
      return;
    }
    Type *T = Param.getType();
    Offset = alignTo(Offset, Body.DL.getABITypeAlign(T));
    if (Offset + Body.DL.getTypeStoreSize(T) > Size)
      return; // Too many parameters; the call will say so.
    Args.push_back(Body.B.CreateAlignedLoad(
        T,
        Body.B.CreateConstInBoundsGEP1_64(Body.B.getInt8Ty(), Address, Offset),
        Align(1)));
    Offset += Body.DL.getTypeAllocSize(T);
  }
}

/// The parameters whose adjoints a gradient returns.
static SmallVector<unsigned, 4> floatParameters(const Function &F) {
  SmallVector<unsigned, 4> Numbers;
  for (const Argument &A : F.args())
    if (containsFloat(A.getType()))
      Numbers.push_back(A.getArgNo());
  return Numbers;
}

static Error emitReverse(RuleBody &Body, Function &Gradient,
                         const AugmentForm &Form) {
  const DiffRequest &R = Body.R;
  IRBuilder<> &B = Body.B;
  SmallVector<unsigned, 4> Floats = floatParameters(*R.Primal);
  SmallVector<Type *, 4> Types;
  for (unsigned No : Floats)
    Types.push_back(R.Primal->getArg(No)->getType());
  auto *AdjointsType = StructType::get(B.getContext(), Types);
  Type *GivenType = resultOf(Gradient);
  if (Floats.empty() ? !GivenType->isVoidTy()
                     : !sameScalars(GivenType, AdjointsType, Body.DL))
    return wrongResult(*R.Primal, Gradient, Types);

  SmallVector<Value *, 4> Packs(Floats.size());
  for (unsigned Lane = 0; Lane < R.Width; ++Lane) {
    auto Args = Body.arguments(Gradient, Lane, /*Tangents=*/false);
    if (!Args)
      return Args.takeError();
    if (Type *T = R.Primal->getReturnType(); containsFloat(T))
      Args->push_back(resultAdjointType(R)
                          ? Body.lane(Body.Clone.Extra[0], Lane)
                          : Constant::getNullValue(T));
    if (Form.Tape)
      passTape(Body, Gradient,
               B.CreateConstInBoundsGEP2_64(frameType(R, Form),
                                            Body.Clone.Extra.back(), 0, Lane),
               Body.DL.getTypeAllocSize(Form.Tape), *Args);
    auto Given = Body.call(Gradient, *Args);
    if (!Given)
      return Given.takeError();
    if (!*Given)
      continue;
    Value *Adjoints = rebuildAs(B, *Given, AdjointsType, Body.DL);
    for (auto [I, No] : enumerate(Floats)) {
      if (R.Args[No] != Activity::Active)
        continue;
      if (!Packs[I])
        Packs[I] = PoisonValue::get(shadowType(Types[I], R.Width));
      Packs[I] = Body.setLane(
          Packs[I], B.CreateExtractValue(Adjoints, {unsigned(I)}), Lane);
    }
  }
  Body.finish(Packs);
  return Error::success();
}

Expected<SplitDerivative> adaptGradient(const DiffRequest &R,
                                        const CustomRule &Rule,
                                        AnalysisManagers &AMs) {
  if (Error E = checkSignature(*R.Primal))
    return std::move(E);
  if (Error E = checkWidth(R, AMs))
    return std::move(E);
  auto Form = augmentForm(R, *Rule.Augment);
  if (!Form)
    return Form.takeError();
  Type *Ptr = PointerType::getUnqual(R.Primal->getContext());
  std::string Name = R.Primal->getName().str();
  ShadowedClone Augmented =
      declareShadowed(*R.Primal, R.Args, R.Width, augmentedResultType(R),
                      {Ptr, Ptr}, Name + ".linkgrad.aug.registered");
  ShadowedClone Reverse =
      declareReverse(*R.Primal, R, Name + ".linkgrad.rev.registered");
  RuleBody AugmentedBody(R, Augmented), ReverseBody(R, Reverse);
  Error E = emitAugmented(AugmentedBody, *Rule.Augment, *Form, AMs);
  if (!E)
    E = emitReverse(ReverseBody, *Rule.Gradient, *Form);
  if (E) {
    Augmented.F->eraseFromParent();
    Reverse.F->eraseFromParent();
    return std::move(E);
  }
  SplitDerivative Result;
  Result.Augmented = Augmented.F;
  Result.Reverse = Reverse.F;
  if (Type *Frame = frameType(R, *Form)) {
    Result.FrameSize = AugmentedBody.DL.getTypeAllocSize(Frame);
    Result.FrameAlign = AugmentedBody.DL.getABITypeAlign(Frame);
  }
  return Result;
}

//===----------------------------------------------------------------------===//
// Tangents
//===----------------------------------------------------------------------===//

/// The parts of what a registered derivative gives for a result of type \p T:
/// {result, tangent}, the tangent alone, the result alone if it has no tangent.
static SmallVector<Type *, 2> derivativeParts(Type *T, Type *Given,
                                              const DataLayout &DL) {
  if (T->isVoidTy())
    return {};
  bool HasTangent = containsFloat(T) || containsPointer(T);
  auto *Pair = StructType::get(T, T);
  if (HasTangent && !Given->isVoidTy() && sameScalars(Given, Pair, DL))
    return {T, T};
  return {T};
}

static Error emitTangent(RuleBody &Body, Function &Derivative,
                         AnalysisManagers &AMs) {
  const DiffRequest &R = Body.R;
  IRBuilder<> &B = Body.B;
  Type *T = R.Primal->getReturnType(), *GivenType = resultOf(Derivative);
  SmallVector<Type *, 2> Parts = derivativeParts(T, GivenType, Body.DL);
  auto *PartsType = StructType::get(B.getContext(), Parts);
  if (Parts.empty() ? !GivenType->isVoidTy()
                    : GivenType->isVoidTy() ||
                          !sameScalars(GivenType, PartsType, Body.DL))
    return wrongResult(*R.Primal, Derivative, Parts);
  bool HasTangent = containsFloat(T) || containsPointer(T);
  bool GivesResult = Parts.size() == 2 || (!Parts.empty() && !HasTangent);

  Value *Result = nullptr, *Tangent = nullptr;
  if (isDup(R.Result))
    Tangent = PoisonValue::get(shadowType(T, R.Width));
  bool WantsResult = R.ReturnPrimal && !T->isVoidTy();
  if (WantsResult && !GivesResult) {
    auto Primal = Body.callPrimal(AMs, Derivative);
    if (!Primal)
      return Primal.takeError();
    Result = *Primal;
  }
  for (unsigned Lane = 0; Lane < R.Width; ++Lane) {
    auto Args = Body.arguments(Derivative, Lane, /*Tangents=*/true);
    if (!Args)
      return Args.takeError();
    auto Given = Body.call(Derivative, *Args);
    if (!Given)
      return Given.takeError();
    if (!*Given)
      continue;
    Value *All = rebuildAs(B, *Given, PartsType, Body.DL);
    if (WantsResult && GivesResult)
      Result = B.CreateExtractValue(All, {0u});
    if (Tangent)
      Tangent = Body.setLane(
          Tangent, B.CreateExtractValue(All, {unsigned(Parts.size()) - 1}),
          Lane);
  }
  Body.finish({Result, Tangent});
  return Error::success();
}

Expected<Function *> adaptDerivative(const DiffRequest &R,
                                     const CustomRule &Rule,
                                     AnalysisManagers &AMs) {
  if (Error E = checkSignature(*R.Primal))
    return std::move(E);
  if (Error E = checkWidth(R, AMs))
    return std::move(E);
  ShadowedClone Clone = declareShadowed(
      *R.Primal, R.Args, R.Width, R.derivativeType()->getReturnType(), {},
      R.Primal->getName() + ".linkgrad.fwd.registered");
  RuleBody Body(R, Clone);
  if (Error E = emitTangent(Body, *Rule.Derivative, AMs)) {
    Clone.F->eraseFromParent();
    return std::move(E);
  }
  return Clone.F;
}

//===----------------------------------------------------------------------===//
// Known functions
//===----------------------------------------------------------------------===//

Error checkKnownFunctions(const Registrations &All) {
  for (const Registration &R : All.all()) {
    auto *F = dyn_cast<Function>(R.Subject);
    if (!F || !F->hasFnAttribute("enzyme_math") || ScalarRule::forCallee(*F))
      continue;
    return makeError(Reason::BadRegistration, *F,
                     "'" + displayName(*F) + "' cannot be treated as '" +
                         F->getFnAttribute("enzyme_math").getValueAsString() +
                         "': there is no derivative of that name, or the types "
                         "are different");
  }
  return Error::success();
}

} // namespace linkgrad
