//===- Shadows.h - What moves beside the primal -----------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A shadow stands beside a primal value in the same function and has the same
// type. The shadow of a pointer points to memory of the same layout, where
// floats are tangents or adjoints and pointers are shadow pointers. In forward
// mode the shadow of a float is its tangent; in reverse mode floats have no
// shadow but an adjoint (Adjoints.h), and shadows are pointers only.
//
// Structural instructions (phi, GEP, load, select, insert, extract, …) move
// values without computing with them, so their shadow is the same instruction
// on shadows. That is written once, here, for both modes.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_SHADOWS_H
#define LINKGRAD_TRANSFORM_SHADOWS_H

#include "analysis/ActivityAnalysis.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/Alignment.h"
#include <memory>
#include <utility>

namespace llvm {
class Argument;
class Constant;
class Function;
class GlobalVariable;
class IRBuilderBase;
class Instruction;
class LoadInst;
class Module;
class PHINode;
class Type;
class Value;
} // namespace llvm

namespace linkgrad {

/// A clone of a prepared function with room for shadows.
struct ShadowedClone {
  llvm::Function *F = nullptr;
  /// By number of the primal's parameter.
  llvm::SmallVector<llvm::Argument *, 8> Primals;
  llvm::SmallVector<llvm::SmallVector<llvm::Argument *, 1>, 8> Shadows;
  llvm::SmallVector<llvm::Argument *, 2> Extra;
  /// One activity for each parameter of F; shadows and extras are Const.
  llvm::SmallVector<Activity, 8> Args;
};

/// The parameter types of a function that takes \p Prepared's parameters, each
/// followed by Width shadows if its activity is Dup or DupNoNeed.
llvm::SmallVector<llvm::Type *, 8>
shadowedParameters(const llvm::Function &Prepared,
                   llvm::ArrayRef<Activity> Args, unsigned Width);

/// Creates an internal function of that parameter list, plus \p Extra, with
/// those attributes of \p Prepared that hold for derivatives of it too. It has
/// no body yet, and F is not in its final form until a body is there.
ShadowedClone declareShadowed(llvm::Function &Prepared,
                              llvm::ArrayRef<Activity> Args, unsigned Width,
                              llvm::Type *Result,
                              llvm::ArrayRef<llvm::Type *> Extra,
                              const llvm::Twine &Name);

/// Clones the body of \p Prepared into \p Clone.F. The returns are those of
/// Prepared and have to be rewritten.
void cloneBody(llvm::Function &Prepared, ShadowedClone &Clone);

class Shadows {
public:
  Shadows(const ShadowedClone &Clone, const ActivityAnalysis &Activities,
          DiffMode Mode, unsigned Width);

  /// True if \p V has a shadow of its own in this mode.
  bool has(const llvm::Value &V) const;

  /// The shadow of \p V in \p Lane: its own one if it has one, else a zero of
  /// the same type; what a constant table stands for is a table of zeros.
  /// If none can be made the error is kept (takeError) and poison returned.
  /// \p User is the instruction that asks, for the error message.
  llvm::Value *get(llvm::Value &V, unsigned Lane,
                   const llvm::Instruction &User);

  /// The address of the shadow of what \p Access loads or stores, where \p B
  /// is.
  llvm::Value *address(llvm::IRBuilderBase &B, const llvm::Instruction &Access,
                       unsigned Lane);
  /// Those of the \p Bytes behind \p Dst and \p Src, for \p User. The second is
  /// null if \p Src is or has no shadow.
  std::pair<llvm::Value *, llvm::Value *>
  addresses(llvm::IRBuilderBase &B, llvm::Value &Dst, llvm::Value *Src,
            llvm::Value *Bytes, unsigned Lane, const llvm::Instruction &User);

  /// The shadow of \p Memory that \p Free frees too.
  llvm::Value *freed(llvm::IRBuilderBase &B, llvm::Value &Memory, unsigned Lane,
                     const llvm::Instruction &Free);

  /// Lets the program stop before \p I, which can do with shadows of far memory
  /// (FarMemory.h) nothing at all, if it gets there with such an address.
  void stopIfFar(llvm::Instruction &I);

