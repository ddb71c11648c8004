//===- AnswerRequest.cpp - Replacing a request by its derivative ----------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The derivative returns a struct; the caller declared something of its own
// choosing, in the form that its compiler gives to it. The delivery is decided
// first, so that a misfit leaves the call as it is, and then carried out:
//
//   nothing     the call is void or its result has no uses, or is empty: { }
//   by scalars  the declared type holds the same scalars in the same order,
//               which covers equal types and `<2 x float>` for two floats
//   by memory   an integer in the declared type stands for the bytes of several
//               scalars, as the C calling convention has it (i64 for {float,
//               int}, [2 x i64] for {double, int}), or the declared type is an
//               sret buffer of which only the size is known (rustc), or one
//               with the padding written out (clang)
//
// What is delivered is the whole struct or, if that does not fit, its field 0.
//
//===----------------------------------------------------------------------===//

#include "request/ArgumentForm.h"
#include "request/OperandOrigin.h"
#include "request/RequestCall.h"
#include "request/RequestCallImpl.h"
#include "request/Scalars.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace linkgrad {

namespace {

/// How the derivative's result reaches the caller.
struct Delivery {
  enum { Nothing, Empty, ByScalars, ByMemory } How = Nothing;
  bool OnlyField0 = false;
  /// The declared type: of the call, or of its sret buffer.
  Type *To = nullptr;
  bool ToBuffer = false;
};

} // namespace

//===----------------------------------------------------------------------===//
// Deciding
//===----------------------------------------------------------------------===//

/// rustc passes two floats as one double, and writes padding out.
static bool isCompiledByRust(const Module &M) {
  NamedMDNode *Ident = M.getNamedMetadata("llvm.ident");
  return Ident && any_of(Ident->operands(), [](const MDNode *N) {
           auto *S = N->getNumOperands() ? dyn_cast<MDString>(N->getOperand(0))
                                         : nullptr;
           return S && S->getString().starts_with("rustc ");
         });
}

static uint64_t endOf(const Scalar &S, const DataLayout &DL) {
  return S.Offset + DL.getTypeStoreSize(S.Ty);
}

/// True if \p Whole, a scalar of a type that a calling convention made up, can
/// hold \p Part among others.
static bool canHold(const Scalar &Whole, const Scalar &Part, bool Rust,
                    const DataLayout &DL) {
  if (Part.Offset < Whole.Offset || endOf(Part, DL) > endOf(Whole, DL))
    return false;
  return Whole.Ty->isIntegerTy() || Whole.Ty == Part.Ty ||
         (Rust && Whole.Ty->isDoubleTy() && Part.Ty->isFloatTy());
}

/// True if \p To is a calling convention's stand-in for \p From: each scalar of
/// \p From lies in one of \p To, and none of \p To is empty. A single scalar
/// has no stand-in: a `long` declared for a double is a mistake.
static bool isCoercion(Type *From, Type *To, bool Rust, const DataLayout &DL) {
  std::optional<ScalarList> Parts = scalarsOf(From, DL);
  std::optional<ScalarList> Wholes = scalarsOf(To, DL);
  if (!Parts || !Wholes || Parts->size() < 2)
    return false;
  size_t I = 0;
  for (const Scalar &Whole : *Wholes) {
    size_t Begin = I;
    while (I != Parts->size() && canHold(Whole, (*Parts)[I], Rust, DL))
      ++I;
    if (I == Begin)
      return false;
  }
  return I == Parts->size();
}

/// True for an sret buffer of which only the size is known, if \p From has it.
static bool isBytesFor(Type *From, Type *To, const DataLayout &DL) {
  return To->isArrayTy() && To->getArrayElementType()->isIntegerTy(8) &&
         To->getArrayNumElements() == DL.getTypeAllocSize(From) &&
         scalarsOf(From, DL);
}

