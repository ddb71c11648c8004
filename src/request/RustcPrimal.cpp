//===- RustcPrimal.cpp - Primals as rustc's requests see them -------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   fn f(x: [f32; 2]) -> [f32; 2]             i64 @f(i64)
//   {[2 x float], [2 x float]} @__enzyme_fwddiff…(@f, …, [2 x float] %x, …)
//
// The request then gets
//
//   [2 x float] @f.linkgrad.arrays([2 x float]) { the body of @f }
//
// The types are those of the request: of the operand, or, where that is a
// pointer to an array that is `Active`, of its adjoint in the result.
//
//===----------------------------------------------------------------------===//

#include "request/RustcPrimal.h"
#include "request/MagicNames.h"
#include "request/Markers.h"
#include "request/OperandOrigin.h"
#include "request/PairParameters.h"
#include "request/RequestCall.h"
#include "request/RequestCallImpl.h"
#include "request/Scalars.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace linkgrad {

static constexpr StringLiteral FittedAttribute = "linkgrad-fitted-primal";

namespace {

/// Reads a request in the form that rustc gives to it.
class FittedPrimal {
public:
  FittedPrimal(CallBase &Call, Function &F)
      : Call(Call), F(F), DL(Call.getDataLayout()),
        Reverse(magicCallKind(Call) == MagicCall::AutoDiff) {}

  void fit() {
    if (!readArguments() || !readResult() || !changes())
      return;
    for (auto [No, Ty] : Loaded) {
      IRBuilder<> B(&Call);
      Call.setArgOperand(
          No, B.CreateAlignedLoad(Ty, Call.getArgOperand(No), Align(1)));
    }
    Call.setArgOperand(functionOperandNo(Call), &fitted());
  }

private:
  bool readArguments();
  bool readArgument(const Argument &Param, unsigned &No);
  bool readResult();
  struct Fields {
    Type *Primal = nullptr;
    SmallVector<Type *, 4> Adjoints;
  };
  Fields resultFields() const;
  bool isAdjointOf(Type *Adjoint, unsigned No, unsigned ParamNo) const;
  bool isFloats(Type *T, const TypeSize &Size) const;
  Type *floatsIn(Type *T, const TypeSize &Size) const;
  bool changes() const {
    return ResultTy != F.getReturnType() ||
           !equal(ParamTypes, F.getFunctionType()->params());
  }
  Function &fitted();
  void define(Function &New) const;

  CallBase &Call;
  Function &F;
  const DataLayout &DL;
  const bool Reverse;
  bool ReturnsPrimal = false;
  unsigned Width = 1;
  /// The operands that are `enzyme_out`, each with its parameter.
  SmallVector<std::pair<unsigned, unsigned>, 4> Active;
  SmallVector<Type *, 8> ParamTypes;
  Type *ResultTy = nullptr;
  /// Operands to be loaded, and as what.
  SmallVector<std::pair<unsigned, Type *>, 2> Loaded;
};

} // namespace

//===----------------------------------------------------------------------===//
// Reading
//===----------------------------------------------------------------------===//

/// True if \p T is an array or struct of nothing but floats, and has \p Size.
bool FittedPrimal::isFloats(Type *T, const TypeSize &Size) const {
  auto Parts =
      T->isAggregateType() && T->isSized() ? scalarsOf(T, DL) : std::nullopt;
  uint64_t Bytes = 0;
  for (const Scalar &S : Parts ? *Parts : ScalarList()) {
    if (!S.Ty->isFloatingPointTy())
      return false;
    Bytes += DL.getTypeStoreSize(S.Ty);
  }
  return Bytes != 0 && Size == TypeSize::getFixed(Bytes) &&
         DL.getTypeAllocSize(T) == Size;
}

/// The floats of \p Size that are first in \p T.
Type *FittedPrimal::floatsIn(Type *T, const TypeSize &Size) const {
  for (; T->isAggregateType(); T = T->getContainedType(0)) {
    if (isFloats(T, Size))
      return T;
    if (T->getNumContainedTypes() == 0)
      break;
  }
  return nullptr;
}

