//===- StringCalls.cpp - Text beside active memory ------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "transform/StringCalls.h"
#include "analysis/ActivityAnalysis.h"
#include "analysis/TextAccesses.h"
#include "library/Library.h"
#include "rules/StringFunctions.h"
#include "support/Diagnostics.h"
#include "transform/ActiveMemory.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace linkgrad {

static Error refuseForeign(const CallBase &Call,
                           const ActivityAnalysis &Activities) {
  if (!mayChangeForeignString(Call) || Call.arg_empty() ||
      !Activities.hasShadow(*Call.getArgOperand(0)))
    return Error::success();
  return makeError(Reason::UnsupportedCall, Call,
                   "'" + displayName(*Call.getCalledFunction()) +
                       "' changes a string that lies in memory with a shadow",
                   "keep strings apart from active values, or use libstdc++");
}

Error emitStringCall(CallBase &Call, Shadows &Shadow,
                     const ActivityAnalysis &Activities) {
  if (Error E = refuseForeign(Call, Activities))
    return E;
  SmallVector<ChangedString, 2> Strings = changedStrings(Call);
  erase_if(Strings, [&](const ChangedString &S) {
    return !Activities.hasShadow(*Call.getArgOperand(S.Argument));
  });
  const bool GivesPointer =
      Call.getType()->isPointerTy() && Activities.hasShadow(Call);
  for (unsigned Lane = 0; Lane < Shadow.width(); ++Lane) {
    IRBuilder<> B(&Call);
    for (const ChangedString &S : Strings) {
      Function *Empty = libraryFunction(*Call.getModule(),
                                        S.IsNew ? "linkgrad_new_string"
                                                : "linkgrad_change_string");
      if (!Empty || Empty->arg_size() != 2)
        return makeError(Reason::UnsupportedCall, Call,
                         "'" + displayName(*Call.getCalledFunction()) +
                             "' is not declared as in libstdc++");
      Value *String = Call.getArgOperand(S.Argument);
      B.CreateCall(Empty, {String, Shadow.get(*String, Lane, Call)});
    }
    if (Strings.empty() || !GivesPointer)
      continue;
    setPointBehind(B, Call);
    Value *Result = ConstantPointerNull::get(B.getPtrTy());
    for (const ChangedString &S : Strings) {
      Value *String = Call.getArgOperand(S.Argument);
      Result = B.CreateSelect(B.CreateICmpEQ(&Call, String),
                              Shadow.get(*String, Lane, Call), Result);
    }
    Shadow.set(Call, Lane, Result);
  }
  return Error::success();
}

Error checkText(const Instruction &I, const ActivityAnalysis &Activities) {
  if (!accessesText(I))
    return Error::success();
  const Value *Accessed = getLoadStorePointerOperand(&I);
  uint64_t Size =
      Accessed ? I.getDataLayout().getTypeStoreSize(getLoadStoreType(&I)) : 1;
  if (auto *Memory = dyn_cast<AnyMemIntrinsic>(&I))
    if (auto *Length = dyn_cast<ConstantInt>(Memory->getLength()))
      Size = Length->getZExtValue();
  const TypeTrees &Types = Activities.kinds().types();
  bool HasFloats = Accessed && containsFloat(getLoadStoreType(&I)) &&
                   Activities.hasShadow(*Accessed);
  for (const Value *Ptr : doubtfulText(I))
    HasFloats |= Activities.hasShadow(*Ptr) && Types.hasFloatBehind(*Ptr, Size);
  if (!HasFloats)
    return Error::success();
  return makeError(Reason::UnsupportedInstruction, I,
                   "the characters of a string hold active floats",
                   "keep them in memory of their own type");
}

} // namespace linkgrad
