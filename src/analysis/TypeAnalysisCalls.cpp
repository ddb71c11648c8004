//===- TypeAnalysisCalls.cpp - Types from calls ---------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Copies of memory, known functions, type hints, and what a callee's body
// says about its parameters.
//
//===----------------------------------------------------------------------===//

#include "analysis/CountedUnit.h"
#include "analysis/FunctionObjects.h"
#include "analysis/GlobalActivity.h"
#include "analysis/TextAccesses.h"
#include "analysis/TypeAnalysisFunction.h"
#include "request/MagicNames.h"
#include "rules/Allocations.h"
#include "rules/BlasFunctions.h"
#include "rules/KnownFunctions.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

static std::optional<uint64_t> constantValue(const Value &V) {
  auto *C = dyn_cast<ConstantInt>(&V);
  if (!C || C->getValue().getActiveBits() > 62)
    return std::nullopt;
  return C->getZExtValue();
}

static const Function *calleeOf(const CallBase &Call) {
  return dyn_cast<Function>(
      Call.getCalledOperand()->stripPointerCastsAndAliases());
}

void FunctionTypes::visitCallBase(CallBase &Call) {
  // Attributes of the call and of the callee.
  const Function *Callee = calleeOf(Call);
  AttributeList OfCallee = Callee ? Callee->getAttributes() : AttributeList();
  for (auto [Index, Arg] : enumerate(Call.args())) {
    readParameter(*Arg, Call.getAttributes().getParamAttrs(Index));
    readParameter(*Arg, OfCallee.getParamAttrs(Index));
  }
  readTypeString(
      Call, Call.getAttributes().getRetAttrs().getAttribute("enzyme_type"));
  readTypeString(Call, OfCallee.getRetAttrs().getAttribute("enzyme_type"));
  if (const Value *Same = Call.getReturnedArgOperand();
      Same && Same->getType() == Call.getType())
    flow(*Same, Call);
  if (Call.hasFnAttr(Attribute::AllocSize)) {
    auto [Size, Count] =
        Call.getFnAttr(Attribute::AllocSize).getAllocSizeArgs();
    markInteger(*Call.getArgOperand(Size));
    if (Count)
      markInteger(*Call.getArgOperand(*Count));
  }

  if (!Callee)
    return;
  if (auto *Intrinsic = dyn_cast<IntrinsicInst>(&Call)) {
    visitIntrinsic(*Intrinsic);
    return;
  }
  StringRef Name = Callee->getName();
  if (classifyMagicCall(Name) == MagicCall::TypeHint)
    return visitTypeHint(Call, Name);
  if (visitKnownCallee(Call, Name))
    return;
  if (auto Blas = BlasFunction::find(Call))
    return visitBlasCall(Call, *Blas);
  if (classifyCallee(*Callee) == CalleeKind::Mirrored) {
    // A node gives a node.
    if (Call.getType()->isPointerTy() && Call.arg_size() &&
        Call.getArgOperand(0)->getType()->isPointerTy())
      flow(*Call.getArgOperand(0), Call);
    return;
  }
  if (Callee == &F)
    applyCallee(Call, *this);
  else if (!Callee->isDeclaration())
    OpenCalls.push_back(&Call);
}

/// A manager can also leave the address of the object in a room, where the next
/// one to be called would take it for what is in it.
bool FunctionTypes::applyManager(const CallBase &Call, const Function &Callee) {
  if (!managesObjects(Callee) || !areFunctionObjectsWords(*F.getParent()))
    return false;
  Loc To = pointsTo(*Call.getArgOperand(0)),
      From = pointsTo(*Call.getArgOperand(1));
  Sources.addFunctionObject(To);
  Sources.addFunctionObject(From);
  G.tie(To, From, FunctionObjectSize);
  return true;
}

//===----------------------------------------------------------------------===//
// Intrinsics
//===----------------------------------------------------------------------===//

