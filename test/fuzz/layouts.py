"""Compares what the type analysis says about memory with the true layout.

Writes random C or C++ structs, and functions that use a few members of them
and copy them; prints what the analysis makes of each copy, and fails if a byte
is called something that it is not. That nothing is known is no failure.

A union may hold any of its members: it must not be called anything that one of
them is not, with one exception. Integers may be called floats: then what their
shadows hold, zeros, is added up; but floats that are called integers lose their
derivatives.
"""

import argparse
import math
import random
import re
import shlex
import subprocess
import sys

# Name, size, alignment, what its bytes are.
SCALARS = {
    "double": (8, "Float@double"),
    "float": (4, "Float@float"),
    "int": (4, "Integer"),
    "long": (8, "Integer"),
    "short": (2, "Integer"),
    "char": (1, "Integer"),
    "enum E": (4, "Integer"),
    "double *": (8, "Pointer"),
    "float *": (8, "Pointer"),
}
# Members of a union that may be at the same bytes.
UNIONS = {
    "union U": (8, [(0, 8, {"Float@double", "Integer", "Pointer"})], [".d", ".l", ".p"]),
    "union V": (8, [(0, 4, {"Float@float", "Integer"}), (4, 8, {"Integer"})], [".f", ".n"]),
}
USES = {"d": "Float@double", "f": "Float@float", "l": "Integer", "n": "Integer", "p": "Pointer"}
PRELUDE = """#include <string.h>
enum E { A, B, C };
union U { double d; long l; float f[2]; double *p; };
union V { float f; long n; };
"""


class Struct:
    """A struct: its fields with their offsets, and the truth about each byte."""

    def __init__(self, name, fields, base, cxx):
        self.name, self.fields, self.base = name, fields, base
        self.truth, self.offsets, self.align = {}, {}, 1
        end = 0
        if base:
            self.truth.update(base.truth)
            self.align = base.align
            # What has a constructor may have its tail padding used.
            end = base.used if cxx else base.size
        for field, type_, count in fields:
            size, align, _ = describe(type_)
            end = (end + align - 1) // align * align
            self.offsets[field] = end
            self.align = max(self.align, align)
            for _ in range(count or 1):
                for byte, what in describe(type_)[2].items():
                    self.truth[end + byte] = what
                end += size
        self.used = end
        self.size = (end + self.align - 1) // self.align * self.align

    def declare(self, cxx):
        members = "".join(
            f" {spell(type_)} {field}{f'[{count}]' if count else ''};"
            for field, type_, count in self.fields
        )
        base = f" : {self.base.name}" if self.base else ""
        constructor = f" {self.name}();" if cxx else ""
        return f"struct {self.name}{base} {{{members}{constructor} }};\n"


def describe(type_):
    """Size, alignment, and the set of things that each byte may be."""
    if isinstance(type_, Struct):
        return type_.size, type_.align, type_.truth
    if type_ in UNIONS:
        size, parts, _ = UNIONS[type_]
        truth = {b: what for begin, end, what in parts for b in range(begin, end)}
        return size, size, truth
    size, what = SCALARS[type_]
    return size, size, {byte: {what} for byte in range(size)}


def spell(type_):
    return f"struct {type_.name}" if isinstance(type_, Struct) else type_