  void set(const llvm::Value &V, unsigned Lane, llvm::Value *Shadow) {
    Map[{&V, Lane}] = Shadow;
  }

  /// Emits the shadow of the structural instruction \p I behind it, if it is
  /// one that has a shadow. \returns false if \p I is not structural.
  bool emitStructural(llvm::Instruction &I);

  /// Fills in the operands of the shadow phis, once all blocks are done.
  void finishPhis();

  unsigned width() const { return Width; }
  /// Where the table of zeros that stands for a constant one was needed;
  /// reverse sweeps add to it, so a forward sweep must not read it.
  const llvm::Instruction *tableUser() const { return TableUser; }
  llvm::Error takeError();
  void fail(llvm::Error E);

  /// Shadow instruction -> the primal instruction that it stands beside.
  const llvm::DenseMap<const llvm::Value *, const llvm::Value *> &
  shadowOf() const {
    return Primal;
  }

private:
  llvm::Value *address(llvm::IRBuilderBase &B, llvm::Value &Ptr,
                       llvm::Value *Bytes, unsigned Lane,
                       const llvm::Instruction &User);
  llvm::Constant *shadowTable(llvm::GlobalVariable &G, unsigned Lane,
                              const llvm::Instruction &User);
  llvm::Constant *tableContents(llvm::Constant &C, unsigned Lane,
                                const llvm::Instruction &User);
  llvm::Constant *constantShadow(llvm::Constant &C, unsigned Lane,
                                 const llvm::Instruction &User);
  void emitAllocaShadow(llvm::Instruction &I, unsigned Lane);
  llvm::Value *standIn(llvm::Value &V, const llvm::Instruction &User);
  void checkKind(const llvm::Instruction &I);
  void guardLoad(llvm::LoadInst &Load, llvm::Instruction &Shadow,
                 unsigned Lane);
  void emitFarLoad(llvm::LoadInst &Load, unsigned Lane);
  void emitClone(llvm::Instruction &I, unsigned Lane);
  void emitPacking(llvm::Instruction &I, unsigned Lane);

  const ActivityAnalysis &Activities;
  DiffMode Mode;
  unsigned Width;
  const llvm::Instruction *TableUser = nullptr;
  llvm::DenseMap<std::pair<const llvm::Value *, unsigned>, llvm::Value *> Map;
  llvm::DenseMap<const llvm::Value *, const llvm::Value *> Primal;
  llvm::SmallVector<std::tuple<llvm::PHINode *, llvm::PHINode *, unsigned>, 8>
      Phis;
  llvm::Error First = llvm::Error::success();
};

/// The addresses of the shadows for a copy from \p Src, which may be null, to
/// \p Dst, by \p AddressOf.
std::pair<llvm::Value *, llvm::Value *>
copyAddresses(llvm::Value &Dst, llvm::Value *Src,
              const ActivityAnalysis &Activities,
              llvm::function_ref<llvm::Value *(llvm::Value &)> AddressOf);

/// The alignment of the shadow of what \p Access, a load or store, accesses:
/// that of its elements. A program that looks at an address to find out that it
/// is aligned for a vector has seen the primal's only.
llvm::Align shadowAlign(const llvm::Instruction &Access);

/// \p Shadow, or \p Otherwise where the shadow of \p Primal shows that there is
/// none: ActivityAnalysis::mayLackShadow.
llvm::Value *shadowOrElse(llvm::IRBuilderBase &B, llvm::Value &Primal,
                          llvm::Value *Shadow, llvm::Value *Otherwise);

/// Zeros for \p Load to read in the place of a shadow that there is none of.
llvm::Constant *zeroFor(const llvm::LoadInst &Load);

/// The structural instruction \p I on shadows, not inserted yet. Operands that
/// it moves are what \p Moved gives; operands that select (conditions, indices)
/// are what \p Kept gives.
llvm::Instruction *
cloneOnShadows(const llvm::Instruction &I,
               llvm::function_ref<llvm::Value *(llvm::Value &)> Moved,
               llvm::function_ref<llvm::Value *(llvm::Value &)> Kept);

/// True if \p I only moves whole elements within integers: trunc, zext, shifts
/// by whole elements, or of disjoint parts.
bool isPacking(const llvm::Instruction &I);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_SHADOWS_H
