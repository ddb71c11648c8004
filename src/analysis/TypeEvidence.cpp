//===- TypeEvidence.cpp - What is known about some bytes ------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "analysis/TypeEvidence.h"
#include "llvm/IR/Type.h"

using namespace llvm;

namespace linkgrad {

Evidence Evidence::floating(Type *T) {
  Evidence E;
  E.Float = T;
  return E;
}

Evidence Evidence::pointer() {
  Evidence E;
  E.Pointer = true;
  return E;
}

Evidence Evidence::integer() {
  Evidence E;
  E.Integer = true;
  return E;
}

Evidence Evidence::text() {
  Evidence E;
  E.Text = true;
  return E;
}

Evidence Evidence::weakInteger() {
  Evidence E;
  E.WeakInteger = true;
  return E;
}

Evidence Evidence::mixed() {
  Evidence E;
  E.Mixed = true;
  return E;
}

Evidence Evidence::memberOfUnion() {
  Evidence E;
  E.Union = true;
  return E;
}

Evidence Evidence::floatOrPointer(Type *Float) {
  Evidence E = memberOfUnion();
  E.Variant = Float;
  return E;
}

Evidence Evidence::tagged() {
  Evidence E;
  E.Tagged = true;
  return E;
}

Evidence Evidence::tailPadding(Type *Float) {
  Evidence E;
  E.Tail = Float;
  return E;
}

bool Evidence::join(const Evidence &O) {
  Evidence Old = *this;
  if (!Float)
    Float = O.Float;
  else if (O.Float && O.Float != Float)
    Mixed = true;
  Pointer |= O.Pointer;
  Integer |= O.Integer;
  Text |= O.Text;
  WeakInteger |= O.WeakInteger;
  Mixed |= O.Mixed;
  Union |= O.Union;
  Tagged |= O.Tagged;
  Closed |= O.Closed;
  if (!Variant)
    Variant = O.Variant;
  else if (O.Variant && O.Variant != Variant)
    Mixed = true;
  if (!Tail)
    Tail = O.Tail;
  return !(*this == Old);
}

bool Evidence::isDoubleOrPointer() const {
  return Float && Float->isDoubleTy() && Pointer && !Integer && !Mixed &&
         !open();
}

ConcreteType Evidence::copiedType() const {
  if (isDoubleOrPointer())
    return {ConcreteType::FloatOrPointer, Float};
  if (!Variant || Mixed || (Float && Float != Variant))
    return type();
  return {ConcreteType::FloatOrPointer, Variant};
}

ConcreteType Evidence::type() const {
  if (conflict())
    return {};
  if (Float)
    return {ConcreteType::Float, Float};
  if (Pointer)
    return {ConcreteType::Pointer};
  if (Integer || WeakInteger)
    return {ConcreteType::Integer};
  if (Tail)
    return {ConcreteType::Float, Tail};
  return {};
}

} // namespace linkgrad
