//===- LowerBarriers.h - Assembler that does nothing ------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_PREPARE_LOWERBARRIERS_H
#define LINKGRAD_PREPARE_LOWERBARRIERS_H

namespace llvm {
class Function;
} // namespace llvm

namespace linkgrad {

/// Replaces empty assembler with operands, `asm("" : "+x"(v))`, which hides
/// from the optimiser where v comes from, by v itself. What holds back the
/// reordering of floating-point operations still does.
void lowerBarriers(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_PREPARE_LOWERBARRIERS_H
