//===- TypeAnalysisFunction.h - Types in one function -----------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads one function, each instruction once, into a type graph. Every pointer
// has a place that it points to; every value of integer or aggregate type has
// a place that its bytes are at, which for a loaded value is the very memory
// that it was loaded from.
//
// An integer is believed to be one only where that is certain. Optimised code
// moves floats about in integers: loads, stores, phis, selects, casts, shifts
// by whole bytes and `or` say nothing about what they move.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_ANALYSIS_TYPEANALYSISFUNCTION_H
#define LINKGRAD_ANALYSIS_TYPEANALYSISFUNCTION_H

#include "analysis/TypeAnalysisGraph.h"
#include "analysis/TypeAnalysisSources.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/InstVisitor.h"

namespace llvm {
class DbgVariableRecord;
class GEPOperator;
class GlobalVariable;
} // namespace llvm

namespace linkgrad {

struct BlasFunction;

class FunctionTypes : private llvm::InstVisitor<FunctionTypes> {
public:
  explicit FunctionTypes(llvm::Function &F);

  /// What \p V, a pointer or a vector of pointers, points to, plus \p Extra
  /// bytes; no place for null and the like.
  Loc pointsTo(const llvm::Value &V, int64_t Extra = 0);
  /// Where the bytes of \p V, which is not a pointer, are; no place for
  /// constants.
  Loc content(const llvm::Value &V);

  /// Calls whose callee's body has not been looked at.
  llvm::SmallVector<const llvm::CallBase *, 8> OpenCalls;
  enum Facts {
    OfCall,
    Globals,   ///< and those about global variables
    OnlyFloats ///< see TypeGraph::import()
  };
  /// Lets the facts about \p Callee's parameters and result, as its body uses
  /// them, apply to the operands and the result of \p Call.
  void applyCallee(const llvm::CallBase &Call, FunctionTypes &Callee,
                   Facts Which = OfCall);
  /// The same where it is known what \p Callee does without its body, which
  /// says less: it moves function objects. \returns false if it is another.
  bool applyManager(const llvm::CallBase &Call, const llvm::Function &Callee);
  /// See TypeSources.
  bool confirmNames() { return Sources.confirmNames(); }
  /// What is known of memory from before the call that has a shadow: where
  /// parameters lead.
  TypeGraph given();

  /// What \p V points to if it is a pointer, else where its bytes are.
  Loc place(const llvm::Value &V);
  /// The same for what the function returns.
  Loc returnedPlace() const {
    return ReturnedPointer ? ReturnedPointer : ReturnedContent;
  }
  /// The variables that it uses and that may hold active values.
  llvm::SmallVector<const llvm::GlobalVariable *, 4> ActiveGlobals;
  /// 0 for types without a fixed size.
  uint64_t sizeOf(const llvm::Type *T) const;

  TypeGraph G;
  llvm::Function &F;

private:
  friend llvm::InstVisitor<FunctionTypes>;

  // Places and values.
  Loc rootOf(const llvm::Value &V);
  Loc globalPlace(const llvm::GlobalVariable &Global);
  void readInitializer(Loc L, const llvm::Constant &C, unsigned &Budget);
  unsigned pointerSize(const llvm::Type *T) const;
  void store(Loc L, const llvm::Value &V);
  void load(Loc L, const llvm::Instruction &I);
  void flow(const llvm::Value &From, const llvm::Instruction &To);
  void markInteger(const llvm::Value &V);
  void markWeakInteger(const llvm::Value &V);

  // Declared types.
  void readArguments();
  void readParameter(const llvm::Value &V, llvm::AttributeSet Attributes);
  void readTypeString(const llvm::Value &V, llvm::Attribute A);
  void readDebugRecords(llvm::Instruction &I);
  void readDebugFragment(const llvm::DbgVariableRecord &R, const llvm::Value &V,
                         llvm::DIExpression::FragmentInfo Fragment);
  void readSourceElementType(const llvm::GEPOperator &GEP);
  void readTbaa(const llvm::Instruction &I, const llvm::Value &Ptr,
                const llvm::Value &Accessed);

  // Memory.
  void visitInstruction(llvm::Instruction &I) {}
  void visitAllocaInst(llvm::AllocaInst &I);
  void accessSize(const llvm::Value &Ptr, const llvm::Value &Size);
  void accessTextPointer(const llvm::Value &Ptr, const llvm::Value &Text);
  void visitLoadInst(llvm::LoadInst &I);
  void visitStoreInst(llvm::StoreInst &I);
  void visitAtomicRMWInst(llvm::AtomicRMWInst &I);
  void visitAtomicCmpXchgInst(llvm::AtomicCmpXchgInst &I);
  void visitGetElementPtrInst(llvm::GetElementPtrInst &I);

  // Values that move unchanged.
  void visitSelectInst(llvm::SelectInst &I);
  void visitFreezeInst(llvm::FreezeInst &I);
  void visitBitCastInst(llvm::BitCastInst &I);
  void visitPtrToIntInst(llvm::PtrToIntInst &I);
  void visitIntToPtrInst(llvm::IntToPtrInst &I);
  void visitExtractValueInst(llvm::ExtractValueInst &I);
  void visitInsertValueInst(llvm::InsertValueInst &I);
  void visitExtractElementInst(llvm::ExtractElementInst &I);
  void visitInsertElementInst(llvm::InsertElementInst &I);
  void visitShuffleVectorInst(llvm::ShuffleVectorInst &I);
  void visitReturnInst(llvm::ReturnInst &I);

  // Integers, in TypeAnalysisIntegers.cpp.
  void visitTruncInst(llvm::TruncInst &I);
  void visitZExtInst(llvm::ZExtInst &I);
  void visitSExtInst(llvm::SExtInst &I);
  void visitSIToFPInst(llvm::SIToFPInst &I);
  void visitUIToFPInst(llvm::UIToFPInst &I);
  void visitFPToSIInst(llvm::FPToSIInst &I);
  void visitFPToUIInst(llvm::FPToUIInst &I);
  void visitBinaryOperator(llvm::BinaryOperator &I);
  void visitShift(llvm::BinaryOperator &I);
  void visitBitOperation(llvm::BinaryOperator &I);
  void visitICmpInst(llvm::ICmpInst &I);
  void visitSwitchInst(llvm::SwitchInst &I);

  // Calls, in TypeAnalysisCalls.cpp.
  void visitCallBase(llvm::CallBase &Call);
  bool visitIntrinsic(llvm::IntrinsicInst &I);
  bool visitKnownCallee(llvm::CallBase &Call, llvm::StringRef Name);
  void visitMaskedAccess(llvm::IntrinsicInst &I);
  void visitBlasCall(llvm::CallBase &Call, const BlasFunction &Blas);
  void visitTypeHint(llvm::CallBase &Call, llvm::StringRef Name);
  void copyMemory(llvm::CallBase &Call, const llvm::Value &Dst,
                  const llvm::Value &Src, const llvm::Value &Size);

  void finishPhis();

  const llvm::DataLayout &DL;
  TypeSources Sources;
  llvm::DenseMap<const llvm::Value *, Loc> Pointers; ///< what they point to
  llvm::DenseMap<const llvm::Value *, Loc> Contents; ///< where their bytes are
  llvm::SmallVector<const llvm::GlobalVariable *, 4> Variables; ///< in Pointers
  Loc ReturnedPointer, ReturnedContent;
};

} // namespace linkgrad

#endif // LINKGRAD_ANALYSIS_TYPEANALYSISFUNCTION_H