/// \returns whether \p I is one of those that matter here.
bool FunctionTypes::visitIntrinsic(IntrinsicInst &I) {
  if (auto *Transfer = dyn_cast<AnyMemTransferInst>(&I)) {
    copyMemory(I, *Transfer->getRawDest(), *Transfer->getRawSource(),
               *Transfer->getLength());
    if (I.hasMetadata(UnionCopyMD))
      Sources.addDoubleOrPointer(pointsTo(*Transfer->getRawDest()));
    return true;
  }
  switch (I.getIntrinsicID()) {
  case Intrinsic::masked_load:
  case Intrinsic::masked_store:
  case Intrinsic::masked_gather:
  case Intrinsic::masked_scatter:
    visitMaskedAccess(I);
    return true;
  case Intrinsic::smax:
  case Intrinsic::smin:
  case Intrinsic::umax:
  case Intrinsic::umin:
  case Intrinsic::abs:
  case Intrinsic::ctpop:
  case Intrinsic::sadd_sat:
  case Intrinsic::uadd_sat:
  case Intrinsic::ssub_sat:
  case Intrinsic::usub_sat:
  case Intrinsic::sadd_with_overflow:
  case Intrinsic::uadd_with_overflow:
  case Intrinsic::ssub_with_overflow:
  case Intrinsic::usub_with_overflow:
  case Intrinsic::smul_with_overflow:
  case Intrinsic::umul_with_overflow: {
    for (Value *Arg : I.args())
      markInteger(*Arg);
    if (I.getType()->isIntOrIntVectorTy())
      markInteger(I);
    else if (Loc L = content(I))
      G.mark(L, std::min<uint64_t>(8, sizeOf(I.getArgOperand(0)->getType())),
             Evidence::integer());
    return true;
  }
  case Intrinsic::memset:
    markInteger(*I.getArgOperand(2));
    return true;
  case Intrinsic::powi:
  case Intrinsic::ldexp:
    markInteger(*I.getArgOperand(1));
    return true;
  case Intrinsic::launder_invariant_group:
  case Intrinsic::strip_invariant_group:
  case Intrinsic::ptr_annotation:
  case Intrinsic::ssa_copy:
  case Intrinsic::expect:
  case Intrinsic::ptrmask:
    flow(*I.getArgOperand(0), I);
    return true;
  case Intrinsic::frexp:
    if (Loc L = content(I))
      Sources.addType(L, I.getType(), /*Integers=*/true);
    return true;
  default:
    return false;
  }
}

void FunctionTypes::visitMaskedAccess(IntrinsicInst &I) {
  bool Load = I.getIntrinsicID() == Intrinsic::masked_load ||
              I.getIntrinsicID() == Intrinsic::masked_gather;
  bool Lanes = I.getIntrinsicID() == Intrinsic::masked_gather ||
               I.getIntrinsicID() == Intrinsic::masked_scatter;
  const Value &Data = Load ? static_cast<Value &>(I) : *I.getArgOperand(0);
  Loc L = pointsTo(*I.getArgOperand(Load ? 0 : 1));
  Type *T = Data.getType();
  if (Load && !T->isPtrOrPtrVectorTy() && !T->isFPOrFPVectorTy()) {
    // The lanes that are masked out come from the last operand.
    const Value &PassThrough = *I.getArgOperand(I.arg_size() - 1);
    G.tie(content(I), content(PassThrough), sizeOf(T));
  }
  if (!Lanes)
    return Load ? load(L, I) : store(L, Data);
  // One lane at each of the pointers, which share one place.
  Type *Elt = T->getScalarType();
  uint64_t Step = sizeOf(Elt);
  if (Elt->isFloatingPointTy())
    return Sources.addType(L, Elt, /*Integers=*/false);
  if (Elt->isPointerTy() && L)
    return G.unify(G.pointee(L, Step), pointsTo(Data));
  for (uint64_t At = 0; Step && At < sizeOf(T); At += Step)
    if (Loc Lane = content(Data))
      G.tie(Lane + At, L, Step);
}

//===----------------------------------------------------------------------===//
// Copies
//===----------------------------------------------------------------------===//

void FunctionTypes::copyMemory(CallBase &Call, const Value &Dst,
                               const Value &Src, const Value &Size) {
  if (accessesText(Call))
    return markInteger(Size);
  auto Bytes = constantValue(Size);
  Loc To = pointsTo(Dst), From = pointsTo(Src);
  if (Call.hasMetadata(MovedObjectMD)) {
    markInteger(Size);
    return G.unify(To, From);
  }
  int64_t Unit = Bytes ? 0 : copiedUnit(Call, Size);
  G.noteStore(To,
              Bytes ? std::min<uint64_t>(*Bytes, TypeGraph::Unbounded)
                    : TypeGraph::Unbounded,
              /*IsPointer=*/false,
              /*Words=*/!Bytes && Unit <= int64_t(DL.getPointerSize()));
  if (!Bytes) {
    markInteger(Size);
    // From 1 nothing follows; a very long unit is not one.
    return G.tieTable(To, From, Unit > 1 && Unit <= 4096 ? Unit : 0);
  }
  G.tie(To, From, *Bytes);
  if (holdsPrintableText(Src)) // LLVM makes this of strcpy and strncpy.
    G.mark(To, 1, Evidence::text());
  if (const MDNode *Fields = Call.getMetadata(LLVMContext::MD_tbaa_struct)) {
    Sources.addTbaaCopy(To, *Fields, Bytes);
    Sources.addTbaaCopy(From, *Fields, Bytes);
  }
}

