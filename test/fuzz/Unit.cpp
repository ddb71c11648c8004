//===- Unit.cpp - Random programs with what checks them -------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// For each program: a structure with its arguments and objects, whose reals can
// be set and read as one row, so that the checks are the same code for all.
//
//===----------------------------------------------------------------------===//

#include "Printer.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace linkgrad::fuzz;

static const char Preamble[] = R"(#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern int enzyme_dup, enzyme_dupnoneed, enzyme_out, enzyme_const,
    enzyme_primal_return;
double __enzyme_fwddiff(void *, ...);
float __enzyme_fwddiff_float(void *, ...);
void __enzyme_fwddiff_void(void *, ...);
void __enzyme_autodiff_void(void *, ...);
)";

static const char Checks[] = R"(
enum { MAX = 16 };
struct test {
  const char *name;
  int reals, samples, is_float;
  // For each real: 's'calar or 'm'emory, 'n': memory that the derivative may
  // leave undefined, 'c': inactive.
  const char *cells;
  // For each sample: inputs, result, outputs, and the Jacobian by rows.
  const double *data;
  void (*set)(void *, const double *, int);
  void (*get)(const void *, double *);
  double (*primal)(void *);
  double (*forward)(void *, void *);
  double (*reverse)(void *, void *, double *);
};

static union {
  char bytes[1 << 14];
  double align;
} primal, shadow;
static const struct test *T;
static int sample;

// Prints the first difference; one is enough.
static void check(const char *what, int row, int column, double got,
                  double want, double tolerance) {
  if (fabs(got - want) <= tolerance * (1 + fabs(want)))
    return;
  printf("%s wrong %s: sample %d, row %d, column %d: %.17g instead of %.17g\n",
         T->name, what, sample, row, column, got, want);
  fflush(stdout);
  _exit(1);
}

static void check_memory(const char *what, const double *want) {
  double got[MAX];
  T->get(&primal, got);
  for (int i = 0; i < T->reals; i++)
    if (T->cells[i] != 'n')
      check(what, i, -1, got[i], want[i], T->is_float ? 1e-6 : 1e-13);
}

static void run_sample(const double *data) {
  int n = T->reals;
  double tolerance = T->is_float ? 1e-3 : 1e-9, row[MAX], memory[MAX];
  double jacobian[MAX + 1][MAX] = {{0}};
  const double *inputs = data, *outputs = data + n + 1, *want = outputs + n;

  T->set(&primal, inputs, 0);
  double result = T->primal(&primal);
  check("result", 0, -1, result, data[n], tolerance);
  T->get(&primal, memory);
  for (int i = 0; i < n; i++)
    check("output", i, -1, memory[i], outputs[i], tolerance);

  for (int k = 0; k < n; k++) {
    if (T->cells[k] == 'c')
      continue;
    for (int i = 0; i < n; i++)
      row[i] = i == k;
    T->set(&primal, inputs, 0);
    T->set(&shadow, row, 1);
    jacobian[0][k] = T->forward(&primal, &shadow);
    T->get(&shadow, jacobian[MAX]);
    for (int i = 0; i < n; i++)
      jacobian[1 + i][k] = jacobian[MAX][i];
    for (int i = 0; i <= n; i++)
      if (!i || T->cells[i - 1] == 'm' || T->cells[i - 1] == 'n')
        check("tangent", i, k, jacobian[i][k], want[i * n + k], tolerance);
    check_memory("primal memory in forward mode", memory);
  }

  for (int pass = 0; pass < 2; pass++) {
    double seed[MAX] = {0}, again = result;
    for (int i = 0; i < n; i++)
      if (pass && (T->cells[i] == 'm' || T->cells[i] == 'n'))
        seed[i] = 1.5 - 0.375 * ((i * 5 + 3) % 8);
    T->set(&primal, inputs, 0);
    T->set(&shadow, seed, 1);
    T->reverse(&primal, &shadow, &again);
    check("primal result in reverse mode", 0, -1, again, result,
          T->is_float ? 1e-6 : 1e-13);
    check_memory("primal memory in reverse mode", memory);
    T->get(&shadow, row);
    for (int k = 0; k < n; k++) {
      double sum = want[k], forward = jacobian[0][k], size = 1;
      for (int i = 0; i < n; i++) {
        sum += seed[i] * want[(1 + i) * n + k];
        forward += seed[i] * jacobian[1 + i][k];
        size += fabs(seed[i] * want[(1 + i) * n + k]);
      }
      if (T->cells[k] == 'c')
        continue;
      check(pass ? "adjoint with seeds" : "adjoint", -1, k, row[k], sum,
            tolerance * size);
      check("forward against reverse", pass, k, row[k], forward,
            (T->is_float ? 1e-3 : 1e-11) * size);
    }
  }
}
)";

