//===- RustTypes.cpp - Values in the memory of Rust programs --------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// rustc gives pointers the names of their types. Only references, Box, slices,
// Vec, HashMap, Rc and Arc are followed, which lead to values that are there. A
// raw pointer, a union (MaybeUninit) and ManuallyDrop need not; what is behind
// them is hidden, and so is what a generic type has neither in it nor behind
// such a pointer, as the elements of a BTreeMap.
//
//===----------------------------------------------------------------------===//

#include "analysis/RustTypes.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/BinaryFormat/Dwarf.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include <set>

using namespace llvm;

namespace linkgrad {

using Ranges = SmallVector<std::pair<uint64_t, uint64_t>, 2>;

static uint64_t bytes(const DIType &T) { return T.getSizeInBits() / 8; }

static const DIType *stripped(const DIType *T) {
  while (T && T->getTag() == dwarf::DW_TAG_typedef)
    T = cast<DIDerivedType>(T)->getBaseType();
  return T;
}

static bool isStruct(const DIType &T) {
  return T.getTag() == dwarf::DW_TAG_structure_type;
}

static bool isPointer(const DIType &T) {
  return T.getTag() == dwarf::DW_TAG_pointer_type;
}

/// True for `Name<…>` in a module of the standard library called \p Scope.
static bool isGeneric(const DIType &T, StringRef Name, StringRef Scope) {
  auto *Space = dyn_cast_or_null<DINamespace>(T.getScope());
  StringRef Text = T.getName();
  return Text.consume_front(Name) && Text.starts_with("<") && Space &&
         Space->getName() == Scope;
}

/// Calls \p Visit for each member with an offset, and for the variants.
static void
forEachMember(const DICompositeType &T,
              function_ref<void(const DIDerivedType &, const DIType &)> Visit) {
  for (const DINode *Element : T.getElements()) {
    auto *Member = dyn_cast<DIDerivedType>(Element);
    if (!Member || Member->getTag() != dwarf::DW_TAG_member ||
        Member->isStaticMember())
      continue;
    if (const DIType *Type = stripped(Member->getBaseType()))
      Visit(*Member, *Type);
  }
}

static const DICompositeType *variantPart(const DIType &T) {
  if (isStruct(T))
    for (const DINode *Element : cast<DICompositeType>(T).getElements())
      if (Element->getTag() == dwarf::DW_TAG_variant_part)
        return cast<DICompositeType>(Element);
  return nullptr;
}

/// Where the first member called \p Name is, in \p T or in a member of it.
static std::optional<uint64_t> memberOffset(const DIType &T, StringRef Name) {
  std::optional<uint64_t> Found;
  if (isStruct(T))
    forEachMember(cast<DICompositeType>(T),
                  [&](const DIDerivedType &Member, const DIType &Type) {
                    std::optional<uint64_t> Inner =
                        Member.getName() == Name ? 0 : memberOffset(Type, Name);
                    if (!Found && Inner)
                      Found = *Inner + Member.getOffsetInBits() / 8;
                  });
  return Found;
}

/// Where the first pointer in \p T is, and its type.
static std::optional<std::pair<uint64_t, const DIDerivedType *>>
firstPointer(const DIType &T) {
  if (isPointer(T))
    return {{0, cast<DIDerivedType>(&T)}};
  std::optional<std::pair<uint64_t, const DIDerivedType *>> Found;
  if (isStruct(T))
    forEachMember(cast<DICompositeType>(T),
                  [&](const DIDerivedType &Member, const DIType &Type) {
                    if (Found)
                      return;
                    if ((Found = firstPointer(Type)))
                      Found->first += Member.getOffsetInBits() / 8;
                  });
  return Found;
}

static SmallVector<const DIType *, 2> typeArguments(const DIType &T) {
  SmallVector<const DIType *, 2> Types;
  for (const DITemplateParameter *P :
       cast<DICompositeType>(T).getTemplateParams())
    if (isa<DITemplateTypeParameter>(P))
      if (const DIType *Argument = stripped(P->getType()))
        Types.push_back(Argument);
  return Types;
}

static uint64_t countOf(const DICompositeType &Array) {
  const DIType *Element = stripped(Array.getBaseType());
  uint64_t Size = Element ? bytes(*Element) : 0;
  return Size ? bytes(Array) / Size : 0;
}

//===----------------------------------------------------------------------===//
// Bytes
//===----------------------------------------------------------------------===//

namespace {
/// The bytes of a value that are not padding.
struct Bytes {
  Ranges Floats, All;