class Generator:
    def __init__(self, seed, cxx):
        self.random, self.cxx = random.Random(seed), cxx
        self.structs = []
        for index in range(5):
            self.structs.append(self.struct(f"S{index}"))

    def struct(self, name):
        r, fields = self.random, []
        for index in range(r.randint(1, 6)):
            if self.structs and r.random() < 0.2:
                type_ = r.choice(self.structs)
            else:
                type_ = r.choice([*SCALARS, *SCALARS, *UNIONS])
            fields.append((f"m{index}", type_, r.choice([0, 0, 0, 2, 3, 5])))
        base = r.choice(self.structs) if self.cxx and self.structs and r.random() < 0.6 else None
        if base:
            # Something that fits into the padding at the end of the base.
            if base.used % base.align and r.random() < 0.7:
                fields.insert(0, ("tail", r.choice(["float", "int", "char"]), 0))
            fields = [(f"{name.lower()}{f}", t, c) for f, t, c in fields]
        return Struct(name, fields, base, self.cxx)

    def member(self, struct, path):
        """An expression for some scalar in struct, and its type."""
        r = self.random
        if struct.base and r.random() < 0.4:
            return self.member(struct.base, path)
        field, type_, count = struct.fields[0] if self.narrow else r.choice(struct.fields)
        path += field
        if count:
            path += r.choice(["[0]", f"[{r.randrange(count)}]", f"[i % {count}]", "[i]"])
        if isinstance(type_, Struct):
            return self.member(type_, path + ".")
        if type_ in UNIONS:
            part = r.choice(UNIONS[type_][2])
            return path + part, {".d": "double", ".f": "float", ".p": "double *"}.get(part, "long")
        return path, type_

    def use(self, struct):
        r, p = self.random, self.random.choice("pq")
        place, type_ = self.member(
            struct, r.choice([f"{p}->", f"{p}[i].", f"{p}[n - i].", f"{p}[1]."])
        )
        if type_ in ("double", "float"):
            return r.choice([f"{place} *= 2;", f"s += {place};", f"{place} = s;"])
        if type_.endswith("*"):
            return r.choice([f"s += *{place};", f"s += {place}[i];", f"{place} = {place} + 1;", f"{place} = 0;"])
        if type_ == "enum E":
            return r.choice([f"s += {place} == B;", f"{place} = C;"])
        return r.choice([f"{place}++;", f"s += {place};", f"{place} = i;"])

    def copy(self, struct):
        r, name = self.random, f"struct {struct.name}"
        forms = [
            "*p = *q;",
            "memcpy(p, q, sizeof *p);",
            "memcpy(p, q, n * sizeof *p);",
            "memcpy(p, q, bytes);",
            "memcpy(p, q, (char *)end - (char *)q);",
            "for (int j = 0; j < n; j++) p[j] = q[n - j];",
            f"{name} t = p[i]; p[i] = q[i]; q[i] = t;",
            f"for ({name} *t = p; t != end; t++) {{ *t = *q; q++; }}",
            "s += take(*p); *q = *p;".replace("take", f"take{struct.name}"),
        ]
        arrays = [f for f, _, count in struct.fields if count]
        if arrays:
            a = r.choice(arrays)
            forms += [
                f"memcpy(p->{a}, q->{a}, sizeof p->{a});",
                f"memmove(p->{a}, q->{a}, n * sizeof p->{a}[0]);",
                f"memcpy(p[i].{a}, q[1].{a}, sizeof p->{a});",
            ]
        if struct.base:
            base = struct.base.name
            forms += [f"*({base} *)p = *({base} *)q;", f"{base} *b = p; *b = *q;"]
        form = r.choice(forms)
        # A copy of n elements of a member stays within the member.
        self.extent = None
        if form.startswith("memmove"):
            size = describe(next(t for f, t, _ in struct.fields if f == a))[0]
            count = next(c for f, _, c in struct.fields if f == a)
            self.extent = size * count
        return form

    def program(self, functions):
        text = PRELUDE
        if self.cxx:
            text += 'extern "C" {\n'
        for struct in self.structs:
            text += struct.declare(self.cxx)
            text += f"double take{struct.name}(struct {struct.name} x);\n"
        self.functions = []
        for index in range(functions):
            struct = self.random.choice(self.structs)
            name = f"struct {struct.name} *"
            # Some functions see very little of what they copy.
            self.narrow = self.random.random() < 0.3
            body = "".join(self.use(struct) for _ in range(self.random.randint(0, 5)))
            body += self.copy(struct)
            self.functions.append((struct, self.extent))
            if self.random.random() < 0.3:
                body = f"for (int i = 0; i < n; i++) {{ {body} }}"
            text += (
                f"double f{index}({name}p, {name}q, {name}end, long bytes, int n, int i) "
                f"{{ double s = 0; {body} return s; }}\n"
            )
        return text + ("}\n" if self.cxx else "")


ACCESS = re.compile(
    r"  (copy to|copy from|load from|store to) %(p|q|0|1)((?:[+-]\d+)?)((?:\+\d+\*)*):(.*)"
)
RANGE = re.compile(r"\[(\d+),(\d+)\):(\S+)")


