//===- Interpreter.cpp - The oracle: a program over dual numbers ----------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A walk over the tree, as slow and obvious as can be. Memory is a row of
// slots, one for each scalar or pointer; an address is a slot's number and is
// never used again. Behind each allocation stands a guard, and at the end of
// its scope all of it turns into guards, so that no program with a dangling
// pointer passes for a good test.
//
//===----------------------------------------------------------------------===//

#include "Interpreter.h"
#include "Dual.h"

using namespace linkgrad::fuzz;

namespace {

constexpr int MaxSteps = 20000;
constexpr int MaxCallDepth = 24;
/// Larger numbers than this are not compared with 1e-9.
constexpr double MaxMagnitude = 1e4;

struct Slot {
  enum Kind { Undefined, Guard, Real, Integer, Address };

  Kind K = Undefined;
  int64_t I = 0; ///< Integer, Address
  Dual D;        ///< Real
};

enum class Flow { Next, Break, Continue, Return };

class Interpreter {
public:
  Interpreter(const Program &P) : P(P), Margin(P.UsesFloat ? 1e-3 : 1e-5) {}

  const char *run(Sample &S);

private:
  struct Frame {
    const Function &F;
    std::vector<int64_t> Address; ///< of each variable, -1: not declared yet
    std::vector<Slot> Result;
  };

  const Program &P;
  const double Margin; ///< the least distance from a kink
  const char *Why = nullptr;
  int Steps = 0;
  int CallDepth = 0;
  std::vector<Slot> Memory;
  std::vector<int64_t> Tables;

  void fail(const char *Reason) {
    if (!Why)
      Why = Reason;
  }

  int64_t allocate(int Slots);
  void endScope(size_t Start);
  Slot load(int64_t Address, Slot::Kind K);
  void store(int64_t Address, const Slot &S);
  void copy(int64_t Destination, int64_t Source, int Slots);
  void zero(int64_t Address, const Type &Ty);

  int64_t place(Frame &F, const Expr &E);
  Slot scalar(Frame &F, const Expr &E);
  Slot operate(const Expr &E, const std::vector<Slot> &X);
  Dual real(const Expr &E, const std::vector<Slot> &X);
  int64_t integer(const Expr &E, const std::vector<Slot> &X);
  bool less(const Slot &X, const Slot &Y);
  std::vector<Slot> value(Frame &F, const Expr &E);
  std::vector<Slot> call(Frame &F, const Expr &E);

  void declare(Frame &F, int Var);
  void assign(Frame &F, int64_t Address, const Expr &E);
  Flow block(Frame &F, const std::vector<Stmt> &Body);
  Flow statement(Frame &F, const Stmt &S);
  Flow loop(Frame &F, const Stmt &S);
  void memory(Frame &F, const Stmt &S);
};

} // namespace

static Slot integerSlot(int64_t I) { return {Slot::Integer, I, {}}; }
static Slot addressSlot(int64_t A) { return {Slot::Address, A, {}}; }
static Slot realSlot(const Dual &D) { return {Slot::Real, 0, D}; }

static Slot::Kind kindOf(const Type &Ty) {
  if (Ty.isReal())
    return Slot::Real;
  return Ty.isInteger() ? Slot::Integer : Slot::Address;
}

//===----------------------------------------------------------------------===//
// Memory
//===----------------------------------------------------------------------===//

int64_t Interpreter::allocate(int Slots) {
  int64_t Address = Memory.size();
  Memory.resize(Memory.size() + Slots);
  Memory.push_back({Slot::Guard, 0, {}});
  return Address;
}

/// Ends the life of all that was allocated since there were \p Start slots.
void Interpreter::endScope(size_t Start) {
  for (size_t I = Start; I != Memory.size(); ++I)
    Memory[I].K = Slot::Guard;
}

Slot Interpreter::load(int64_t Address, Slot::Kind K) {
  if (Address < 0 || Address >= int64_t(Memory.size()) ||
      Memory[Address].K != K) {
    fail("bad load");
    return {K, 0, {}};
  }
  return Memory[Address];
}

