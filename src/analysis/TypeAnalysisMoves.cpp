//===- TypeAnalysisMoves.cpp - Who moves memory as what it is not ---------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A function that swaps or sorts longs may be given the address of doubles. Its
// own analysis sees integers there, so it would get no derivative. That the
// bytes are floats is known where it is called, by what the caller and the
// other callees do with them. So whoever has made the derivative of a function
// can ask for the bytes that it moved as integers, and whoever calls it
// compares them with what it knows. What is only compared, or used as an index,
// does not count.
//
// The same goes for what is moved as a pointer: the bytes may be those of a
// union that is a float. Then the callee is told so. And it is told which
// integers are floats if only functions that a pointer may lead to move them.
// These may have nothing in common: the context that a callback is given is not
// what the others take it for. So the one that is called with the floats moves
// them as what they are or stops the program, and nothing happens to the
// others.
//
// It goes for what is taken for floats, too, only since an index without bounds
// runs over some before it.
//
//===----------------------------------------------------------------------===//

#include "analysis/CallTargets.h"
#include "analysis/CountedUnit.h"
#include "analysis/SizeMembers.h"
#include "analysis/TextAccesses.h"
#include "analysis/TypeAnalysisImpl.h"
#include "llvm/ADT/Sequence.h"
#include "llvm/IR/InstIterator.h"
#include "llvm/IR/Instructions.h"
#include "llvm/IR/IntrinsicInst.h"

using namespace llvm;

namespace linkgrad {

//===----------------------------------------------------------------------===//
// What moves in a function
//===----------------------------------------------------------------------===//

static bool isBytes(const Value &V) {
  return V.getType()->isIntOrIntVectorTy() &&
         V.getType()->getScalarSizeInBits() >= 8;
}

static int64_t pointerSize(const Instruction &I) {
  return I.getDataLayout().getPointerSize();
}

namespace {

class MoveFinder {
public:
  MoveFinder(FunctionTypes &T, SmallVectorImpl<ByteMove> &Moves,
             SmallPtrSetImpl<const Value *> &Moving)
      : T(T), Moves(Moves), Moving(Moving) {}
  void visit(const Instruction &I);

private:
  void notePlace(Loc L, const Value &V);
  void noteSource(const Value &V);
  void noteCopy(const AnyMemIntrinsic &Copy);

