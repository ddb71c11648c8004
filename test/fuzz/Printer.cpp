//===- Printer.cpp - A random program as C --------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "Printer.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace linkgrad::fuzz;

namespace {

class Printer {
public:
  Printer(const Program &P, raw_ostream &OS) : P(P), OS(OS) {}

  void print();

private:
  const Program &P;
  raw_ostream &OS;
  const Function *F = nullptr;
  int Indent = 0;

  raw_ostream &line() { return OS.indent(2 * Indent); }
  void types();
  void variables();
  void header(const Function &F);
  std::string expr(const Expr &E);
  std::string infix(const Expr &E, const char *Operator);
  std::string apply(const std::string &Name, const Expr &E);
  std::string name(const Stmt &S) { return "v" + itostr(S.Var); }
  std::string declareVariable(const Stmt &S) {
    return declare(P, F->Variables[S.Var], name(S));
  }
  void block(const std::vector<Stmt> &Body);
  void statement(const Stmt &S);
  void controlFlow(const Stmt &S);
  void jump(const Stmt &S);
  void twoEntries(const Stmt &S);
  void memory(const Stmt &S);
  void heap(const Stmt &S);
  std::string label(int Number) { return P.Prefix + "l" + itostr(Number); }
  std::string size(const Type &Ty) {
    return "sizeof(" + StringRef(declare(P, Ty, "")).rtrim().str() + ")";
  }
};

} // namespace

static std::string baseName(const Program &P, const Type &Ty) {
  switch (Ty.K) {
  case Type::Void:
    return "void";
  case Type::Double:
    return "double";
  case Type::Float:
    return "float";
  case Type::Int:
    return "int";
  case Type::Long:
    return "long";
  default:
    return "struct " + P.Prefix + "S" + itostr(Ty.Index);
  }
}

/// How a function \p F is declared, by another name.
static std::string signature(const Program &P, const Function &F,
                             std::string Name) {
  Name += "(";
  for (int I = 0; I != F.NumParameters; ++I)
    Name += (I ? ", " : "") + declare(P, F.Variables[I], "v" + itostr(I));
  return declare(P, F.Result, Name + (F.NumParameters ? ")" : "void)"));
}

std::string linkgrad::fuzz::declare(const Program &P, const Type &Ty,
                                    const std::string &Name) {
  if (Ty.K == Type::Pointer)
    return (Ty.Const ? "const " : "") + declare(P, *Ty.Element, "*" + Name);
  if (Ty.K == Type::Array)
    return declare(P, *Ty.Element, Name + "[" + itostr(Ty.Count) + "]");
  if (Ty.K == Type::Callee)
    return signature(P, P.Functions[P.Callees[Ty.Index][0]], "(*" + Name + ")");
  return baseName(P, Ty) + " " + Name;
}

std::string linkgrad::fuzz::literal(double D) {
  std::string Text;
  raw_string_ostream(Text) << format("%.17g", D);
  return StringRef(Text).find_first_of(".en") == StringRef::npos ? Text + ".0"
                                                                 : Text;
}

//===----------------------------------------------------------------------===//
// Expressions
//===----------------------------------------------------------------------===//

std::string Printer::infix(const Expr &E, const char *Operator) {
  return "(" + expr(E.Kids[0]) + " " + Operator + " " + expr(E.Kids[1]) + ")";
}

std::string Printer::apply(const std::string &Name, const Expr &E) {
  std::string Text = Name;
  const char *Separator = "(";
  for (size_t I = E.Code == Op::CallThrough; I != E.Kids.size(); ++I) {
    Text += Separator + expr(E.Kids[I]);
    Separator = ", ";
  }
  return Text + (*Separator == '(' ? "()" : ")");
}