void Interpreter::store(int64_t Address, const Slot &S) {
  if (Address < 0 || Address >= int64_t(Memory.size()) ||
      Memory[Address].K == Slot::Guard)
    return fail("bad store");
  Memory[Address] = S;
}

void Interpreter::copy(int64_t Destination, int64_t Source, int Slots) {
  std::vector<Slot> Taken;
  for (int I = 0; I != Slots; ++I) {
    if (Source < 0 || Source + I >= int64_t(Memory.size()) ||
        Memory[Source + I].K == Slot::Guard)
      return fail("bad copy");
    Taken.push_back(Memory[Source + I]);
  }
  for (int I = 0; I != Slots; ++I)
    store(Destination + I, Taken[I]);
}

void Interpreter::zero(int64_t Address, const Type &Ty) {
  if (Ty.K == Type::Array) {
    for (int I = 0; I != Ty.Count; ++I)
      zero(Address + I * P.sizeOf(*Ty.Element), *Ty.Element);
  } else if (Ty.K == Type::Struct) {
    const std::vector<Type> &Fields = P.Structs[Ty.Index].Fields;
    for (size_t I = 0; I != Fields.size(); ++I)
      zero(Address + P.fieldOffset(Ty, I), Fields[I]);
  } else {
    store(Address, {kindOf(Ty), Ty.K == Type::Pointer ? -1 : 0, {}});
  }
}

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
  if (Why)
    return {kindOf(E.Ty), 0, {}};
  switch (E.Code) {
  case Op::Variable:
  case Op::Table:
  case Op::Field:
  case Op::Element:
  case Op::Deref:
    return load(place(F, E), kindOf(E.Ty));
  case Op::AddressOf:
    return addressSlot(place(F, E.Kids[0]));
  case Op::Call: {
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
    return operate(E, X);
  }
}

Slot Interpreter::operate(const Expr &E, const std::vector<Slot> &X) {
  if (E.Ty.isInteger()) {
    int64_t I = integer(E, X);
    if (I < -1000000 || I > 1000000)
      fail("large integer");
    return integerSlot(I);
  }
  Dual D = real(E, X);
  if (E.Ty.K == Type::Float)
    D.V = float(D.V);
  if (!(D.magnitude() < MaxMagnitude))
    fail("large number");
  return realSlot(D);
}

Dual Interpreter::real(const Expr &E, const std::vector<Slot> &X) {
  auto Tie = [&](const Dual &A, const Dual &B) {
    if (std::fabs(A.V - B.V) < Margin * (1 + std::fabs(A.V)) &&
        !(A.isConstant() && B.isConstant()))
      fail("near a kink");
    return A.V < B.V;
  };
  switch (E.Code) {
  case Op::Constant:
    return E.Real;
  case Op::Convert:
    return X[0].K == Slot::Real ? X[0].D : Dual(double(X[0].I));
  case Op::Neg:
    return -X[0].D;
  case Op::Add:
    return X[0].D + X[1].D;
  case Op::Sub:
    return X[0].D - X[1].D;
  case Op::Mul:
    return X[0].D * X[1].D;
  case Op::Div:
    return X[0].D / X[1].D;
  case Op::Sqrt:
    return sqrt(X[0].D);
  case Op::Exp:
    return exp(X[0].D);
  case Op::Log:
    return log(X[0].D);
  case Op::Sin:
    return sin(X[0].D);
  case Op::Cos:
    return cos(X[0].D);
  case Op::Tanh:
    return tanh(X[0].D);
  case Op::Fabs:
    Tie(X[0].D, 0.0);
    return fabs(X[0].D);
  case Op::Pow:
    return pow(X[0].D, X[1].D);
  case Op::Fmin:
    return Tie(X[0].D, X[1].D) ? X[0].D : X[1].D;
  case Op::Fmax:
    return Tie(X[0].D, X[1].D) ? X[1].D : X[0].D;
  case Op::Fma: {
    Dual R = X[0].D * X[1].D + X[2].D;
    R.V = std::fma(X[0].D.V, X[1].D.V, X[2].D.V);
    return R;
  }
  default:
    fail("not a real operation");
    return {};
  }
}

