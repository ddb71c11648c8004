"""Writes programs that call every function that docs/functions.md names, in
differentiated code, and compare the derivatives with central differences.

Usage: known-functions.py functions.md inactive-calls.txt OUTPUT-DIRECTORY

OUTPUT-DIRECTORY gets
  scalars.c     the C library's functions on numbers, real and complex;
  missing.c     those of them that C libraries still lack;
  intrinsics.ll, intrinsics.c
                LLVM's intrinsics, on scalars and vectors, and their checks;
  memory.cpp    allocators and copies;
  inactive.c    calls of inactive functions in the middle of active code.
"""

import os
import re
import sys

HEADER = r"""
#define _GNU_SOURCE
#include <assert.h>
#include <ctype.h>
#include <fenv.h>
#include <locale.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
#ifdef __cplusplus
#include <new>
#define complex _Complex
extern "C" {
#else
#include <complex.h>
#endif
extern int enzyme_dup;
void __enzyme_autodiff_void(void *, ...);
#ifdef __cplusplus
}
#endif
static int failures, checks;
static void compare(const char *what, const char *mode, int i, double is,
                    double should, double tolerance) {
  ++checks;
  if (fabs(is - should) <= tolerance * (1 + fabs(should)))
    return;
  fprintf(stderr, "%s, %s mode, derivative %d: %.10g instead of %.10g\n",
          what, mode, i, is, should);
  ++failures;
}
"""

# A check of one function REAL f(const REAL *x) of N arguments; ORACLE is a
# function of the same value whose differences are taken.
CHECK = r"""
#define CHECK(ID, NAME, REAL, WIDE, ORACLE, H, TOLERANCE, N, ...)              \
  EXTERN REAL __enzyme_autodiff_##ID(void *, ...);                             \
  EXTERN REAL __enzyme_fwddiff_##ID(void *, ...);                              \
  static void check_##ID(void) {                                               \
    static const WIDE at[N] = {__VA_ARGS__};                                   \
    REAL x[N], reverse[N] = {0};                                               \
    for (int i = 0; i < N; ++i)                                                \
      x[i] = at[i];                                                            \
    __enzyme_autodiff_##ID((void *)f_##ID, enzyme_dup, x, reverse);            \
    for (int i = 0; i < N; ++i) {                                              \
      WIDE y[5], h = H, p[N];                                                  \
      for (int s = -2; s <= 2; ++s) {                                          \
        for (int j = 0; j < N; ++j)                                            \
          p[j] = at[j] + (i == j) * s * h;                                     \
        y[s + 2] = ORACLE(p);                                                  \
      }                                                                        \
      double d = (y[0] - 8 * y[1] + 8 * y[3] - y[4]) / (12 * h);               \
      REAL dx[N] = {0};                                                        \
      dx[i] = 1;                                                               \
      double forward =                                                         \
          __enzyme_fwddiff_##ID((void *)f_##ID, enzyme_dup, x, dx);            \
      compare(NAME, "reverse", i, reverse[i], d, TOLERANCE);                   \
      compare(NAME, "forward", i, forward, d, TOLERANCE);                      \
    }                                                                          \
  }
"""

MAIN = r"""
int main(void) {
  %s
  fprintf(stderr, "%%d checks, %%d failures\n", checks, failures);
  return failures || !checks;
}
"""

def tables(text):
    """The rows of each section as lists of cells."""
    sections, rows = {}, None
    for line in text.splitlines():
        if line.startswith("## "):
            rows = sections.setdefault(line[3:], [])
        elif line.startswith("|") and not line.startswith("|---"):
            rows.append([cell.strip() for cell in line.strip("|").split("|")])
    return {name: rows[1:] for name, rows in sections.items() if rows}


def functions(section):
    """(form, point, name) for each function of a section."""
    for form, at, names in section:
        for name in names.split():
            yield form.strip("`"), at, name



def check(ident, name, real, wide, oracle, tolerance, at):
    return 'CHECK(%s, "%s", %s, %s, %s, 1e-3, %s, %d, %s)\n' % (
        (ident, name, real, wide, oracle, tolerance, at.count(",") + 1, at)
    )


# ===-- The C library --------------------------------------------------------===

