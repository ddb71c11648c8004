//===- Allocations.cpp - Heap memory and its shadow -----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/Allocations.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

//===-- By name -----------------------------------------------------------===//

// LLVM's MemoryBuiltins knows the same functions, but tells neither which
// operand is the size nor which function frees.

/// Skips the suffixes of operator new and delete from \p Name.
static bool consumeAligned(StringRef &Name) {
  return Name.consume_front("St11align_val_t");
}
static bool onlyHintsLeft(StringRef Name) {
  Name.consume_front("RKSt9nothrow_t");
  Name.consume_front("12__hot_cold_t");
  return Name.empty();
}

/// operator new and new[]: `_Zn` `w` or `a`, size_t, [align_val_t], [nothrow].
static std::optional<AllocationInfo> operatorNew(StringRef Name) {
  if (!Name.consume_front("_Zn"))
    return std::nullopt;
  bool IsArray = Name.consume_front("a");
  if (!IsArray && !Name.consume_front("w"))
    return std::nullopt;
  if (!Name.consume_front("m") && !Name.consume_front("j"))
    return std::nullopt;
  AllocationInfo Info;
  Info.FreeName = IsArray ? "_ZdaPv" : "_ZdlPv";
  if (consumeAligned(Name)) {
    Info.FreeName += "St11align_val_t";
    Info.FreeOperands = {1};
  }
  return onlyHintsLeft(Name) ? std::optional(Info) : std::nullopt;
}

static bool isOperatorDelete(StringRef Name) {
  if (!Name.consume_front("_ZdlPv") && !Name.consume_front("_ZdaPv"))
    return false;
  // The size, of the sized forms.
  if (!Name.consume_front("m"))
    Name.consume_front("j");
  consumeAligned(Name);
  return onlyHintsLeft(Name);
}

static std::optional<AllocationInfo> allocationByName(StringRef Name) {
  AllocationInfo Info;
  Info.FreeName = "free";
  if (Name == "malloc" || Name == "valloc" || Name == "pvalloc")
    return Info;
  if (Name == "calloc") {
    Info.CountOperand = 0;
    Info.SizeOperand = 1;
    Info.Zeroed = true;
    return Info;
  }
  if (Name == "aligned_alloc" || Name == "memalign") {
    Info.SizeOperand = 1;
    return Info;
  }
  if (Name == "mmap" || Name == "mmap64") {
    Info.SizeOperand = 1;
    Info.Zeroed = Info.IsMapping = true;
    Info.FreeName = "munmap";
    Info.FreeOperands = {1};
    return Info;
  }
  return operatorNew(Name);
}

static bool isFreeName(StringRef Name) {
  return Name == "free" || Name == "munmap" || isOperatorDelete(Name);
}

/// Rust's allocator shims, in newer compilers mangled as items of the crate
/// __rustc.
static constexpr StringLiteral RustAllocator[] = {
    "__rust_alloc", "__rust_alloc_zeroed", "__rust_dealloc", "__rust_realloc"};

static bool isRustAllocatorName(StringRef Name) {
  return any_of(RustAllocator, [&](StringRef F) { return Name.ends_with(F); });
}

static std::optional<ReallocatorKind> reallocatorByName(StringRef Name) {
  if (Name == "realloc")
    return ReallocatorKind::Realloc;
  if (Name == "reallocarray")
    return ReallocatorKind::ReallocArray;
  if (Name.ends_with("__rust_realloc"))
    return ReallocatorKind::Rust;
  return std::nullopt;
}

bool isAllocatorName(StringRef Name) {
  return allocationByName(Name) || isFreeName(Name) ||
         isRustAllocatorName(Name) || reallocatorByName(Name) ||
         Name == UsableSizeName;
}

std::string rustAllocatorName(StringRef Known, StringRef Wanted) {
  for (StringRef Name : RustAllocator) {
    StringRef Stem = Known;
    if (!Stem.consume_back(Name))
      continue;
    // In v0 mangling the identifier is preceded by its length and, as it begins
    // with an underscore, by another one.
    bool Mangled = Stem.consume_back((Twine(Name.size()) + "_").str());
    return (Stem + (Mangled ? Twine(Wanted.size()) + "_" : Twine()) + Wanted)
        .str();
  }
  return "";
}

//===-- By attribute ------------------------------------------------------===//

