//===- Nodes.h - How trees of random programs are made ----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_FUZZ_NODES_H
#define LINKGRAD_FUZZ_NODES_H

#include "Program.h"

namespace linkgrad::fuzz {

inline const Type DoubleType{Type::Double, 0, 0, false, nullptr};
inline const Type FloatType{Type::Float, 0, 0, false, nullptr};
inline const Type IntType{Type::Int, 0, 0, false, nullptr};

inline Stmt make(Do Code, std::vector<Expr> E, int Var = -1, int Count = 0) {
  Stmt S;
  S.Code = Code;
  S.E = std::move(E);
  S.Var = Var;
  S.Count = Count;
  return S;
}

inline Expr make(Op Code, const Type &Ty, std::vector<Expr> Kids) {
  Expr E;
  E.Code = Code;
  E.Ty = Ty;
  E.Kids = std::move(Kids);
  return E;
}

inline Expr constant(const Type &Ty, double Value) {
  Expr E = make(Op::Constant, Ty, {});
  E.Real = Value;
  E.Integer = int64_t(Value);
  return E;
}

} // namespace linkgrad::fuzz

#endif // LINKGRAD_FUZZ_NODES_H
