//===- LowerX86Intrinsics.cpp - SSE and AVX in generic IR -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// clang writes most of immintrin.h as vector arithmetic. What has no generic
// form that every back end would turn into the same instruction stays an
// intrinsic of the target. For a derivative any form will do that gives the
// same values.
//
// An intrinsic is named by its instruction set, operation, element type and, if
// that is not 128 bits, width: llvm.x86.avx.min.ps.256.
//
//===----------------------------------------------------------------------===//

#include "prepare/LowerX86Intrinsics.h"
#include "prepare/LibraryValue.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/ADT/SmallVectorExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace linkgrad {

namespace {

/// Replaces one call.
class X86Lowering {
public:
  explicit X86Lowering(IntrinsicInst &Call) : Call(Call), B(&Call) {
    if (isa<FPMathOperator>(Call))
      B.setFastMathFlags(Call.getFastMathFlags());
  }

  /// What the call gives, null if it is not known. A call without a result
  /// gives what does its work.
  Value *lower();

private:
  Value *lowerArithmetic(StringRef Name);
  Value *lowerMovement(StringRef Name);
  Value *lowerMemory(StringRef Name);

  Value *minMax(bool Max);
  Value *compare();
  Value *horizontal(Instruction::BinaryOps Op);
  Value *alternate(Value *Even, Value *Odd);
  Value *fusedAddSub();
  Value *dotProduct();
  Value *approximate(bool Root);
  Value *rounded();
  Value *withRounding(Instruction::BinaryOps Op);
  Value *narrow();
  Value *permute();
  Value *insert();
  Value *maskedLoad();
  Value *maskedStore();
  Value *gather();
  Value *scatter();
  Value *lanePointers(Value *Base, Value *Index, Value *Scale, unsigned Lanes);

  Value *arg(unsigned I) const { return Call.getArgOperand(I); }
  uint64_t immediate(unsigned I) const {
    return cast<ConstantInt>(arg(I))->getZExtValue();
  }
  static unsigned lanes(Value *V) {
    return cast<FixedVectorType>(V->getType())->getNumElements();
  }
  /// The elements in 128 bits.
  unsigned group() const { return 128 / Call.getType()->getScalarSizeInBits(); }
  /// Where the sign bits of \p Mask are set.
  Value *signs(Value *Mask);
  /// The first element of \p First, the others of \p Rest.
  Value *firstOf(Value *First, Value *Rest) {
    return B.CreateInsertElement(
        Rest, B.CreateExtractElement(First, uint64_t(0)), uint64_t(0));
  }
  Value *take(Value *V, unsigned Lanes) {
    if (lanes(V) == Lanes)
      return V;
    return B.CreateShuffleVector(V, to_vector<8>(seq<int>(0, int(Lanes))));
  }

  IntrinsicInst &Call;
  IRBuilder<> B;
};

} // namespace

Value *X86Lowering::signs(Value *Mask) {
  auto *T = cast<FixedVectorType>(Mask->getType());
  if (T->getScalarSizeInBits() == 1)
    return Mask;
  auto *Bits = FixedVectorType::get(B.getIntNTy(T->getScalarSizeInBits()), T);
  return B.CreateICmpSLT(B.CreateBitCast(Mask, Bits),
                         Constant::getNullValue(Bits));
}

//===----------------------------------------------------------------------===//
// Arithmetic
//===----------------------------------------------------------------------===//

/// a < b ? a : b, as the instruction has it for zeros and NaN.
Value *X86Lowering::minMax(bool Max) {
  Value *Takes =
      Max ? B.CreateFCmpOGT(arg(0), arg(1)) : B.CreateFCmpOLT(arg(0), arg(1));
  return B.CreateSelect(Takes, arg(0), arg(1));
}

