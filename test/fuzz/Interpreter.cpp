//===- Interpreter.cpp - The oracle: a program over dual numbers ----------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A walk over the tree, as slow and obvious as can be.
//
//===----------------------------------------------------------------------===//

#include "Interpreter.h"
#include "Arithmetic.h"
#include "SlotMemory.h"

using namespace linkgrad::fuzz;

namespace {

constexpr int MaxSteps = 20000;
constexpr int MaxCallDepth = 24;

enum class Flow { Next, Break, Continue, Goto, Return };

class Interpreter {
public:
  Interpreter(const Program &P, double Noise)
      : P(P), Memory(P),
        Operations(P.UsesFloat, Noise, [this](const char *Why) { fail(Why); }) {
  }

  const char *run(Sample &S);

private:
  struct Frame {
    const Function &F;
    std::vector<int64_t> Address; ///< of each variable, -1: not declared yet
    std::vector<Slot> Result;
  };

  const Program &P;
  int Steps = 0;
  int CallDepth = 0;
  SlotMemory Memory;
  Arithmetic Operations;
  std::vector<int64_t> Tables, Globals;
  int Label = -1; ///< where a goto goes

  bool failed() const { return Memory.why(); }
  void fail(const char *Reason) { Memory.fail(Reason); }
  int64_t allocate(int Slots) { return Memory.allocate(Slots); }
  void store(int64_t Address, const Slot &S) { Memory.store(Address, S); }

  int64_t place(Frame &F, const Expr &E);
  Slot scalar(Frame &F, const Expr &E);
  std::vector<Slot> value(Frame &F, const Expr &E);
  std::vector<Slot> call(Frame &F, const Expr &E);
  int callee(Frame &F, const Expr &E);

  void declare(Frame &F, int Var);
  void assign(Frame &F, int64_t Address, const Expr &E);
  Flow block(Frame &F, const std::vector<Stmt> &Body);
  Flow statement(Frame &F, const Stmt &S);
  Flow loop(Frame &F, const Stmt &S);
  Flow twoEntries(Frame &F, const Stmt &S);
  Flow heap(Frame &F, const Stmt &S);
  void grow(Frame &F, const Stmt &S);
  Flow reallocate(Frame &F, const Stmt &S);
  Flow jump(Frame &F, const Stmt &S);
  void memory(Frame &F, const Stmt &S);
  void copy(int64_t To, int64_t From, int Size, bool MayOverlap);
  std::vector<int64_t> initialMemory(const Sample &S,
                                     std::vector<int64_t> &Objects);
};

} // namespace

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

int64_t Interpreter::place(Frame &F, const Expr &E) {
  switch (E.Code) {
  case Op::Variable:
    if (F.Address[E.Index] < 0)
      fail("undeclared variable");
    return F.Address[E.Index];
  case Op::Table:
    return Tables[E.Index];
  case Op::Global:
    return Globals[E.Index];
  case Op::Field:
    return place(F, E.Kids[0]) + P.fieldOffset(E.Kids[0].Ty, E.Index);
  case Op::Element: {
    const Type &Base = E.Kids[0].Ty;
    int64_t Start =
        Base.K == Type::Pointer ? scalar(F, E.Kids[0]).I : place(F, E.Kids[0]);
    int64_t Index = scalar(F, E.Kids[1]).I;
    if (Start < 0 || Index < 0 || Index >= Base.Count)
      fail("index out of bounds");
    return Start + Index * P.sizeOf(E.Ty);
  }
  case Op::Deref:
    return scalar(F, E.Kids[0]).I;
  default:
    fail("not a place");
    return -1;
  }
}

Slot Interpreter::scalar(Frame &F, const Expr &E) {
  if (++Steps > MaxSteps)
    fail("too many steps");
  if (failed())
    return {kindOf(E.Ty), 0, {}};
  switch (E.Code) {
  case Op::Variable:
  case Op::Table:
  case Op::Global:
  case Op::Field:
  case Op::Element:
  case Op::Deref:
    return Memory.load(place(F, E), kindOf(E.Ty));
  case Op::AddressOf:
    return addressSlot(place(F, E.Kids[0]));
  case Op::Entry:
    return scalar(F, E.Kids[0]);
  case Op::Call:
  case Op::CallThrough: {
    std::vector<Slot> Result = call(F, E);
    return Result.empty() ? Slot{kindOf(E.Ty), 0, {}} : Result[0];
  }
  case Op::Select:
    return scalar(F, E.Kids[scalar(F, E.Kids[0]).I ? 1 : 2]);
  case Op::And:
  case Op::Or: {
    bool First = scalar(F, E.Kids[0]).I;
    if (First == (E.Code == Op::Or))
      return integerSlot(First);
    return scalar(F, E.Kids[1]);
  }
  default:
    std::vector<Slot> X;
    for (const Expr &Kid : E.Kids)
      X.push_back(scalar(F, Kid));
    return Operations.apply(E, X);
  }
}