static AllocFnKind allocKind(const Function &F) {
  Attribute A = F.getFnAttribute(Attribute::AllocKind);
  return A.isValid() ? A.getAllocKind() : AllocFnKind::Unknown;
}

static bool hasKind(const Function &F, AllocFnKind Kind) {
  return (allocKind(F) & Kind) != AllocFnKind::Unknown;
}

static StringRef allocFamily(const Function &F) {
  return F.getFnAttribute("alloc-family").getValueAsString();
}

/// The function of \p M that frees what \p Alloc allocates.
static const Function *findFreeOfFamily(const Module &M,
                                        const Function &Alloc) {
  StringRef Family = allocFamily(Alloc);
  for (const Function &F : M)
    if (!Family.empty() && allocFamily(F) == Family && isFreeFunction(F))
      return &F;
  return nullptr;
}

/// Fills in how to free, given the type of the function that does so, if the
/// module has it, else that of the allocator: the pointer alone, or the pointer
/// followed by all the allocator's operands (size and alignment).
static void setFreeByAttribute(AllocationInfo &Info, const Function &Alloc) {
  unsigned Operands = Alloc.arg_size();
  if (const Function *Free = findFreeOfFamily(*Alloc.getParent(), Alloc)) {
    if (Free->arg_size() != 1 && Free->arg_size() != Operands + 1)
      return;
    Info.FreeName = Free->getName();
    Operands = Free->arg_size() - 1;
  } else {
    Info.FreeName = rustAllocatorName(Alloc.getName(), "__rust_dealloc");
  }
  for (unsigned I = 0; I != Operands; ++I)
    Info.FreeOperands.push_back(I);
}

static std::optional<AllocationInfo> allocationByAttribute(const Function &F) {
  Attribute Sizes = F.getFnAttribute(Attribute::AllocSize);
  if (!hasKind(F, AllocFnKind::Alloc) || !Sizes.isValid())
    return std::nullopt;
  AllocationInfo Info;
  auto [Size, Count] = Sizes.getAllocSizeArgs();
  Info.SizeOperand = Size;
  Info.CountOperand = Count;
  Info.Zeroed = hasKind(F, AllocFnKind::Zeroed);
  setFreeByAttribute(Info, F);
  return Info;
}

//===-- By registration ---------------------------------------------------===//

/// What the program registered with `__enzyme_allocation_like`, which
/// request/Registration.cpp turns into these attributes. Deallocators whose
/// first operand is not the memory ("-1") are refused there.
static std::optional<AllocationInfo> allocationByProgram(const Function &F) {
  Attribute Size = F.getFnAttribute("enzyme_allocator");
  AllocationInfo Info;
  if (!Size.isValid() ||
      Size.getValueAsString().getAsInteger(10, Info.SizeOperand))
    return std::nullopt;
  Info.FreeName = F.getFnAttribute("linkgrad-free").getValueAsString();
  SmallVector<StringRef, 2> Operands;
  F.getFnAttribute("enzyme_deallocator")
      .getValueAsString()
      .split(Operands, ',');
  for (StringRef Operand : drop_begin(Operands))
    if (unsigned Index; !Operand.trim().getAsInteger(10, Index))
      Info.FreeOperands.push_back(Index);
  return Info;
}

//===-- Queries -----------------------------------------------------------===//

std::optional<AllocationInfo> getAllocationInfo(const Function &F) {
  if (!F.getReturnType()->isPointerTy())
    return std::nullopt;
  if (auto Info = allocationByProgram(F))
    return Info;
  // The name says more than clang's attributes on malloc, which lack the
  // function that frees. A local function may have any name.
  if (!F.hasLocalLinkage())
    if (auto Info = allocationByName(F.getName()))
      if (Info->SizeOperand < F.arg_size() &&
          (!Info->IsMapping || F.arg_size() == 6))
        return Info;
  return allocationByAttribute(F);
}

std::optional<AllocationInfo> getAllocationInfo(const CallBase &Call) {
  const Function *Callee = Call.getCalledFunction();
  return Callee ? getAllocationInfo(*Callee) : std::nullopt;
}

bool isFreeFunction(const Function &F) {
  if (F.arg_empty() || !F.getArg(0)->getType()->isPointerTy())
    return false;
  if (!F.hasLocalLinkage() && isFreeName(F.getName()))
    return true;
  if (F.hasFnAttribute("linkgrad-frees"))
    return true;
  return hasKind(F, AllocFnKind::Free) &&
         F.hasParamAttribute(0, Attribute::AllocatedPointer);
}