bool FittedPrimal::readArgument(const Argument &Param, unsigned &No) {
  std::optional<Marker> Last;
  bool Strided = false;
  for (; No != Call.arg_size(); ++No) {
    Expected<std::optional<Marker>> M =
        parseMarker(Call, Call.getArgOperand(No));
    if (!M) {
      consumeError(M.takeError());
      return false;
    }
    if (!*M)
      break;
    Last = *M;
    if (**M == Marker::Width)
      Width = constantOperand(Call.getArgOperand(++No)).value_or(0);
    ReturnsPrimal |= **M == Marker::PrimalReturn;
    if (**M == Marker::DupV || **M == Marker::DupNoNeedV) {
      Strided = true;
      ++No;
    }
  }
  if (No >= Call.arg_size() || !Last || Width == 0)
    return false;
  Type *Passed = Call.getArgOperand(No)->getType(), *Ty = Param.getType();
  bool Packed = Ty->isIntegerTy() && isFloats(Passed, DL.getTypeAllocSize(Ty));
  ParamTypes.push_back(Packed ? Passed : Ty);
  if (*Last == Marker::Out)
    Active.emplace_back(No, Param.getArgNo());
  bool HasShadow = *Last != Marker::Out && *Last != Marker::Const;
  No += 1 + (!HasShadow ? 0 : Strided ? 1 : Width);
  return true;
}

bool FittedPrimal::readArguments() {
  unsigned No = functionOperandNo(Call) + 1;
  for (const Argument &Param : F.args()) {
    if (Param.hasStructRetAttr())
      ParamTypes.push_back(Param.getType());
    else if (!readArgument(Param, No))
      return false;
  }
  return No == Call.arg_size();
}

/// True if \p Adjoint can be that of the operand \p No.
bool FittedPrimal::isAdjointOf(Type *Adjoint, unsigned No,
                               unsigned ParamNo) const {
  Type *Passed = Call.getArgOperand(No)->getType();
  if (!Passed->isPointerTy())
    return Passed == Adjoint;
  // Active is only what is passed by value, if behind a pointer. Without
  // optimisation rustc does not say how much is there.
  const Argument &Param = *F.getArg(ParamNo);
  uint64_t Bytes = Param.getDereferenceableBytes();
  return Param.getType()->isPointerTy() && !Param.hasByValAttr() &&
         isFloats(Adjoint, DL.getTypeAllocSize(Adjoint)) &&
         (Bytes == 0 || DL.getTypeAllocSize(Adjoint) == Bytes);
}

/// The fields of the result of a reverse request: the primal's result, if it
/// is among them, and the adjoints; none if they cannot be told apart.
FittedPrimal::Fields FittedPrimal::resultFields() const {
  Type *T = Call.getType();
  SmallVector<Type *, 4> All;
  if (auto *S = dyn_cast<StructType>(T))
    append_range(All, S->elements());
  for (bool Primal : {true, false}) {
    if (ReturnsPrimal && !Primal)
      break;
    if (Active.size() + Primal == 1)
      All = {T};
    if (All.size() != Active.size() + Primal)
      continue;
    auto Adjoints = ArrayRef(All).drop_front(Primal);
    if (all_of(zip(Active, Adjoints), [&](auto P) {
          auto [No, ParamNo] = std::get<0>(P);
          return isAdjointOf(std::get<1>(P), No, ParamNo);
        }))
      return {Primal ? All.front() : nullptr, to_vector<4>(Adjoints)};
  }
  return {};
}

bool FittedPrimal::readResult() {
  ResultTy = F.getReturnType();
  Fields Given;
  if (Reverse && Width == 1 && !Call.getType()->isVoidTy())
    Given = resultFields();
  Type *From = Reverse ? Given.Primal : Call.getType();
  if (From && ResultTy->isIntegerTy())
    if (Type *T = floatsIn(From, DL.getTypeAllocSize(ResultTy)))
      ResultTy = T;
  for (auto [Operand, Adjoint] : zip(Active, Given.Adjoints)) {
    auto [No, ParamNo] = Operand;
    if (!F.getArg(ParamNo)->getType()->isPointerTy())
      continue;
    ParamTypes[ParamNo] = Adjoint;
    Loaded.emplace_back(No, Adjoint);
  }
  return true;
}