def wrong(line, struct, extent, used, untyped):
    """The first byte of which the line says something wrong, and what it is."""
    match = ACCESS.match(line)
    if not match:
        return None
    kind, _, constant, strides, what = match.groups()
    # An index that stays within the objects: their truth is hard to tell.
    if any(int(s) % struct.size for s in re.findall(r"\d+", strides)):
        return None
    every = re.search(r"every (\d+)", what)
    period = int(every[1]) if every else 0
    for begin, end, type_ in RANGE.findall(what):
        moved = range(0, math.lcm(period, struct.size), period) if period else [0]
        for byte in (m + b for m in moved for b in range(int(begin), int(end))):
            if period and extent and byte >= extent:
                continue
            truth = struct.truth.get((int(constant or 0) + byte) % struct.size)
            if truth is None or type_ == "Unknown" or truth == {type_}:
                continue
            floats = {t for t in truth if t.startswith("Float")}
            if type_.startswith("Float") and not (truth - {type_, "Integer"}):
                continue
            if type_ == "Pointer" and not floats:
                continue
            # What the function uses as a member of a union is that member, as
            # long as nothing says that it is a union. LLVM itself moves a union
            # as its first member.
            moves = kind.startswith(("load", "store"))
            if len(truth) > 1 and type_ in used and (untyped or moves):
                continue
            if len(truth) > 1 and moves and type_ == "Float@double":
                continue
            return byte, truth
    return None


def check(seed, flags, options):
    cxx = "c++" in flags
    generator = Generator(seed, cxx)
    text = generator.program(options.functions)
    source = f"{options.directory}/layouts{'.cpp' if cxx else '.c'}"
    with open(source, "w") as f:
        f.write(text)
    command = [*shlex.split(options.clang), *flags.replace("c++", "").split(), "-w", "-flto=thin", "-fstandalone-debug"]
    command += ["-Xclang", "-disable-O0-optnone", "-c", source, "-o", source + ".bc"]
    subprocess.run(command, check=True)
    passes = "print<linkgrad-types>"
    if "-O0" in flags:
        passes = "thinlto-pre-link<O2>," + passes
    printed = subprocess.run(
        [*shlex.split(options.opt), "-disable-output", f"-passes={passes}", source + ".bc"],
        capture_output=True,
        text=True,
    )
    if printed.returncode:
        sys.exit(f"seed {seed}, {flags}: {printed.stderr}")
    struct, name, counts = None, "", [0, 0, 0]
    untyped = "-g" not in flags and ("-O0" in flags or "-fno-strict-aliasing" in flags)
    for line in printed.stderr.splitlines():
        if match := re.match(r"types of 'f(\d+)':", line):
            name = f"f{match[1]}"
            struct, extent = generator.functions[int(match[1])]
            body = re.search(rf"double {name}\(.*", text)[0]
            members = set(re.findall(r"\.([dflnp])\b", body))
            used = {USES[m] for m in members}
        elif ACCESS.match(line):
            counts["[unknown-type]" in line or "Unknown" in line] += 1
            if bad := wrong(line, struct, extent, used, untyped):
                counts[2] += 1
                print(f"wrong: seed {seed}, {flags}: {name} with {struct.name}: byte {bad[0]} is {bad[1]}:{line}")
    return counts


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clang", default="clang-22")
    parser.add_argument("--opt", required=True, help="opt with the plugin loaded")
    parser.add_argument("--directory", required=True, help="for temporary files")
    parser.add_argument("--seeds", type=int, nargs="+", required=True)
    parser.add_argument("--flags", action="append", required=True, help="of clang; c++ for C++")
    parser.add_argument("--functions", type=int, default=40)
    options = parser.parse_args()
    known = unknown = failed = 0
    for seed in options.seeds:
        for flags in options.flags:
            a, b, c = check(seed, flags, options)
            known, unknown, failed = known + a, unknown + b, failed + c
    print(f"{known} known, {unknown} unknown, {failed} wrong")
    return 1 if failed else 0


sys.exit(main())