int64_t Interpreter::integer(const Expr &E, const std::vector<Slot> &X) {
  switch (E.Code) {
  case Op::Constant:
    return E.Integer;
  case Op::Convert:
    if (X[0].K == Slot::Integer)
      return X[0].I;
    if (std::fabs(X[0].D.V - std::round(X[0].D.V)) < Margin)
      fail("near a jump");
    return int64_t(X[0].D.V);
  case Op::Neg:
    return -X[0].I;
  case Op::Add:
    return X[0].I + X[1].I;
  case Op::Sub:
    return X[0].I - X[1].I;
  case Op::Mul:
    return X[0].I * X[1].I;
  case Op::Wrap:
    return uint32_t(X[0].I) % uint32_t(E.Integer);
  case Op::Less:
    return less(X[0], X[1]);
  case Op::Greater:
    return less(X[1], X[0]);
  case Op::Not:
    return !X[0].I;
  default:
    fail("not an integer operation");
    return 0;
  }
}

bool Interpreter::less(const Slot &X, const Slot &Y) {
  if (X.K == Slot::Integer)
    return X.I < Y.I;
  if (std::fabs(X.D.V - Y.D.V) < Margin * (1 + std::fabs(X.D.V)))
    fail("near a jump");
  return X.D.V < Y.D.V;
}

/// A value of any type as slots.
std::vector<Slot> Interpreter::value(Frame &F, const Expr &E) {
  if (E.Ty.K != Type::Struct)
    return {scalar(F, E)};
  if (E.Code == Op::Call)
    return call(F, E);
  int64_t Address = place(F, E);
  int Size = P.sizeOf(E.Ty);
  if (Why || Address < 0 || Address + Size > int64_t(Memory.size())) {
    fail("bad structure");
    return std::vector<Slot>(Size);
  }
  return {Memory.begin() + Address, Memory.begin() + Address + Size};
}

std::vector<Slot> Interpreter::call(Frame &Caller, const Expr &E) {
  const Function &Callee = P.Functions[E.Index];
  std::vector<std::vector<Slot>> Values;
  for (const Expr &Kid : E.Kids)
    Values.push_back(value(Caller, Kid));
  if (++CallDepth > MaxCallDepth)
    fail("deep recursion");
  size_t Start = Memory.size();
  Frame F{Callee, std::vector<int64_t>(Callee.Variables.size(), -1), {}};
  for (size_t I = 0; I != Values.size(); ++I) {
    declare(F, I);
    for (size_t J = 0; J != Values[I].size(); ++J)
      store(F.Address[I] + J, Values[I][J]);
  }
  if (!Why && block(F, Callee.Body) != Flow::Return &&
      Callee.Result.K != Type::Void)
    fail("no result");
  endScope(Start);
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
  std::vector<Slot> Slots = value(F, E);
  for (size_t I = 0; I != Slots.size(); ++I)
    store(Address + I, Slots[I]);
}

Flow Interpreter::block(Frame &F, const std::vector<Stmt> &Body) {
  size_t Start = Memory.size();
  Flow Next = Flow::Next;
  for (const Stmt &S : Body) {
    Next = statement(F, S);
    if (Why)
      Next = Flow::Return;
    if (Next != Flow::Next)
      break;
  }
  endScope(Start);
  return Next;
}