//===----------------------------------------------------------------------===//
// Making the function
//===----------------------------------------------------------------------===//

/// The function with the types of the request. Another request may have it
/// already.
Function &FittedPrimal::fitted() {
  Module &M = *F.getParent();
  auto *Type = FunctionType::get(ResultTy, ParamTypes, /*isVarArg=*/false);
  std::string Name = (F.getName() + ".linkgrad.arrays").str();
  for (Function &Old : M)
    if (Old.hasFnAttribute(FittedAttribute) && Old.getFunctionType() == Type &&
        Old.getName().starts_with(Name))
      return Old;
  Function *New = Function::Create(Type, GlobalValue::InternalLinkage, Name, M);
  New->setDSOLocal(true);
  AttributeList Old = F.getAttributes();
  SmallVector<AttributeSet, 8> Params;
  for (const Argument &Param : F.args())
    Params.push_back(Param.getType() == ParamTypes[Param.getArgNo()]
                         ? Old.getParamAttrs(Param.getArgNo())
                         : AttributeSet());
  New->setAttributes(AttributeList::get(
      M.getContext(), Old.getFnAttrs(),
      ResultTy == F.getReturnType() ? Old.getRetAttrs() : AttributeSet(),
      Params));
  New->addFnAttr(FittedAttribute);
  New->addFnAttr(DescribedByAttribute, F.getName());
  if (F.hasPersonalityFn())
    New->setPersonalityFn(F.getPersonalityFn());
  define(*New);
  return *New;
}

/// The bytes of \p V as a \p To of the same size, or the address of a copy.
static Value *throughMemory(IRBuilderBase &B, Value *V, Type *To) {
  const DataLayout &DL = B.GetInsertBlock()->getDataLayout();
  AllocaInst *Copy = B.CreateAlloca(V->getType());
  Copy->setAlignment(std::max(DL.getPrefTypeAlign(To), Align(16)));
  B.CreateStore(V, Copy);
  return To->isPointerTy() ? static_cast<Value *>(Copy)
                           : B.CreateLoad(To, Copy);
}

void FittedPrimal::define(Function &New) const {
  IRBuilder<> B(BasicBlock::Create(F.getContext(), "entry", &New));
  SmallVector<Value *, 8> Arguments;
  for (auto [Param, Arg] : zip(F.args(), New.args()))
    Arguments.push_back(Param.getType() == Arg.getType()
                            ? &Arg
                            : throughMemory(B, &Arg, Param.getType()));
  CallInst *Inner = B.CreateCall(&F, Arguments);
  Inner->setCallingConv(F.getCallingConv());
  Inner->setAttributes(F.getAttributes().removeFnAttributes(F.getContext()));
  Value *Result = Inner;
  if (New.getReturnType() != F.getReturnType())
    Result = throughMemory(B, Inner, New.getReturnType());
  if (Result->getType()->isVoidTy())
    B.CreateRetVoid();
  else
    B.CreateRet(Result);
  // Whatever attributes say: it is this body that is asked for.
  InlineFunctionInfo Info;
  InlineFunction(*Inner, Info);
}

void fitPrimalToRustc(CallBase &Call) {
  MagicCall Kind = magicCallKind(Call);
  if (!isRequestOfRustc(Call) ||
      (Kind != MagicCall::AutoDiff && Kind != MagicCall::FwdDiff))
    return;
  Expected<Function *> F = requestedPrimal(Call);
  if (!F) // Reading the request reports that.
    return consumeError(F.takeError());
  if (!(*F)->isDeclaration() && !(*F)->isVarArg())
    FittedPrimal(Call, **F).fit();
}

void eraseFittedPrimals(Module &M) {
  for (Function &F : make_early_inc_range(M))
    if (F.hasFnAttribute(FittedAttribute) && F.use_empty())
      F.eraseFromParent();
}

} // namespace linkgrad
