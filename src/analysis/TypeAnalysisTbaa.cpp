//===- TypeAnalysisTbaa.cpp - Types from TBAA metadata --------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Clang's struct-path TBAA: an access tag is (type of the enclosing object,
// type of the access, offset), a type is a name followed by members and their
// offsets, and the scalar types have well-known names. Members of array or
// union type appear as "omnipotent char", of which nothing is known.
//
//===----------------------------------------------------------------------===//

#include "analysis/FunctionObjects.h"
#include "analysis/TextAccesses.h"
#include "analysis/TypeAnalysisSources.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Metadata.h"
#include "llvm/IR/Module.h"

using namespace llvm;

namespace linkgrad {

/// More than this at the end of a struct is not padding.
static constexpr int64_t MaxPadding = 16;

static StringRef nameOf(const MDNode &Type) {
  auto *Name = Type.getNumOperands()
                   ? dyn_cast_or_null<MDString>(Type.getOperand(0))
                   : nullptr;
  return Name ? Name->getString() : "";
}

static std::optional<int64_t> integerOperand(const MDNode &N, unsigned I) {
  if (I < N.getNumOperands())
    if (auto *C = mdconst::dyn_extract_or_null<ConstantInt>(N.getOperand(I)))
      return C->getSExtValue();
  return std::nullopt;
}

static const MDNode *nodeOperand(const MDNode &N, unsigned I) {
  return I < N.getNumOperands() ? dyn_cast_or_null<MDNode>(N.getOperand(I))
                                : nullptr;
}

/// The type of C's long double, if the target leaves no doubt.
static Type *longDouble(const Module &M) {
  const Triple &T = M.getTargetTriple();
  LLVMContext &C = M.getContext();
  if (T.isX86() && !T.isWindowsMSVCEnvironment() && !T.isAndroid())
    return Type::getX86_FP80Ty(C);
  if (T.isOSLinux() && (T.isAArch64() || T.isRISCV()))
    return Type::getFP128Ty(C);
  return nullptr;
}

static bool isPointerName(StringRef Name) {
  return Name == "any pointer" || Name == "vtable pointer" ||
         (Name.starts_with("p") && Name.size() > 2 && isDigit(Name[1]) &&
          Name.contains(' ')) ||
         (Name.starts_with("any p") && Name.ends_with(" pointer"));
}

bool isPointerAccess(const Instruction &I) {
  const MDNode *Tag = I.getMetadata(LLVMContext::MD_tbaa);
  const MDNode *Access = Tag ? nodeOperand(*Tag, 1) : nullptr;
  return Access && isPointerName(nameOf(*Access));
}

std::optional<TypeSources::Scalar>
TypeSources::scalarByName(StringRef Name) const {
  LLVMContext &C = M.getContext();
  Type *Float = StringSwitch<Type *>(Name)
                    .Case("double", Type::getDoubleTy(C))
                    .Case("float", Type::getFloatTy(C))
                    .Case("_Float16", Type::getHalfTy(C))
                    .Case("__fp16", Type::getHalfTy(C))
                    .Case("__bf16", Type::getBFloatTy(C))
                    .Case("__float128", Type::getFP128Ty(C))
                    .Case("long double", longDouble(M))
                    .Default(nullptr);
  if (Float)
    return Scalar{Evidence::floating(Float),
                  unsigned(DL.getTypeStoreSize(Float).getFixedValue())};
  if (isPointerName(Name))
    return Scalar{Evidence::pointer(), PointerSize};
  unsigned LongSize = M.getTargetTriple().isOSWindows() ? 4 : PointerSize;
  int Size = StringSwitch<int>(Name)
                 .Case("bool", 1)
                 .Case("short", 2)
                 .Case("int", 4)
                 .Case("long", LongSize)
                 .Case("long long", 8)
                 .Case("__int128", 16)
                 .Cases({"wchar_t", "char8_t", "char16_t", "char32_t"}, 0)
                 .Default(-1);
  if (Size >= 0)
    return Scalar{Evidence::integer(), unsigned(Size)};
  return std::nullopt;
}

std::optional<TypeSources::Scalar>
TypeSources::tbaaScalar(const MDNode &Type) const {
  return scalarByName(nameOf(Type));
}

/// The type of an access, which is a scalar for certain. An enumeration has
/// the form of a struct of one char; among the members of a struct it cannot
/// be told from one.
std::optional<TypeSources::Scalar>
TypeSources::accessedScalar(const MDNode &Type) const {
  if (auto S = tbaaScalar(Type))
    return S;
  if (nameOf(Type).starts_with("_ZTS"))
    return Scalar{Evidence::weakInteger(), 0};
  return std::nullopt;
}

bool TypeSources::isUntypedAccess(const MDNode &Tag) {
  const MDNode *Access = nodeOperand(Tag, 1);
  return Access && nameOf(*Access) == "omnipotent char";
}

int64_t TypeSources::tbaaOffset(const MDNode &Tag) {
  return integerOperand(Tag, 2).value_or(0);
}

/// \p Size bytes at \p L are scalars \p S, one after the other.
void TypeSources::markEach(Loc L, const Scalar &S, uint64_t Size) {
  uint64_t Step = S.Size ? S.Size : Size;
  if (Step == 0 || Step > TypeGraph::MaxCellSize || Size % Step)
    return;
  if (Size / Step > 4) {
    G.mark(G.element(L, Step, Size, /*Guess=*/false), Step, S.Ev);
    return;
  }
  for (uint64_t I = 0; I < Size; I += Step)
    G.mark(L + I, Step, S.Ev);
}

void TypeSources::addTbaaAccess(Loc L, Loc Base, const MDNode &Tag,
                                uint64_t Size, bool IntegerTyped) {
  const MDNode *BaseType = nodeOperand(Tag, 0);
  const MDNode *Access = nodeOperand(Tag, 1);
  if (!BaseType || !Access || !integerOperand(Tag, 2))
    return; // Scalar TBAA of old, or not clang's.
  auto S = accessedScalar(*Access);
  if (S && IntegerTyped)
    markEach(L, *S, Size);
  if (S && S->Ev.Pointer)
    addTbaaPointee(L, *Access);
  if (BaseType != Access && Base && !startsAgain(Base, BaseType))
    addTbaaType(Base, *BaseType, 0);
}

/// "p1 double" is a pointer to doubles, "p2 double" to pointers to doubles.
void TypeSources::addTbaaPointee(Loc L, const MDNode &Type) {
  StringRef Name = nameOf(Type);
  std::optional<Scalar> S;
  if (Name.consume_front("p1 "))
    S = scalarByName(Name);
  else if (Name.starts_with("p2 "))
    S = Scalar{Evidence::pointer(), PointerSize};
  if (!S || !S->Size || S->Size > TypeGraph::MaxCellSize)
    return;
  Loc Target = G.pointee(L, PointerSize);
  G.mark(G.declaredElement(Target, S->Size), S->Size, S->Ev);
  G.mark(Target, S->Size, S->Ev);
}

/// What is between a member and the next is padding. Other frontends than
/// clang may describe an array by its first element; an array of floats must
/// not pass for padding.
void TypeSources::addTbaaGap(Loc L, const Scalar &Last, int64_t Size) {
  if (Last.Ev.Float)
    while (Size >= Last.Size && Budget) {
      --Budget;
      G.mark(L, Last.Size, Last.Ev);
      L = L + Last.Size;
      Size -= Last.Size;
    }
  if (Size > 0)
    addWeakIntegers(L, Size);
}

void TypeSources::addTbaaType(Loc L, const MDNode &Type, unsigned Depth) {
  if (Depth > 6 || nameOf(Type).empty())
    return;
  if (isStringType(nameOf(Type))) // In TBAA the room for text has no type.
    addWeakIntegers(L + 16, 16);
  if (nameOf(Type) == FunctionBaseType)
    addFunctionObject(L);
  int64_t End = 0, Align = 1;
  std::optional<Scalar> Last; // the member that ends at End, if it is known
  for (unsigned I = 1; I + 1 < Type.getNumOperands() && Budget; I += 2) {
    const MDNode *Member = nodeOperand(Type, I);
    auto Offset = integerOperand(Type, I + 1);
    if (!Member || !Offset)
      return;
    if (Last && *Offset > End)
      addTbaaGap(L + End, *Last, *Offset - End);
    Last = tbaaScalar(*Member);
    if (!Last || Last->Size == 0) {
      Last.reset();
      addTbaaType(L + *Offset, *Member, Depth + 1);
      continue;
    }
    --Budget;
    Evidence Ev = Last->Ev.Integer ? Evidence::weakInteger() : Last->Ev;
    G.mark(L + *Offset, Last->Size, Ev);
    End = *Offset + Last->Size;
    Align = std::max<int64_t>(Align, PowerOf2Ceil(Last->Size));
  }
  if (!Last || Depth != 0)
    return;
  if (nameOf(Type).starts_with("_ZTS")) // A class in C++.
    addTail(L, End, alignTo(End, Align));
  else
    addTbaaGap(L + End, *Last, alignTo(End, Align) - End);
}

SmallVector<std::pair<int64_t, int64_t>, 8>
TypeSources::tbaaFields(const MDNode &Fields) {
  SmallVector<std::pair<int64_t, int64_t>, 8> Result;
  for (unsigned I = 0; I + 2 < Fields.getNumOperands(); I += 3) {
    auto Offset = integerOperand(Fields, I);
    auto Size = integerOperand(Fields, I + 1);
    if (Offset && Size)
      Result.push_back({*Offset, *Offset + *Size});
  }
  return Result;
}

void TypeSources::addTbaaCopy(Loc L, const MDNode &Fields,
                              std::optional<uint64_t> Size) {
  if (!L || startsAgain(L, &Fields))
    return;
  // Bytes that no field covers are padding.
  int64_t End = 0;
  for (unsigned I = 0; I + 2 < Fields.getNumOperands() && Budget; I += 3) {
    auto Offset = integerOperand(Fields, I);
    auto FieldSize = integerOperand(Fields, I + 1);
    const MDNode *Tag = nodeOperand(Fields, I + 2);
    if (!Offset || !FieldSize || !Tag || *FieldSize < 0 || *Offset < End)
      return;
    addWeakIntegers(L + End, *Offset - End);
    End = *Offset + *FieldSize;
    const MDNode *Access = nodeOperand(*Tag, 1);
    auto S = Access ? accessedScalar(*Access) : std::nullopt;
    if (!S) {
      // One byte is too little for a float, a fraction of one is no field.
      if (*FieldSize == 1)
        addWeakIntegers(L + *Offset, 1);
      continue;
    }
    --Budget;
    // A long double has padding of its own.
    if (S->Ev.Float && S->Ev.Float->isX86_FP80Ty() && *FieldSize == 16) {
      G.mark(L + *Offset, S->Size, S->Ev);
      addWeakIntegers(L + *Offset + S->Size, 16 - S->Size);
      continue;
    }
    markEach(L + *Offset, *S, *FieldSize);
    if (S->Ev.Pointer)
      addTbaaPointee(L + *Offset, *Access);
  }
  int64_t Tail = Size.value_or(End) - End;
  if (Tail > 0 && Tail < MaxPadding)
    addWeakIntegers(L + End, Tail);
}

} // namespace linkgrad
