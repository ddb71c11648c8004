//===- LowerLibraryCalls.cpp - Library functions without a row ------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A row describes a function with one result. What has two is written out
// here. Where the formula does not round as the library does, the library's
// result is kept and only its derivative is the formula's: withLibraryValue.
//
//===----------------------------------------------------------------------===//

#include "prepare/LowerLibraryCalls.h"
#include "prepare/LibraryValue.h"
#include "rules/ScalarRules.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/ModRef.h"
#include "llvm/Transforms/Utils/Local.h"

using namespace llvm;

namespace linkgrad {

namespace {

enum class LibraryOp {
  None,
  SinCos,
  Modf,
  Frexp,
  Multiply,
  Divide,
  Abs,
  Arg,
  Exp,
  Log,
  Sqrt,
  Pow,
  Sin,
  Cos,
  Sinh,
  Cosh,
};

struct Complex {
  Value *Re, *Im;
};

/// The formulas on complex numbers. They build no more than what has rows.
class ComplexAlgebra {
public:
  explicit ComplexAlgebra(IRBuilder<> &B) : B(B) {}

  Value *abs(Complex Z) const;
  Value *arg(Complex Z) const { return call(Intrinsic::atan2, Z.Im, Z.Re); }
  Complex multiply(Complex X, Complex Y) const;
  Complex divide(Complex X, Complex Y) const;
  Complex exp(Complex Z) const { return polar(call(Intrinsic::exp, Z.Re), Z); }
  Complex log(Complex Z) const;
  Complex sqrt(Complex Z) const;
  Complex pow(Complex Z, Complex W) const;
  Complex sinh(Complex Z) const;
  Complex cosh(Complex Z) const;
  Complex sin(Complex Z) const;
  Complex cos(Complex Z) const;

private:
  /// r (cos y + i sin y) with the imaginary part y of \p Z.
  Complex polar(Value *R, Complex Z) const {
    return {B.CreateFMul(R, call(Intrinsic::cos, Z.Im)),
            B.CreateFMul(R, call(Intrinsic::sin, Z.Im))};
  }
  Value *call(Intrinsic::ID ID, Value *X) const {
    return B.CreateUnaryIntrinsic(ID, X);
  }
  Value *call(Intrinsic::ID ID, Value *X, Value *Y) const {
    return B.CreateBinaryIntrinsic(ID, X, Y);
  }

  IRBuilder<> &B;
};

/// Replaces one call.
class CallLowering {
public:
  explicit CallLowering(CallInst &Call)
      : Call(Call), Users(Call.users()), B(&Call) {
    if (isa<FPMathOperator>(Call))
      B.setFastMathFlags(Call.getFastMathFlags());
  }

  void run();

private:
  LibraryOp classify();
  bool hasPrecision(StringRef Suffix) const;
  bool splitComplexOperands();
  bool hasTwoResults(Type &T) const;

  void lowerSinCos();
  void lowerModf();
  void lowerFrexp();
  void lowerComplex(LibraryOp Op);

  void finish(ArrayRef<Value *> Results);
  void replaceResult(ArrayRef<Value *> Results);