static const char Main[] = R"(
// Each test in a process of its own, so that none takes others with it.
int main(void) {
  for (T = tests; T->name; T++) {
    fflush(stdout);
    pid_t pid = fork();
    if (!pid) {
      alarm(20);
      for (sample = 0; sample < T->samples; sample++)
        run_sample(T->data + sample * (2 * T->reals + 1 +
                                       (1 + T->reals) * T->reals));
      printf("%s ok\n", T->name);
      fflush(stdout);
      _exit(0);
    }
    int status;
    waitpid(pid, &status, 0);
    if (WIFSIGNALED(status))
      printf("%s signal %d\n", T->name, WTERMSIG(status));
    else if (WEXITSTATUS(status) > 1)
      printf("%s exit %d\n", T->name, WEXITSTATUS(status));
  }
  return 0;
}
)";

namespace {

class UnitPrinter {
public:
  UnitPrinter(const Program &P, raw_ostream &OS)
      : P(P), OS(OS), Result(P.top().Result), Top(P.Prefix + P.top().Name) {}

  void print();
  void printTest();

private:
  const Program &P;
  raw_ostream &OS;
  const Type &Result;
  const std::string Top;

  int numReals() const {
    return count_if(P.Cells, [](const Cell &C) { return C.Ty.isReal(); });
  }
  raw_ostream &start(const char *Declaration, const char *Parameters) {
    return OS << "static " << Declaration << P.Prefix << Parameters
              << " {\n  struct " << P.Prefix << "state *s = v;\n";
  }
  void state();
  void access();
  void primal();
  void arguments(bool Forward);
  void forward();
  void reverse();
  void samples();
  template <typename CallbackT> void eachArgument(CallbackT Callback);
};

} // namespace

/// Calls back with each argument and how it is written.
template <typename CallbackT>
void UnitPrinter::eachArgument(CallbackT Callback) {
  int Scalar = 0;
  for (const Argument &A : P.Arguments)
    Callback(A, A.K == Argument::Memory ? "o" + itostr(A.Object)
                                        : P.Cells[Scalar++].Path);
}

void UnitPrinter::state() {
  OS << "struct " << P.Prefix << "state {\n";
  for (const Cell &C : P.Cells)
    if (C.Object < 0)
      OS << "  " << declare(P, C.Ty, C.Path) << ";\n";
  for (size_t I = 0; I != P.Objects.size(); ++I) {
    const Object &O = P.Objects[I];
    OS << "  " << declare(P, Type::array(O.Element, O.Count), "o" + itostr(I))
       << ";\n";
  }
  OS << "};\n";
}

/// How the reals are set and read, and everything else is set. Integers in the
/// shadow must not matter. Globals begin anew, too.
void UnitPrinter::access() {
  start("void ", "set(void *v, const double *x, int shadow)");
  int Real = 0;
  for (const Cell &C : P.Cells) {
    OS << "  s->" << C.Path << " = ";
    if (C.Ty.isReal())
      OS << "x[" << Real++ << "];\n";
    else if (C.Ty.isInteger())
      OS << "shadow ? -77777 : " << C.Integer << ";\n";
    else if (C.Ty.K == Type::Callee)
      OS << P.Prefix << "c" << C.Ty.Index << "[" << C.Integer << "];\n";
    else
      OS << "s->o" << C.Target << ";\n";
  }
  for (const Global &G : P.Globals) {
    Real = 0;
    for (const Cell &C : G.Cells)
      OS << "  " << P.Prefix << C.Path << " = "
         << (C.Ty.isReal() ? literal(G.Values[Real++]) : itostr(C.Integer))
         << ";\n";
  }
  OS << "}\n";
  OS << "static void " << P.Prefix << "get(const void *v, double *x) {\n";
  OS << "  const struct " << P.Prefix << "state *s = v;\n";
  Real = 0;
  for (const Cell &C : P.Cells)
    if (C.Ty.isReal())
      OS << "  x[" << Real++ << "] = s->" << C.Path << ";\n";
  OS << "}\n";
}