std::string Printer::expr(const Expr &E) {
  auto Math = [&](const char *Name) {
    return apply(Name + std::string(E.Ty.K == Type::Float ? "f" : ""), E);
  };
  switch (E.Code) {
  case Op::Constant:
    if (E.Ty.K == Type::Callee)
      return P.Prefix + P.Functions[P.Callees[E.Ty.Index][E.Integer]].Name;
    if (E.Ty.isInteger())
      return itostr(E.Integer);
    return E.Ty.K == Type::Float ? literal(E.Real) + "f" : literal(E.Real);
  case Op::Variable:
    return "v" + itostr(E.Index);
  case Op::Table:
    return P.Prefix + "t" + itostr(E.Index);
  case Op::Global:
    return P.Prefix + "g" + itostr(E.Index);
  case Op::Field:
    if (E.Kids[0].Code == Op::Deref)
      return expr(E.Kids[0].Kids[0]) + "->f" + itostr(E.Index);
    return expr(E.Kids[0]) + ".f" + itostr(E.Index);
  case Op::Element:
    return expr(E.Kids[0]) + "[" + expr(E.Kids[1]) + "]";
  case Op::Deref:
    return "(*" + expr(E.Kids[0]) + ")";
  case Op::AddressOf:
    return "(&" + expr(E.Kids[0]) + ")";
  case Op::Neg:
    return "(-(" + expr(E.Kids[0]) + "))"; // Never `--`.
  case Op::Add:
    return infix(E, "+");
  case Op::Sub:
    return infix(E, "-");
  case Op::Mul:
    return infix(E, "*");
  case Op::Div:
    return infix(E, "/");
  case Op::Wrap:
    return "(int)((unsigned)" + expr(E.Kids[0]) + " % " + itostr(E.Integer) +
           "u)";
  case Op::Sqrt:
    return Math("sqrt");
  case Op::Exp:
    return Math("exp");
  case Op::Log:
    return Math("log");
  case Op::Sin:
    return Math("sin");
  case Op::Cos:
    return Math("cos");
  case Op::Tanh:
    return Math("tanh");
  case Op::Fabs:
    return Math("fabs");
  case Op::Pow:
    return Math("pow");
  case Op::Fmin:
    return Math("fmin");
  case Op::Fmax:
    return Math("fmax");
  case Op::Fma:
    return Math("fma");
  case Op::Convert:
    return "(" + baseName(P, E.Ty) + ")" + expr(E.Kids[0]);
  case Op::Less:
    return infix(E, "<");
  case Op::Greater:
    return infix(E, ">");
  case Op::And:
    return infix(E, "&&");
  case Op::Or:
    return infix(E, "||");
  case Op::Not:
    return "!" + expr(E.Kids[0]);
  case Op::Select:
    return "(" + expr(E.Kids[0]) + " ? " + expr(E.Kids[1]) + " : " +
           expr(E.Kids[2]) + ")";
  case Op::Call:
    return apply(P.Prefix + P.Functions[E.Index].Name, E);
  case Op::Entry:
    return P.Prefix + "c" + itostr(E.Ty.Index) + "[" + expr(E.Kids[0]) + "]";
  case Op::CallThrough:
    return apply(expr(E.Kids[0]), E);
  }
  return "";
}

//===----------------------------------------------------------------------===//
// Statements
//===----------------------------------------------------------------------===//

void Printer::block(const std::vector<Stmt> &Body) {
  ++Indent;
  for (const Stmt &S : Body)
    statement(S);
  --Indent;
}

void Printer::statement(const Stmt &S) {
  auto Assignment = [&](const char *Operator) {
    line() << expr(S.E[0]) << " " << Operator << " " << expr(S.E[1]) << ";\n";
  };
  switch (S.Code) {
  case Do::Declare:
    line() << declareVariable(S) << " = " << expr(S.E[0]) << ";\n";
    break;
  case Do::DeclareArray:
    line() << declareVariable(S) << " = {";
    for (const Expr &E : S.E)
      OS << (&E == &S.E[0] ? "" : ", ") << expr(E);
    OS << "};\n";
    break;
  case Do::Assign:
    Assignment("=");
    break;
  case Do::Update:
    Assignment(S.Update == Op::Add ? "+=" : S.Update == Op::Sub ? "-=" : "*=");
    break;
  case Do::Break:
  case Do::Continue:
  case Do::Goto:
  case Do::Return:
    jump(S);
    break;
  case Do::Evaluate:
    line() << expr(S.E[0]) << ";\n";
    break;
  case Do::If:
  case Do::Switch:
  case Do::For:
  case Do::While:
  case Do::DoWhile:
  case Do::Labelled:
    controlFlow(S);
    break;
  case Do::TwoEntries:
    twoEntries(S);
    break;
  case Do::Heap:
  case Do::Calloc:
  case Do::Grow:
  case Do::Realloc:
    heap(S);
    break;
  default:
    memory(S);
  }
}

