//===- FunctionObjects.h - What std::function holds -------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// libstdc++'s std::function has room for two words. A small function object
// lies there itself, of another there is the address, and objects are moved by
// functions that know neither. But each one is called by a function of its own
// (_M_invoke), which tells what is in it. If those of a module use no floats
// but doubles there, then each word is a double, a pointer or an integer, and
// the bits in the shadow tell which.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_FUNCTIONOBJECTS_H
#define LINKGRAD_ANALYSIS_FUNCTIONOBJECTS_H

#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"

namespace llvm {
class Argument;
class Function;
class LoadInst;
class Module;
class StoreInst;
class StructType;
} // namespace llvm

namespace linkgrad {

/// True for the type of the room for function objects.
bool isFunctionObjectType(const llvm::StructType &T);
/// How big that is, in bytes, and what it is in debug information.
inline constexpr unsigned FunctionObjectSize = 16;
inline constexpr llvm::StringLiteral FunctionObjectType = "_ZTSSt9_Any_data";
/// What begins with it, in TBAA.
inline constexpr llvm::StringLiteral FunctionBaseType =
    "_ZTSSt14_Function_base";

/// Notes in \p M whether the words of all function objects are doubles,
/// pointers and integers.
void noteFunctionObjects(llvm::Module &M);
void forgetFunctionObjects(llvm::Module &M);
bool areFunctionObjectsWords(const llvm::Module &M);

/// True if \p F copies, destroys, and tells of function objects, as its third
/// parameter says; the others are the room to copy to and that to copy from.
bool managesObjects(const llvm::Function &F);

/// True if \p Store puts the address of such a function behind an object.
bool storesManager(const llvm::StoreInst &Store);

/// The parameters of \p F, one of std::function's own functions, that are to
/// such room.
llvm::SmallVector<const llvm::Argument *, 2>
functionObjectsOf(const llvm::Function &F);

/// True if \p Load reads the pointer to a function of a std::function's, by its
/// TBAA tag; and for the functions that such pointers can be to.
bool isFunctionOfObject(const llvm::LoadInst &Load);
bool belongsToObject(const llvm::Function &F);

/// Gives a TBAA tag to what in \p F, unoptimised code, accesses the pointers
/// behind that room: simplification leaves of an address only its offset.
void noteObjectPointers(llvm::Function &F);

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_FUNCTIONOBJECTS_H