  FunctionTypes &T;
  SmallVectorImpl<ByteMove> &Moves;
  SmallPtrSetImpl<const Value *> &Moving;
};

} // namespace

void MoveFinder::notePlace(Loc L, const Value &V) {
  if (L && isBytes(V))
    Moves.push_back({L, int64_t(T.sizeOf(V.getType()))});
}

/// \p V moves: notes where it, and what it was calculated from, was read. Each
/// value is looked at once.
void MoveFinder::noteSource(const Value &V) {
  SmallVector<const Value *, 8> Work{&V};
  while (!Work.empty()) {
    const Value &At = *Work.pop_back_val();
    bool Whole = At.getType()->isAggregateType();
    if (isa<Constant>(At) || !(isBytes(At) || Whole) ||
        !Moving.insert(&At).second)
      continue;
    auto *I = dyn_cast<Instruction>(&At);
    if (I && isa<BinaryOperator, CastInst, PHINode, SelectInst, FreezeInst,
                 InsertValueInst, ExtractValueInst, IntrinsicInst>(I))
      append_range(Work, I->operands());
    else if (!Whole)
      notePlace(T.content(At), At);
  }
}

void MoveFinder::noteCopy(const AnyMemIntrinsic &Copy) {
  auto *Length = dyn_cast<ConstantInt>(Copy.getLength());
  int64_t Size = Length ? Length->getLimitedValue(TypeGraph::Unbounded)
                        : TypeGraph::Unbounded;
  int64_t Unit = Length ? 0 : copiedUnit(Copy, *Copy.getLength());
  int64_t Stride = Unit > pointerSize(Copy) ? Unit : 0;
  // What the program says is no member of a union.
  bool Declared =
      isPointerAccess(Copy) || Copy.hasMetadata(LLVMContext::MD_tbaa_struct);
  for (const Use &Op : Copy.args())
    if (Op->getType()->isPointerTy())
      if (Loc L = T.pointsTo(*Op))
        Moves.push_back({L,
                         Size,
                         {},
                         Stride,
                         /*Perhaps=*/false,
                         /*OnlyIntegers=*/Declared});
}

void MoveFinder::visit(const Instruction &I) {
  if (accessesSize(I) || accessesText(I))
    return;
  if (auto *Copy = dyn_cast<AnyMemIntrinsic>(&I))
    return noteCopy(*Copy);
  switch (I.getOpcode()) {
  case Instruction::Store:
    notePlace(T.pointsTo(*I.getOperand(1)), *I.getOperand(0));
    return noteSource(*I.getOperand(0));
  case Instruction::AtomicRMW:
  case Instruction::AtomicCmpXchg:
    for (const Use &Op : drop_begin(I.operands())) {
      notePlace(T.pointsTo(*I.getOperand(0)), *Op);
      noteSource(*Op);
    }
    Moving.insert(&I);
    return;
  case Instruction::Ret:
  case Instruction::BitCast:
  case Instruction::SIToFP:
  case Instruction::UIToFP:
    if (I.getNumOperands() && !isBytes(I))
      noteSource(*I.getOperand(0));
    return;
  case Instruction::Call:
  case Instruction::Invoke:
    if (!isa<IntrinsicInst>(I))
      for (const Use &Arg : cast<CallBase>(I).args())
        noteSource(*Arg);
    return;
  default:
    return;
  }
}

void TypeTrees::Impl::findMoves() {
  MoveFinder Finder(Root, Moves, Moving);
  for (const Instruction &I : instructions(Root.F))
    Finder.visit(I);
}

static bool isSpeculative(const CallBase &Call) {
  return Call.hasFnAttr(SpeculativeCallAttribute);
}

void TypeTrees::Impl::forgetSpeculation(bool OnlyCertain) {
  auto Speculative = [](const CallBase *Call) { return isSpeculative(*Call); };
  if (OnlyCertain)
    erase_if(Root.OpenCalls, Speculative);
  else if (any_of(Root.OpenCalls, Speculative))
    Certain = std::make_unique<Impl>(Root.F, Deep, /*OnlyCertain=*/true);
}

//===----------------------------------------------------------------------===//
// Between caller and callee
//===----------------------------------------------------------------------===//

/// True if \p Holds for one of the pieces of the \p Size bytes at \p L of which
/// something may be known, by their offsets.
template <class Fn>
static bool anyPiece(const TypeGraph &G, Loc L, int64_t Size, Fn Holds) {
  if (Holds(int64_t(0)))
    return true;
  return any_of(G.knownOffsets(L),
                [&](int64_t X) { return X && X < Size && Holds(X); });
}

/// That of a copy whose length is not a constant.
static bool isUnbounded(int64_t Size) { return Size == TypeGraph::Unbounded; }

void TypeTrees::Impl::countMovedPointers(ArrayRef<const LoadInst *> Loads) {
  CountsPointers = true;
  for (const LoadInst *Load : Loads)
    if (Loc L = Root.pointsTo(*Load->getPointerOperand()))
      Moves.push_back({L, int64_t(Root.sizeOf(Load->getType()))});
}

std::vector<MovedBytes>
TypeTrees::Impl::movedBytes(ArrayRef<const Value *> Parameters) {
  SmallVector<Loc, 8> Roots;
  SmallVector<MovedBytes, 8> Starts;
  auto Add = [&](Loc L) -> MovedBytes & {
    Roots.push_back(L);
    return Starts.emplace_back();
  };
  for (auto [No, P] : enumerate(Parameters))
    Add(Root.place(*P)).Parameter = No;
  for (const GlobalVariable *G : Root.ActiveGlobals)
    Add(Root.pointsTo(*G)).Global = G;
  Add(Root.returnedPlace());

  Root.G.run();
  auto Ways = Root.G.waysFrom(Roots);
  DenseSet<std::pair<unsigned, int64_t>> Seen[2];
  std::vector<MovedBytes> Result;
  auto Note = [&](Loc L, int64_t Size, ConcreteType As, int64_t Stride = 0,
                  bool Perhaps = false) {
    auto Way = Ways.find(L.Node);
    if (Way == Ways.end() || !Seen[Perhaps].insert({L.Node, L.Offset}).second)
      return;
    MovedBytes &Bytes = Result.emplace_back(Starts[Way->second.Root]);
    Bytes.Derefs = Way->second.Derefs;
    Bytes.Begin = L.Offset + Way->second.Shift;
    Bytes.Size = Size;
    Bytes.As = As;
    Bytes.Stride = Stride ? Stride : Way->second.Stride;
    Bytes.Perhaps = Perhaps;
  };
  for (const ByteMove &M : Moves) {
    Loc L = Root.G.find(M.At);
    if (M.InCallee.isKnown())
      Note(L, M.Size, M.InCallee, M.Stride, M.Perhaps);
    else if (Ways.contains(L.Node))
      anyPiece(Root.G, L, M.Size, [&](int64_t X) {
        Found F = Root.G.lookup(L + X);
        ConcreteType T = F.Ev.type();
        bool Counts = T.K == ConcreteType::Integer ||
                      (T.isPointer() && CountsPointers && !M.OnlyIntegers);
        bool Table = X == 0 && T.isPointer() && isUnbounded(M.Size);
        if (Counts && !F.Guess)
          Note(L + X, Table ? M.Size : std::min(F.End, M.Size - X), T,
               M.Stride);
        if (X == 0 && T.isFloat() && F.Guess)
          Note(L, M.Size, T, M.Stride);
        return false;
      });
  }
  return Result;
}

/// Where \p Bytes, which the callee of \p Call moves, are in the caller.
Loc TypeTrees::Impl::follow(const CallBase &Call, const MovedBytes &Bytes) {
  const Value *From = &Call;
  if (Bytes.Global)
    From = Bytes.Global;
  else if (Bytes.Parameter && *Bytes.Parameter < Call.arg_size())
    From = Call.getArgOperand(*Bytes.Parameter);
  return follow(Root.place(*From), Bytes);
}

Loc TypeTrees::Impl::follow(Loc L, const MovedBytes &Bytes) {
  for (int64_t D : Bytes.Derefs) {
    if (!L)
      return {};
    Root.G.run();
    Found F = Root.G.lookup(L + D);
    L = F.Begin == 0 ? F.Pointee : Loc();
  }
  return L ? L + Bytes.Begin : L;
}

/// The float that \p Bytes, which a callee moves as pointers, are here at other
/// times. It may be another element than the first that is one. What is beyond
/// an unknown number of pointers that are copied may be no element.
Type *TypeTrees::Impl::unionAt(Loc L, const MovedBytes &Bytes) const {
  const int64_t PointerSize = Root.F.getDataLayout().getPointerSize();
  bool Table = Bytes.Stride != 0, Copied = isUnbounded(Bytes.Size);
  Type *Float = Copied && (!Table || Bytes.Stride == PointerSize)
                    ? Root.G.floatAmongPointers(L, PointerSize)
                    : nullptr;
  if (Float)
    return Float;
  anyPiece(Root.G, L, Table || Copied ? TypeGraph::Unbounded : 1,
           [&](int64_t X) {
             bool IsElement = Table && X % Bytes.Stride == 0;
             if (IsElement || X % PointerSize == 0)
               Float = unionFloat(L + X, /*MovesPointer=*/X == 0 || IsElement);
             return Float != nullptr;
           });
  return Float;
}

std::vector<MovedBytes> TypeTrees::Impl::floatsIn(const CallBase &Call,
                                                  ArrayRef<MovedBytes> Callee) {
  std::vector<MovedBytes> Floats;
  for (const MovedBytes &Bytes : Callee) {
    bool Perhaps = Bytes.Perhaps || isSpeculative(Call);
    bool ArePointers = Bytes.As.isPointer();
    if (Bytes.As.isFloat() || !(ArePointers ? CountsPointers : Perhaps))
      continue;
    Impl &Known = ArePointers ? *this : certain();
    Known.readCallees();
    Loc L = Known.follow(Call, Bytes);
    if (!L)
      continue;
    Known.Root.G.run();
    MovedBytes New = Bytes;
    auto Note = [&](int64_t X, Type *Float) {
      New.Begin = Bytes.Begin + X;
      New.Float = Float;
      if (Float)
        Floats.push_back(New);
    };
    if (ArePointers)
      Note(0, unionAt(L, Bytes));
    else
      anyPiece(Known.Root.G, L, Bytes.Size, [&](int64_t X) {
        Note(X, Known.Root.G.floatAt(L + X));
        return false;
      });
  }
  return Floats;
}

void TypeTrees::Impl::assumeFloats(ArrayRef<const Value *> Parameters,
                                   ArrayRef<MovedBytes> Floats) {
  if (Floats.empty())
    return;
  if (Certain)
    Certain->assumeFloats(Parameters, Floats);
  readCallees();
  for (const MovedBytes &Bytes : Floats) {
    Loc From = Bytes.Parameter ? Root.place(*Parameters[*Bytes.Parameter])
               : Bytes.Global  ? Root.pointsTo(*Bytes.Global)
                               : Root.returnedPlace();
    Loc L = follow(From, Bytes);
    if (!L)
      continue;
    Evidence Float = Evidence::floating(Bytes.Float);
    unsigned Size = Root.sizeOf(Bytes.Float);
    Root.G.mark(L, Size, Float);
    if (Bytes.Stride && !Bytes.As.isPointer())
      Root.G.mark(Root.G.element(L, Bytes.Stride), Size, Float);
  }
  Root.G.run();
}

/// True if \p Words, which are smaller than a pointer and are moved as
/// integers, are all of one: an index runs over them, or there are enough.
bool TypeTrees::Impl::splitPointer(ArrayRef<ByteMove> Words) const {
  auto Covers = [](const ByteMove &W, Loc Byte) {
    return W.At.Node == Byte.Node && W.At.Offset <= Byte.Offset &&
           Byte.Offset < W.At.Offset + W.Size;
  };
  return any_of(Words, [&](const ByteMove &Word) {
    Found F = Root.G.lookup(Word.At);
    if (!F.Ev.Pointer || F.Guess)
      return false;
    return (Word.Stride && Word.Stride <= Word.Size) ||
           all_of(seq(F.Begin, F.End), [&](int64_t X) {
             return any_of(Words, [&](const ByteMove &W) {
               return Covers(W, Word.At + X);
             });
           });
  });
}

/// True if the byte at \p L is certainly that of a pointer, or of another float
/// than \p Guess, at some time.
bool TypeTrees::Impl::differs(Loc L, ConcreteType Guess) const {
  Found F = Root.G.lookup(L);
  return !F.Guess &&
         (F.Ev.Pointer || (F.Ev.Float && F.Ev.Float != Guess.FloatType));
}

TypeTrees::Misread TypeTrees::Impl::misreads(const CallBase &Call,
                                             ArrayRef<MovedBytes> Callee) {
  if (Callee.empty())
    return Misread::No;
  readCallees();
  // What is behind a pointer stops the program there if it is wrong, by what is
  // known without it.
  bool Speculative = isSpeculative(Call);
  Impl &Known = Speculative ? certain() : *this;
  Known.readCallees();
  bool Floats = false, Guesses = false;
  SmallVector<ByteMove, 8> Words;
  for (const MovedBytes &Bytes : Callee) {
    bool Perhaps = Bytes.Perhaps || Speculative;
    if (Bytes.As.isPointer() && (Perhaps || !CountsPointers))
      continue;
    Loc L = follow(Call, Bytes);
    if (!L)
      continue;
    Root.G.run();
    Loc There = Speculative ? Known.follow(Call, Bytes) : L;
    bool Counts = There && !Bytes.Perhaps;
    Known.Root.G.run();
    if (Bytes.As.isFloat()) {
      Found First = Root.G.lookup(L);
      if (!First.Guess && First.Ev.type() == Bytes.As)
        continue;
      Guesses |=
          Counts && anyPiece(Known.Root.G, There, Bytes.Size, [&](int64_t X) {
            return Known.differs(There + X, Bytes.As);
          });
    }
    Floats |= Bytes.As.K == ConcreteType::Integer && !Perhaps &&
              anyPiece(Root.G, L, Bytes.Size,
                       [&](int64_t X) { return Root.G.floatAt(L + X); });
    Moves.push_back({L, Bytes.Size, Bytes.As, Bytes.Stride, Perhaps});
    if (Counts && Bytes.Size < pointerSize(Call))
      Words.push_back({There, Bytes.Size, Bytes.As, Bytes.Stride});
  }
  for (ByteMove &Word : Words)
    Word.At = Known.Root.G.find(Word.At);
  return Floats                      ? Misread::Floats
         : Guesses                   ? Misread::Guesses
         : Known.splitPointer(Words) ? Misread::Pointers
                                     : Misread::No;
}

} // namespace linkgrad
