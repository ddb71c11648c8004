"""same-numbers.py TOLERANCE EXPECTED FILE...: each file has the words and, to
the relative tolerance, the numbers of the first."""

import sys


def is_same(a, b, tolerance):
    try:
        a, b = float(a), float(b)
    except ValueError:
        return a == b
    return abs(a - b) <= tolerance * abs(a)


tolerance = float(sys.argv[1])
expected, *others = [open(name).read().split() for name in sys.argv[2:]]
assert expected
for name, words in zip(sys.argv[3:], others):
    assert len(words) == len(expected), name
    for a, b in zip(expected, words):
        if not is_same(a, b, tolerance):
            sys.exit("%s: %s is not %s" % (name, b, a))