void UnitPrinter::primal() {
  start("double ", "primal(void *v)");
  OS << (Result.isReal() ? "  return " : "  ") << Top << "(";
  const char *Separator = "";
  eachArgument([&](const Argument &, const std::string &Path) {
    OS << Separator << "s->" << Path;
    Separator = ", ";
  });
  OS << ");\n" << (Result.isReal() ? "}\n" : "  return 0;\n}\n");
}

/// The operands of a request, after the function.
void UnitPrinter::arguments(bool Forward) {
  OS << "(void *)" << Top
     << (P.PrimalReturn && !Forward ? ", enzyme_primal_return" : "");
  eachArgument([&](const Argument &A, const std::string &Path) {
    if (A.K == Argument::Number || A.Inactive)
      OS << ", enzyme_const, s->" << Path;
    else if (A.K == Argument::Scalar && !Forward)
      OS << ", enzyme_out, s->" << Path;
    else
      OS << (A.NoNeed ? ", enzyme_dupnoneed" : ", enzyme_dup") << ", s->"
         << Path << ", d->" << Path;
  });
  OS << ");\n";
}

void UnitPrinter::forward() {
  start("double ", "forward(void *v, void *w)")
      << "  struct " << P.Prefix << "state *d = w;\n"
      << (Result.isReal() ? "  return " : "  ") << "__enzyme_fwddiff"
      << (Result.K == Type::Double  ? ""
          : Result.K == Type::Float ? "_float"
                                    : "_void")
      << "(";
  arguments(true);
  OS << (Result.isReal() ? "}\n" : "  return 0;\n}\n");
}

void UnitPrinter::reverse() {
  std::string Fields, After;
  if (P.PrimalReturn) {
    Fields += "  " + declare(P, Result, "result") + ";\n";
    After += "  *result = g.result;\n";
  }
  eachArgument([&](const Argument &A, const std::string &Path) {
    if (A.K != Argument::Scalar || A.Inactive)
      return;
    const Cell &C =
        *find_if(P.Cells, [&](const Cell &C) { return C.Path == Path; });
    Fields += "  " + declare(P, C.Ty, Path) + ";\n";
    After += "  d->" + Path + " = g." + Path + ";\n";
  });
  std::string Gradient = "struct " + P.Prefix + "gradient";
  if (!Fields.empty())
    OS << Gradient << " {\n"
       << Fields << "};\n"
       << Gradient << " __enzyme_autodiff_" << P.Prefix << "(void *, ...);\n";
  start("double ", "reverse(void *v, void *w, double *result)")
      << "  struct " << P.Prefix << "state *d = w;\n  ";
  if (Fields.empty())
    OS << "__enzyme_autodiff_void(";
  else
    OS << Gradient << " g = __enzyme_autodiff_" << P.Prefix << "(";
  arguments(false);
  OS << After << "  return 0;\n}\n";
}

void UnitPrinter::samples() {
  OS << "static const double " << P.Prefix << "data[] = {\n";
  auto Row = [&](ArrayRef<double> Numbers) {
    for (double D : Numbers)
      OS << (D == 0 ? "0" : literal(D)) << ",";
    OS << "\n";
  };
  for (const Sample &S : P.Samples) {
    Row(S.Inputs);
    Row(S.Result);
    Row(S.Outputs);
    for (const std::vector<double> &Numbers : S.Jacobian)
      Row(Numbers);
  }
  OS << "0};\n";
}

void UnitPrinter::print() {
  OS << "\n" << printProgram(P);
  state();
  access();
  primal();
  forward();
  reverse();
  samples();
}

void UnitPrinter::printTest() {
  OS << "  {\"" << P.Prefix << "\", " << numReals() << ", " << P.Samples.size()
     << ", " << P.UsesFloat << ", \"";
  for (const Cell &C : P.Cells)
    if (C.Ty.isReal())
      OS << (C.Inactive ? 'c' : C.Object < 0 ? 's' : C.NoNeed ? 'n' : 'm');
  OS << "\", " << P.Prefix << "data";
  for (const char *Name : {"set", "get", "primal", "forward", "reverse"})
    OS << ", " << P.Prefix << Name;
  OS << "},\n";
}

std::string linkgrad::fuzz::printUnit(ArrayRef<const Program *> Programs) {
  std::string Text;
  raw_string_ostream OS(Text);
  OS << Preamble;
  for (const Program *P : Programs)
    UnitPrinter(*P, OS).print();
  OS << Checks << "static const struct test tests[] = {\n";
  for (const Program *P : Programs)
    UnitPrinter(*P, OS).printTest();
  OS << "  {0}};\n" << Main;
  return Text;
}
