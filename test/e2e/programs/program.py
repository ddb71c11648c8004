"""Builds a program of several modules in two ways at -O2: as ThinLTO modules that
ld.linkgrad links, and as one translation unit with the plugin. Runs both. Each
checks its own gradients and prints them; the two must print the same numbers, up
to what the optimiser may change in rounding.

Usage: program.py --plugin FILE --ld FILE --clang COMMAND --clangxx COMMAND
                  OUTPUT MODULE...
"""

import argparse
import shlex
import subprocess
import sys


def run(command):
    result = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    if result.returncode:
        print("$", shlex.join(command))
        print(result.stdout)
        sys.exit("exit code %d" % result.returncode)
    return result.stdout


def compiler(args, source):
    if source.endswith(".cpp"):
        return shlex.split(args.clangxx) + ["-std=c++20"]
    return shlex.split(args.clang) + ["-std=gnu17"]


def thin(args):
    objects = []
    for number, source in enumerate(args.modules):
        objects.append("%s.%d.o" % (args.output, number))
        flags = ["-O2", "-Wall", "-Werror", "-flto=thin", "-c", source]
        run(compiler(args, source) + flags + ["-o", objects[-1]])
    program = args.output + ".thin"
    link = ["-O2", "-flto=thin", "--ld-path=" + args.ld]
    driver = compiler(args, "program.cpp") if args.cxx else compiler(args, "program.c")
    run(driver + link + objects + ["-o", program, "-lm"])
    return run([program])


def one_module(args):
    whole = args.output + (".cpp" if args.cxx else ".c")
    with open(whole, "w") as f:
        for source in args.modules:
            f.write('#include "%s"\n' % source)
    program = args.output + ".one"
    flags = ["-O2", "-w", "-fpass-plugin=" + args.plugin, whole]
    run(compiler(args, whole) + flags + ["-o", program, "-lm"])
    return run([program])


def numbers(text):
    return [float(word) for line in text.splitlines() for word in line.split()[1:]]


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for option in "--plugin", "--ld", "--clang", "--clangxx":
        parser.add_argument(option, required=True)
    parser.add_argument("output")
    parser.add_argument("modules", nargs="+")
    args = parser.parse_args()
    args.cxx = any(m.endswith(".cpp") for m in args.modules)
    first, second = thin(args), one_module(args)
    a, b = numbers(first), numbers(second)
    if len(a) != len(b) or not a:
        sys.exit("different output:\n" + first + second)
    for x, y in zip(a, b):
        if abs(x - y) > 1e-9 * max(1, abs(x)):
            sys.exit("%r as ThinLTO, %r as one module" % (x, y))
    print(len(a), "numbers agree")


if __name__ == "__main__":
    main()