/// C's functions on memory and strings. \returns whether \p Name is one.
bool FunctionTypes::visitKnownCallee(CallBase &Call, StringRef Name) {
  enum { Other, Copy, Strings, Realloc, IntegerOut, FloatOut };
  auto [Kind, MinArgs] =
      StringSwitch<std::pair<int, unsigned>>(Name)
          .Cases({"memcpy", "memmove", "mempcpy"}, {Copy, 3})
          .Cases({"__memcpy_chk", "__memmove_chk"}, {Copy, 4})
          .Cases({"strlen", "atoi", "atof", "atol"}, {Strings, 1})
          .Cases({"puts", "printf", "fputs", "fprintf"}, {Strings, 1})
          .Cases({"strcmp", "strcpy", "strcat", "strchr", "strstr"},
                 {Strings, 2})
          .Cases({"strncmp", "strncpy", "strtod", "strtol"}, {Strings, 2})
          .Cases({"sprintf", "snprintf", "vsnprintf"}, {Strings, 1})
          .Case("realloc", {Realloc, 2})
          .Cases({"frexp", "frexpf", "frexpl"}, {IntegerOut, 2})
          .Cases({"modf", "modff", "modfl"}, {FloatOut, 2})
          .Cases({"sincos", "sincosf", "sincosl"}, {FloatOut, 3})
          .Default({Other, 0});
  if (Kind == Other || Call.arg_size() < MinArgs)
    return false;

  auto IsPointer = [&](unsigned Arg) {
    return Call.getArgOperand(Arg)->getType()->isPointerTy();
  };
  switch (Kind) {
  case Copy:
    if (IsPointer(0) && IsPointer(1))
      copyMemory(Call, *Call.getArgOperand(0), *Call.getArgOperand(1),
                 *Call.getArgOperand(2));
    if (Call.getType()->isPointerTy() && Name != "mempcpy")
      flow(*Call.getArgOperand(0), Call);
    return true;
  case Realloc:
    if (IsPointer(0) && Call.getType()->isPointerTy())
      flow(*Call.getArgOperand(0), Call);
    return true;
  case Strings:
    // The format of fprintf is its second operand, FILEs are opaque.
    for (unsigned I = Name.starts_with("f"); I < MinArgs; ++I)
      if (IsPointer(I)) {
        Loc L = pointsTo(*Call.getArgOperand(I));
        G.mark(G.element(L, 1), 1, Evidence::integer());
        Evidence First = Evidence::integer();
        First.join(Evidence::text());
        G.mark(L, 1, First);
      }
    return true;
  case IntegerOut:
    if (IsPointer(1))
      G.mark(pointsTo(*Call.getArgOperand(1)), 4, Evidence::integer());
    return true;
  case FloatOut:
    for (unsigned I = 1; I < MinArgs; ++I)
      if (IsPointer(I))
        Sources.addType(pointsTo(*Call.getArgOperand(I)),
                        Call.getArgOperand(0)->getType(), false);
    return true;
  }
  return true;
}

/// True if \p Increment, of CBLAS or Fortran, says that elements are
/// neighbours.
static bool isUnit(const Value &Increment) {
  if (auto *C = dyn_cast<ConstantInt>(&Increment))
    return C->isOne() || C->isMinusOne();
  if (auto *Constant = dyn_cast<GlobalVariable>(&Increment))
    return Constant->isConstant() && Constant->hasDefinitiveInitializer() &&
           isUnit(*Constant->getInitializer());
  // A variable that is set once and passed by reference.
  const StoreInst *Set = nullptr;
  for (const User *U : Increment.users()) {
    auto *Call = dyn_cast<CallBase>(U);
    auto *Store = dyn_cast<StoreInst>(U);
    if (isa<LoadInst>(U) ||
        (Call && (Call->getIntrinsicID() || BlasFunction::find(*Call))))
      continue;
    if (!Store || Set || Store->getPointerOperand() != &Increment)
      return false;
    Set = Store;
  }
  return isa<AllocaInst>(Increment) && Set && isUnit(*Set->getValueOperand());
}