/// True if \p To is the layout of \p From with the padding written out: as
/// bytes by clang, for C++ classes with bases, and as integers by rustc.
static bool isPadded(Type *From, Type *To, bool Rust, const DataLayout &DL) {
  std::optional<ScalarList> Parts = scalarsOf(From, DL);
  std::optional<ScalarList> Wholes = scalarsOf(To, DL);
  if (!Parts || !Wholes || DL.getTypeAllocSize(From) != DL.getTypeAllocSize(To))
    return false;
  size_t I = 0;
  for (const Scalar &S : *Wholes) {
    bool HasNext = I != Parts->size();
    if (HasNext && (*Parts)[I].Offset == S.Offset && (*Parts)[I].Ty == S.Ty) {
      ++I;
      continue;
    }
    bool InGap = (I == 0 || S.Offset >= endOf((*Parts)[I - 1], DL)) &&
                 (!HasNext || endOf(S, DL) <= (*Parts)[I].Offset);
    if (!InGap || !(S.Ty->isIntegerTy(8) || (Rust && S.Ty->isIntegerTy())))
      return false;
  }
  return I == Parts->size();
}

/// Sets D.How if \p From can be delivered.
static bool fits(Delivery &D, Type *From, const Module &M) {
  const DataLayout &DL = M.getDataLayout();
  bool Rust = isCompiledByRust(M);
  if (sameScalars(From, D.To, DL))
    D.How = Delivery::ByScalars;
  else if (isCoercion(From, D.To, Rust, DL) ||
           (D.ToBuffer && isBytesFor(From, D.To, DL)) ||
           ((D.ToBuffer || Rust) && isPadded(From, D.To, Rust, DL)))
    D.How = Delivery::ByMemory;
  else
    return false;
  return true;
}

static Error resultMismatch(const RequestCall &RC, Type *Declared,
                            Type *Result) {
  std::string Message;
  raw_string_ostream OS(Message);
  auto Print = [&OS](Type *T) {
    T->print(OS, /*IsForDebug=*/false, /*NoDetails=*/true);
    if (auto *S = dyn_cast<StructType>(T); S && !S->isLiteral()) {
      OS << " = ";
      StructType::get(T->getContext(), S->elements(), S->isPacked())->print(OS);
    }
  };
  OS << "the request is declared to return ";
  Print(Declared);
  OS << ", but the derivative gives ";
  Print(Result);
  OS << " (" << RC.Request.describe() << ")";
  return makeError(Reason::ResultType, *RC.Call, Message,
                   "declare the request with the type that the derivative "
                   "gives, a struct if there are several values");
}

static Expected<Delivery> planDelivery(const RequestCall &RC, Type *Result) {
  CallBase &Call = *RC.Call;
  Delivery D;
  D.ToBuffer = functionOperandNo(Call) != 0;
  if (RC.OwnsResultBuffer || (!D.ToBuffer && Call.use_empty()))
    return D; // Nothing to deliver, or nobody looks.
  const Module &M = *Call.getModule();
  D.To = D.ToBuffer ? Call.getParamStructRetType(0) : Call.getType();
  if (M.getDataLayout().getTypeAllocSize(D.To).isZero()) {
    D.How = D.ToBuffer ? Delivery::Nothing : Delivery::Empty;
    return D;
  }
  auto *Fields = dyn_cast<StructType>(Result);
  // A function that is only called can return anything.
  if (!Fields && fits(D, Result, M))
    return D;
  if (Fields && Fields->getNumElements() > 1 && fits(D, Fields, M))
    return D;
  D.OnlyField0 = true;
  if (Fields && fits(D, Fields->getElementType(0), M))
    return D;
  return resultMismatch(RC, D.To, Result);
}

//===----------------------------------------------------------------------===//
// Doing
//===----------------------------------------------------------------------===//

