//===- TypeAnalysisDebugInfo.cpp - Types from debug info ------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// With -g the types of parameters and variables are known as the source
// program has them, with every field and all padding. Arrays of characters hold
// what the program likes and give no information, unless they are names (see
// confirmNames()), nor do unions in which other things than integers share
// their bytes.
//
//===----------------------------------------------------------------------===//

#include "analysis/FunctionObjects.h"
#include "analysis/TextAccesses.h"
#include "analysis/TypeAnalysisSources.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace llvm;

namespace linkgrad {

/// How many pointers, and how many structs inside of each other, are followed.
static constexpr unsigned MaxDebugDepth = 8;
static constexpr unsigned PointerCost = 3;
/// Templates in C++ lie deeper in each other.
static constexpr unsigned MoreNesting = 8;
/// Of a union that is more than this nothing is known.
static constexpr unsigned MaxUnionFacts = 64;
static constexpr uint64_t MaxUnionSize = 256;

/// Looks through names and qualifiers.
static const DIType *stripped(const DIType *T) {
  while (auto *D = dyn_cast_or_null<DIDerivedType>(T)) {
    switch (D->getTag()) {
    case dwarf::DW_TAG_typedef:
    case dwarf::DW_TAG_const_type:
    case dwarf::DW_TAG_volatile_type:
    case dwarf::DW_TAG_restrict_type:
    case dwarf::DW_TAG_atomic_type:
      T = D->getBaseType();
      continue;
    default:
      return T;
    }
  }
  return T;
}

static bool isPointerTag(const DIType &T) {
  return T.getTag() == dwarf::DW_TAG_pointer_type ||
         T.getTag() == dwarf::DW_TAG_reference_type ||
         T.getTag() == dwarf::DW_TAG_rvalue_reference_type;
}

static bool isStruct(const DIType &T) {
  return T.getTag() == dwarf::DW_TAG_structure_type ||
         T.getTag() == dwarf::DW_TAG_class_type;
}

static uint64_t bytes(const DIType &T) { return T.getSizeInBits() / 8; }

static bool isCharacter(const DIType *T) {
  auto *Basic = dyn_cast_or_null<DIBasicType>(stripped(T));
  return Basic && Basic->getSizeInBits() == 8;
}

static uint64_t sizeOf(const DIType *T) {
  T = stripped(T);
  return T ? bytes(*T) : 0;
}

/// A class without members, which stands for a class that is derived from it.
static bool isEmpty(const DIType &T) {
  return isStruct(T) && bytes(T) == 1 &&
         none_of(cast<DICompositeType>(T).getElements(), [](const DINode *E) {
           auto *Member = dyn_cast<DIDerivedType>(E);
           return Member && Member->getTag() == dwarf::DW_TAG_member &&
                  !Member->isStaticMember();
         });
}

/// What \p T is if it is a union of that and nothing, as Rust's MaybeUninit.
static const DIType *withoutUnion(const DIType *T) {
  while (T && T->getTag() == dwarf::DW_TAG_union_type) {
    const DIType *Only = nullptr;
    for (const DINode *Element : cast<DICompositeType>(T)->getElements())
      if (auto *Member = dyn_cast<DIDerivedType>(Element);
          Member && Member->getTag() == dwarf::DW_TAG_member &&
          bytes(*Member) != 0) {
        if (Only || bytes(*Member) != bytes(*T) || Member->isBitField())
          return T;
        Only = stripped(Member->getBaseType());
      }
    if (!Only)
      return T;
    T = Only;
  }
  return T;
}

namespace {
/// A member, a base or the variants of a class, at the bytes [Begin, End).
struct Field {
  uint64_t Begin, End;
  const DIType *T;      ///< Null: a bit field.
  bool Aligned = false; ///< as the program says
};
} // namespace

static uint64_t dataSize(const DIType *T);

/// The fields of \p T but for empty classes, whose bytes are padding or
/// others'; nothing if it is not known where they lie.
static std::optional<SmallVector<Field, 8>> fieldsOf(const DICompositeType &T) {
  SmallVector<Field, 8> Fields;
  for (const DINode *Element : T.getElements()) {
    if (Element->getTag() == dwarf::DW_TAG_variant_part) {
      Fields.push_back({0, bytes(T), cast<DICompositeType>(Element)});
      continue;
    }
    auto *Member = dyn_cast<DIDerivedType>(Element);
    if (!Member || Member->isStaticMember() ||
        is_contained({dwarf::DW_TAG_friend, dwarf::DW_TAG_typedef},
                     Member->getTag()))
      continue; // Member functions, nested types.
    if (!is_contained({dwarf::DW_TAG_member, dwarf::DW_TAG_inheritance},
                      Member->getTag()) ||
        Member->isVirtual()) // Depends on the complete object.
      return std::nullopt;
    uint64_t Bit = Member->getOffsetInBits(), Begin = Bit / 8;
    const DIType *Type = stripped(Member->getBaseType());
    if (Member->isBitField())
      Fields.push_back(
          {Begin, divideCeil(Bit + Member->getSizeInBits(), 8), nullptr});
    else if (!Type || !isEmpty(*Type))
      Fields.push_back(
          {Begin, Begin + dataSize(Type), Type, Member->getAlignInBits() != 0});
  }
  return Fields;
}

/// The bytes of \p T up to the end of its last field. What follows is padding,
/// or members of a class that derives from it.
static uint64_t dataSize(const DIType *T) {
  auto *Class = dyn_cast_or_null<DICompositeType>(stripped(T));
  if (!Class || !isStruct(*Class))
    return sizeOf(T);
  std::optional<SmallVector<Field, 8>> Fields = fieldsOf(*Class);
  uint64_t End = 0;
  if (Fields)
    for (const Field &F : *Fields)
      End = std::max(End, F.End);
  return End ? End : sizeOf(T); // Or it is only declared.
}

/// The member or element of \p T, neither a struct nor an array, that begins at
/// byte \p Offset; null if there is none.
static const DIType *partAt(const DIType *T, uint64_t Offset) {
  for (unsigned Depth = 0; Depth < MaxDebugDepth + MoreNesting; ++Depth) {
    T = stripped(T);
    auto *Composite = dyn_cast_or_null<DICompositeType>(T);
    if (Composite && T->getTag() == dwarf::DW_TAG_array_type) {
      T = Composite->getBaseType();
      uint64_t Step = sizeOf(T);
      Offset = Step ? Offset % Step : Offset;
      continue;
    }
    if (!Composite || !isStruct(*T))
      return Offset == 0 ? T : nullptr;
    std::optional<SmallVector<Field, 8>> Fields = fieldsOf(*Composite);
    const Field *Around = nullptr;
    if (Fields)
      for (const Field &F : *Fields)
        if (F.T && F.Begin <= Offset && Offset < F.End)
          Around = &F;
    if (!Around)
      return nullptr;
    Offset -= Around->Begin;
    T = Around->T;
  }
  return nullptr;
}

void TypeSources::addDebugFragment(Loc L, const DIType *T, uint64_t Offset,
                                   uint64_t Size) {
  for (uint64_t I = 0; I < Size;) {
    const DIType *Part = partAt(T, Offset + I);
    uint64_t PartSize = sizeOf(Part);
    if (!Part && I == 0)
      addDebugVariant(L, T, Offset, Size);
    if (PartSize && I + PartSize <= Size)
      addDebugType(L + I, Part);
    I += std::max<uint64_t>(PartSize, 1);
  }
}

/// The same for what is a float or an integer, as a tag elsewhere in \p T
/// tells.
void TypeSources::addDebugVariant(Loc L, const DIType *T, uint64_t Offset,
                                  uint64_t Size) {
  TypeGraph Scratch;
  TypeSources Sources(Scratch, M);
  Sources.FollowPointers = false;
  Sources.Budget = MaxUnionFacts;
  Loc Whole = Scratch.newNode();
  Sources.addDebugType(Whole, T);
  Scratch.run();
  Found F = Scratch.lookup(Whole + Offset);
  if (F.Ev.Tagged && !F.Ev.Union && F.Begin == 0 && uint64_t(F.End) == Size)
    declare(L, Size, F.Ev);
}

void TypeSources::addDebugFragmentPointee(Loc L, const DIType *T,
                                          uint64_t Offset) {
  addDebugPointee(L, partAt(T, Offset));
}

Type *TypeSources::floatOfSize(uint64_t Bits) const {
  LLVMContext &C = M.getContext();
  const Triple &T = M.getTargetTriple();
  switch (Bits) {
  case 32:
    return Type::getFloatTy(C);
  case 64:
    return Type::getDoubleTy(C);
  case 128: // Of several types of this size only one is the target's.
    if (T.isX86())
      return Type::getX86_FP80Ty(C);
    return T.isAArch64() || T.isRISCV() ? Type::getFP128Ty(C) : nullptr;
  default: // 16 bits: half or bfloat.
    return nullptr;
  }
}

unsigned TypeSources::moreNesting() const {
  return MayDerive ? MoreNesting : 0;
}

void TypeSources::addDebugType(Loc L, const DIType *T) {
  if (L && T && !startsAgain(L, T))
    addDebugType(L, T, MaxDebugDepth + moreNesting());
}

void TypeSources::addDebugPointee(Loc L, const DIType *T, bool Single) {
  T = stripped(T);
  if (!L || !T || !isPointerTag(*T))
    return;
  if (Single)
    return addDebugType(L, cast<DIDerivedType>(T)->getBaseType());
  if (!startsAgain(L, T))
    addDebugTarget(L, *cast<DIDerivedType>(T), MaxDebugDepth + moreNesting());
}

void TypeSources::addDebugType(Loc L, const DIType *T, unsigned Depth) {
  T = withoutUnion(stripped(T));
  if (!L || !T || !Budget || Depth == 0)
    return;
  --Budget;
  if (auto *Basic = dyn_cast<DIBasicType>(T))
    return addDebugBasic(L, *Basic);
  if (isPointerTag(*T) && bytes(*T) == PointerSize) {
    declare(L, PointerSize, Evidence::pointer());
    unsigned Cost = InText ? 0 : PointerCost;
    if (FollowPointers && Depth > Cost + moreNesting())
      addDebugTarget(G.pointee(L, PointerSize), *cast<DIDerivedType>(T),
                     Depth - Cost);
    return;
  }
  if (T->getTag() == dwarf::DW_TAG_enumeration_type)
    return declareIntegers(L, bytes(*T));
  if (T->getTag() == dwarf::DW_TAG_union_type)
    return addDebugUnion(L, *cast<DICompositeType>(T), bytes(*T), Depth - 1);
  auto *Composite = dyn_cast<DICompositeType>(T);
  if (Composite && Composite->getTag() == dwarf::DW_TAG_array_type)
    addDebugArray(L, *Composite, Depth - 1);
  else if (Composite && isStruct(*T))
    addDebugStruct(L, *Composite, Depth - 1);
}

void TypeSources::addDebugBasic(Loc L, const DIType &T) {
  auto Encoding = cast<DIBasicType>(T).getEncoding();
  uint64_t Bits = T.getSizeInBits();
  bool Complex = Encoding == dwarf::DW_ATE_complex_float;
  if (Complex || Encoding == dwarf::DW_ATE_float) {
    Type *Float = floatOfSize(Complex ? Bits / 2 : Bits);
    if (!Float)
      return;
    unsigned Size = DL.getTypeStoreSize(Float).getFixedValue();
    uint64_t Step = Bits / (Complex ? 16 : 8);
    for (uint64_t I = 0; I < Bits / 8; I += Step) {
      declare(L + I, Size, Evidence::floating(Float));
      declareIntegers(L + I + Size, Step - Size);
    }
  } else if (Bits <= 128) {
    declareIntegers(L, Bits / 8);
  }
}

/// Debug info describes everything that can be at a place.
void TypeSources::declare(Loc L, unsigned Size, Evidence Ev) {
  Ev.Closed = true;
  G.mark(L, Size, Ev);
}

void TypeSources::declareIntegers(Loc L, uint64_t Size) {
  for (uint64_t I = 0; I < Size && Budget; I += 8, --Budget)
    declare(L + I, std::min<uint64_t>(8, Size - I), Evidence::weakInteger());
}

void TypeSources::addDebugArray(Loc L, const DICompositeType &T,
                                unsigned Depth) {
  uint64_t Step = sizeOf(T.getBaseType());
  uint64_t Size = bytes(T);
  if (isCharacter(T.getBaseType()) || Step == 0)
    return;
  Loc Elt = Size ? G.element(L, Step, Size, /*Guess=*/false)
                 : G.declaredElement(L, Step); // As many as there is room for.
  addDebugType(Elt, T.getBaseType(), Depth);
}

/// The members of a union. Where there is one type at each byte, it is known.
/// Integers give way to floats and pointers: the shadow of an integer holds
/// nothing that matters. Where a float shares all of its bytes with pointers,
/// its shadow tells which of them is there. The variants of an enum of Rust
/// have a tag, which tells floats from integers.
void TypeSources::addDebugUnion(Loc L, const DICompositeType &T, uint64_t Size,
                                unsigned Depth) {
  if (T.getIdentifier() == FunctionObjectType && addFunctionObject(L))
    return;
  TypeGraph Scratch;
  TypeSources Sources(Scratch, M);
  Sources.FollowPointers = false;
  Sources.Budget = MaxUnionFacts;
  Loc Members = Scratch.newNode();
  Sources.addDebugMembers(Members, T, MaxDebugDepth + moreNesting());
  Scratch.run();
  if (Sources.Budget == 0 || Size > MaxUnionSize)
    return addUnion(L, Size);
  SmallVector<std::pair<uint64_t, Type *>, 8> Shared;
  SmallVector<std::pair<uint64_t, unsigned>, 8> Tagged;
  bool HasTag = T.getTag() == dwarf::DW_TAG_variant_part;
  for (uint64_t I = 0; I < Size; ++I) {
    Found F = Scratch.lookup(Members + I);
    if (HasTag && F.Ev.Float && F.Ev.WeakInteger && F.Begin == 0)
      Tagged.push_back({I, F.End});
    // As a double, an address is next to nothing.
    if (F.Ev.Float && F.Ev.Float->isDoubleTy() && F.Ev.Pointer && !F.Ev.Mixed &&
        F.Begin == 0 && PointerSize == 8 && F.End == 8 && I + 8 <= Size) {
      Shared.push_back({I, F.Ev.Float});
      I += PointerSize - 1;
    } else if (F.Ev.conflict() || F.Ev.open() || F.Ev.empty()) {
      return addUnion(L, Size);
    }
  }
  addDebugMembers(L, T, Depth);
  for (auto [I, Float] : Shared)
    declare(L + I, PointerSize, Evidence::floatOrPointer(Float));
  for (auto [I, Bytes] : Tagged)
    declare(L + I, Bytes, Evidence::tagged());
}

void TypeSources::addDebugMembers(Loc L, const DICompositeType &T,
                                  unsigned Depth) {
  if (const DIDerivedType *Tag = T.getDiscriminator())
    declareIntegers(L + Tag->getOffsetInBits() / 8, sizeOf(Tag->getBaseType()));
  for (const DINode *Element : T.getElements())
    if (auto *Member = dyn_cast<DIDerivedType>(Element);
        Member && !Member->isStaticMember() && !Member->isBitField())
      addDebugType(L + Member->getOffsetInBits() / 8, Member->getBaseType(),
                   Depth);
}

/// True for Rust's types whose characters are text for certain.
static bool isText(const DICompositeType &T) {
  auto *Scope = dyn_cast_or_null<DINamespace>(T.getScope());
  return T.getName() == "&str" || T.getName() == "&mut str" ||
         (T.getName() == "String" && Scope && Scope->getName() == "string");
}

/// True if \p T is an array of `char` itself, of which names are made. Room for
/// other things is made of `unsigned char` and std::byte, or has an alignment.
static bool isName(const DIType &T) {
  auto *Array = dyn_cast<DICompositeType>(&T);
  auto *Element = Array && T.getTag() == dwarf::DW_TAG_array_type
                      ? dyn_cast_or_null<DIBasicType>(Array->getBaseType())
                      : nullptr;
  return Element && Element->getName() == "char";
}

void TypeSources::addDebugStruct(Loc L, const DICompositeType &T,
                                 unsigned Depth) {
  if (isStringType(T.getIdentifier())) { // The room for short text is a union.
    declare(L, PointerSize, Evidence::pointer());
    return declareIntegers(L + PointerSize, bytes(T) - PointerSize);
  }
  SaveAndRestore Characters(InText, InText || isText(T));
  std::optional<SmallVector<Field, 8>> Fields = fieldsOf(T);
  if (!Fields)
    return;
  for (const Field &F : *Fields)
    if (!F.T)
      declareIntegers(L + F.Begin, F.End - F.Begin);
    else if (F.T->getTag() == dwarf::DW_TAG_variant_part) // As in a union.
      addDebugUnion(L, *cast<DICompositeType>(F.T), bytes(T), Depth);
    else if (isName(*F.T) && !F.Aligned)
      Names.push_back({L + F.Begin, F.End - F.Begin});
    else
      addDebugType(L + F.Begin, F.T, Depth);
  llvm::sort(*Fields, [](const Field &A, const Field &B) {
    return std::tie(A.Begin, A.End) < std::tie(B.Begin, B.End);
  });
  uint64_t End = Fields->empty() ? bytes(T) : 0;
  for (const Field &F : *Fields) {
    if (F.Begin > End)
      declareIntegers(L + End, F.Begin - End);
    End = std::max(End, F.End);
  }
  if (MayDerive && Budget)
    addTail(L, End, bytes(T));
  else if (bytes(T) > End)
    declareIntegers(L + End, bytes(T) - End);
}

/// True if \p Pointer may be to one object, not to the first of many. In C++
/// that is a reference. rustc gives pointers their names: nameless are those to
/// the elements of slices, `&T` is to one T, and so is most often a `*mut T`
/// where T is a struct, the first member of something bigger perhaps.
static bool maybeToOne(const DIDerivedType &Pointer) {
  StringRef Name = Pointer.getName();
  const DIType *T = stripped(Pointer.getBaseType());
  return Pointer.getTag() != dwarf::DW_TAG_pointer_type ||
         Name.starts_with("&") || (Name.starts_with("*") && T && isStruct(*T));
}

/// True if \p T ends in an array that may have more elements than are declared:
/// `double data[]` or, if it \p MayBeOld, `data[1]` as before C99 (in no
/// template: that is std::array). What follows an object is then not another
/// one.
static bool hasFlexibleTail(const DIType *T, bool MayBeOld) {
  for (unsigned Depth = 0; Depth < MaxDebugDepth + MoreNesting; ++Depth) {
    auto *Composite = dyn_cast_or_null<DICompositeType>(T);
    if (!Composite)
      return false;
    if (T->getTag() == dwarf::DW_TAG_array_type)
      return bytes(*T) <= (MayBeOld ? sizeOf(Composite->getBaseType()) : 0);
    MayBeOld &= !T->getName().contains('<');
    std::optional<SmallVector<Field, 8>> Fields;
    if (isStruct(*T))
      Fields = fieldsOf(*Composite);
    if (!Fields || Fields->empty())
      return false;
    T = Fields->back().T;
  }
  return false;
}

/// True for what links the nodes of libstdc++'s hash tables. The table itself
/// begins and ends with such pointers, and has its members where nodes have
/// their elements (SizeMembers.h): nothing of what is declared there is of use.
static bool isHashNode(const DIType *T) {
  return T && isStruct(*T) && T->getName() == "_Hash_node_base";
}

void TypeSources::addDebugTarget(Loc L, const DIDerivedType &Pointer,
                                 unsigned Depth) {
  const DIType *T = stripped(Pointer.getBaseType());
  if (isHashNode(T) ||
      (T && isPointerTag(*T) &&
       isHashNode(stripped(cast<DIDerivedType>(T)->getBaseType()))))
    return;
  uint64_t Size = sizeOf(T);
  if (InText && isCharacter(T))
    return declare(G.declaredElement(L, 1), 1, Evidence::weakInteger());
  if (!T || Size == 0 || isCharacter(T) || isEmpty(*T))
    return;
  addDebugType(L, T, Depth);
  if (maybeToOne(Pointer) || hasFlexibleTail(T, InC || MayDerive) || !Budget)
    return;
  // In C a struct may be what a bigger one begins with.
  addDebugType(InC && isStruct(*T) ? G.declaredHeader(L, Size)
                                   : G.declaredElement(L, Size),
               T, Depth);
}

} // namespace linkgrad
