//===- ScalarRules.cpp - Derivatives of scalar operations -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The table and its IR side. RuleLookup.cpp finds the row for an operation.
//
//===----------------------------------------------------------------------===//

#include "rules/ScalarRules.h"
#include "rules/IRAlgebra.h"
#include "rules/NeedsAlgebra.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Operator.h"
#include <type_traits>

using namespace llvm;

namespace linkgrad {

/// Builds the rows at compile time. A friend of ScalarRule.
struct ScalarRule::Table {
  /// \p F is a map over the IR algebra, \p N the same over Needs.
  template <class FnIR, class FnNeeds>
  static constexpr ArgMap map(FnIR F, FnNeeds N) {
    using Result =
        decltype(N(Needs(0u), Needs(0u), Needs(0u), Needs(0u), Needs(0u)));
    if constexpr (std::is_same_v<Result, Zero>)
      return {nullptr, 0};
    else
      return {F, N(Needs(0u), Needs(1u << PrimalX), Needs(1u << PrimalY),
                   Needs(1u << PrimalZ), Needs(1u << PrimalR))
                     .Mask};
  }

  static const ScalarRule Rows[];
};

#define LINKGRAD_ENTRY(ROW, ARITY, OPERANDS)                                   \
  ScalarRule(#ROW, ARITY, OPERANDS,                                            \
             map(Maps<IRValue>::ROW##Row::X, Maps<Needs>::ROW##Row::X),        \
             map(Maps<IRValue>::ROW##Row::Y, Maps<Needs>::ROW##Row::Y),        \
             map(Maps<IRValue>::ROW##Row::Z, Maps<Needs>::ROW##Row::Z)),
#define RULE1(ROW, X) LINKGRAD_ENTRY(ROW, 1, "f")
#define RULE1I(ROW, X) LINKGRAD_ENTRY(ROW, 1, "fi")
#define RULEI1(ROW, Y) LINKGRAD_ENTRY(ROW, 2, "if")
#define RULE2(ROW, X, Y) LINKGRAD_ENTRY(ROW, 2, "ff")
#define RULE3(ROW, X, Y, Z) LINKGRAD_ENTRY(ROW, 3, "fff")
constexpr ScalarRule ScalarRule::Table::Rows[] = {
#include "rules/ScalarRules.def"
};
#undef LINKGRAD_ENTRY

ArrayRef<ScalarRule> ScalarRule::all() { return Table::Rows; }

bool ScalarRule::isZero(unsigned Arg) const { return !ArgMaps[Arg].Emit; }

unsigned ScalarRule::needs(unsigned Arg) const { return ArgMaps[Arg].Needs; }

Value *ScalarRule::emit(IRBuilderBase &B, const Instruction &I, unsigned Arg,
                        Value *G,
                        function_ref<Value *(PrimalRef)> Primal) const {
  const ArgMap &M = ArgMaps[Arg];
  if (!M.Emit)
    return Constant::getNullValue(G->getType());

  IRBuilderBase::FastMathFlagGuard Guard(B);
  B.setFastMathFlags(I.getFastMathFlags());
  IREmitter E(B, I.getType());
  auto Read = [&](PrimalRef P) {
    return M.Needs & (1u << P) ? IRValue(E, Primal(P)) : IRValue();
  };
  IRValue X = Read(PrimalX), Y = Read(PrimalY), Z = Read(PrimalZ),
          R = Read(PrimalR);
  return M.Emit(IRValue(E, G), X, Y, Z, R).value();
}

} // namespace linkgrad