/// The attributes of parameters on which caller and callee must agree.
static AttributeList abiAttributes(const Function &F) {
  static constexpr Attribute::AttrKind Kinds[] = {
      Attribute::StructRet, Attribute::ByVal,      Attribute::ByRef,
      Attribute::InAlloca,  Attribute::InReg,      Attribute::StackAlignment,
      Attribute::SwiftSelf, Attribute::SwiftAsync, Attribute::SwiftError,
      Attribute::ZExt,      Attribute::SExt,       Attribute::Preallocated,
      Attribute::Nest};
  LLVMContext &Ctx = F.getContext();
  AttributeList List;
  for (const Argument &Arg : F.args()) {
    AttributeSet Set = F.getAttributes().getParamAttrs(Arg.getArgNo());
    AttrBuilder B(Ctx);
    for (Attribute::AttrKind Kind : Kinds)
      if (Set.hasAttribute(Kind))
        B.addAttribute(Set.getAttribute(Kind));
    if (Set.hasAttribute(Attribute::ByVal) && Set.getAlignment())
      B.addAlignmentAttr(Set.getAlignment());
    List = List.addParamAttributes(Ctx, Arg.getArgNo(), B);
  }
  return List;
}

/// A shadow that the request passes by value must not be written to in the
/// caller, but the derivative takes its address.
static Value *copyByVal(CallBase &Call, const RequestOperand &Op, Value *V) {
  const DataLayout &DL = Call.getDataLayout();
  Value *Copy = createBuffer(Call, Op.ByVal, std::nullopt, "linkgrad.byval");
  IRBuilder<>(&Call).CreateMemCpy(Copy, cast<AllocaInst>(Copy)->getAlign(), V,
                                  Align(1), DL.getTypeAllocSize(Op.ByVal));
  return Copy;
}

static SmallVector<Value *, 16> emitOperands(const RequestCall &RC,
                                             const Function &Derivative) {
  SmallVector<Value *, 16> Values;
  for (auto [Op, Param] : zip_equal(RC.Operands, Derivative.args())) {
    Value *V = emitOperand(*RC.Call, Op, Param.getType());
    if (Op.ByVal && !Param.hasByValAttr())
      V = copyByVal(*RC.Call, Op, V);
    Values.push_back(V);
  }
  return Values;
}

/// A call inside a function with debug info needs a location to be inlined.
static DebugLoc locationOf(const CallBase &Call) {
  if (Call.getDebugLoc())
    return Call.getDebugLoc();
  if (DISubprogram *SP = Call.getFunction()->getSubprogram())
    return DILocation::get(Call.getContext(), 0, 0, SP);
  return DebugLoc();
}

static CallBase *emitCall(CallBase &Old, Function &Derivative,
                          ArrayRef<Value *> Operands) {
  IRBuilder<> B(&Old);
  B.SetCurrentDebugLocation(locationOf(Old));
  SmallVector<OperandBundleDef, 1> Bundles;
  Old.getOperandBundlesAsDefs(Bundles);
  CallBase *New;
  if (auto *Invoke = dyn_cast<InvokeInst>(&Old))
    New = B.CreateInvoke(&Derivative, Invoke->getNormalDest(),
                         Invoke->getUnwindDest(), Operands, Bundles);
  else
    New = B.CreateCall(&Derivative, Operands, Bundles);
  // The convention is the callee's: any other would be undefined behaviour.
  New->setCallingConv(Derivative.getCallingConv());
  New->setAttributes(abiAttributes(Derivative));
  return New;
}

/// The place where the result of \p Call is first available.
static Instruction *afterCall(CallBase &Call) {
  auto *Invoke = dyn_cast<InvokeInst>(&Call);
  if (!Invoke)
    return Call.getNextNode();
  BasicBlock *From = Invoke->getParent(), *To = Invoke->getNormalDest();
  BasicBlock *Between = BasicBlock::Create(Call.getContext(), "linkgrad.result",
                                           From->getParent(), To);
  Instruction *Branch = BranchInst::Create(To, Between);
  Branch->setDebugLoc(locationOf(Call));
  Invoke->setNormalDest(Between);
  To->replacePhiUsesWith(From, Between);
  return Branch;
}

