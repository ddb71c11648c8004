#!/usr/bin/env python3
"""Fails on an #include that goes up between the folders of src/.

Dependencies go one way (docs/architecture.md):
  support <- request, rules <- analysis <- prepare, transform <- thinlto <- front
and prepare and transform use library.
"""
import pathlib
import re
import sys

# What each folder may include besides itself.
ALLOWED = {
    "support": set(),
    "request": {"support"},
    "rules": {"support"},
    "library": {"support"},
    "analysis": {"support", "request", "rules"},
    "prepare": {"support", "request", "rules", "analysis", "library"},
    "transform": {
        "support", "request", "rules", "analysis", "prepare", "library",
    },
    "thinlto": {
        "support", "request", "rules", "analysis", "prepare", "transform",
    },
    "front": {
        "support", "request", "rules", "analysis", "prepare", "transform",
        "thinlto",
    },
}
INCLUDE = re.compile(r'\s*#\s*include\s+"([^"]+)"')
SUFFIXES = {".h", ".hpp", ".def", ".cpp", ".inc"}


def complaints(source):
    for path in sorted(source.rglob("*")):
        if path.suffix not in SUFFIXES:
            continue
        folder = path.relative_to(source).parts[0]
        if folder not in ALLOWED:
            yield f"{path}: the folder has no place in the layers"
            continue
        lines = path.read_text().splitlines()
        for number, line in enumerate(lines, start=1):
            match = INCLUDE.match(line)
            if not match:
                continue
            included = match[1].split("/")[0] if "/" in match[1] else folder
            if (included in ALLOWED and included != folder
                    and included not in ALLOWED[folder]):
                yield f"{path}:{number}: {folder} must not include {match[1]}"
            if match[1].startswith(".."):
                yield f"{path}:{number}: include by folder, not by \"..\""


def main():
    found = list(complaints(pathlib.Path(sys.argv[1])))
    print("\n".join(found))
    sys.exit(1 if found else 0)


main()