  void add(const DIType *T, uint64_t Offset);
  void normalise();
};
} // namespace

static void normalise(Ranges &R) {
  llvm::sort(R);
  Ranges Merged;
  for (auto [Begin, End] : R)
    if (!Merged.empty() && Begin <= Merged.back().second)
      Merged.back().second = std::max(Merged.back().second, End);
    else
      Merged.push_back({Begin, End});
  R = std::move(Merged);
}

void Bytes::normalise() {
  linkgrad::normalise(Floats);
  linkgrad::normalise(All);
}

void Bytes::add(const DIType *T, uint64_t Offset) {
  T = stripped(T);
  uint64_t Size = T ? bytes(*T) : 0;
  if (Size == 0)
    return;
  auto *Composite = dyn_cast<DICompositeType>(T);
  if (!Composite || T->getTag() == dwarf::DW_TAG_enumeration_type) {
    auto *Basic = dyn_cast<DIBasicType>(T);
    if (Basic && Basic->getEncoding() == dwarf::DW_ATE_float)
      Floats.push_back({Offset, Offset + Size});
    return All.push_back({Offset, Offset + Size});
  }
  if (T->getTag() == dwarf::DW_TAG_array_type) {
    Bytes One;
    One.add(Composite->getBaseType(), 0);
    One.normalise();
    uint64_t Count = countOf(*Composite);
    uint64_t Step = Count ? Size / Count : 0;
    auto Repeat = [&](const Ranges &From, Ranges &To) {
      if (From.size() == 1 && From[0].first == 0 && From[0].second == Step)
        return To.push_back({Offset, Offset + Size});
      for (uint64_t I = 0; I < Count && !From.empty(); ++I)
        for (auto [Begin, End] : From)
          To.push_back({Offset + I * Step + Begin, Offset + I * Step + End});
    };
    Repeat(One.Floats, Floats);
    return Repeat(One.All, All);
  }
  auto AddMembers = [&](const DICompositeType &Of) {
    forEachMember(Of, [&](const DIDerivedType &Member, const DIType &Type) {
      add(&Type, Offset + Member.getOffsetInBits() / 8);
    });
  };
  AddMembers(*Composite);
  if (const DICompositeType *Variants = variantPart(*T)) {
    AddMembers(*Variants);
    if (const DIDerivedType *Tag = Variants->getDiscriminator())
      add(Tag->getBaseType(), Offset + Tag->getOffsetInBits() / 8);
  }
}

static Ranges difference(const Ranges &From, const Ranges &What) {
  Ranges Left;
  for (auto [Begin, End] : From) {
    for (auto [B, E] : What) {
      if (E <= Begin || B >= End)
        continue;
      if (B > Begin)
        Left.push_back({Begin, B});
      Begin = std::min(E, End);
    }
    if (Begin < End)
      Left.push_back({Begin, End});
  }
  return Left;
}

std::optional<RustEnum> rustEnum(RustPlace P) {
  const DICompositeType *Part = variantPart(*P.T);
  const DIDerivedType *Tag = Part ? Part->getDiscriminator() : nullptr;
  if (!Tag || !Tag->getBaseType())
    return std::nullopt;
  RustEnum E{Tag->getOffsetInBits() / 8,
             unsigned(Tag->getBaseType()->getSizeInBits()),
             {}};
  Ranges Floats;
  SmallVector<Bytes, 4> Present;
  forEachMember(*Part, [&](const DIDerivedType &Member, const DIType &Type) {
    Bytes &B = Present.emplace_back();
    B.add(&Type, Member.getOffsetInBits() / 8);
    B.add(Tag->getBaseType(), E.TagOffset);
    B.normalise();
    append_range(Floats, B.Floats);
    RustVariant &V = E.Variants.emplace_back();
    if (auto *Value =
            dyn_cast_or_null<ConstantInt>(Member.getDiscriminantValue()))
      V.Tag = Value->getValue().zextOrTrunc(E.TagBits);
    V.Content = {
        RustPart::Members, {&Type, P.IsMutable}, Member.getOffsetInBits() / 8};
  });
  normalise(Floats);
  for (auto [V, B] : zip(E.Variants, Present))
    V.Absent = difference(Floats, B.All);
  return E;
}

static bool hasAbsentFloats(RustPlace P) {
  auto E = P.IsMutable ? rustEnum(P) : std::nullopt;
  return E && any_of(E->Variants,
                     [](const RustVariant &V) { return !V.Absent.empty(); });
}

std::optional<RustRoom> spareRoom(RustPlace P) {
  bool IsDeque = isGeneric(*P.T, "VecDeque", "vec_deque");
  if (!P.IsMutable || (!IsDeque && !isGeneric(*P.T, "Vec", "vec")))
    return std::nullopt;
  auto Pointer = firstPointer(*P.T);
  auto Length = memberOffset(*P.T, "len"), Capacity = memberOffset(*P.T, "cap");
  auto Types = typeArguments(*P.T);
  if (!Pointer || !Length || !Capacity || Types.empty())
    return std::nullopt;
  Bytes Element;
  Element.add(Types.front(), 0);
  if (Element.Floats.empty())
    return std::nullopt;
  return RustRoom{Pointer->first, *Length, *Capacity,
                  IsDeque ? memberOffset(*P.T, "head") : std::nullopt,
                  bytes(*Types.front())};
}

//===----------------------------------------------------------------------===//
// Parts
//===----------------------------------------------------------------------===//

/// Of `&[T]`, `&mut [T]`, `Box<[T]>` and `Vec<T>`.
static std::optional<RustPart> elements(RustPlace P) {
  StringRef Name = P.T->getName();
  bool IsVec = isGeneric(*P.T, "Vec", "vec");
  if (!IsVec && !Name.starts_with("&[") && !Name.starts_with("&mut [") &&
      !Name.starts_with("alloc::boxed::Box<["))
    return std::nullopt;
  auto Pointer = firstPointer(*P.T);
  auto Length = memberOffset(*P.T, IsVec ? "len" : "length");
  const DIType *T = nullptr;
  if (IsVec && !typeArguments(*P.T).empty())
    T = typeArguments(*P.T).front();
  else if (!IsVec && Pointer)
    T = stripped(Pointer->second->getBaseType());
  if (!Pointer || !Length || !T)
    return std::nullopt;
  RustPart Part{RustPart::Elements, {T, P.IsMutable}, Pointer->first};
  Part.LengthOffset = *Length;
  if (!Name.starts_with("&"))
    Part.RoomOffset = IsVec ? memberOffset(*P.T, "cap") : Length;
  Part.IsShared = Name.starts_with("&[");
  Part.What.IsMutable &= !Part.IsShared;
  return Part;
}

/// Of what HashMap and HashSet have their values in.
static std::optional<RustPart> buckets(RustPlace P) {
  if (!isGeneric(*P.T, "RawTable", "raw"))
    return std::nullopt;
  auto Pointer = firstPointer(*P.T);
  auto Mask = memberOffset(*P.T, "bucket_mask");
  auto Types = typeArguments(*P.T);
  if (!Pointer || !Mask || Types.empty())
    return std::nullopt;
  RustPart Part{
      RustPart::Buckets, {Types.front(), P.IsMutable}, Pointer->first};
  Part.LengthOffset = *Mask;
  return Part;
}

static void addPointer(SmallVectorImpl<RustPart> &Parts,
                       const DIDerivedType &Pointer, RustPlace P) {
  const DIType *T = stripped(Pointer.getBaseType());
  if (!T)
    return;
  StringRef Name = Pointer.getName();
  RustPart Part{RustPart::Pointee, {T, P.IsMutable}};
  if (Name.starts_with("&mut ") || Name.starts_with("alloc::boxed::Box<")) {
  } else if (Name.starts_with("&")) {
    Part.IsShared = true;
    Part.What.IsMutable = false;
  } else {
    Part.K = RustPart::Hidden;
  }
  Parts.push_back(Part);
}

static void addStruct(SmallVectorImpl<RustPart> &Parts, RustPlace P) {
  auto &T = cast<DICompositeType>(*P.T);
  if (auto Part = elements(P))
    return Parts.push_back(*Part);
  if (auto Part = buckets(P))
    return Parts.push_back(*Part);
  for (auto [Name, Scope] : {std::pair("Rc", "rc"), std::pair("Arc", "sync")})
    if (auto Pointer = firstPointer(T); isGeneric(T, Name, Scope) && Pointer)
      if (const DIType *Inner = stripped(Pointer->second->getBaseType())) {
        RustPart Part{RustPart::Pointee, {Inner, P.IsMutable}, Pointer->first};
        Part.IsShared = true;
        return Parts.push_back(Part);
      }
  // Where a Weak leads to, an Rc does.
  if (isGeneric(T, "Weak", "rc") || isGeneric(T, "Weak", "sync"))
    return;
  // An enum with one variant has no tag.
  if (const DICompositeType *Only = variantPart(T);
      Only && !Only->getDiscriminator())
    forEachMember(*Only, [&](const DIDerivedType &Member, const DIType &Type) {
      Parts.push_back({RustPart::Members,
                       {&Type, P.IsMutable},
                       Member.getOffsetInBits() / 8});
    });
  bool IsHidden = isGeneric(T, "ManuallyDrop", "manually_drop");
  bool IsMutable = P.IsMutable || isGeneric(T, "UnsafeCell", "cell");
  forEachMember(T, [&](const DIDerivedType &Member, const DIType &Type) {
    Parts.push_back({IsHidden ? RustPart::Hidden : RustPart::Members,
                     {&Type, IsMutable},
                     Member.getOffsetInBits() / 8});
  });
  if (firstPointer(T))
    for (const DIType *Argument : typeArguments(T))
      Parts.push_back({RustPart::Hidden, {Argument, IsMutable}});
}

/// The parts of a value at \p P, but for those of an enum's variants. Shared
/// pointers are taken for such as do not lead in a circle.
static SmallVector<RustPart, 8> allParts(RustPlace P) {
  SmallVector<RustPart, 8> Parts;
  if (isPointer(*P.T)) {
    addPointer(Parts, *cast<DIDerivedType>(P.T), P);
  } else if (P.T->getTag() == dwarf::DW_TAG_array_type) {
    auto &Array = cast<DICompositeType>(*P.T);
    if (const DIType *Element = stripped(Array.getBaseType()))
      Parts.push_back(
          {RustPart::Members, {Element, P.IsMutable}, 0, countOf(Array)});
  } else if (P.T->getTag() == dwarf::DW_TAG_union_type) {
    forEachMember(cast<DICompositeType>(*P.T),
                  [&](const DIDerivedType &, const DIType &Type) {
                    Parts.push_back({RustPart::Hidden, {&Type, P.IsMutable}});
                  });
  } else if (isStruct(*P.T)) {
    addStruct(Parts, P);
  }
  return Parts;
}

/// All that a value at \p P leads to, itself first, by parts that \p Follows
/// tells.
template <class Predicate>
static SmallVector<RustPlace, 16> reachable(RustPlace P, Predicate Follows) {
  SmallVector<RustPlace, 16> Places = {P};
  std::set<RustPlace> Known = {P};
  auto Add = [&](const RustPart &Part) {
    if (Follows(Part) && Known.insert(Part.What).second)
      Places.push_back(Part.What);
  };
  for (unsigned I = 0; I < Places.size(); ++I) {
    RustPlace From = Places[I];
    for (const RustPart &Part : allParts(From))
      Add(Part);
    if (auto E = rustEnum(From))
      for (const RustVariant &V : E->Variants)
        Add(V.Content);
  }
  return Places;
}

static bool isVisible(const RustPart &Part) {
  return Part.K != RustPart::Hidden;
}

/// True if a value at \p P may lead to one of the same type.
static bool isRecursive(RustPlace P) {
  auto LeadsBack = [&](RustPlace From) {
    return any_of(allParts(From), [&](const RustPart &Part) {
      return isVisible(Part) && Part.What == P;
    });
  };
  return any_of(reachable(P, isVisible), [&](RustPlace From) {
    auto E = rustEnum(From);
    return LeadsBack(From) || (E && any_of(E->Variants, [&](auto &V) {
                                 return V.Content.What == P;
                               }));
  });
}

static bool isFollowed(const RustPart &Part) {
  return isVisible(Part) && !(Part.IsShared && isRecursive(Part.What));
}

SmallVector<RustPart, 8> rustParts(RustPlace P) {
  SmallVector<RustPart, 8> Parts = allParts(P);
  erase_if(Parts, [](const RustPart &Part) { return !isFollowed(Part); });
  return Parts;
}

static bool has(RustPlace P, RustGap Gap) {
  return Gap == RustGap::Absent ? hasAbsentFloats(P) : spareRoom(P).has_value();
}

bool mayLeadTo(RustPlace P, RustGap Gap) {
  return any_of(reachable(P, [](auto &) { return true; }),
                [&](RustPlace To) { return has(To, Gap); });
}

bool leadsTo(RustPlace P, RustGap Gap) {
  return any_of(reachable(P, isFollowed),
                [&](RustPlace To) { return has(To, Gap); });
}

const DIType *hiddenAbsentFloats(RustPlace P) {
  for (RustPlace From : reachable(P, isFollowed))
    for (const RustPart &Part : allParts(From)) {
      if (isFollowed(Part))
        continue;
      // The argument of a generic type is hidden if nothing else leads there.
      if (any_of(reachable(From, isFollowed),
                 [&](RustPlace Other) { return Other.T == Part.What.T; }))
        continue;
      if (mayLeadTo(Part.What, RustGap::Absent))
        return From.T;
    }
  return nullptr;
}

} // namespace linkgrad