static void storeScalars(IRBuilderBase &B, Value *V, const ScalarList &At,
                         Value *Buffer, MaybeAlign Alignment,
                         const DataLayout &DL) {
  ScalarList From = *scalarsOf(V->getType(), DL);
  for (const auto &[Source, Target] : zip_equal(From, At)) {
    Value *Address =
        B.CreateConstInBoundsGEP1_64(B.getInt8Ty(), Buffer, Target.Offset);
    B.CreateAlignedStore(
        extractScalar(B, V, Source), Address,
        commonAlignment(Alignment.valueOrOne(), Target.Offset));
  }
}

/// Gives \p Result, the derivative's, to the users of \p Old. \p New is the
/// call of the derivative; \p Old is still there, without effect on the flow.
static void deliver(const Delivery &D, CallBase &Old, CallBase &New) {
  if (D.How == Delivery::Empty)
    Old.replaceAllUsesWith(Constant::getNullValue(D.To));
  if (D.How == Delivery::Nothing || D.How == Delivery::Empty)
    return;
  const DataLayout &DL = New.getDataLayout();
  IRBuilder<> B(afterCall(New));
  B.SetCurrentDebugLocation(locationOf(New));
  Value *V = D.OnlyField0 ? B.CreateExtractValue(&New, 0) : &New;
  if (D.ToBuffer) {
    Type *Layout = D.How == Delivery::ByScalars ? D.To : V->getType();
    storeScalars(B, V, *scalarsOf(Layout, DL), Old.getArgOperand(0),
                 Old.getParamAlign(0), DL);
    return;
  }
  if (D.How == Delivery::ByScalars) {
    Old.replaceAllUsesWith(rebuildAs(B, V, D.To, DL));
    return;
  }
  // Room for both: the stand-in may be larger than what it stands for.
  bool ToIsLarger =
      DL.getTypeAllocSize(D.To) > DL.getTypeAllocSize(V->getType());
  Value *Buffer = createBuffer(
      Old, ToIsLarger ? D.To : V->getType(),
      std::max(DL.getABITypeAlign(D.To), DL.getABITypeAlign(V->getType())),
      "linkgrad.result");
  Align Alignment = cast<AllocaInst>(Buffer)->getAlign();
  storeScalars(B, V, *scalarsOf(V->getType(), DL), Buffer, Alignment, DL);
  Old.replaceAllUsesWith(B.CreateAlignedLoad(D.To, Buffer, Alignment));
}

/// Erases \p Call and what computed its operands only, such as the loads of
/// markers.
static void eraseRequest(CallBase &Call) {
  SmallVector<WeakTrackingVH, 16> Operands(Call.arg_begin(), Call.arg_end());
  Call.eraseFromParent();
  RecursivelyDeleteTriviallyDeadInstructionsPermissive(Operands);
}

//===----------------------------------------------------------------------===//
// Inactive calls
//===----------------------------------------------------------------------===//

/// The operands of \p Call as \p F takes them, further ones of a variadic
/// function as they are.
static Expected<RequestCall> parseInactiveCall(CallBase &Call, Function &F) {
  RequestCall RC;
  RC.Call = &Call;
  RC.Request.Primal = &F;
  RC.Request.Args.assign(F.arg_size(), Activity::Const);
  RC.OwnsResultBuffer = F.hasStructRetAttr() && functionOperandNo(Call) != 0;
  unsigned Next = functionOperandNo(Call) + 1;
  for (Argument &Param : F.args()) {
    unsigned No = Param.hasStructRetAttr() && RC.OwnsResultBuffer ? 0 : Next++;
    if (No >= Call.arg_size())
      break;
    Expected<RequestOperand> Op = fitOperand(Call, No, Param);
    if (!Op)
      return Op.takeError();
    RC.Operands.push_back(std::move(*Op));
  }
  if (RC.Operands.size() < F.arg_size() ||
      (Next < Call.arg_size() && !F.isVarArg()))
    return makeError(Reason::WrongArgumentCount, Call,
                     "'" + displayName(F) + "' takes " + Twine(F.arg_size()) +
                         " arguments, but the call passes " +
                         Twine(Call.arg_size() - functionOperandNo(Call) - 1));
  return RC;
}