std::optional<ReallocatorKind> reallocatorKind(const Function &F) {
  if (F.hasLocalLinkage() || !F.getReturnType()->isPointerTy())
    return std::nullopt;
  auto Kind = reallocatorByName(F.getName());
  size_t Sizes = !Kind                               ? 0
                 : *Kind == ReallocatorKind::Rust    ? 3
                 : *Kind == ReallocatorKind::Realloc ? 1
                                                     : 2;
  if (F.arg_size() != Sizes + 1 || !F.getArg(0)->getType()->isPointerTy() ||
      !all_of(drop_begin(F.args()),
              [](const Argument &A) { return A.getType()->isIntegerTy(); }))
    return std::nullopt;
  return Kind;
}

//===-- Emission ----------------------------------------------------------===//

Value *emitAllocationSize(IRBuilderBase &B, const AllocationInfo &Info,
                          AllocationOperand Operand) {
  Value *Size = Operand(Info.SizeOperand);
  if (Info.CountOperand)
    Size = B.CreateMul(Size, Operand(*Info.CountOperand), "bytes");
  return Size;
}

Value *emitZeroedLike(IRBuilderBase &B, const CallBase &Alloc,
                      AllocationOperand Operand) {
  std::optional<AllocationInfo> Info = getAllocationInfo(Alloc);
  if (!Info)
    return nullptr;
  SmallVector<Value *, 4> Operands;
  for (unsigned I = 0; I != Alloc.arg_size(); ++I)
    Operands.push_back(Operand(I));
  if (Info->IsMapping) {
    auto *File = dyn_cast<ConstantInt>(Operands[4]);
    if (!File || !File->isMinusOne())
      return nullptr; // It would hold what is in the file.
    Operands[0] = Constant::getNullValue(Operands[0]->getType());
  }
  CallInst *Shadow =
      B.CreateCall(Alloc.getFunctionType(), Alloc.getCalledOperand(), Operands);
  Shadow->setCallingConv(Alloc.getCallingConv());
  Shadow->setAttributes(Alloc.getAttributes());
  if (Info->Zeroed)
    return Shadow;
  Value *Size =
      emitAllocationSize(B, *Info, [&](unsigned I) { return Operands[I]; });
  B.CreateMemSet(Shadow, B.getInt8(0), Size, Shadow->getRetAlign());
  return Shadow;
}

/// Declares the deallocator of \p Info so that it is known as one again when a
/// derivative is differentiated.
static FunctionCallee declareFree(Module &M, const AllocationInfo &Info,
                                  const Function &Alloc,
                                  ArrayRef<Type *> Types) {
  if (Function *F = M.getFunction(Info.FreeName))
    return F;
  FunctionCallee Free = M.getOrInsertFunction(
      Info.FreeName,
      FunctionType::get(Type::getVoidTy(M.getContext()), Types, false));
  auto *F = cast<Function>(Free.getCallee());
  F->setDoesNotThrow();
  StringRef Family = allocFamily(Alloc);
  if (!isFreeName(Info.FreeName) && !Family.empty()) {
    F->addFnAttr(
        Attribute::getWithAllocKind(M.getContext(), AllocFnKind::Free));
    F->addFnAttr("alloc-family", Family);
    F->addParamAttr(0, Attribute::AllocatedPointer);
  }
  return Free;
}

Value *emitFreeLike(IRBuilderBase &B, const CallBase &Alloc, Value *Ptr,
                    AllocationOperand Operand) {
  std::optional<AllocationInfo> Info = getAllocationInfo(Alloc);
  if (!Info || Info->FreeName.empty())
    return nullptr;
  SmallVector<Value *, 4> Operands{Ptr};
  for (unsigned I : Info->FreeOperands)
    Operands.push_back(Operand(I));
  SmallVector<Type *, 4> Types;
  for (Value *V : Operands)
    Types.push_back(V->getType());
  Module &M = *B.GetInsertBlock()->getModule();
  FunctionCallee Free =
      declareFree(M, *Info, *Alloc.getCalledFunction(), Types);
  CallInst *Call = B.CreateCall(Free, Operands);
  if (auto *F = dyn_cast<Function>(Free.getCallee()))
    Call->setCallingConv(F->getCallingConv());
  return Call;
}

} // namespace linkgrad
