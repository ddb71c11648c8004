//===- ShadowedClone.cpp - A copy with room for shadows -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/Shadows.h"
#include "llvm/IR/DebugInfo.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/Cloning.h"

using namespace llvm;

namespace linkgrad {

SmallVector<Type *, 8> shadowedParameters(const Function &Prepared,
                                          ArrayRef<Activity> Args,
                                          unsigned Width) {
  SmallVector<Type *, 8> Types;
  for (const Argument &A : Prepared.args())
    Types.append(isDup(Args[A.getArgNo()]) ? 1 + Width : 1, A.getType());
  return Types;
}

/// Attributes that speak of the memory behind a pointer hold for its shadow
/// too; those about who reads and writes it do not: the sweeps do both.
static AttrBuilder parameterAttributes(const Argument &A) {
  AttrBuilder B(A.getContext());
  for (Attribute Attr : A.getAttributes())
    switch (Attr.isStringAttribute() ? Attribute::None : Attr.getKindAsEnum()) {
    case Attribute::NoAlias:
    case Attribute::NonNull:
    case Attribute::NoUndef:
    case Attribute::Dereferenceable:
    case Attribute::DereferenceableOrNull:
    case Attribute::Alignment:
      B.addAttribute(Attr);
      break;
    default:
      break;
    }
  return B;
}

/// What a parameter's attributes tell about the types behind it.
static AttrBuilder typeAttributes(const Argument &A) {
  AttributeSet Attributes = A.getAttributes();
  AttrBuilder B(A.getContext());
  if (Attribute Hint = Attributes.getAttribute("enzyme_type"); Hint.isValid())
    B.addAttribute(Hint);
  for (auto Kind : {Attribute::ByVal, Attribute::StructRet, Attribute::ByRef})
    if (Attribute Attr = Attributes.getAttribute(Kind); Attr.isValid())
      B.addByRefAttr(Attr.getValueAsType());
  return B;
}

/// What says how to compile the function stays; what says what it does to
/// memory or how often it returns, or how to differentiate it, does not hold
/// for a derivative.
static AttrBuilder functionAttributes(const Function &F) {
  AttrBuilder B(F.getContext());
  for (Attribute Attr : F.getAttributes().getFnAttrs()) {
    if (Attr.isStringAttribute()) {
      StringRef Kind = Attr.getKindAsString();
      if (!Kind.starts_with("enzyme_") && !Kind.starts_with("linkgrad-"))
        B.addAttribute(Attr);
      continue;
    }
    switch (Attr.getKindAsEnum()) {
    case Attribute::UWTable:
    case Attribute::NoUnwind:
    case Attribute::MustProgress:
    case Attribute::StackProtect:
    case Attribute::StackProtectStrong:
    case Attribute::StackProtectReq:
    case Attribute::NoImplicitFloat:
    case Attribute::StrictFP:
    case Attribute::NullPointerIsValid:
    case Attribute::SanitizeAddress:
    case Attribute::SanitizeMemory:
    case Attribute::SanitizeThread:
    case Attribute::OptimizeForSize:
    case Attribute::MinSize:
      B.addAttribute(Attr);
      break;
    default:
      break;
    }
  }
  return B;
}

ShadowedClone declareShadowed(Function &Prepared, ArrayRef<Activity> Args,
                              unsigned Width, Type *Result,
                              ArrayRef<Type *> Extra, const Twine &Name) {
  auto Parameters = shadowedParameters(Prepared, Args, Width);
  Parameters.append(Extra.begin(), Extra.end());
  ShadowedClone C;
  C.F =
      Function::Create(FunctionType::get(Result, Parameters, false),
                       GlobalValue::InternalLinkage, Prepared.getAddressSpace(),
                       Name, Prepared.getParent());
  C.F->setDSOLocal(true);
  C.F->addFnAttrs(functionAttributes(Prepared));
  if (Prepared.hasGC())
    C.F->setGC(Prepared.getGC());
  if (Prepared.hasPersonalityFn())
    C.F->setPersonalityFn(Prepared.getPersonalityFn());

  auto *Next = C.F->arg_begin();
  for (const Argument &A : Prepared.args()) {
    AttrBuilder Attrs = parameterAttributes(A);
    Next->setName(A.getName());
    Next->addAttrs(Attrs);
    AttrBuilder Types = typeAttributes(A);
    Next->addAttrs(Types);
    C.Primals.push_back(&*Next++);
    C.Args.push_back(Args[A.getArgNo()]);
    auto &Shadows = C.Shadows.emplace_back();
    for (unsigned Lane = 0; isDup(Args[A.getArgNo()]) && Lane < Width; ++Lane) {
      Next->setName(A.getName() + ".shadow");
      Next->addAttrs(Attrs);
      Shadows.push_back(&*Next++);
      C.Args.push_back(Activity::Const);
    }
  }
  for (; Next != C.F->arg_end(); ++Next) {
    C.Extra.push_back(&*Next);
    C.Args.push_back(Activity::Const);
  }
  return C;
}

void cloneBody(Function &Prepared, ShadowedClone &Clone) {
  ValueToValueMapTy VMap;
  for (Argument &A : Prepared.args())
    VMap[&A] = Clone.Primals[A.getArgNo()];
  AttributeList Attributes = Clone.F->getAttributes();
  SmallVector<ReturnInst *, 2> Returns;
  CloneFunctionInto(Clone.F, &Prepared, VMap,
                    CloneFunctionChangeType::LocalChangesOnly, Returns);
  // The clone has a signature and callers of its own.
  Clone.F->setAttributes(Attributes);
  Clone.F->setCallingConv(CallingConv::C);
  Clone.F->setPrefixData(nullptr);
  Clone.F->setPrologueData(nullptr);
}

} // namespace linkgrad