# The call of function F on numbers of type R, by its form.
CALLS = {
    "f(x)": "F(x[0])",
    "f(x, y)": "F(x[0], x[1])",
    "f(x, y, z)": "F(x[0], x[1], x[2])",
    "f(x, int)": "F(x[0] * x[0], 3)",
    "f(x, long)": "F(x[0] * x[0], -2L)",
    "f(int, x)": "F(2, x[0] * x[0])",
    "f(x, int *)": "({ int e; R m = F(x[0] * x[0], &e); m * m + e; })",
    "f(x, real *)": "({ R w; R m = F(x[0] * x[0], &w); m * m + 2 * w; })",
    "f(x, real *, real *)": "({ R s, c; F(x[0] * x[0], &s, &c); s + c * c; })",
    "f(z) real": "F(Z(0))",
    "f(z)": "SUM(F(Z(0)))",
    "f(z, w)": "SUM(F(Z(0), Z(2)))",
    "f(re, im, re, im)": "SUM(F(x[0], x[1], x[2], x[3]))",
}
# For what the headers of some systems lack.
PROTOTYPES = {
    "f(x)": "R F(R)",
    "f(x, y)": "R F(R, R)",
    "f(x, y, z)": "R F(R, R, R)",
    "f(re, im, re, im)": "R complex F(R, R, R, R)",
}
# The name's letter in libgcc's functions, the type, and the type to compare in.
REALS = [("", "d", "double", "double"), ("f", "s", "float", "double")]
REALS += [("l", "x", "long double", "long double")]


def fill(template, name, real):
    return re.sub(r"\bR\b", real, re.sub(r"\bF\b", name, template))


def scalars(sections):
    code = [HEADER, "#define EXTERN extern", CHECK]
    code.append("#define Z(I) (x[I] + x[I + 1] * 1.0i)")
    code.append("#define SUM(V) ({ __auto_type v = V; __real__ v + __imag__ v; })\n")
    code = ["\n".join(code)]
    calls = []
    rows = [*functions(sections["Scalar functions"])]
    rows += functions(sections["Complex functions"])
    for form, at, name in rows:
        for suffix, letter, real, wide in REALS:
            this = name + suffix
            oracle = this if suffix == "l" else name
            if libgcc := re.fullmatch("(__mul|__div)dc3", name):
                this = libgcc[1] + letter + "c3"
                oracle = this if suffix == "l" else name
            if form in PROTOTYPES:
                code.append("extern %s;\n" % fill(PROTOTYPES[form], this, real))
            ident = "%s_%d" % (this, len(calls))
            for f, n, r in ("f", this, real), ("o", oracle, wide):
                code.append("static %s %s_%s(const %s *x) {\n" % (r, f, ident, r))
                code.append("  return %s;\n}\n" % fill(CALLS[form], n, r))
            tolerance = "2e-4" if suffix == "f" else "1e-7"
            code.append(check(ident, this, real, wide, "o_" + ident, tolerance, at))
            calls.append("check_%s();" % ident)
    code.append(MAIN % "\n  ".join(calls))
    return "".join(code)


MISSING = r"""
#define _GNU_SOURCE
#include <math.h>
#define WEAK __attribute__((weak))
WEAK double sinpi(double x) { return sin(M_PI * x); }
WEAK double cospi(double x) { return cos(M_PI * x); }
WEAK float sinpif(float x) { return sin(M_PI * x); }
WEAK float cospif(float x) { return cos(M_PI * x); }
WEAK long double sinpil(long double x) { return sinl(M_PIl * x); }
WEAK long double cospil(long double x) { return cosl(M_PIl * x); }
"""

# ===-- Intrinsics -----------------------------------------------------------===

# Element type, its name in intrinsics, the type outside, tolerance.
ELEMENTS = [("double", "f64", "double", "1e-7"), ("float", "f32", "float", "2e-4")]
ELEMENTS += [("half", "f16", "float", "3e-2")]


