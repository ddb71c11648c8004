//===- EmittedRules.cpp - Rules as compiled by the JIT --------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "EmittedRules.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Verifier.h"
#include "llvm/Support/TargetSelect.h"
#include "llvm/TargetParser/Host.h"

using namespace llvm;

namespace linkgrad::test {

static Type *typeOf(Kind K, LLVMContext &C) {
  switch (K) {
  case Kind::Float:
    return Type::getFloatTy(C);
  case Kind::Double:
    return Type::getDoubleTy(C);
  case Kind::LongDouble:
    return Type::getX86_FP80Ty(C);
  case Kind::Vector:
    return FixedVectorType::get(Type::getDoubleTy(C), 2);
  }
  return nullptr;
}

EmittedRules::EmittedRules(Kind K)
    : K(K), Context(std::make_unique<LLVMContext>()),
      M(std::make_unique<Module>("rules", *Context)), Ty(typeOf(K, *Context)) {
  for (auto [Row, Rule] : zip_equal(allRows(), ScalarRule::all()))
    for (unsigned Arg = 0; Arg != Rule.arity(); ++Arg)
      if (!Rule.isZero(Arg))
        emitMap(Rule, Row.Operands, Arg);
}

std::string EmittedRules::functionName(StringRef Row, unsigned Arg) {
  return ("map_" + Row + "_" + Twine(Arg)).str();
}

/// Loads input \p Index of every lane from \p In as a value of type \p Ty.
static Value *loadInput(IRBuilder<> &B, Value *In, unsigned Index, Type *Ty) {
  auto Load = [&](unsigned Lane) {
    unsigned Offset = Lane * EmittedRules::Inputs + Index;
    Type *Double = B.getDoubleTy();
    return B.CreateLoad(Double, B.CreateConstGEP1_32(Double, In, Offset));
  };
  auto *Vector = dyn_cast<FixedVectorType>(Ty);
  if (!Vector)
    return Ty->isIntegerTy() ? B.CreateFPToSI(Load(0), Ty)
                             : B.CreateFPCast(Load(0), Ty);
  Value *Result = PoisonValue::get(Vector);
  for (unsigned Lane = 0; Lane != Vector->getNumElements(); ++Lane)
    Result = B.CreateInsertElement(Result, Load(Lane), Lane);
  return Result;
}

static void storeOutput(IRBuilder<> &B, Value *V, Value *Out) {
  Type *Double = B.getDoubleTy();
  auto *Vector = dyn_cast<FixedVectorType>(V->getType());
  if (!Vector) {
    B.CreateStore(B.CreateFPCast(V, Double), Out);
    return;
  }
  for (unsigned Lane = 0; Lane != Vector->getNumElements(); ++Lane)
    B.CreateStore(B.CreateExtractElement(V, Lane),
                  B.CreateConstGEP1_32(Double, Out, Lane));
}

void EmittedRules::emitMap(const ScalarRule &Rule, StringRef Operands,
                           unsigned Arg) {
  IRBuilder<> B(*Context);
  auto *FT =
      FunctionType::get(B.getVoidTy(), {B.getPtrTy(), B.getPtrTy()}, false);
  auto *F = llvm::Function::Create(FT, GlobalValue::ExternalLinkage,
                                   functionName(Rule.name(), Arg), *M);
  B.SetInsertPoint(BasicBlock::Create(*Context, "entry", F));
  auto Input = [&](unsigned Ref) -> Value * {
    Type *T = Ty;
    if (Ref < Operands.size() && Operands[Ref] == 'i')
      T = B.getInt32Ty();
    return loadInput(B, F->getArg(0), Ref + 1, T);
  };
  Value *G = loadInput(B, F->getArg(0), 0, Ty);
  // A map sees of the primal instruction only the type and the flags.
  auto *Primal = cast<Instruction>(B.CreateFAdd(G, G, "primal"));
  Value *Result = Rule.emit(B, *Primal, Arg, G, Input);
  storeOutput(B, Result, F->getArg(1));
  B.CreateRetVoid();
}

/// What the C library may lack.
extern "C" {
static double jitSinpi(double X) { return sinpiOf(X); }
static double jitCospi(double X) { return cospiOf(X); }
static float jitSinpif(float X) { return static_cast<float>(sinpiOf(X)); }
static float jitCospif(float X) { return static_cast<float>(cospiOf(X)); }
static long double jitSinpil(long double X) {
  return std::sin(3.14159265358979323846264338328L * X);
}
static long double jitCospil(long double X) {
  return std::cos(3.14159265358979323846264338328L * X);
}
}

static orc::SymbolMap extraSymbols(orc::LLJIT &JIT) {
  orc::SymbolMap Symbols;
  auto Add = [&](StringRef Name, auto *Address) {
    Symbols[JIT.mangleAndIntern(Name)] = {orc::ExecutorAddr::fromPtr(Address),
                                          JITSymbolFlags::Exported};
  };
  Add("sinpi", jitSinpi);
  Add("cospi", jitCospi);
  Add("sinpif", jitSinpif);
  Add("cospif", jitCospif);
  Add("sinpil", jitSinpil);
  Add("cospil", jitCospil);
  return Symbols;
}

Error EmittedRules::compile() {
  if (verifyModule(*M, &errs()))
    return createStringError("the emitted rules are not valid IR");
  InitializeNativeTarget();
  InitializeNativeTargetAsmPrinter();
  // The same code on all machines. (With AVX-512, LLVM 22 cannot select
  // llvm.ldexp of vectors.)
  orc::JITTargetMachineBuilder Generic{Triple(sys::getProcessTriple())};
  auto Built = orc::LLJITBuilder().setJITTargetMachineBuilder(Generic).create();
  if (!Built)
    return Built.takeError();
  JIT = std::move(*Built);
  orc::JITDylib &Main = JIT->getMainJITDylib();
  if (Error E = Main.define(orc::absoluteSymbols(extraSymbols(*JIT))))
    return E;
  auto Process = orc::DynamicLibrarySearchGenerator::GetForCurrentProcess(
      JIT->getDataLayout().getGlobalPrefix());
  if (!Process)
    return Process.takeError();
  Main.addGenerator(std::move(*Process));
  M->setDataLayout(JIT->getDataLayout());
  return JIT->addIRModule(
      orc::ThreadSafeModule(std::move(M), std::move(Context)));
}

EmittedRules::Function *EmittedRules::lookup(const std::string &Name) {
  auto Address = JIT->lookup(Name);
  if (!Address) {
    logAllUnhandledErrors(Address.takeError(), errs(), Name + ": ");
    return nullptr;
  }
  return Address->toPtr<Function *>();
}

/// \p V as the type sees it.
static double rounded(Kind K, double V) {
  return K == Kind::Float ? static_cast<float>(V) : V;
}

std::string checkEmitted(EmittedRules &Rules, const RowUnderTest &Row,
                         unsigned Arg, const RowSamples &Samples) {
  auto *Map = Rules.lookup(EmittedRules::functionName(Row.Name, Arg));
  if (!Map)
    return Row.Name + ": not compiled";
  size_t NumPoints = Samples.Points.size();
  for (size_t I = 0; I != NumPoints; ++I) {
    double In[2 * EmittedRules::Inputs], Out[2], Expected[2];
    for (unsigned Lane = 0; Lane != Rules.lanes(); ++Lane) {
      Point P = Samples.Points[(I + Lane) % NumPoints];
      for (unsigned Op = 0; Op != 3; ++Op) {
        // An integer operand is the same in all lanes.
        if (Op < Row.Operands.size() && Row.Operands[Op] == 'i')
          P[Op] = Samples.Points[I][Op];
        P[Op] = rounded(Rules.kind(), P[Op]);
      }
      double G = Lane ? -0.75 : 1.25, R = rounded(Rules.kind(), Samples.at(P));
      Expected[Lane] = Row.map(Arg, G, P, R);
      double Values[] = {G, P[0], P[1], P[2], R};
      std::copy(std::begin(Values), std::end(Values),
                In + Lane * EmittedRules::Inputs);
    }
    Map(In, Out);
    double Tolerance = Rules.kind() == Kind::Float ? 1e-5 : 1e-13;
    for (unsigned Lane = 0; Lane != Rules.lanes(); ++Lane)
      if (!isClose(Out[Lane], Expected[Lane], Tolerance))
        return Row.Name + ", map " + std::to_string(Arg) + ", point " +
               std::to_string(I) + ", lane " + std::to_string(Lane) +
               ": emitted " + std::to_string(Out[Lane]) + ", expected " +
               std::to_string(Expected[Lane]);
  }
  return "";
}

} // namespace linkgrad::test