  CallInst &Call;
  SmallVector<User *, 4> Users;
  IRBuilder<> B;
  /// The real and imaginary parts of the operands of a complex function.
  SmallVector<Value *, 4> Scalars;
};

} // namespace

//===----------------------------------------------------------------------===//
// Complex numbers
//===----------------------------------------------------------------------===//

/// hypot has a row, but is not an intrinsic.
Value *ComplexAlgebra::abs(Complex Z) const {
  Type *T = Z.Re->getType();
  Module &M = *B.GetInsertBlock()->getModule();
  FunctionCallee Hypot =
      M.getOrInsertFunction(libraryName("hypot", *T, M), T, T, T);
  CallInst *R = B.CreateCall(Hypot, {Z.Re, Z.Im});
  R->setDoesNotThrow();
  R->setDoesNotAccessMemory(); // But for errno, which nobody asks a copy for.
  return R;
}

Complex ComplexAlgebra::multiply(Complex X, Complex Y) const {
  return {
      B.CreateFSub(B.CreateFMul(X.Re, Y.Re), B.CreateFMul(X.Im, Y.Im)),
      B.CreateFAdd(B.CreateFMul(X.Re, Y.Im), B.CreateFMul(X.Im, Y.Re)),
  };
}

/// Smith's algorithm: c² + d² of the textbook overflows where the quotient does
/// not. For |c| < |d| both numbers are multiplied by i first, up to signs.
Complex ComplexAlgebra::divide(Complex X, Complex Y) const {
  Value *Turn =
      B.CreateFCmpOLT(call(Intrinsic::fabs, Y.Re), call(Intrinsic::fabs, Y.Im));
  Value *Large = B.CreateSelect(Turn, Y.Im, Y.Re);
  Value *Small = B.CreateSelect(Turn, Y.Re, Y.Im);
  Value *First = B.CreateSelect(Turn, X.Im, X.Re);
  Value *Second = B.CreateSelect(Turn, X.Re, X.Im);
  Value *Ratio = B.CreateFDiv(Small, Large);
  Value *Denominator = B.CreateFAdd(Large, B.CreateFMul(Small, Ratio));
  Value *Re = B.CreateFDiv(B.CreateFAdd(First, B.CreateFMul(Second, Ratio)),
                           Denominator);
  Value *Im = B.CreateFDiv(B.CreateFSub(Second, B.CreateFMul(First, Ratio)),
                           Denominator);
  return {Re, B.CreateSelect(Turn, B.CreateFNeg(Im), Im)};
}

/// Cut along the negative real axis, where the sign of a zero imaginary part
/// says the side; the slopes are the same on both.
Complex ComplexAlgebra::log(Complex Z) const {
  return {call(Intrinsic::log, abs(Z)), arg(Z)};
}

/// With t = sqrt((|z| + |x|) / 2) the root is t + i y / 2t to the right of the
/// imaginary axis, and |y| / 2t + i t with the sign of y to its left. There is
/// the cut, and a zero y says the side by its sign. (The form with
/// sqrt((|z| - x) / 2) has no slope on the real axis.) At the origin there is
/// no derivative.
Complex ComplexAlgebra::sqrt(Complex Z) const {
  Type *T = Z.Re->getType();
  Value *T2 = B.CreateFMul(ConstantFP::get(T, 0.5),
                           B.CreateFAdd(abs(Z), call(Intrinsic::fabs, Z.Re)));
  Value *Root = call(Intrinsic::sqrt, T2);
  Value *Other = B.CreateFDiv(Z.Im, B.CreateFAdd(Root, Root));
  Value *Right = B.CreateFCmpOGE(Z.Re, ConstantFP::getZero(T));
  return {B.CreateSelect(Right, Root, call(Intrinsic::fabs, Other)),
          B.CreateSelect(Right, Other, call(Intrinsic::copysign, Root, Z.Im))};
}

/// exp(w log z), with the cut of the logarithm. At z = 0, where that does not
/// exist, the power counts as constant, as it is for Re w > 1.
Complex ComplexAlgebra::pow(Complex Z, Complex W) const {
  Type *T = Z.Re->getType();
  Constant *Zero = ConstantFP::getZero(T);
  Value *IsZero =
      B.CreateAnd(B.CreateFCmpOEQ(Z.Re, Zero), B.CreateFCmpOEQ(Z.Im, Zero));
  Z.Re = B.CreateSelect(IsZero, ConstantFP::get(T, 1), Z.Re);
  Z.Im = B.CreateSelect(IsZero, Zero, Z.Im);
  return exp(multiply(W, log(Z)));
}

Complex ComplexAlgebra::sinh(Complex Z) const {
  return {
      B.CreateFMul(call(Intrinsic::sinh, Z.Re), call(Intrinsic::cos, Z.Im)),
      B.CreateFMul(call(Intrinsic::cosh, Z.Re), call(Intrinsic::sin, Z.Im))};
}

Complex ComplexAlgebra::cosh(Complex Z) const {
  return {
      B.CreateFMul(call(Intrinsic::cosh, Z.Re), call(Intrinsic::cos, Z.Im)),
      B.CreateFMul(call(Intrinsic::sinh, Z.Re), call(Intrinsic::sin, Z.Im))};
}

/// sin z = -i sinh iz
Complex ComplexAlgebra::sin(Complex Z) const {
  Complex S = sinh({B.CreateFNeg(Z.Im), Z.Re});
  return {S.Im, B.CreateFNeg(S.Re)};
}

/// cos z = cosh iz
Complex ComplexAlgebra::cos(Complex Z) const {
  return cosh({B.CreateFNeg(Z.Im), Z.Re});
}

//===----------------------------------------------------------------------===//
// Which function is called
//===----------------------------------------------------------------------===//

bool CallLowering::hasPrecision(StringRef Suffix) const {
  Type *T = Scalars.empty() ? Call.getArgOperand(0)->getType()
                            : Scalars.front()->getType();
  if (Suffix.empty() || Suffix == "d")
    return T->isDoubleTy();
  if (Suffix == "f" || Suffix == "s")
    return T->isFloatTy();
  if (Suffix == "t")
    return T->isFP128Ty();
  return (Suffix == "l" || Suffix == "x") && T->isX86_FP80Ty();
}

/// The two equal parts of a struct, or null.
static Type *partOfComplex(Type *T) {
  auto *Struct = dyn_cast<StructType>(T);
  return Struct && Struct->getNumElements() == 2 &&
                 Struct->getElementType(0) == Struct->getElementType(1) &&
                 Struct->getElementType(0)->isFloatingPointTy()
             ? Struct->getElementType(0)
             : nullptr;
}

/// x86-64 hands a complex float over as <2 x float>, a complex long double in
/// memory, and any other as two scalars; the compiler's own functions always
/// take scalars.
bool CallLowering::splitComplexOperands() {
  for (const Use &U : Call.args()) {
    Value *Arg = U;
    Type *T = Arg->getType();
    if (Type *ByVal = Call.getParamByValType(Call.getArgOperandNo(&U))) {
      T = partOfComplex(ByVal);
      if (!T)
        return false;
      Scalars.push_back(B.CreateLoad(T, Arg));
      Scalars.push_back(
          B.CreateLoad(T, B.CreateConstGEP1_32(T, Arg, 1, "imaginary")));
    } else if (auto *Vector = dyn_cast<FixedVectorType>(T)) {
      if (Vector->getNumElements() != 2)
        return false;
      Scalars.push_back(B.CreateExtractElement(Arg, uint64_t(0)));
      Scalars.push_back(B.CreateExtractElement(Arg, uint64_t(1)));
    } else {
      Scalars.push_back(Arg);
    }
    if (!T->isFPOrFPVectorTy() ||
        Scalars.back()->getType() != Scalars.front()->getType())
      return false;
  }
  return true;
}

bool CallLowering::hasTwoResults(Type &T) const {
  Type *Result = Call.getType();
  if (auto *Vector = dyn_cast<FixedVectorType>(Result))
    return Vector->getNumElements() == 2 && Vector->getElementType() == &T;
  return partOfComplex(Result) == &T;
}

/// The operation and the letters for its precision.
static std::pair<LibraryOp, StringRef> parseComplexName(StringRef Name) {
  StringRef Stem = Name;
  if (Stem.consume_front("__") && Stem.consume_back("c3")) {
    if (Stem.consume_front("mul"))
      return {LibraryOp::Multiply, Stem};
    if (Stem.consume_front("div"))
      return {LibraryOp::Divide, Stem};
    return {LibraryOp::None, ""};
  }
  for (auto [Function, Op] :
       {std::pair("cabs", LibraryOp::Abs), std::pair("carg", LibraryOp::Arg),
        std::pair("cexp", LibraryOp::Exp), std::pair("clog", LibraryOp::Log),
        std::pair("csqrt", LibraryOp::Sqrt), std::pair("cpow", LibraryOp::Pow),
        std::pair("csinh", LibraryOp::Sinh),
        std::pair("ccosh", LibraryOp::Cosh), std::pair("csin", LibraryOp::Sin),
        std::pair("ccos", LibraryOp::Cos)})
    if (Stem = Name; Stem.consume_front(Function) && Stem.size() <= 1)
      return {Op, Stem};
  return {LibraryOp::None, ""};
}

static bool isBinary(LibraryOp Op) {
  return Op == LibraryOp::Multiply || Op == LibraryOp::Divide ||
         Op == LibraryOp::Pow;
}

LibraryOp CallLowering::classify() {
  const Function *Callee = Call.getCalledFunction();
  if (!Callee || !Callee->isDeclaration() || Call.isStrictFP() ||
      Call.isMustTailCall() || Call.hasOperandBundles() ||
      Callee->hasFnAttribute("enzyme_inactive") ||
      Call.hasFnAttr("enzyme_inactive") || Call.arg_empty())
    return LibraryOp::None;
  switch (Callee->getIntrinsicID()) {
  case Intrinsic::sincos:
    return LibraryOp::SinCos;
  case Intrinsic::modf:
    return LibraryOp::Modf;
  case Intrinsic::frexp:
    return LibraryOp::Frexp;
  case Intrinsic::not_intrinsic:
    break;
  default:
    return LibraryOp::None;
  }

  Type *First = Call.getArgOperand(0)->getType(), *Result = Call.getType();
  auto HasPointersBehind = [&](unsigned Count) {
    return Call.arg_size() == Count + 1 &&
           all_of(drop_begin(Call.args()),
                  [](const Use &U) { return U->getType()->isPointerTy(); });
  };
  StringRef Name = Callee->getName();
  if (StringRef Suffix = Name; Suffix.consume_front("sincos"))
    return hasPrecision(Suffix) && HasPointersBehind(2) && Result->isVoidTy()
               ? LibraryOp::SinCos
               : LibraryOp::None;
  LibraryOp Op = StringSwitch<LibraryOp>(Name)
                     .Cases({"modf", "modff", "modfl"}, LibraryOp::Modf)
                     .Cases({"frexp", "frexpf", "frexpl"}, LibraryOp::Frexp)
                     .Default(LibraryOp::None);
  if (Op != LibraryOp::None)
    return hasPrecision(Name.drop_front(Op == LibraryOp::Modf ? 4 : 5)) &&
                   HasPointersBehind(1) && Result == First
               ? Op
               : LibraryOp::None;

  auto [ComplexOp, Suffix] = parseComplexName(Name);
  if (ComplexOp == LibraryOp::None || !splitComplexOperands() ||
      Scalars.size() != (isBinary(ComplexOp) ? 4 : 2) || !hasPrecision(Suffix))
    return LibraryOp::None;
  Type *T = Scalars.front()->getType();
  bool IsReal = ComplexOp == LibraryOp::Abs || ComplexOp == LibraryOp::Arg;
  return (IsReal ? Result == T : hasTwoResults(*T)) ? ComplexOp
                                                    : LibraryOp::None;
}

//===----------------------------------------------------------------------===//
// What takes its place
//===----------------------------------------------------------------------===//

void freezeCall(CallInst &Call, MemoryEffects Effects) {
  Call.addFnAttr(Attribute::get(Call.getContext(), "enzyme_inactive"));
  Call.addFnAttr(Attribute::WillReturn);
  Call.setDoesNotThrow();
  Call.setMemoryEffects(Call.getMemoryEffects() & Effects);
}

/// In q - (q' - l) the copy q' is inactive, and where q and l agree but for
/// rounding the differences are exact. A q that is not finite says nothing
/// about the derivative: there the library's result counts as constant.
Value *withLibraryValue(IRBuilderBase &B, Value *Formula, Value *Library) {
  Type *T = Formula->getType();
  CallInst *Copy = B.CreateIntrinsic(Intrinsic::arithmetic_fence, T, Formula);
  Copy->addFnAttr(Attribute::get(Copy->getContext(), "enzyme_inactive"));
  Value *Sum = B.CreateFSub(Formula, B.CreateFSub(Copy, Library));
  Value *IsFinite =
      B.CreateFCmpOLT(B.CreateUnaryIntrinsic(Intrinsic::fabs, Copy),
                      ConstantFP::getInfinity(T));
  return B.CreateSelect(IsFinite, Sum, Library);
}

/// Puts \p Results where the call's result was used before.
void CallLowering::replaceResult(ArrayRef<Value *> Results) {
  Value *Whole = Call.getType() == Results[0]->getType() ? Results[0] : nullptr;
  auto Combine = [&]() -> Value * {
    Value *V = PoisonValue::get(Call.getType());
    for (auto [Index, Part] : enumerate(Results))
      V = V->getType()->isVectorTy()
              ? B.CreateInsertElement(V, Part, uint64_t(Index))
              : B.CreateInsertValue(V, Part, unsigned(Index));
    return V;
  };
  for (User *U : Users) {
    auto *Extract = dyn_cast<ExtractValueInst>(U);
    if (Extract && !Whole && Extract->getNumIndices() == 1) {
      Extract->replaceAllUsesWith(Results[Extract->getIndices()[0]]);
      Extract->eraseFromParent();
      continue;
    }
    if (!Whole)
      Whole = Combine();
    U->replaceUsesOfWith(&Call, Whole);
  }
}

/// Replaces the call altogether by \p Results: they are the parts of its
/// result, or as many of them as it has pointer operands go to memory.
void CallLowering::finish(ArrayRef<Value *> Results) {
  unsigned InMemory = Call.arg_size() - 1;
  for (unsigned I = 0; I < InMemory; ++I)
    B.CreateStore(Results[Results.size() - InMemory + I],
                  Call.getArgOperand(1 + I));
  if (InMemory < Results.size())
    replaceResult(Results.drop_back(InMemory));
  Call.eraseFromParent();
}

void CallLowering::lowerSinCos() {
  Value *X = Call.getArgOperand(0);
  finish({B.CreateUnaryIntrinsic(Intrinsic::sin, X),
          B.CreateUnaryIntrinsic(Intrinsic::cos, X)});
}

/// The fraction is fmod(x, 1), which has the sign of x even if it is zero,
/// but for infinite x. Its slope at the integers is 1: that of the side of r.
void CallLowering::lowerModf() {
  Value *X = Call.getArgOperand(0);
  Type *T = X->getType();
  Value *IsInfinite = B.CreateFCmpOEQ(
      B.CreateUnaryIntrinsic(Intrinsic::fabs, X), ConstantFP::getInfinity(T));
  Value *Zero = B.CreateCopySign(ConstantFP::getZero(T), X);
  Value *Fraction = B.CreateFRem(X, ConstantFP::get(T, 1));
  finish({B.CreateSelect(IsInfinite, Zero, Fraction),
          B.CreateUnaryIntrinsic(Intrinsic::trunc, X)});
}

/// The mantissa is x 2^-e, exactly. The exponent e, an integer that jumps at
/// the powers of two, still comes from the call.
void CallLowering::lowerFrexp() {
  Value *X = Call.getArgOperand(0);
  B.SetInsertPoint(Call.getNextNode());
  bool InMemory = Call.arg_size() == 2;
  Value *Exponent = InMemory
                        ? B.CreateLoad(B.getInt32Ty(), Call.getArgOperand(1))
                        : B.CreateExtractValue(&Call, 1);
  Value *Mantissa =
      B.CreateIntrinsic(Intrinsic::ldexp, {X->getType(), Exponent->getType()},
                        {X, B.CreateNeg(Exponent)});
  freezeCall(Call, InMemory ? MemoryEffects::argMemOnly(ModRefInfo::Mod)
                            : MemoryEffects::none());
  if (InMemory)
    replaceResult({Mantissa});
  else
    replaceResult({Mantissa, Exponent});
}

void CallLowering::lowerComplex(LibraryOp Op) {
  B.SetInsertPoint(Call.getNextNode());
  B.clearFastMathFlags(); // They must not touch the sum in withLibraryValue.
  ComplexAlgebra Algebra(B);
  Complex X = {Scalars[0], Scalars[1]}, Formula = {nullptr, nullptr};
  Complex Y = isBinary(Op) ? Complex{Scalars[2], Scalars[3]} : X;
  switch (Op) {
  case LibraryOp::Abs:
  case LibraryOp::Arg:
    replaceResult({Op == LibraryOp::Abs ? Algebra.abs(X) : Algebra.arg(X)});
    Call.eraseFromParent();
    return;
  case LibraryOp::Multiply:
    Formula = Algebra.multiply(X, Y);
    break;
  case LibraryOp::Divide:
    Formula = Algebra.divide(X, Y);
    break;
  case LibraryOp::Exp:
    Formula = Algebra.exp(X);
    break;
  case LibraryOp::Log:
    Formula = Algebra.log(X);
    break;
  case LibraryOp::Sqrt:
    Formula = Algebra.sqrt(X);
    break;
  case LibraryOp::Pow:
    Formula = Algebra.pow(X, Y);
    break;
  case LibraryOp::Sin:
    Formula = Algebra.sin(X);
    break;
  case LibraryOp::Cos:
    Formula = Algebra.cos(X);
    break;
  case LibraryOp::Sinh:
    Formula = Algebra.sinh(X);
    break;
  case LibraryOp::Cosh:
    Formula = Algebra.cosh(X);
    break;
  case LibraryOp::None:
  case LibraryOp::SinCos:
  case LibraryOp::Modf:
  case LibraryOp::Frexp:
    return; // Not on complex numbers.
  }
  auto Part = [&](unsigned Index) -> Value * {
    return Call.getType()->isVectorTy()
               ? B.CreateExtractElement(&Call, uint64_t(Index))
               : B.CreateExtractValue(&Call, Index);
  };
  // errno is all the memory that such a function writes, and nobody asks a
  // copy for that.
  bool InMemory =
      any_of(Call.args(), [](Use &U) { return U->getType()->isPointerTy(); });
  freezeCall(Call, InMemory ? MemoryEffects::argMemOnly(ModRefInfo::Ref)
                            : MemoryEffects::none());
  replaceResult({withLibraryValue(B, Formula.Re, Part(0)),
                 withLibraryValue(B, Formula.Im, Part(1))});
}

void CallLowering::run() {
  switch (LibraryOp Op = classify()) {
  case LibraryOp::None:
    // The parts of operands that then did not fit.
    for (Value *V : reverse(Scalars))
      RecursivelyDeleteTriviallyDeadInstructions(V);
    return;
  case LibraryOp::SinCos:
    return lowerSinCos();
  case LibraryOp::Modf:
    return lowerModf();
  case LibraryOp::Frexp:
    return lowerFrexp();
  default:
    return lowerComplex(Op);
  }
}

void lowerLibraryCalls(Function &F) {
  SmallVector<CallInst *, 16> Calls;
  for (Instruction &I : instructions(F))
    if (auto *Call = dyn_cast<CallInst>(&I))
      Calls.push_back(Call);
  for (CallInst *Call : Calls)
    CallLowering(*Call).run();
}

} // namespace linkgrad