class Intrinsic:
    """The text of a function that calls an intrinsic on some type."""

    def __init__(self, ident, form, name, count, element, lanes):
        self.lines, self.next = [], 0
        scalar, overload, self.real, _ = element
        self.scalar, self.lanes = scalar, lanes
        self.type = scalar if lanes == 1 else "<%d x %s>" % (lanes, scalar)
        mangled = overload if lanes == 1 else "v%d%s" % (lanes, overload)
        exponent = "i32" if lanes == 1 or name == "powi" else "<%d x i32>" % lanes
        if name in ("powi", "ldexp", "frexp"):
            exponents = exponent if lanes == 1 or name == "powi" else "v%di32" % lanes
            mangled += "." + exponents
        arguments = ["%s %s" % (self.type, self.argument(i)) for i in range(count)]
        if form == "f(x, int)":
            constant = "3" if exponent == "i32" else "splat (i32 3)"
            arguments.append("%s %s" % (exponent, constant))
        result = self.type
        if form == "f(x) pair":
            second = exponent if name == "frexp" else self.type
            result = "{%s, %s}" % (self.type, second)
        callee = "@llvm.%s.%s" % (name, mangled)
        self.declaration = "declare %s %s(%s)\n" % (
            result,
            callee,
            ", ".join(a[: a.rindex(" ")] if "splat" not in a else exponent
                      for a in arguments),
        )
        r = self.emit("call %s %s(%s)" % (result, callee, ", ".join(arguments)))
        if form == "f(x) pair":
            first = self.emit("extractvalue %s %s, 0" % (result, r))
            r = self.emit("extractvalue %s %s, 1" % (result, r))
            if name == "frexp":
                r = self.emit("sitofp %s %s to %s" % (exponent, r, self.type))
            r = self.emit("fadd %s %s, %s" % (self.type, first, r))
        if lanes > 1:
            parts = [
                self.emit("extractelement %s %s, i64 %d" % (self.type, r, i))
                for i in range(lanes)
            ]
            r = parts[0]
            for part in parts[1:]:
                r = self.emit("fadd %s %s, %s" % (scalar, r, part))
        if scalar != self.real:
            r = self.emit("fpext %s %s to %s" % (scalar, r, self.real))
        self.text = "define %s @f_%s(ptr %%x) {\n%s  ret %s %s\n}\n" % (
            (self.real, ident, "".join(self.lines), self.real, r)
        )

    def emit(self, line):
        self.next += 1
        self.lines.append("  %%v%d = %s\n" % (self.next, line))
        return "%%v%d" % self.next

    def argument(self, i):
        """Argument i: x[i], in a vector followed by x[i] * 1.125."""
        at = self.emit("getelementptr %s, ptr %%x, i64 %d" % (self.real, i))
        x = self.emit("load %s, ptr %s" % (self.real, at))
        if self.scalar != self.real:
            x = self.emit("fptrunc %s %s to %s" % (self.real, x, self.scalar))
        if self.lanes == 1:
            return x
        vector = "poison"
        for lane in range(self.lanes):
            if lane:
                x = self.emit("fmul %s %s, 1.125" % (self.scalar, x))
            vector = self.emit(
                "insertelement %s %s, %s %s, i64 %d"
                % (self.type, vector, self.scalar, x, lane)
            )
        return vector


def intrinsics(sections):
    ir, declared = [], set()
    code, calls = [HEADER, "#define EXTERN extern\n", CHECK], []
    for form, at, name in functions(sections["LLVM's intrinsics"]):
        form, _, only = form.partition(", only")
        for lanes in (1,) if only else (1, 2):
            # LLVM 22 compiles llvm.modf of halfs for no target.
            for element in ELEMENTS if "pair" not in form else ELEMENTS[:2]:
                scalar, _, real, tolerance = element
                stem = "%s_%d_" % (name.replace(".", "_"), lanes)
                ident = stem + scalar
                f = Intrinsic(ident, form, name, at.count(",") + 1, element, lanes)
                if f.declaration not in declared:
                    declared.add(f.declaration)
                    ir.append(f.declaration)
                ir.append(f.text)
                code.append("extern %s f_%s(const %s *);\n" % (real, ident, real))
                oracle = "f_" + stem + "double"
                code.append(
                    check(ident, "llvm." + ident, real, "double", oracle, tolerance, at)
                )
                calls.append("check_%s();" % ident)
    code.append(MAIN % "\n  ".join(calls))
    return "".join(ir), "".join(code)


# ===-- Memory ---------------------------------------------------------------===

# Statements that allocate p, and that free it.
ALLOCATORS = [
    ("p = (double *)malloc(64);", "free(p);"),
    ("p = (double *)calloc(8, 8);", "free(p);"),
    ("p = (double *)aligned_alloc(64, 64);", "free(p);"),
    ("p = (double *)memalign(64, 64);", "free(p);"),
    ("posix_memalign((void **)&p, 64, 64);", "free(p);"),
    ("p = (double *)valloc(64);", "free(p);"),
    ("p = (double *)pvalloc(64);", "free(p);"),
    ("p = (double *)mmap(0, 64, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);", "munmap(p, 64);"),
    ("p = (double *)operator new(64);", "operator delete(p);"),
    ("p = (double *)operator new[](64);", "operator delete[](p);"),
    ("p = (double *)operator new(64);", "operator delete(p, size_t(64));"),
    ("p = (double *)operator new[](64);", "operator delete[](p, size_t(64));"),
    ("p = (double *)operator new(64, N);", "operator delete(p, N);"),
    ("p = (double *)operator new[](64, N);", "operator delete[](p, N);"),
    ("p = (double *)operator new(64, A);", "operator delete(p, A);"),
    ("p = (double *)operator new[](64, A);", "operator delete[](p, A);"),
    ("p = (double *)operator new(64, A);", "operator delete(p, size_t(64), A);"),
    ("p = (double *)operator new[](64, A);", "operator delete[](p, size_t(64), A);"),
    ("p = (double *)operator new(64, A, N);", "operator delete(p, A, N);"),
    ("p = (double *)operator new[](64, A, N);", "operator delete[](p, A, N);"),
]
COPIES = [
    "memcpy(q, p, 64);",
    "memmove(q, p, 64);",
    "memcpy(q, p, 64); memset(q + 4, 0, 32);",
]
MEMORY = r"""
#define A std::align_val_t(32)
#define N std::nothrow
extern "C" void *memalign(size_t, size_t);
extern "C" void *valloc(size_t);
extern "C" void *pvalloc(size_t);
__attribute__((noinline)) static void fill(double *p, const double *x) {
  for (int i = 0; i < 8; ++i)
    p[i] = i ? p[i - 1] * x[i % 2] : x[0];
}
__attribute__((noinline)) static double sum(const double *p) {
  double s = 0;
  for (int i = 0; i < 8; ++i)
    s += (i + 1) * p[i];
  return s;
}
"""