Error answerInactiveCall(CallBase &Call) {
  Expected<Function *> F = requestedPrimal(Call);
  if (!F)
    return F.takeError();
  Expected<RequestCall> RC = parseInactiveCall(Call, **F);
  if (!RC)
    return RC.takeError();
  Expected<Delivery> D = planDelivery(*RC, (*F)->getReturnType());
  if (!D)
    return addNote(D.takeError(), "'" + displayName(**F) +
                                      "' itself is called here, no derivative");
  SmallVector<Value *, 16> Operands = emitOperands(*RC, **F);
  unsigned Fixed = functionOperandNo(Call) + 1 + (*F)->arg_size() -
                   (RC->OwnsResultBuffer ? 1 : 0);
  append_range(Operands, drop_begin(Call.args(), Fixed));
  CallBase *New = emitCall(Call, **F, Operands);
  New->addFnAttr(Attribute::get(New->getContext(), "enzyme_inactive"));
  // What would be inlined would not be inactive any more.
  New->setIsNoInline();
  deliver(*D, Call, *New);
  eraseRequest(Call);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Shadows of constants
//===----------------------------------------------------------------------===//

/// True for a function, and for constant memory such as a vtable.
static bool isItsOwnShadow(const Value *Origin) {
  const Value *Object = getUnderlyingObject(Origin);
  if (auto *Alias = dyn_cast<GlobalAlias>(Object))
    Object = Alias->getAliaseeObject();
  auto *Global = dyn_cast_or_null<GlobalVariable>(Object);
  return isa_and_nonnull<Function>(Object) || (Global && Global->isConstant());
}

Error answerVirtualReverse(CallBase &Call) {
  if (Call.arg_size() != 1)
    return makeError(Reason::WrongArgumentCount, Call,
                     "'__enzyme_virtualreverse' takes one argument, but the "
                     "call passes " +
                         Twine(Call.arg_size()));
  Value *Primal = Call.getArgOperand(0);
  if (!Primal->getType()->isPointerTy() || Call.getType() != Primal->getType())
    return makeError(Reason::ResultType, Call,
                     "'__enzyme_virtualreverse' takes and returns a pointer");
  OriginSet Origins = originsOf(Primal);
  if (Origins.empty() || !all_of(Origins, isItsOwnShadow))
    return makeError(Reason::NotAFunction, Call,
                     "the argument of '__enzyme_virtualreverse' is neither a "
                     "function nor a constant such as a vtable");
  Call.replaceAllUsesWith(Primal);
  if (auto *Invoke = dyn_cast<InvokeInst>(&Call))
    eraseRequest(*changeToCall(Invoke));
  else
    eraseRequest(Call);
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Derivatives
//===----------------------------------------------------------------------===//

Error answerWithSize(RequestCall &RC, uint64_t Size) {
  CallBase &Call = *RC.Call;
  if (!Call.getType()->isIntegerTy())
    return makeError(Reason::ResultType, Call,
                     "the size of a tape is an integer",
                     "declare the request to return size_t");
  Call.replaceAllUsesWith(ConstantInt::get(Call.getType(), Size));
  if (auto *Invoke = dyn_cast<InvokeInst>(&Call))
    eraseRequest(*changeToCall(Invoke));
  else
    eraseRequest(Call);
  return Error::success();
}

Error answerRequest(RequestCall &RC, Function &Derivative) {
  FunctionType *Type = Derivative.getFunctionType();
  if (Type != RC.Request.derivativeType())
    return makeError(Reason::Internal, Derivative,
                     "the derivative does not have the type of " +
                         RC.Request.describe());
  Expected<Delivery> D = planDelivery(RC, Type->getReturnType());
  if (!D)
    return D.takeError();
  CallBase &Old = *RC.Call;
  CallBase *New = emitCall(Old, Derivative, emitOperands(RC, Derivative));
  deliver(*D, Old, *New);
  eraseRequest(Old);
  RC.Call = New;
  return Error::success();
}

} // namespace linkgrad