void Printer::controlFlow(const Stmt &S) {
  std::string V = name(S);
  std::string Capped;
  if (S.Code == Do::While || S.Code == Do::DoWhile)
    Capped = "(" + expr(S.E[0]) + " && " + V + " < " + itostr(S.Count) + ")";
  switch (S.Code) {
  case Do::If:
    line() << "if (" << expr(S.E[0]) << ") {\n";
    block(S.Bodies[0]);
    if (!S.Bodies[1].empty()) {
      line() << "} else {\n";
      block(S.Bodies[1]);
    }
    break;
  case Do::Switch:
    line() << "switch (" << expr(S.E[0]) << ") {\n";
    for (size_t I = 0; I != S.Bodies.size(); ++I) {
      if (I + 1 == S.Bodies.size())
        line() << "default: {\n";
      else
        line() << "case " << I << ": {\n";
      block(S.Bodies[I]);
      line() << (S.FallThrough ? "}\n" : "} break;\n");
    }
    break;
  case Do::For:
    line() << "for (int " << V << " = 0; " << V << " < " << expr(S.E[0]) << "; "
           << V << "++) {\n";
    block(S.Bodies[0]);
    break;
  case Do::Labelled:
    line() << "{\n";
    block(S.Bodies[0]);
    line() << "}\n";
    line() << label(S.Count) << ":;\n";
    return;
  case Do::While:
    line() << "int " << V << " = 0;\n";
    line() << "while " << Capped << " {\n";
    line() << "  " << V << "++;\n";
    block(S.Bodies[0]);
    break;
  default:
    line() << "int " << V << " = 0;\n";
    line() << "do {\n";
    line() << "  " << V << "++;\n";
    block(S.Bodies[0]);
    line() << "} while " << Capped << ";\n";
    return;
  }
  line() << "}\n";
}

/// The result of a function is calculated before the blocks are freed.
void Printer::jump(const Stmt &S) {
  bool Early = !S.Frees.empty() && !S.E.empty();
  line() << "{\n";
  ++Indent;
  if (Early)
    line() << declare(P, F->Result, "r") << " = " << expr(S.E[0]) << ";\n";
  for (int Var : S.Frees)
    line() << "free(v" << Var << ");\n";
  switch (S.Code) {
  case Do::Break:
    line() << "break;\n";
    break;
  case Do::Continue:
    line() << "continue;\n";
    break;
  case Do::Goto:
    line() << "goto " << label(S.Count) << ";\n";
    break;
  default:
    line() << "return"
           << (Early         ? " r"
               : S.E.empty() ? ""
                             : " " + expr(S.E[0]))
           << ";\n";
  }
  --Indent;
  line() << "}\n";
}

void Printer::twoEntries(const Stmt &S) {
  std::string Top = P.Prefix + "top" + itostr(S.Var);
  std::string Middle = P.Prefix + "middle" + itostr(S.Var);
  line() << "int " << name(S) << " = 1;\n";
  line() << "if (" << expr(S.E[0]) << ") goto " << Middle << ";\n";
  line() << Top << ":;\n";
  line() << "{\n";
  block(S.Bodies[0]);
  line() << "}\n";
  line() << Middle << ":;\n";
  line() << "{\n";
  block(S.Bodies[1]);
  line() << "}\n";
  line() << "if (" << name(S) << " != " << S.Count << " && " << expr(S.E[1])
         << ") {\n";
  line() << "  " << name(S) << "++;\n";
  line() << "  goto " << Top << ";\n";
  line() << "}\n";
}

void Printer::heap(const Stmt &S) {
  std::string Element = size(*F->Variables[S.Var].Element);
  std::string Count = itostr(S.Count), I = "v" + itostr(S.Index);
  line() << "{\n";
  ++Indent;
  line() << declareVariable(S) << " = ";
  switch (S.Code) {
  case Do::Heap:
    OS << "malloc(" << Count << " * " << Element << ");\n";
    break;
  case Do::Calloc:
    OS << "calloc(" << Count << ", " << Element << ");\n";
    break;
  case Do::Grow:
    OS << "0;\n";
    line() << "for (int " << I << " = 0; " << I << " < " << Count << "; " << I
           << "++) {\n";
    line() << "  " << name(S) << " = realloc(" << name(S) << ", (" << I
           << " + 1) * " << Element << ");\n";
    line() << "  " << name(S) << "[" << I << "] = " << expr(S.E[0]) << ";\n";
    line() << "}\n";
    break;
  default:
    OS << "realloc(" << I << ", " << Count << " * " << Element << ");\n";
  }
  --Indent;
  block(S.Bodies[0]);
  line() << "  "
         << (S.Code == Do::Realloc ? I + " = " + name(S) + ";\n"
                                   : "free(" + name(S) + ");\n");
  line() << "}\n";
}