Flow Interpreter::statement(Frame &F, const Stmt &S) {
  switch (S.Code) {
  case Do::Declare: {
    std::vector<Slot> Slots = value(F, S.E[0]);
    declare(F, S.Var);
    for (size_t I = 0; I != Slots.size(); ++I)
      store(F.Address[S.Var] + I, Slots[I]);
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
    store(Address, operate(E, {load(Address, kindOf(E.Ty)), Right}));
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
  case Do::Break:
    return Flow::Break;
  case Do::Continue:
    return Flow::Continue;
  case Do::Return:
    if (!S.E.empty())
      F.Result = value(F, S.E[0]);
    return Flow::Return;
  case Do::Evaluate:
    value(F, S.E[0]);
    return Flow::Next;
  case Do::Heap:
  case Do::Calloc: {
    size_t Start = Memory.size();
    memory(F, S);
    Flow Next = block(F, S.Bodies[0]);
    if (!Why && (Next != Flow::Next ||
                 load(F.Address[S.Var], Slot::Address).I != int64_t(Start)))
      fail("leak");
    endScope(Start);
    return Next;
  }
  default:
    memory(F, S);
    return Flow::Next;
  }
}

Flow Interpreter::loop(Frame &F, const Stmt &S) {
  declare(F, S.Var);
  store(F.Address[S.Var], integerSlot(0));
  bool Counted = S.Code == Do::For;
  for (bool First = true;; First = false) {
    int64_t I = load(F.Address[S.Var], Slot::Integer).I;
    bool Enter = S.Code == Do::DoWhile && First;
    if (!Enter) {
      // As printed: a for loop compares first, the others check the cap last.
      Slot Condition = scalar(F, S.E[0]);
      Enter = Counted ? I < Condition.I : Condition.I && I < S.Count;
    }
    if (Why || !Enter)
      return Flow::Next;
    if (!Counted)
      store(F.Address[S.Var], integerSlot(I + 1));
    Flow Next = block(F, S.Bodies[0]);
    if (Why || Next == Flow::Return)
      return Flow::Return;
    if (Next == Flow::Break)
      return Flow::Next;
    if (Counted)
      store(F.Address[S.Var], integerSlot(I + 1));
    if (++Steps > MaxSteps)
      fail("too many steps");
  }
}

/// What changes memory as a whole.
void Interpreter::memory(Frame &F, const Stmt &S) {
  if (S.Code == Do::DeclareZeroed) {
    declare(F, S.Var);
    return zero(F.Address[S.Var], F.F.Variables[S.Var]);
  }
  if (S.Code == Do::Heap || S.Code == Do::Calloc) {
    const Type &Element = *F.F.Variables[S.Var].Element;
    int64_t Start = allocate(S.Count * P.sizeOf(Element));
    declare(F, S.Var);
    store(F.Address[S.Var], addressSlot(Start));
    for (int I = 0; S.Code == Do::Calloc && I != S.Count; ++I)
      zero(Start + I * P.sizeOf(Element), Element);
    return;
  }
  const Type &Element = *S.E[0].Ty.Element;
  int64_t Destination = scalar(F, S.E[0]).I;
  int Size = S.Count * P.sizeOf(Element);
  if (S.Code == Do::Memset) {
    for (int I = 0; !Why && I != S.Count; ++I)
      zero(Destination + I * P.sizeOf(Element), Element);
    return;
  }
  int64_t Source = scalar(F, S.E[1]).I;
  if (S.Code == Do::Memcpy && std::abs(Destination - Source) < Size)
    fail("overlap");
  if (!Why)
    copy(Destination, Source, Size);
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

const char *Interpreter::run(Sample &S) {
  for (const std::vector<double> &Table : P.Tables) {
    Tables.push_back(allocate(Table.size()));
    for (size_t I = 0; I != Table.size(); ++I)
      store(Tables.back() + I, realSlot(Table[I]));
  }
  std::vector<int64_t> Objects;
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

  Frame Outside{P.top(), std::vector<int64_t>(P.Arguments.size(), -1), {}};
  Expr Call;
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
  if (Why)
    return Why;

  S.Jacobian.clear();
  S.Outputs.clear();
  auto AddRow = [&](const Dual &D) {
    S.Jacobian.emplace_back(D.D.begin(), D.D.begin() + Input);
    return D.V;
  };
  S.Result = AddRow(Result.empty() ? Dual() : Result[0].D);
  for (size_t I = 0; I != P.Cells.size(); ++I)
    if (P.Cells[I].Ty.isReal())
      S.Outputs.push_back(AddRow(load(Address[I], Slot::Real).D));
  return Why;
}

const char *linkgrad::fuzz::interpret(const Program &P, Sample &S) {
  return Interpreter(P).run(S);
}
