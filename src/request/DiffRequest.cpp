//===- DiffRequest.cpp - What is to be differentiated, and how ------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/DiffRequest.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/DerivedTypes.h"
#include "llvm/IR/Function.h"
#include "llvm/Support/raw_ostream.h"
#include <cassert>

using namespace llvm;

namespace linkgrad {

TypeContent typeContent(Type *T) {
  if (T->isPtrOrPtrVectorTy())
    return {/*Pointer=*/true, /*Float=*/false};
  if (T->isFPOrFPVectorTy())
    return {/*Pointer=*/false, /*Float=*/true};
  TypeContent C;
  if (auto *S = dyn_cast<StructType>(T))
    for (Type *Element : S->elements())
      C |= typeContent(Element);
  else if (auto *A = dyn_cast<ArrayType>(T))
    C |= typeContent(A->getElementType());
  return C;
}

Activity DiffRequest::defaultActivity(Type *T, DiffMode Mode) {
  TypeContent C = typeContent(T);
  if (C.Pointer)
    return Activity::Dup;
  if (C.Float)
    return Mode == DiffMode::Forward ? Activity::Dup : Activity::Active;
  return Activity::Const;
}

Type *shadowType(Type *T, unsigned Width) {
  return Width == 1 ? T : ArrayType::get(T, Width);
}

/// The fields of the derivative's result; derivativeType() has the rules.
static SmallVector<Type *, 8> resultFields(const DiffRequest &R) {
  SmallVector<Type *, 8> Fields;
  Type *Result = R.Primal->getReturnType();
  bool HasResult = !Result->isVoidTy();
  if (R.Mode == DiffMode::AugmentFwd && !R.CallersTape)
    Fields.push_back(PointerType::getUnqual(Result->getContext()));
  if (R.Mode == DiffMode::Batch) {
    Fields.append(HasResult ? R.Width : 0, Result);
    return Fields;
  }
  if (R.Mode == DiffMode::ForwardSweep) {
    if (HasResult && R.Result == Activity::Active)
      Fields.push_back(shadowType(Result, R.Width));
    return Fields;
  }
  if (HasResult && R.ReturnPrimal)
    Fields.push_back(Result);
  if (R.Mode == DiffMode::Forward) {
    if (HasResult && isDup(R.Result))
      Fields.push_back(shadowType(Result, R.Width));
    return Fields;
  }
  if (R.Mode == DiffMode::AugmentFwd) {
    if (HasResult && isDup(R.Result))
      Fields.push_back(shadowType(Result, R.Width));
    return Fields;
  }
  for (auto [Arg, A] : zip_equal(R.Primal->args(), R.Args))
    if (A == Activity::Active)
      Fields.push_back(shadowType(Arg.getType(), R.Width));
  return Fields;
}

FunctionType *DiffRequest::derivativeType() const {
  assert(Primal->arg_size() == Args.size() && "one activity per parameter");
  SmallVector<Type *, 16> Params;
  for (auto [Arg, A] : zip_equal(Primal->args(), Args)) {
    if (Mode != DiffMode::Batch || !isDup(A))
      Params.push_back(Arg.getType());
    if (isDup(A) || (Mode == DiffMode::ForwardSweep && A == Activity::Active))
      Params.append(Width, Arg.getType());
  }
  LLVMContext &Ctx = Primal->getContext();
  if (Mode == DiffMode::ReverseSweep && Result == Activity::Active)
    Params.push_back(shadowType(Primal->getReturnType(), Width));
  if (Mode == DiffMode::ReverseSweep || Mode == DiffMode::ForwardSweep ||
      CallersTape)
    Params.push_back(PointerType::getUnqual(Ctx));
  SmallVector<Type *, 8> Fields = resultFields(*this);
  Type *Returned = Fields.empty() ? Type::getVoidTy(Ctx)
                                  : cast<Type>(StructType::get(Ctx, Fields));
  return FunctionType::get(Returned, Params, /*isVarArg=*/false);
}

static StringRef modeName(DiffMode M) {
  switch (M) {
  case DiffMode::Forward:
    return "forward mode";
  case DiffMode::Reverse:
    return "reverse mode";
  case DiffMode::Split:
    return "split mode";
  case DiffMode::AugmentFwd:
    return "augmented primal";
  case DiffMode::ReverseSweep:
    return "reverse sweep";
  case DiffMode::ForwardSweep:
    return "forward sweep";
  case DiffMode::Batch:
    return "batch";
  }
  llvm_unreachable("unknown mode");
}

StringRef activityName(Activity A) {
  switch (A) {
  case Activity::Const:
    return "const";
  case Activity::Null:
    return "null";
  case Activity::Active:
    return "active";
  case Activity::Dup:
    return "dup";
  case Activity::DupNoNeed:
    return "dupnoneed";
  case Activity::MayLack:
    return "maylack";
  }
  llvm_unreachable("unknown activity");
}

std::string DiffRequest::describe() const {
  std::string S;
  raw_string_ostream OS(S);
  OS << modeName(Mode) << " of " << displayName(*Primal) << '(';
  interleaveComma(Args, OS, [&](Activity A) { OS << activityName(A); });
  OS << ") -> " << activityName(Result);
  if (ReturnPrimal)
    OS << ", primal";
  if (Width != 1)
    OS << ", width " << Width;
  if (RuntimeActivity)
    OS << ", runtime activity";
  if (Parallel)
    OS << ", in a parallel region";
  if (GlobalPointers)
    OS << ", with pointers in global variables";
  if (hasUnions())
    OS << ", with unions of pointers and floats";
  return S;
}

} // namespace linkgrad