void Printer::memory(const Stmt &S) {
  switch (S.Code) {
  case Do::DeclareZeroed:
    line() << declareVariable(S) << ";\n";
    line() << "memset(&" << name(S) << ", 0, sizeof " << name(S) << ");\n";
    return;
  case Do::CopyFields: {
    std::string To = "." + ("f" + itostr(S.Count)),
                Struct = baseName(P, S.E[0].Ty);
    bool Rest = S.End == int(P.Structs[S.E[0].Ty.Index].Fields.size());
    line() << "memcpy(&" << expr(S.E[0]) << To << ", &" << expr(S.E[1]) << To
           << ", "
           << (Rest ? size(S.E[0].Ty)
                    : "offsetof(" + Struct + ", f" + itostr(S.End) + ")")
           << " - offsetof(" << Struct << ", f" << S.Count << "));\n";
    return;
  }
  default:
    line() << (S.Code == Do::Memset   ? "memset("
               : S.Code == Do::Memcpy ? "memcpy("
                                      : "memmove(")
           << expr(S.E[0]) << ", "
           << (S.Code == Do::Memset ? "0" : expr(S.E[1])) << ", " << S.Count
           << " * " << size(*S.E[0].Ty.Element) << ");\n";
  }
}

//===----------------------------------------------------------------------===//
// The program
//===----------------------------------------------------------------------===//

void Printer::header(const Function &F) {
  OS << (F.Inline == Function::Never  ? "__attribute__((noinline)) static "
         : F.Inline == Function::Hint ? "static inline "
                                      : "static ");
  OS << signature(P, F, P.Prefix + F.Name);
}

static void markCalled(const Expr &E, std::vector<bool> &Called) {
  if (E.Code == Op::Call)
    Called[E.Index] = true;
  for (const Expr &Kid : E.Kids)
    markCalled(Kid, Called);
}

static void markCalled(const std::vector<Stmt> &Body,
                       std::vector<bool> &Called) {
  for (const Stmt &S : Body) {
    for (const Expr &E : S.E)
      markCalled(E, Called);
    for (const std::vector<Stmt> &Inner : S.Bodies)
      markCalled(Inner, Called);
  }
}

void Printer::types() {
  for (size_t I = 0; I != P.Structs.size(); ++I)
    OS << "struct " << P.Prefix << "S" << I << ";\n";
  for (size_t I = 0; I != P.Structs.size(); ++I) {
    OS << "struct " << P.Prefix << "S" << I << " {\n";
    const std::vector<Type> &Fields = P.Structs[I].Fields;
    for (size_t J = 0; J != Fields.size(); ++J)
      OS << "  " << declare(P, Fields[J], "f" + itostr(J)) << ";\n";
    OS << "};\n";
  }
}

void Printer::variables() {
  for (size_t I = 0; I != P.Tables.size(); ++I) {
    OS << "static const double " << P.Prefix << "t" << I << "[] = {";
    for (size_t J = 0; J != P.Tables[I].size(); ++J)
      OS << (J ? ", " : "") << literal(P.Tables[I][J]);
    OS << "};\n";
  }
  for (size_t I = 0; I != P.Globals.size(); ++I)
    OS << (P.Globals[I].ThreadLocal ? "static _Thread_local " : "static ")
       << declare(P, P.Globals[I].Ty, P.Prefix + "g" + itostr(I)) << ";\n";
  for (size_t I = 0; I != P.Callees.size(); ++I) {
    for (int Callee : P.Callees[I]) {
      header(P.Functions[Callee]);
      OS << ";\n";
    }
    Type Ty{Type::Callee, int(I), 0, false, nullptr};
    OS << "static "
       << declare(P, Ty, "const " + P.Prefix + "c" + itostr(I) + "[]")
       << " = {";
    for (int Callee : P.Callees[I])
      OS << P.Prefix << P.Functions[Callee].Name << ", ";
    OS << "};\n";
  }
}

void Printer::print() {
  types();
  variables();
  // Functions that call each other need declarations. What the reducer left
  // without calls is not printed.
  std::vector<bool> Called(P.Functions.size());
  Called.back() = true;
  for (const std::vector<int> &Table : P.Callees)
    for (int I : Table)
      Called[I] = true;
  for (size_t Round = 0; Round != P.Functions.size(); ++Round)
    for (size_t I = 0; I != P.Functions.size(); ++I)
      if (Called[I])
        markCalled(P.Functions[I].Body, Called);
  for (size_t I = 0; I != P.Functions.size(); ++I)
    if (Called[I] && P.Functions[I].Recursive > int(I)) {
      header(P.Functions[P.Functions[I].Recursive]);
      OS << ";\n";
    }
  for (size_t I = 0; I != P.Functions.size(); ++I) {
    if (!Called[I])
      continue;
    F = &P.Functions[I];
    header(*F);
    OS << " {\n";
    block(F->Body);
    OS << "}\n";
  }
}

std::string linkgrad::fuzz::printProgram(const Program &P) {
  std::string Text;
  raw_string_ostream OS(Text);
  Printer(P, OS).print();
  return Text;
}
