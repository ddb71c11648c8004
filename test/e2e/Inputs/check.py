"""Compiles a program in every way that matters and runs it: at -O0 to -O3 with
the plugin, under valgrind, with sanitizers, and, if its text has parts (`#if
PART == 1`), as a ThinLTO program of several files with ld.linkgrad. With
`--also late` it is also optimised and vectorised at -O3 before it is
differentiated, and with `--also object` only compiled, for other processors.

Usage: check.py --plugin FILE --ld FILE --clang COMMAND --clangxx COMMAND
                [--opt COMMAND] SOURCE OUTPUT [--skip WAY]... [--also WAY]...
                [--threads NUMBER,...] [--archer FILE]
                [FLAG]...
"""

import argparse
import os
import re
import shlex
import shutil
import subprocess
import sys

LEVELS = ["-O0", "-O1", "-O2", "-O3"]
SANITIZE = "-fsanitize=address,undefined -fno-sanitize-recover=all".split()
RACES = "-fsanitize=thread"
VALGRIND = (
    "valgrind -q --error-exitcode=9 --leak-check=full "
    "--errors-for-leak-kinds=definite,possible"
).split()


def run(command, **settings):
    """Ends the test with the command and its output if it fails."""
    result = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=dict(os.environ, **settings),
    )
    if result.returncode:
        print("$", *["%s=%s" % s for s in settings.items()], shlex.join(command))
        print(result.stdout)
        print("exit code", result.returncode)
        return False
    return True


class Program:
    def __init__(self, args, flags):
        self.args = args
        if args.source.endswith(".cpp"):
            command, standard = args.clangxx, "-std=c++20"
        else:
            command, standard = args.clang, "-std=gnu17"
        self.compiler = shlex.split(command) + [standard, "-w"] + flags
        with open(args.source) as f:
            parts = re.findall(r"^#.*\bPART == (\d)", f.read(), re.M)
        self.parts = sorted(set(parts))

    def output(self, suffix):
        return self.args.output + suffix

    def execute(self, command):
        counts = self.args.threads.split(",") if self.args.threads else []
        if command == [self.output(".tsan")]:
            return run(
                command,
                OMP_NUM_THREADS="3",
                OMP_TOOL_LIBRARIES=self.args.archer,
                TSAN_OPTIONS="ignore_noninstrumented_modules=1",
            )
        if not counts:
            return run(command)
        return all(run(command, OMP_NUM_THREADS=count) for count in counts)

    def plugin(self, suffix, options, runner=()):
        program = self.output(suffix)
        return run(
            self.compiler
            + options
            + ["-fpass-plugin=" + self.args.plugin, self.args.source]
            + ["-o", program, "-lm"]
        ) and self.execute(list(runner) + [program])

    def late(self, link=True):
        """The engine gets what comes out of -O3, vector code included."""
        before, after = self.output(".late.bc"), self.output(".derivative.bc")
        program = self.output(".late")
        end = [after, "-o", program, "-lm"] if link else ["-c", after, "-o", program]
        driver = [w for w in self.compiler if not w.startswith("-std=")]
        return (
            run(
                self.compiler
                + ["-O3", "-emit-llvm", "-c", self.args.source, "-o", before]
            )
            and run(
                shlex.split(self.args.opt) + ["-passes=linkgrad", before, "-o", after]
            )
            and run(driver + ["-O2"] + end)
            and (not link or self.execute([program]))
        )

    def thin(self, level):
        objects = []
        for part in self.parts:
            objects.append(self.output(".%s.o" % part))
            if not run(
                self.compiler
                + [level, "-flto=thin", "-DPART=" + part]
                + ["-c", self.args.source, "-o", objects[-1]]
            ):
                return False
        program = self.output(".thin")
        return run(
            self.compiler
            + [level, "-flto=thin", "--ld-path=" + self.args.ld]
            + objects
            + ["-o", program, "-lm"]
        ) and self.execute([program])


def main():
    parser = argparse.ArgumentParser(allow_abbrev=False)
    for option in "--plugin", "--ld", "--clang", "--clangxx":
        parser.add_argument(option, required=True)
    parser.add_argument("--opt", help="for --also")
    parser.add_argument("--threads", help="numbers for OMP_NUM_THREADS")
    parser.add_argument("--archer", help="libarcher.so: look for data races, too")
    parser.add_argument("source")
    parser.add_argument("output")
    parser.add_argument("--skip", action="append", default=[])
    parser.add_argument("--also", action="append", default=[])
    args, flags = parser.parse_known_args()
    program = Program(args, flags)

    ways = {level: lambda l=level: program.plugin(l, [l]) for level in LEVELS}
    if shutil.which("valgrind"):
        ways["valgrind"] = lambda: program.plugin(".vg", ["-O1", "-gdwarf-4"], VALGRIND)
    ways["sanitize"] = lambda: program.plugin(".san", ["-O1", "-g"] + SANITIZE)
    if args.archer:
        # Archer tells the sanitizer what OpenMP's runtime orders.
        ways["races"] = lambda: program.plugin(".tsan", ["-O1", "-g", RACES])
    if program.parts:
        ways["thin"] = lambda: program.thin("-O2")
    if "late" in args.also:
        ways["late"] = program.late
    if "object" in args.also:
        ways = {"object": lambda: program.late(link=False)}
    unknown = set(args.skip) - set(ways) - {"valgrind"}
    if unknown:
        sys.exit("unknown way: " + ", ".join(unknown))
    failed = [way for way in ways if way not in args.skip and not ways[way]()]
    if failed:
        sys.exit("failed: " + ", ".join(failed))


if __name__ == "__main__":
    main()