/// A value of any type as slots.
std::vector<Slot> Interpreter::value(Frame &F, const Expr &E) {
  if (E.Ty.K != Type::Struct)
    return {scalar(F, E)};
  if (E.Code == Op::Call || E.Code == Op::CallThrough)
    return call(F, E);
  return Memory.load(place(F, E), P.sizeOf(E.Ty));
}

/// The number of the function that \p E calls.
int Interpreter::callee(Frame &F, const Expr &E) {
  if (E.Code == Op::Call)
    return E.Index;
  const std::vector<int> &Table = P.Callees[E.Kids[0].Ty.Index];
  int64_t I = scalar(F, E.Kids[0]).I;
  if (I < 0 || I >= int64_t(Table.size())) {
    fail("call of no function");
    I = 0;
  }
  return Table[I];
}

std::vector<Slot> Interpreter::call(Frame &Caller, const Expr &E) {
  const Function &Callee = P.Functions[callee(Caller, E)];
  std::vector<std::vector<Slot>> Values;
  for (size_t I = E.Code == Op::CallThrough; I != E.Kids.size(); ++I)
    Values.push_back(value(Caller, E.Kids[I]));
  if (++CallDepth > MaxCallDepth)
    fail("deep recursion");
  size_t Start = Memory.scope();
  Frame F{Callee, std::vector<int64_t>(Callee.Variables.size(), -1), {}};
  for (size_t I = 0; I != Values.size(); ++I) {
    declare(F, I);
    Memory.store(F.Address[I], Values[I]);
  }
  Flow End = failed() ? Flow::Return : block(F, Callee.Body);
  if (End != Flow::Return &&
      (End != Flow::Next || Callee.Result.K != Type::Void))
    fail("no result");
  Memory.endScope(Start);
  --CallDepth;
  return F.Result;
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

void Interpreter::declare(Frame &F, int Var) {
  F.Address[Var] = allocate(P.sizeOf(F.F.Variables[Var]));
}

void Interpreter::assign(Frame &F, int64_t Address, const Expr &E) {
  Memory.store(Address, value(F, E));
}

Flow Interpreter::block(Frame &F, const std::vector<Stmt> &Body) {
  size_t Start = Memory.scope();
  Flow Next = Flow::Next;
  for (const Stmt &S : Body) {
    Next = statement(F, S);
    if (failed())
      Next = Flow::Return;
    if (Next != Flow::Next)
      break;
  }
  Memory.endScope(Start);
  return Next;
}

Flow Interpreter::statement(Frame &F, const Stmt &S) {
  switch (S.Code) {
  case Do::Declare: {
    std::vector<Slot> Slots = value(F, S.E[0]);
    declare(F, S.Var);
    Memory.store(F.Address[S.Var], Slots);
    return Flow::Next;
  }
  case Do::DeclareArray:
    declare(F, S.Var);
    for (size_t I = 0; I != S.E.size(); ++I)
      store(F.Address[S.Var] + I, scalar(F, S.E[I]));
    return Flow::Next;
  case Do::Assign:
    assign(F, place(F, S.E[0]), S.E[1]);
    return Flow::Next;
  case Do::Update: {
    int64_t Address = place(F, S.E[0]);
    Expr E;
    E.Code = S.Update;
    E.Ty = S.E[0].Ty;
    Slot Right = scalar(F, S.E[1]);
    store(Address,
          Operations.apply(E, {Memory.load(Address, kindOf(E.Ty)), Right}));
    return Flow::Next;
  }
  case Do::If:
    return block(F, S.Bodies[scalar(F, S.E[0]).I ? 0 : 1]);
  case Do::Switch: {
    int64_t Last = S.Bodies.size() - 1;
    int64_t I = scalar(F, S.E[0]).I;
    I = I < 0 || I > Last ? Last : I;
    do {
      Flow Next = block(F, S.Bodies[I]);
      if (Next != Flow::Next)
        return Next == Flow::Break ? Flow::Next : Next;
    } while (S.FallThrough && ++I <= Last);
    return Flow::Next;
  }
  case Do::For:
  case Do::While:
  case Do::DoWhile:
    return loop(F, S);
  case Do::TwoEntries:
    return twoEntries(F, S);
  case Do::Labelled: {
    Flow Next = block(F, S.Bodies[0]);
    return Next == Flow::Goto && Label == S.Count ? Flow::Next : Next;
  }
  case Do::Break:
  case Do::Continue:
  case Do::Goto:
  case Do::Return:
    return jump(F, S);
  case Do::Evaluate:
    value(F, S.E[0]);
    return Flow::Next;
  case Do::Heap:
  case Do::Calloc:
  case Do::Grow:
    return heap(F, S);
  case Do::Realloc:
    return reallocate(F, S);
  default:
    memory(F, S);
    return Flow::Next;
  }
}

Flow Interpreter::jump(Frame &F, const Stmt &S) {
  if (S.Code == Do::Return && !S.E.empty())
    F.Result = value(F, S.E[0]);
  for (int Var : S.Frees)
    Memory.freeBlock(Memory.load(F.Address[Var], Slot::Address).I);
  Label = S.Count;
  return S.Code == Do::Break      ? Flow::Break
         : S.Code == Do::Continue ? Flow::Continue
         : S.Code == Do::Goto     ? Flow::Goto
                                  : Flow::Return;
}

Flow Interpreter::loop(Frame &F, const Stmt &S) {
  declare(F, S.Var);
  store(F.Address[S.Var], integerSlot(0));
  bool Counted = S.Code == Do::For;
  for (bool First = true;; First = false) {
    int64_t I = Memory.load(F.Address[S.Var], Slot::Integer).I;
    bool Enter = S.Code == Do::DoWhile && First;
    if (!Enter) {
      // As printed: a for loop compares first, the others check the cap last.
      Slot Condition = scalar(F, S.E[0]);
      Enter = Counted ? I < Condition.I : Condition.I && I < S.Count;
    }
    if (failed() || !Enter)
      return Flow::Next;
    if (!Counted)
      store(F.Address[S.Var], integerSlot(I + 1));
    Flow Next = block(F, S.Bodies[0]);
    if (failed() || Next == Flow::Return || Next == Flow::Goto)
      return failed() ? Flow::Return : Next;
    if (Next == Flow::Break)
      return Flow::Next;
    if (Counted)
      store(F.Address[S.Var], integerSlot(I + 1));
    if (++Steps > MaxSteps)
      fail("too many steps");
  }
}

Flow Interpreter::twoEntries(Frame &F, const Stmt &S) {
  declare(F, S.Var);
  bool Skip = scalar(F, S.E[0]).I;
  for (int64_t I = 1;; ++I) {
    store(F.Address[S.Var], integerSlot(I));
    Flow Next = Skip ? Flow::Next : block(F, S.Bodies[0]);
    if (Next == Flow::Next)
      Next = block(F, S.Bodies[1]);
    Skip = false;
    if (failed() || Next != Flow::Next)
      return failed() ? Flow::Return : Next;
    if (I == S.Count || !scalar(F, S.E[1]).I)
      return Flow::Next;
  }
}

/// The life of a heap block. A jump out of it must have freed it.
Flow Interpreter::heap(Frame &F, const Stmt &S) {
  size_t Start = Memory.scope();
  const Type &Element = *F.F.Variables[S.Var].Element;
  int64_t Block = Memory.allocateBlock(S.Count * P.sizeOf(Element));
  declare(F, S.Var);
  store(F.Address[S.Var], addressSlot(Block));
  for (int I = 0; S.Code == Do::Calloc && I != S.Count; ++I)
    Memory.zero(Block + I * P.sizeOf(Element), Element);
  if (S.Code == Do::Grow)
    grow(F, S);
  Flow Next = block(F, S.Bodies[0]);
  if (!failed() && Next == Flow::Next)
    Memory.freeBlock(Memory.load(F.Address[S.Var], Slot::Address).I);
  if (Memory.isBlock(Block))
    fail("leak");
  Memory.endScope(Start);
  return Next;
}

/// Nothing can have the address of the blocks that are moved, so one is enough.
void Interpreter::grow(Frame &F, const Stmt &S) {
  const Type &Element = *F.F.Variables[S.Var].Element;
  int64_t Block = Memory.load(F.Address[S.Var], Slot::Address).I;
  declare(F, S.Index);
  for (int I = 0; I != S.Count; ++I) {
    store(F.Address[S.Index], integerSlot(I));
    assign(F, Block + I * P.sizeOf(Element), S.E[0]);
  }
}

Flow Interpreter::reallocate(Frame &F, const Stmt &S) {
  const Type &Old = F.F.Variables[S.Index];
  int Size = P.sizeOf(*Old.Element);
  int64_t From = Memory.load(F.Address[S.Index], Slot::Address).I;
  int64_t To = Memory.allocateBlock(S.Count * Size);
  Memory.store(To, Memory.load(From, std::min(Old.Count, S.Count) * Size));
  Memory.freeBlock(From);
  declare(F, S.Var);
  store(F.Address[S.Var], addressSlot(To));
  Flow Next = block(F, S.Bodies[0]);
  if (Next == Flow::Next)
    store(F.Address[S.Index], Memory.load(F.Address[S.Var], Slot::Address));
  else if (Memory.isBlock(To))
    fail("leak");
  return Next;
}

void Interpreter::copy(int64_t To, int64_t From, int Size, bool MayOverlap) {
  if (!MayOverlap && std::abs(To - From) < Size)
    fail("overlap");
  if (!failed())
    Memory.store(To, Memory.load(From, Size));
}

/// What changes memory as a whole.
void Interpreter::memory(Frame &F, const Stmt &S) {
  if (S.Code == Do::DeclareZeroed) {
    declare(F, S.Var);
    return Memory.zero(F.Address[S.Var], F.F.Variables[S.Var]);
  }
  if (S.Code == Do::CopyFields) {
    const Type &Ty = S.E[0].Ty;
    int Begin = P.fieldOffset(Ty, S.Count), End = P.fieldOffset(Ty, S.End);
    return copy(place(F, S.E[0]) + Begin, place(F, S.E[1]) + Begin, End - Begin,
                false);
  }
  const Type &Element = *S.E[0].Ty.Element;
  int64_t To = scalar(F, S.E[0]).I;
  if (S.Code == Do::Memset) {
    for (int I = 0; !failed() && I != S.Count; ++I)
      Memory.zero(To + I * P.sizeOf(Element), Element);
    return;
  }
  copy(To, scalar(F, S.E[1]).I, S.Count * P.sizeOf(Element),
       S.Code == Do::Memmove);
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

/// Fills tables, globals, objects and scalar arguments. \returns the address of
/// each cell.
std::vector<int64_t> Interpreter::initialMemory(const Sample &S,
                                                std::vector<int64_t> &Objects) {
  for (const std::vector<double> &Table : P.Tables) {
    Tables.push_back(allocate(Table.size()));
    for (size_t I = 0; I != Table.size(); ++I)
      store(Tables.back() + I, realSlot(Table[I]));
  }
  for (const Global &G : P.Globals) {
    Globals.push_back(allocate(G.Cells.size()));
    int Real = 0;
    for (size_t I = 0; I != G.Cells.size(); ++I)
      store(Globals.back() + I, G.Cells[I].Ty.isReal()
                                    ? realSlot(G.Values[Real++])
                                    : integerSlot(G.Cells[I].Integer));
  }
  for (const Object &O : P.Objects)
    Objects.push_back(allocate(O.Count * P.sizeOf(O.Element)));

  // The cells of the objects, and in front of them the scalar arguments.
  std::vector<int64_t> Address;
  std::vector<int64_t> NextCell = Objects;
  int Input = 0;
  for (const Cell &C : P.Cells) {
    Address.push_back(C.Object < 0 ? allocate(1) : NextCell[C.Object]++);
    Slot Initial = {kindOf(C.Ty), C.Integer, {}};
    if (C.Ty.K == Type::Pointer)
      Initial.I = Objects[C.Target];
    if (C.Ty.isReal()) {
      Initial.D = S.Inputs[Input];
      Initial.D.D[Input++] = 1;
    }
    store(Address.back(), Initial);
  }
  return Address;
}

const char *Interpreter::run(Sample &S) {
  std::vector<int64_t> Objects;
  std::vector<int64_t> Address = initialMemory(S, Objects);
  Frame Outside{P.top(), std::vector<int64_t>(P.Arguments.size(), -1), {}};
  Expr Call;
  Call.Code = Op::Call;
  Call.Index = P.Functions.size() - 1;
  int Scalar = 0;
  for (size_t I = 0; I != P.Arguments.size(); ++I) {
    const Argument &A = P.Arguments[I];
    if (A.K == Argument::Memory) {
      Outside.Address[I] = allocate(1);
      store(Outside.Address[I], addressSlot(Objects[A.Object]));
    } else {
      Outside.Address[I] = Address[Scalar++];
    }
    Expr E;
    E.Code = Op::Variable;
    E.Ty = P.top().Variables[I];
    E.Index = I;
    Call.Kids.push_back(E);
  }
  std::vector<Slot> Result = call(Outside, Call);
  if (failed())
    return Memory.why();

  S.Jacobian.clear();
  S.Outputs.clear();
  auto AddRow = [&](const Dual &D) {
    S.Jacobian.emplace_back(D.D.begin(), D.D.begin() + S.Inputs.size());
    return D.V;
  };
  S.Result = AddRow(Result.empty() ? Dual() : Result[0].D);
  for (size_t I = 0; I != P.Cells.size(); ++I)
    if (P.Cells[I].Ty.isReal())
      S.Outputs.push_back(AddRow(Memory.load(Address[I], Slot::Real).D));
  return Memory.why();
}

const char *linkgrad::fuzz::interpret(const Program &P, Sample &S,
                                      double Noise) {
  return Interpreter(P, Noise).run(S);
}
