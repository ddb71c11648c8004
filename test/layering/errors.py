#!/usr/bin/env python3
"""Fails if an error that the sources give is not in docs/errors.md, or if no
test expects it.

The page has a heading for each reason and below it an item for each message,
with … for what varies. An item may say "(no test: why)" instead of having one.
Messages in a variable (COMPUTED) are not looked for; what the page says of them
must be in the sources all the same.

Usage: errors.py ROOT
"""
import pathlib
import re
import sys

LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')
ERROR = re.compile(r"\(\s*Reason::(\w+)\s*,")
COMPUTED = {"Message", "Problem", "Text"}
ITEM = re.compile(r"- `(.*?)`(.*)")


def tokens(text):
    """Literals as they are, other text by characters, with its depth."""
    depth = i = 0
    while i < len(text):
        literal = LITERAL.match(text, i)
        if literal:
            yield depth, literal[0]
            i = literal.end()
            continue
        depth += {"(": 1, "{": 1, ")": -1, "}": -1}.get(text[i], 0)
        yield depth, text[i]
        i += 1


def arguments(text):
    """The arguments of a call, of which `text` is what follows the first."""
    found = [""]
    for depth, token in tokens(text):
        if depth < 0:
            break
        if depth == 0 and token == ",":
            found.append("")
        else:
            found[-1] += token
    return found


def messages(expression):
    """What `"a" + b + "c"` and `d ? "e" : "f"` can be, with … for b."""
    found = [""]
    for depth, token in tokens(expression):
        if depth == 0 and token == "?":
            found = [""]
        elif depth == 0 and token == ":" and not found[-1].endswith(":"):
            found.append("")
        elif depth == 0 and LITERAL.fullmatch(token):
            found[-1] += token[1:-1]
        elif not token.isspace() and token != "+":
            found[-1] += "\0"
    return [re.sub(r"\s*\\n", "", re.sub("\0+", "…", m)) for m in found]


def joined(source):
    """Without comments and with adjacent literals made one."""
    source = re.sub(r"^\s*//.*", "", source, flags=re.M)
    return re.sub(r'"\s*\n\s*"', "", source)


def errors(source):
    for match in ERROR.finditer(source):
        for argument in arguments(source[match.end():]):
            if argument.strip() in COMPUTED:
                break
            if LITERAL.search(argument):
                for message in messages(argument):
                    yield match[1], message
                break


def read(folder):
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path, path.read_text(errors="replace")


def parts(item):
    return [p.strip(" '") for p in item.split("…") if re.search(r"\w", p)]


def is_tested(item, tests):
    """True if tests contain some words in a row of its longest part."""
    words = max(map(str.split, parts(item)), key=len)
    n = min(5, len(words))
    return any(" ".join(words[i:i + n]) in tests
               for i in range(len(words) - n + 1))


def complaints(root):
    source = "\n".join(joined(text) for _, text in read(root / "src"))
    tests = " ".join(" ".join(text.split()) for path, text in read(root / "test")
                     if "layering" not in path.parts)
    limits = (root / "docs/limits.md").read_text()
    names = dict(re.findall(r'case Reason::(\w+):\s*return "([a-z-]+)"', source))
    page = {}
    for line in (root / "docs/errors.md").read_text().splitlines():
        if line.startswith("## "):
            items = page.setdefault(line[3:].strip("`"), {})
        elif match := ITEM.match(line):
            items[match[1]] = match[2]

    for name in sorted(names.values()):
        if f"`{name}`" not in limits:
            yield f"limits.md does not name the reason {name}"
        if f"[{name}]" not in tests:
            yield f"no test expects an error with the reason {name}"
    for name in sorted(set(page) - set(names.values())):
        yield f"errors.md: there is no reason {name}"
    for reason, message in errors(source):
        name = names.get(reason)
        if name and parts(message) and message not in page.get(name, {}):
            yield f"errors.md: {name} lacks - `{message}`"
    for name, items in page.items():
        for item, rest in items.items():
            for part in parts(item):
                if part not in source:
                    yield f"errors.md: {name}: no error says “{part}”"
            if "(no test: " not in rest and not is_tested(item, tests):
                yield f"no test expects the error “{item}”"


def main():
    found = sorted(set(complaints(pathlib.Path(sys.argv[1]))))
    print("\n".join(found))
    sys.exit(1 if found else 0)


main()
