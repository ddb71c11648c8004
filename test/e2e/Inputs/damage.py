"""Damages bitcode and archives, and gives them to ld.linkgrad and linkgrad plan.

Each must end well, or with an error and the old output untouched; there may be
nothing left behind. What lld reads without complaint, such as a changed number,
is a good input too.
"""

import argparse
import os
import random
import subprocess
import sys


def damage(data, rng):
    """A copy of data that is cut off or changed in a few places."""
    data = bytearray(data)
    kind = rng.randrange(5)
    at = rng.randrange(len(data))
    if kind == 0:
        del data[at:]
    elif kind == 1:
        size = rng.choice([1, 4, 16, 64])
        data[at : at + size] = bytes(min(size, len(data) - at))
    elif kind == 2:
        data += rng.randbytes(rng.choice([1, 4, 100]))
    else:
        for _ in range(rng.choice([1, 1, 2, 5, 20])):
            data[rng.randrange(len(data))] ^= 1 << rng.randrange(8)
    return data


def complaint(command, is_link):
    """What is wrong with how the command ends; and whether it fails."""
    with open("out", "w") as out:
        out.write("old")
    before = set(os.listdir())
    run = subprocess.run(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        errors="replace",
        timeout=120,
    )
    left = set(os.listdir()) - before
    with open("out", "rb") as out:
        output = out.read(4)
    failed = run.returncode != 0
    wrong = None
    if run.returncode not in (0, 1) or "Stack dump" in run.stdout:
        wrong = "crash"
    elif failed and "error: " not in run.stdout:
        wrong = "no error"
    elif left:
        wrong = "left behind: " + " ".join(sorted(left))
    elif output != (b"\x7fELF" if is_link and not failed else b"old"):
        wrong = "damaged output"
    return wrong and "%s: %s" % (wrong, run.stdout), failed


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--linker", required=True)
    parser.add_argument("--linkgrad", required=True)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("inputs", nargs="+")
    options = parser.parse_args()
    link = ["-shared", "-o", "out"] + options.inputs
    errors = wrong = 0
    for number in range(options.first, options.first + options.count):
        rng = random.Random(number)
        victim = rng.choice(options.inputs)
        with open(victim, "rb") as file:
            original = file.read()
        with open(victim, "wb") as file:
            file.write(damage(original, rng))
        for command in ([options.linker], [options.linkgrad, "plan"]):
            why, failed = complaint(command + link, len(command) == 1)
            errors += failed
            if why:
                wrong += 1
                print("number %d, %s: %s" % (number, victim, why))
        with open(victim, "wb") as file:
            file.write(original)
    print("%d inputs: %d errors, %d wrong" % (options.count, errors, wrong))
    return wrong != 0


if __name__ == "__main__":
    sys.exit(main())