/// All bits of an element are one where the comparison holds.
Value *X86Lowering::compare() {
  using P = CmpInst;
  static constexpr P::Predicate Predicates[] = {
      P::FCMP_OEQ, P::FCMP_OLT, P::FCMP_OLE, P::FCMP_UNO,
      P::FCMP_UNE, P::FCMP_UGE, P::FCMP_UGT, P::FCMP_ORD,
      P::FCMP_UEQ, P::FCMP_ULT, P::FCMP_ULE, P::FCMP_FALSE,
      P::FCMP_ONE, P::FCMP_OGE, P::FCMP_OGT, P::FCMP_TRUE};
  auto *T = cast<FixedVectorType>(Call.getType());
  auto *Bits = FixedVectorType::get(B.getIntNTy(T->getScalarSizeInBits()), T);
  // Beyond 15 the same again, but for the exceptions that are signalled.
  Value *Holds = B.CreateFCmp(Predicates[immediate(2) % 16], arg(0), arg(1));
  return B.CreateBitCast(B.CreateSExt(Holds, Bits), T);
}

/// In each 128 bits first the pairs of the first operand, then of the second.
Value *X86Lowering::horizontal(Instruction::BinaryOps Op) {
  unsigned Lanes = lanes(&Call), Group = group();
  SmallVector<int, 8> Left;
  for (unsigned Start = 0; Start < Lanes; Start += Group)
    for (unsigned Source : {0u, Lanes})
      for (unsigned I = 0; I < Group; I += 2)
        Left.push_back(Source + Start + I);
  auto Right = map_to_vector<8>(Left, [](int I) { return I + 1; });
  return B.CreateBinOp(Op, B.CreateShuffleVector(arg(0), arg(1), Left),
                       B.CreateShuffleVector(arg(0), arg(1), Right));
}

Value *X86Lowering::alternate(Value *Even, Value *Odd) {
  int Lanes = lanes(Even);
  return B.CreateShuffleVector(Even, Odd,
                               map_to_vector<8>(seq<int>(0, Lanes), [&](int I) {
                                 return I % 2 == 0 ? I : I + Lanes;
                               }));
}

Value *X86Lowering::fusedAddSub() {
  auto Fuse = [&](Value *C) {
    return B.CreateIntrinsic(Intrinsic::fma, {Call.getType()},
                             {arg(0), arg(1), C});
  };
  return alternate(Fuse(B.CreateFNeg(arg(2))), Fuse(arg(2)));
}

/// The products that the upper bits select are added, and the sum goes where
/// the lower bits say; others are zero.
Value *X86Lowering::dotProduct() {
  uint64_t Bits = immediate(2);
  unsigned Lanes = lanes(&Call), Group = group();
  Constant *Zero = ConstantFP::getZero(Call.getType()->getScalarType());
  Value *Products = B.CreateFMul(arg(0), arg(1));
  Value *Result = Constant::getNullValue(Call.getType());
  for (unsigned Start = 0; Start < Lanes; Start += Group) {
    auto Product = [&](unsigned I) -> Value * {
      if (!(Bits >> (4 + I) & 1))
        return Zero;
      return B.CreateExtractElement(Products, uint64_t(Start + I));
    };
    Value *Sum = B.CreateFAdd(Product(0), Product(1));
    if (Group == 4)
      Sum = B.CreateFAdd(Sum, B.CreateFAdd(Product(2), Product(3)));
    for (unsigned I = 0; I < Group; ++I)
      if (Bits >> I & 1)
        Result = B.CreateInsertElement(Result, Sum, uint64_t(Start + I));
  }
  return Result;
}

/// 1 / x or 1 / sqrt(x): the instruction's value, with the slope of the exact
/// one. The scalar forms keep what is above the first element.
Value *X86Lowering::approximate(bool Root) {
  Type *T = Call.getType();
  B.SetInsertPoint(Call.getNextNode());
  B.clearFastMathFlags();
  Value *X = arg(0);
  Value *Exact =
      B.CreateFDiv(ConstantFP::get(T, 1),
                   Root ? B.CreateUnaryIntrinsic(Intrinsic::sqrt, X) : X);
  freezeCall(Call, MemoryEffects::none());
  Value *R = withLibraryValue(B, Exact, &Call);
  if (Call.getCalledFunction()->getName().ends_with(".ss"))
    R = firstOf(R, X);
  return R;
}