/// Between the elements of a vector anything may lie, as in an array of
/// structs.
void FunctionTypes::visitBlasCall(CallBase &Call, const BlasFunction &Blas) {
  LLVMContext &C = F.getContext();
  Type *Real = Blas.IsSingle ? Type::getFloatTy(C) : Type::getDoubleTy(C);
  for (unsigned I = 0; I < Blas.Parameters.size(); ++I) {
    Value &Arg = *Call.getArgOperand(I);
    if (!Arg.getType()->isPointerTy() ||
        (!Blas.isDifferentiable(I) &&
         Blas.parameter(I) != BlasParameter::Number))
      continue;
    Loc L = pointsTo(Arg);
    if (Blas.isMatrix(I) ||
        (Blas.isDifferentiable(I) && isUnit(*Call.getArgOperand(I + 1))))
      L = G.declaredElement(L, sizeOf(Real));
    Sources.addType(L, Real, /*Integers=*/false);
  }
}

//===----------------------------------------------------------------------===//
// Hints
//===----------------------------------------------------------------------===//

/// `__enzyme_double(ptr[, size])` and its like: the bytes behind ptr, all of
/// them if there is no size.
void FunctionTypes::visitTypeHint(CallBase &Call, StringRef Name) {
  if (Call.arg_size() == 0 || !Call.getArgOperand(0)->getType()->isPointerTy())
    return;
  LLVMContext &C = F.getContext();
  Evidence Ev;
  if (Name.contains("__enzyme_double"))
    Ev = Evidence::floating(Type::getDoubleTy(C));
  else if (Name.contains("__enzyme_float"))
    Ev = Evidence::floating(Type::getFloatTy(C));
  else if (Name.contains("__enzyme_pointer"))
    Ev = Evidence::pointer();
  else if (Name.contains("__enzyme_integer"))
    Ev = Evidence::integer();
  else
    return;
  Loc L = pointsTo(*Call.getArgOperand(0));
  unsigned Step = 1;
  if (Ev.Float)
    Step = sizeOf(Ev.Float);
  else if (Ev.Pointer)
    Step = pointerSize(Call.getArgOperand(0)->getType());
  auto Size = Call.arg_size() > 1 ? constantValue(*Call.getArgOperand(1))
                                  : std::nullopt;
  G.mark(G.element(L, Step, Size ? int64_t(*Size) : TypeGraph::Unbounded,
                   /*Guess=*/false),
         Step, Ev);
}

//===----------------------------------------------------------------------===//
// Bodies
//===----------------------------------------------------------------------===//

void FunctionTypes::applyCallee(const CallBase &Call, FunctionTypes &Callee,
                                Facts Which) {
  DenseMap<unsigned, unsigned> Map;
  bool Same = &Callee == this;
  auto Imported = [&](Loc L) {
    return Same || !L ? L : G.import(Callee.G, L, Map, Which == OnlyFloats);
  };
  for (auto [Index, Parameter] : enumerate(Callee.F.args())) {
    if (Index >= Call.arg_size())
      break;
    const Value &Arg = *Call.getArgOperand(Index);
    Type *T = Arg.getType();
    if (T != Parameter.getType())
      continue;
    if (T->isPtrOrPtrVectorTy())
      G.unify(pointsTo(Arg), Imported(Callee.pointsTo(Parameter)));
    else if (!T->isFPOrFPVectorTy())
      G.tie(content(Arg), Imported(Callee.content(Parameter)), sizeOf(T));
  }
  if (Which == Globals && !Same)
    for (const GlobalVariable *Global : Callee.Variables)
      G.unify(globalPlace(*Global), Imported(Callee.pointsTo(*Global)));
  Type *T = Call.getType();
  if (T != Callee.F.getReturnType())
    T = Type::getVoidTy(F.getContext());
  if (T->isPtrOrPtrVectorTy())
    G.unify(rootOf(Call), Imported(Callee.ReturnedPointer));
  else if (!T->isFPOrFPVectorTy() && !T->isVoidTy())
    G.tie(content(Call), Imported(Callee.ReturnedContent), sizeOf(T));
  if (!Same && Which != OnlyFloats)
    G.importStores(Callee.G, Map);
}

TypeGraph FunctionTypes::given() {
  TypeGraph Given;
  DenseMap<unsigned, unsigned> Map;
  for (const Argument &Arg : F.args())
    if (Arg.getType()->isPtrOrPtrVectorTy())
      Given.import(G, pointsTo(Arg), Map);
    else if (!Arg.getType()->isFPOrFPVectorTy())
      Given.import(G, content(Arg), Map);
  Given.importStores(G, Map);
  Given.run();
  return Given;
}

} // namespace linkgrad
