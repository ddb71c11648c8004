//===- RustcPairs.h - Values in two parameters ------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// rustc passes a struct of two scalars in two parameters. Its requests for
// `std::autodiff` (of 1.97) then list both halves of the value after the first
// marker and both halves of the shadow after the second, where the convention
// wants each half with its own shadow. Read as they stand, they would ask for
// another derivative, so they are refused. So are those of C and C++ with such
// a struct, where both halves stand before both of the shadow.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_REQUEST_RUSTCPAIRS_H
#define LINKGRAD_REQUEST_RUSTCPAIRS_H

namespace llvm {
class Argument;
class CallBase;
} // namespace llvm

namespace linkgrad {

/// True if \p Call is a request that rustc itself has written.
bool isRequestOfRustc(const llvm::CallBase &Call);

/// True if \p Param and the parameter after it, of the same type, are the
/// halves of one parameter of the source program. Only debug information tells.
bool isFirstHalf(const llvm::Argument &Param);

/// True if it could be so, and there is no debug information to tell.
bool mayBeFirstHalf(const llvm::Argument &Param);

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_RUSTCPAIRS_H