/// Constant but for jumps. The scalar forms take the other elements from the
/// first operand.
Value *X86Lowering::rounded() {
  B.SetInsertPoint(Call.getNextNode());
  freezeCall(Call, MemoryEffects::none());
  StringRef Name = Call.getCalledFunction()->getName();
  if (Name.ends_with(".ss") || Name.ends_with(".sd"))
    return firstOf(&Call, arg(0));
  return nullptr;
}

/// AVX-512 with a rounding mode: 4 is the current one, 8 the nearest.
Value *X86Lowering::withRounding(Instruction::BinaryOps Op) {
  uint64_t Mode = immediate(2);
  return Mode == 4 || Mode == 8 ? B.CreateBinOp(Op, arg(0), arg(1)) : nullptr;
}

/// Doubles to floats; what is left of the result is zero.
Value *X86Lowering::narrow() {
  auto *T = cast<FixedVectorType>(Call.getType());
  unsigned Given = lanes(arg(0));
  Value *R =
      B.CreateFPTrunc(arg(0), FixedVectorType::get(T->getElementType(), Given));
  if (Given == T->getNumElements())
    return R;
  return B.CreateShuffleVector(R, Constant::getNullValue(R->getType()),
                               to_vector<8>(seq<int>(0, 2 * int(Given))));
}

Value *X86Lowering::lowerArithmetic(StringRef Name) {
  using Op = Instruction::BinaryOps;
  if (Name.starts_with("min.s") || Name.starts_with("max.s"))
    return firstOf(minMax(Name.starts_with("max")), arg(0));
  if (Name.starts_with("min.p") || Name.starts_with("max.p"))
    return minMax(Name.starts_with("max"));
  if (Name.starts_with("cmp.s"))
    return firstOf(compare(), arg(0));
  if (Name.starts_with("cmp.p"))
    return compare();
  if (Name.starts_with("hadd.p"))
    return horizontal(Op::FAdd);
  if (Name.starts_with("hsub.p"))
    return horizontal(Op::FSub);
  if (Name.starts_with("addsub.p"))
    return alternate(B.CreateFSub(arg(0), arg(1)),
                     B.CreateFAdd(arg(0), arg(1)));
  if (Name.starts_with("vfmaddsub.p") && Call.arg_size() == 3)
    return fusedAddSub();
  if (Name.starts_with("dpp") || Name.starts_with("dp.p"))
    return dotProduct();
  if (Name.starts_with("rcp.") || Name.starts_with("rsqrt."))
    return approximate(Name.starts_with("rsqrt"));
  if (Name.starts_with("round."))
    return rounded();
  std::optional<Op> Rounding =
      StringSwitch<std::optional<Op>>(Name)
          .Cases({"add.pd.512", "add.ps.512"}, Op::FAdd)
          .Cases({"sub.pd.512", "sub.ps.512"}, Op::FSub)
          .Cases({"mul.pd.512", "mul.ps.512"}, Op::FMul)
          .Cases({"div.pd.512", "div.ps.512"}, Op::FDiv)
          .Default(std::nullopt);
  return Rounding ? withRounding(*Rounding) : nullptr;
}

//===----------------------------------------------------------------------===//
// Movement
//===----------------------------------------------------------------------===//

/// Each element is chosen by one of a vector of integers, within 128 bits
/// (vpermilvar, where the number of a double is in bit 1) or from all.
Value *X86Lowering::permute() {
  bool Local = Call.getCalledFunction()->getName().contains("vpermilvar");
  unsigned Lanes = lanes(&Call), Group = Local ? group() : Lanes;
  Value *Result = PoisonValue::get(Call.getType());
  for (unsigned I = 0; I < Lanes; ++I) {
    Value *Index = B.CreateExtractElement(arg(1), uint64_t(I));
    if (Local && Group == 2)
      Index = B.CreateLShr(Index, 1);
    Index = B.CreateAnd(Index, Group - 1);
    Index = B.CreateAdd(Index,
                        ConstantInt::get(Index->getType(), I / Group * Group));
    Result = B.CreateInsertElement(
        Result, B.CreateExtractElement(arg(0), Index), uint64_t(I));
  }
  return Result;
}