def memory(sections):
    known = " ".join(row[0] + " " + row[1] for row in sections["Memory"])
    text = "".join(a + f for a, f in ALLOCATORS) + "".join(COPIES)
    named = re.findall(r"operator \w+(?:\[\])?|\b[a-z]\w+", known.replace("`", ""))
    for name in set(named) & set(re.findall(r"\w*alloc\w*|mem\w+|free|m\w*map", known)):
        if name + "(" not in text:
            sys.exit("no call of " + name)
    code = [HEADER, '#define EXTERN extern "C"\n', CHECK, MEMORY]
    calls = []
    bodies = [
        "double *p; %s fill(p, x); double s = sum(p); %s return s;" % pair
        for pair in ALLOCATORS
    ]
    bodies += [
        "double p[8], q[8]; fill(p, x); fill(q, x); q[0] *= p[1]; %s return sum(q);"
        % copy
        for copy in COPIES
    ]
    for i, body in enumerate(bodies):
        code.append("static double f_%d(const double *x) {\n  %s\n}\n" % (i, body))
        what = body.split(";")[1].strip().replace("fill(p, x)", "copy %d" % i)
        code.append(check(i, what, "double", "double", "f_%d" % i, "1e-6", "1.5, 0.75"))
        calls.append("check_%d();" % i)
    code.append(MAIN % "\n  ".join(calls))
    return "".join(code)


# ===-- Inactive functions ---------------------------------------------------===

INACTIVE = r"""
static char text[200];
static FILE *file;
#define VARIADIC(F, ...)                                                       \
  static void log_##F(const char *format, ...) {                               \
    va_list list;                                                              \
    va_start(list, format);                                                    \
    F(__VA_ARGS__, format, list);                                              \
    va_end(list);                                                              \
  }
static void log_vprintf(const char *format, ...) {
  va_list list;
  va_start(list, format);
  vprintf(format, list);
  va_end(list);
}
VARIADIC(vfprintf, file)
VARIADIC(vsprintf, text)
VARIADIC(vsnprintf, text, sizeof text)
static void nothing(void) {}
static double cube(const double *x) { return x[0] * x[0] * x[0]; }
"""


def inactive(sections, statements):
    lines = [line for line in statements.splitlines() if line[:1] not in ("", "#")]
    called = set(re.findall(r"(?:log_)?(\w+)\(", " ".join(lines)))
    named = {n for row in sections["Inactive functions"] for n in row[1].split()}
    if missing := sorted(named - called):
        sys.exit("no calls of " + " ".join(missing))
    code, calls = [HEADER, "#define EXTERN extern\n", CHECK, INACTIVE], []
    for i, line in enumerate(lines):
        code.append("static double f_%d(const double *at) {\n" % i)
        code.append("  double x = at[0], y = x * x;\n  { %s }\n" % line)
        code.append("  return y * x;\n}\n")
        name = line.replace("\\", "\\\\").replace('"', '\\"')
        code.append(check(i, name, "double", "double", "cube", "1e-6", "1.5"))
        calls.append("check_%d();" % i)
    opening = 'file = tmpfile();\n  fputs("text", file);\n  '
    code.append(MAIN % (opening + "\n  ".join(calls)))
    return "".join(code)


def main():
    with open(sys.argv[1]) as f:
        sections = tables(f.read())
    with open(sys.argv[2]) as f:
        statements = f.read()
    ir, driver = intrinsics(sections)
    os.makedirs(sys.argv[3], exist_ok=True)
    for name, text in (
        ("scalars.c", scalars(sections)),
        ("missing.c", MISSING),
        ("intrinsics.ll", ir),
        ("intrinsics.c", driver),
        ("memory.cpp", memory(sections)),
        ("inactive.c", inactive(sections, statements)),
    ):
        with open(os.path.join(sys.argv[3], name), "w") as f:
            f.write(text)


if __name__ == "__main__":
    main()
