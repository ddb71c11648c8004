//===- TypeAnalysisLayout.cpp - What memory holds -------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads the layout of a piece of memory off the type graph: byte by byte if
// its size is known, by the period of an index that runs over it if not.
//
//===----------------------------------------------------------------------===//

#include "analysis/CountedUnit.h"
#include "analysis/GlobalActivity.h"
#include "analysis/MemoryOperands.h"
#include "analysis/TableExtent.h"
#include "analysis/TextAccesses.h"
#include "analysis/TypeAnalysisImpl.h"
#include "rules/Allocations.h"
#include "rules/KnownFunctions.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/Statistic.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Analysis/ValueTracking.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/IntrinsicInst.h"
#include "llvm/Support/raw_ostream.h"

#define DEBUG_TYPE "linkgrad-types"

using namespace llvm;

STATISTIC(NumUnknown, "Number of memory layouts that could not be told");

namespace linkgrad {

/// Longer layouts are described by their period or not at all.
static constexpr size_t MaxRanges = 256;
/// How many pieces of a layout are looked up one by one.
static constexpr unsigned MaxSteps = 1 << 16;
/// No header in front of a table is longer.
static constexpr int64_t MaxHead = 4096;

bool MemoryLayout::hasFloats() const {
  return any_of(Ranges,
                [](const TypedRange &R) { return R.Type.mayBeFloat(); });
}

bool MemoryLayout::hasOnlyFloats() const {
  return all_of(Ranges, [](const TypedRange &R) { return R.Type.isFloat(); });
}

bool MemoryLayout::hasOnlyIntegers() const {
  return !Ranges.empty() && all_of(Ranges, [](const TypedRange &R) {
    return R.Type.K == ConcreteType::Integer;
  });
}

bool MemoryLayout::hasPointers() const {
  return any_of(Ranges,
                [](const TypedRange &R) { return R.Type.mayBePointer(); });
}

/// Appends what was found at \p X, which is relative to X, as far as it goes
/// but not beyond \p Limit. \returns false if it is not known.
bool TypeTrees::Impl::append(Attempt &A, int64_t X, const Found &F,
                             int64_t Limit) {
  ConcreteType T = F.Ev.copiedType();
  if (T.K == ConcreteType::FloatOrPointer && // Else its bits do not tell.
      Root.F.getDataLayout().getPointerSize() != 8)
    T = {};
  bool Atom = T.mayBeFloat() || T.mayBePointer();
  // An index that runs over integers does not say that integers are all that
  // follows. A table of floats may be assumed where nothing else is.
  // The assignment of a struct is no copy of a table, but its member may be
  // one from end to end.
  bool Guess = F.Guess && none_of(A.Members, [&](auto Member) {
                 return X + F.Table == Member.first && X < Member.second &&
                        X + F.End <= Member.second;
               });
  // Declared integers give way to what others know: that is no use.
  bool Used = F.Ev.Float || F.Ev.Pointer || F.Ev.Integer;
  bool Open = F.Ev.open() && !F.Ev.Variant && !(AssumesOneMember && Used);
  if (!T.isKnown() || Open || (Guess && !(T.isFloat() && A.Members.empty())))
    return A.fail(X, F);
  if (Atom && (F.Begin != 0 || X + F.End > Limit))
    return A.fail(X, F);
  if (Guess && !A.Guessed)
    A.Guessed = X;
  auto &Ranges = A.Layout.Ranges;
  bool Mixed =
      Ranges.size() > 1 || (!Ranges.empty() && !(Ranges.back().Type == T));
  if (A.Guessed && Mixed)
    return A.fail(*A.Guessed, F);
  int64_t End = std::min(X + F.End, Limit);
  if (F.RunEnd > F.End && F.Begin == 0) {
    int64_t Count = (std::min(F.RunEnd, Limit - X)) / F.End;
    End = std::max(End, X + Count * F.End);
  }
  if (!Ranges.empty() && Ranges.back().Type == T)
    Ranges.back().End = End;
  else
    Ranges.push_back({uint64_t(X), uint64_t(End), T});
  return true;
}

/// True if \p Whole, which may be periodic, says the same as \p Begin does as
/// far as that goes.
bool TypeTrees::Impl::agree(const Attempt &Begin, const Attempt &Whole) {
  const MemoryLayout &P = Whole.Layout;
  return all_of(Begin.Layout.Ranges, [&](const TypedRange &R) {
    uint64_t X = R.Begin;
    if (P.Stride && X >= P.Head)
      X = P.Head + (X - P.Head) % P.Stride;
    return any_of(P.Ranges, [&](const TypedRange &Q) {
      return Q.Begin <= X && X < Q.End && Q.Type == R.Type;
    });
  });
}

TypeTrees::Impl::Attempt TypeTrees::Impl::fixedLayout(Loc L, int64_t Size,
                                                      const Instruction &At) {
  Attempt A;
  auto Offsets = Root.G.knownOffsets(L);
  if (const MDNode *Fields = At.getMetadata(LLVMContext::MD_tbaa_struct)) {
    A.Members = TypeSources::tbaaFields(*Fields);
    for (auto [Begin, End] : A.Members) {
      Offsets.push_back(Begin);
      Offsets.push_back(End);
    }
    llvm::sort(Offsets);
  }
  unsigned Steps = 0;
  for (int64_t X = 0; X < Size;) {
    auto Next = upper_bound(Offsets, X);
    Found F = Root.G.lookup(L + X);
    // What begins later is looked at on its own, except within this thing.
    int64_t Limit = Size;
    if (Next != Offsets.end() && F.RunEnd > F.End)
      Limit = std::max(X + F.End, std::min(Size, *Next));
    else if (Next != Offsets.end() && F.Ev.type().K == ConcreteType::Integer)
      Limit = std::min(Size, *Next);
    for (; F.RunEnd == F.End && Next != Offsets.end() && *Next < X + F.End;
         ++Next)
      if (Found Inner = Root.G.lookup(L + *Next); Inner.Ev.conflict())
        F.Ev.join(Inner.Ev);
    if (!append(A, X, F, std::min(Limit, Size)))
      return A;
    X = A.Layout.Ranges.back().End;
    if (A.Layout.Ranges.size() < MaxRanges && ++Steps != MaxSteps)
      continue;
    if (auto Strides = Root.G.stridesAt(L); !Strides.empty()) {
      Attempt P = periodicLayout(L, Strides.front());
      if (!P.Failed && Size % Strides.front() == 0 && agree(A, P))
        return P;
    }
    A.fail(X, {});
    return A;
  }
  return A;
}

TypeTrees::Impl::Attempt TypeTrees::Impl::periodicLayout(Loc L, int64_t Stride,
                                                         bool Counted) {
  Attempt A;
  A.Layout.Stride = Stride;
  for (int64_t X = 0; X < Stride;) {
    Found F = Root.G.lookupPeriodic(L, Stride, X, Counted);
    F.Begin -= X;
    F.End -= X;
    F.RunEnd = F.End;
    if (F.Ev.type().K == ConcreteType::Integer)
      F.End = F.RunEnd = 1; // Joined from many: what follows may differ.
    // An index in units of bytes over bigger things.
    if (X == 0 && F.Begin == 0 && F.End > Stride && F.End % Stride == 0)
      return periodicLayout(L, F.End, Counted);
    if (!append(A, X, F, Stride))
      return A;
    X = A.Layout.Ranges.back().End;
  }
  return A;
}

/// An index such as p[2 * i] runs over likes in too long steps. \returns the
/// stride that is left.
static int64_t shorten(MemoryLayout &Layout, const DataLayout &DL) {
  TypedRange &First = Layout.Ranges.front();
  if (Layout.Ranges.size() == 1 && First.Type.isFloat())
    Layout.Stride = First.End =
        DL.getTypeStoreSize(First.Type.FloatType).getFixedValue();
  return Layout.Stride;
}

/// True if \p Unit is the size of elements that loops of greater \p Strides run
/// over in groups: what groups there are does not matter to a copy that counts
/// elements.
static bool countsWithin(ArrayRef<int64_t> Strides, int64_t Unit) {
  return Unit > 1 && !Strides.empty() && Unit < Strides.front() &&
         is_contained(Strides, Unit) &&
         all_of(
             Strides,
             [&](int64_t S) { return S % Unit == 0 || Unit % S == 0; });
}

/// True if the period of \p A, that of a table within things of \p Unit bytes
/// which are too big to be described, can be that of all of them: nothing says
/// that there is anything else. Only floats may be assumed in what is not
/// known.
bool TypeTrees::Impl::fillsUnit(Loc L, const Attempt &A, int64_t Unit) {
  return A.Layout.hasOnlyFloats() &&
         none_of(Root.G.knownOffsets(L), [&](int64_t X) {
           ConcreteType T =
               X < Unit ? Root.G.lookup(L + X).Ev.type() : ConcreteType();
           return T.isPointer() ||
                  (T.isFloat() && T != A.Layout.Ranges.front().Type);
         });
}

/// The layout of memory of unknown size, at most \p Bytes. Its length counts
/// things of \p Unit bytes; if \p Cut, only the length of what it was cut from
/// does.
TypeTrees::Impl::Attempt
TypeTrees::Impl::dynamicLayout(Loc L, int64_t Unit, bool Cut, int64_t Bytes) {
  auto Strides = Root.G.stridesAt(L);
  int64_t Stride = Strides.empty() ? 0 : Strides.front();
  if (Unit > 1 && Unit <= 4096 && !Cut)
    Stride = std::max(Stride, Unit);
  Attempt A;
  A.fail(0, {});
  if (!Stride)
    return A;
  A = periodicLayout(L, Stride, /*Counted=*/Unit == Stride && !Cut);
  // Elements of other types may follow, with floats that must not be missed.
  if (!A.Failed && !A.Layout.hasFloats())
    A = periodicLayout(L, Stride);
  // A number in front of other things is counted with them perhaps.
  if (!A.Failed && Strides.empty() && A.Layout.hasOnlyIntegers())
    A.fail(0, {});
  if (!Cut && countsWithin(Strides, Unit)) {
    Attempt Single = periodicLayout(L, Unit);
    if (A.Guessed || (A.Failed && A.There.empty()) ||
        (!A.Failed && !Single.Failed && agree(A, Single)))
      A = Single;
  }
  if (A.Failed)
    return A;
  if (Unit > 4096 && !Cut && !fillsUnit(L, A, Unit))
    A.fail(0, {});
  if (A.Failed)
    return A;
  Stride = shorten(A.Layout, Root.F.getDataLayout());
  if (Unit > 1 && Unit % Stride == 0) {
    // The length says that there are more such elements, no others.
    if (A.Layout.Ranges.size() == 1 && Stride == Unit && !Cut)
      A.Guessed.reset();
    return A;
  }
  // The index may run over the first member of something bigger.
  if (!Root.G.isDeclaredTable(L, Stride, Bytes))
    A.fail(Stride, Root.G.lookup(L));
  return A;
}

/// The layout of a header with a table behind it, `struct {long n; double
/// x[];}`, of unknown size. The length counts elements of the table in \p Unit
/// bytes.
std::optional<TypeTrees::Impl::Attempt>
TypeTrees::Impl::headedLayout(Loc L, int64_t Unit, bool Cut, int64_t Bytes,
                              const Instruction &At) {
  for (int64_t Head : Root.G.knownOffsets(L)) {
    if (Head <= 0 || Head > MaxHead || Root.G.stridesAt(L + Head).empty())
      continue;
    Attempt A = fixedLayout(L, Head, At);
    if (A.Failed)
      return std::nullopt;
    Attempt Table = dynamicLayout(L + Head, Unit, Cut, Bytes - Head);
    if (Table.Failed || A.Guessed || A.Layout.Stride)
      continue;
    A.Layout.Head = Head;
    A.Layout.Stride = Table.Layout.Stride;
    for (const TypedRange &R : Table.Layout.Ranges)
      A.Layout.Ranges.push_back({R.Begin + Head, R.End + Head, R.Type});
    A.Guessed = Table.Guessed;
    return A;
  }
  return std::nullopt;
}

/// The number of bytes from \p Ptr to the end of the variable that it points
/// into.
static int64_t bytesToEnd(const Value &Ptr, const DataLayout &DL) {
  APInt Offset(DL.getIndexTypeSizeInBits(Ptr.getType()), 0);
  const Value *Object = Ptr.stripAndAccumulateConstantOffsets(
      DL, Offset, /*AllowNonInbounds=*/true);
  Type *T = nullptr;
  if (auto *Alloca = dyn_cast<AllocaInst>(Object))
    T = Alloca->isArrayAllocation() ? nullptr : Alloca->getAllocatedType();
  else if (auto *Global = dyn_cast<GlobalVariable>(Object))
    T = Global->hasDefinitiveInitializer() ? Global->getValueType() : nullptr;
  if (!T || !T->isSized() || T->isScalableTy())
    return TypeGraph::Unbounded;
  return int64_t(DL.getTypeAllocSize(T).getFixedValue()) -
         Offset.getSExtValue();
}

/// True if \p Says holds of \p Ptr, or of the other side of the copy \p At.
static bool eitherSide(const Value &Ptr, const Instruction &At,
                       function_ref<bool(const Value &)> Says) {
  auto *Copy = dyn_cast<AnyMemTransferInst>(&At);
  return Says(Ptr) ||
         (Copy && (Says(*Copy->getRawDest()) || Says(*Copy->getRawSource())));
}

/// The layout of a table of structs that a loop is seen to run over from end to
/// end, or whose elements the copy \p At counts. An index alone does not say
/// that there is a second element.
std::optional<TypeTrees::Impl::Attempt>
TypeTrees::Impl::tableLayout(const Value &Ptr, Loc L, uint64_t Bytes,
                             const Instruction &At) {
  auto *Copy = dyn_cast<CallBase>(&At);
  int64_t Unit = Copy ? notedUnit(*Copy) : 1;
  for (uint64_t Stride : Root.G.stridesAt(L)) {
    bool Counted = Unit > 1 && Unit == int64_t(Stride);
    if (Stride >= Bytes || Bytes % Stride ||
        !(Counted || eitherSide(Ptr, At, [&](const Value &V) {
            return accessesEach(Root.F, V, Stride, Bytes);
          })))
      continue;
    Attempt A = periodicLayout(L, Stride, /*Counted=*/true);
    if (!A.Failed && !A.Guessed)
      return A;
  }
  return std::nullopt;
}

/// True if \p Call copies or fills memory, false if it allocates some.
static bool movesMemory(const CallBase &Call) {
  const Function *Callee = Call.getCalledFunction();
  return Callee && classifyCallee(*Callee) == CalleeKind::MemoryIntrinsic;
}

TypeTrees::Impl::Attempt TypeTrees::Impl::layout(const Value &Ptr, Loc L,
                                                 std::optional<uint64_t> Size,
                                                 const Instruction &At) {
  if (Size) {
    uint64_t Bytes = std::min<uint64_t>(*Size, TypeGraph::Unbounded);
    Attempt A = fixedLayout(L, Bytes, At);
    return A.Failed ? tableLayout(Ptr, L, Bytes, At).value_or(A) : A;
  }
  int64_t Unit = 1, UnitBehind = 1;
  const MDNode *Moved = At.getMetadata(MovedObjectMD);
  auto *Copy = dyn_cast<CallBase>(&At);
  if (Moved) {
    auto Operand = [&](unsigned I) {
      return mdconst::extract<ConstantInt>(Moved->getOperand(I))
          ->getSExtValue();
    };
    Unit = Operand(0);
    UnitBehind = Operand(1);
  } else if (Copy && movesMemory(*Copy)) {
    const Value &Length = *MemoryOperands(*Copy).Length;
    Unit = std::max(countedUnit(Length, Root.F), notedUnit(*Copy));
    UnitBehind = unitBehindHeader(Length);
  }
  // What begins with a header is not a table of its first member.
  if (UnitBehind > 1 && Root.G.stridesAt(L, /*Indexed=*/true).empty())
    Unit = 1;
  bool Cut = Moved != nullptr;
  int64_t Bytes = bytesToEnd(Ptr, Root.F.getDataLayout());
  Attempt A = dynamicLayout(L, Unit, Cut, Bytes);
  // Sweeps take the two parts one after the other: no overlaps.
  if (A.Failed && !isa<AnyMemMoveInst>(At))
    return headedLayout(L, UnitBehind, Cut, Bytes, At).value_or(A);
  return A;
}

/// True if \p Ptr is to constant memory without addresses in it: it can be
/// read as anything, and its derivative is zero.
static bool isConstantData(const Value &Ptr) {
  auto *Global = dyn_cast<GlobalVariable>(getUnderlyingObject(&Ptr));
  if (!Global || !Global->isConstant() || !Global->hasDefinitiveInitializer())
    return false;
  SmallVector<const Constant *, 8> Worklist{Global->getInitializer()};
  for (unsigned Steps = 0; !Worklist.empty(); ++Steps) {
    const Constant *C = Worklist.pop_back_val();
    if (Steps == 1000 || C->getType()->isPtrOrPtrVectorTy() ||
        isa<ConstantExpr>(C))
      return false;
    if (isa<ConstantAggregate>(C))
      for (const Use &Op : C->operands())
        Worklist.push_back(cast<Constant>(Op));
  }
  return true;
}

static bool isConstantText(const Value &Ptr) {
  auto *Global = dyn_cast<GlobalVariable>(getUnderlyingObject(&Ptr));
  return Global && isText(*Global);
}

static MemoryLayout layoutOf(ConcreteType::Kind K,
                             std::optional<uint64_t> Size) {
  MemoryLayout Layout;
  Layout.Stride = Size ? 0 : 1;
  if (Size.value_or(1))
    Layout.Ranges.push_back({0, Size.value_or(1), {K}});
  return Layout;
}

static std::string describe(const Evidence &Ev) {
  SmallVector<std::string, 4> Kinds;
  if (Ev.Float)
    Kinds.push_back(typeName({ConcreteType::Float, Ev.Float}));
  if (Ev.Pointer)
    Kinds.push_back("Pointer");
  if (Ev.Integer || Ev.WeakInteger)
    Kinds.push_back("Integer");
  if (Ev.Mixed)
    Kinds.push_back("parts of different values");
  return llvm::join(Kinds, " and as ");
}

static Error layoutError(const Value &Ptr, std::optional<uint64_t> Size,
                         const Instruction &At, int64_t Byte,
                         const Evidence &Ev) {
  ++NumUnknown;
  std::string Text;
  raw_string_ostream OS(Text);
  OS << "byte " << Byte;
  if (Size)
    OS << " of the " << *Size << " bytes";
  OS << " behind ";
  Ptr.printAsOperand(OS, /*PrintType=*/false);
  if (Ev.conflict())
    OS << " is used as " << describe(Ev);
  else if (Ev.open())
    OS << " is part of a union, which may hold a float elsewhere";
  else if (Ev.empty())
    OS << " may be a float, a pointer or an integer: nothing tells";
  else
    OS << " may be something else than the " << describe(Ev)
       << " in other places of this memory, or is cut off";
  return makeError(
      Reason::UnknownType, At, Text,
      "compile with optimisation and without -fno-strict-aliasing, so that "
      "memory accesses carry their types, or with -g; or state the type with "
      "__enzyme_double(pointer, size) (or __enzyme_float, __enzyme_integer, "
      "__enzyme_pointer) in this function");
}

/// True if the table of floats, which \p At is assumed to copy from byte
/// \p Guessed on, certainly reaches to its end. Both sides of a copy tell.
bool TypeTrees::Impl::isWholeTable(const Value &Ptr,
                                   std::optional<uint64_t> Size,
                                   const Instruction &At, int64_t Guessed) {
  if (!Size)
    return false;
  return eitherSide(Ptr, At, [&](const Value &V) {
    return floatsReach(Root.F, V, Guessed, *Size);
  });
}

/// layout() without guesses, with what callees know if that is necessary.
TypeTrees::Impl::Attempt
TypeTrees::Impl::knownLayout(const Value &Ptr, Loc L,
                             std::optional<uint64_t> Size,
                             const Instruction &At) {
  Attempt A = layout(Ptr, L, Size, At);
  // Callees can know that a pointer or an integer here is a float at other
  // times, or calculate with the bits of a float; or what union this is.
  bool Ask = !A.Failed || A.There.empty() || A.There.Ev.conflict();
  if (Ask && readCallees())
    A = layout(Ptr, L, Size, At);
  if (A.Failed && Root.confirmNames())
    A = layout(Ptr, L, Size, At);
  if (!A.Failed && A.Guessed && !isWholeTable(Ptr, Size, At, *A.Guessed))
    A.fail(*A.Guessed, {});
  return A;
}

/// What is known of the \p Size bytes behind \p Ptr, or where it fails.
TypeTrees::Impl::Attempt
TypeTrees::Impl::attemptBehind(const Value &Ptr, std::optional<uint64_t> Size,
                               const Instruction &At) {
  auto Only = [&](ConcreteType::Kind K) {
    Attempt A;
    A.Layout = layoutOf(K, Size);
    return A;
  };
  if (accessesText(At))
    return Only(ConcreteType::Integer);
  Loc L = Root.pointsTo(Ptr);
  Root.G.run();
  if (!L)
    return Only(ConcreteType::Anything);
  Attempt A = knownLayout(Ptr, L, Size, At);
  if (A.Failed && A.There.Ev.open() && MayAssumeOneMember) {
    readCallees();
    AssumesOneMember = true;
    A = knownLayout(Ptr, L, Size, At);
    AssumesOneMember = false;
    AssumedOneMember |= !A.Failed;
  }
  auto *Copy = dyn_cast<AnyMemTransferInst>(&At);
  // What is copied there is what lies where it comes from.
  if (A.Failed && A.There.empty() && Copy && Copy->getRawDest() == &Ptr)
    if (Loc From = Root.pointsTo(*Copy->getRawSource())) {
      Root.G.run();
      Attempt Same = knownLayout(*Copy->getRawSource(), From, Size, At);
      if (!Same.Failed && agree(A, Same))
        A = std::move(Same);
    }
  // Constants have no derivative whatever they are, nor have copies of them.
  // What text overwrites is not read as a float again before one is stored.
  if (A.Failed &&
      (isConstantData(Ptr) ||
       (A.There.empty() && Copy && isConstantData(*Copy->getRawSource())) ||
       (Copy && isConstantText(*Copy->getRawSource()))))
    return Only(ConcreteType::Anything);
  return A;
}

std::optional<MemoryLayout>
TypeTrees::Impl::layoutBehind(const Value &Ptr, std::optional<uint64_t> Size,
                              const Instruction &At) {
  Attempt A = attemptBehind(Ptr, Size, At);
  return A.Failed ? std::nullopt : std::optional(std::move(A.Layout));
}

Expected<MemoryLayout>
TypeTrees::Impl::memoryBehind(const Value &Ptr, std::optional<uint64_t> Size,
                              const Instruction &At) {
  Attempt A = attemptBehind(Ptr, Size, At);
  if (A.Failed)
    return layoutError(Ptr, Size, At, *A.Failed, A.There.Ev);
  return std::move(A.Layout);
}

} // namespace linkgrad