/// insertps: an element of the second operand (bits 6 and 7) at the place that
/// bits 4 and 5 name, then zeros where the lower bits are set.
Value *X86Lowering::insert() {
  uint64_t Bits = immediate(2);
  Value *R = B.CreateInsertElement(
      arg(0), B.CreateExtractElement(arg(1), Bits >> 6 & 3), Bits >> 4 & 3);
  Constant *Zero = ConstantFP::getZero(Call.getType()->getScalarType());
  for (uint64_t I = 0; I < 4; ++I)
    if (Bits >> I & 1)
      R = B.CreateInsertElement(R, Zero, I);
  return R;
}

Value *X86Lowering::lowerMovement(StringRef Name) {
  if (Name.starts_with("blendvp") || Name.starts_with("blendv.p"))
    return B.CreateSelect(signs(arg(2)), arg(1), arg(0));
  if (Name == "insertps")
    return insert();
  if (Name.starts_with("vpermilvar.p") || Name == "permps" ||
      Name.starts_with("permvar.df.") || Name.starts_with("permvar.sf."))
    return permute();
  if (Name.starts_with("cvtpd2ps") || Name.starts_with("cvt.pd2.ps"))
    return Call.arg_size() == 1 ? narrow() : nullptr;
  if (Name == "cvtsd2ss")
    return B.CreateInsertElement(
        arg(0),
        B.CreateFPTrunc(B.CreateExtractElement(arg(1), uint64_t(0)),
                        B.getFloatTy()),
        uint64_t(0));
  return nullptr;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

Value *X86Lowering::maskedLoad() {
  return B.CreateMaskedLoad(Call.getType(), arg(0), Align(1), signs(arg(1)),
                            Constant::getNullValue(Call.getType()));
}

Value *X86Lowering::maskedStore() {
  return B.CreateMaskedStore(arg(2), arg(0), Align(1), signs(arg(1)));
}

Value *X86Lowering::lanePointers(Value *Base, Value *Index, Value *Scale,
                                 unsigned Lanes) {
  auto *T = FixedVectorType::get(B.getInt64Ty(), Lanes);
  Value *Offset = B.CreateSExt(take(Index, Lanes), T);
  Value *Bytes = B.CreateZExt(Scale, B.getInt64Ty());
  return B.CreateGEP(B.getInt8Ty(), Base,
                     B.CreateMul(Offset, B.CreateVectorSplat(Lanes, Bytes)));
}

/// (others, base, index, mask, scale). There may be fewer indices than
/// elements, which are zero then, or more.
Value *X86Lowering::gather() {
  auto *T = cast<FixedVectorType>(Call.getType());
  unsigned Lanes = std::min(lanes(arg(2)), T->getNumElements());
  if (lanes(arg(3)) < Lanes)
    return nullptr;
  Value *R = B.CreateMaskedGather(
      FixedVectorType::get(T->getElementType(), Lanes),
      lanePointers(arg(1), arg(2), arg(4), Lanes), Align(1),
      take(signs(arg(3)), Lanes), take(arg(0), Lanes));
  if (Lanes == T->getNumElements())
    return R;
  return B.CreateShuffleVector(
      R, Constant::getNullValue(R->getType()),
      to_vector<8>(seq<int>(0, int(T->getNumElements()))));
}

/// (base, mask, index, values, scale).
Value *X86Lowering::scatter() {
  unsigned Lanes = std::min(lanes(arg(2)), lanes(arg(3)));
  if (!arg(1)->getType()->isVectorTy() || lanes(arg(1)) < Lanes)
    return nullptr;
  return B.CreateMaskedScatter(take(arg(3), Lanes),
                               lanePointers(arg(0), arg(2), arg(4), Lanes),
                               Align(1), take(signs(arg(1)), Lanes));
}

Value *X86Lowering::lowerMemory(StringRef Name) {
  if (Name.starts_with("maskload."))
    return maskedLoad();
  if (Name.starts_with("maskstore."))
    return maskedStore();
  if (Name.starts_with("ldu.dq"))
    return B.CreateAlignedLoad(Call.getType(), arg(0), Align(1));
  if (Name.starts_with("gather.") || Name.starts_with("mask.gather."))
    return Call.arg_size() == 5 && arg(3)->getType()->isVectorTy() ? gather()
                                                                   : nullptr;
  if (Name.starts_with("mask.scatter.") && Call.arg_size() == 5)
    return scatter();
  return nullptr;
}

//===----------------------------------------------------------------------===//
// All of them
//===----------------------------------------------------------------------===//

/// The elements one after the other, as llvm.vector.reduce has it but for the
/// order, which it leaves open where it is not that.
static Value *lowerReduction(IntrinsicInst &Call) {
  IRBuilder<> B(&Call);
  B.setFastMathFlags(Call.getFastMathFlags());
  bool HasStart = Call.arg_size() == 2;
  Value *Vector = Call.getArgOperand(HasStart), *R = nullptr;
  if (!isa<FixedVectorType>(Vector->getType()))
    return nullptr;
  auto Combine = [&](Value *X) -> Value * {
    switch (Call.getIntrinsicID()) {
    case Intrinsic::vector_reduce_fadd:
      return B.CreateFAdd(R, X);
    case Intrinsic::vector_reduce_fmul:
      return B.CreateFMul(R, X);
    case Intrinsic::vector_reduce_fmin:
      return B.CreateMinNum(R, X);
    case Intrinsic::vector_reduce_fmax:
      return B.CreateMaxNum(R, X);
    case Intrinsic::vector_reduce_fminimum:
      return B.CreateMinimum(R, X);
    case Intrinsic::vector_reduce_fmaximum:
      return B.CreateMaximum(R, X);
    default:
      return nullptr;
    }
  };
  if (HasStart)
    R = Call.getArgOperand(0);
  unsigned Lanes = cast<FixedVectorType>(Vector->getType())->getNumElements();
  for (unsigned I = 0; I < Lanes; ++I) {
    Value *X = B.CreateExtractElement(Vector, uint64_t(I));
    R = R ? Combine(X) : X;
  }
  return R;
}

static bool isFloatReduction(Intrinsic::ID ID) {
  switch (ID) {
  case Intrinsic::vector_reduce_fadd:
  case Intrinsic::vector_reduce_fmul:
  case Intrinsic::vector_reduce_fmin:
  case Intrinsic::vector_reduce_fmax:
  case Intrinsic::vector_reduce_fminimum:
  case Intrinsic::vector_reduce_fmaximum:
    return true;
  default:
    return false;
  }
}

Value *X86Lowering::lower() {
  StringRef Name = Call.getCalledFunction()->getName();
  if (!Name.consume_front("llvm.x86."))
    return nullptr;
  Name = Name.split('.').second;
  if (Value *V = lowerArithmetic(Name))
    return V;
  if (Value *V = lowerMovement(Name))
    return V;
  return lowerMemory(Name);
}

void lowerX86Intrinsics(Function &F) {
  SmallVector<IntrinsicInst *, 16> Calls;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<IntrinsicInst>(&I);
        Call && !Call->isStrictFP() && !Call->hasFnAttr("enzyme_inactive"))
      Calls.push_back(Call);
  for (IntrinsicInst *Call : Calls) {
    SmallVector<Use *, 8> Uses;
    for (Use &U : Call->uses())
      Uses.push_back(&U);
    Value *New = isFloatReduction(Call->getIntrinsicID())
                     ? lowerReduction(*Call)
                     : X86Lowering(*Call).lower();
    if (!New)
      continue;
    // An approximation still uses the call.
    for (Use *U : Uses)
      U->set(New);
    if (Call->use_empty())
      Call->eraseFromParent();
  }
}

} // namespace linkgrad
