"""Makes a view of rustc's sysroot that a test may change: sysroot-view.py DIR.

DIR/sysroot holds symbolic links into the toolchain's own, without a backend for
std::autodiff, DIR/libraries is where that would be, and DIR/rustc is the
toolchain's rustc with the view for its sysroot.
"""

import os
import subprocess
import sys

view = os.path.abspath(sys.argv[1])


def rustc(*arguments):
    return subprocess.check_output(["rustc", *arguments], text=True).strip()


def link(source, target, descend):
    """Links what is in `source`; goes down where a path of `descend` leads."""
    os.makedirs(target)
    for name in os.listdir(source):
        here = os.path.join(source, name)
        if descend and name == descend[0]:
            link(here, os.path.join(target, name), descend[1:])
        elif not name.startswith("libEnzyme"):
            os.symlink(here, os.path.join(target, name))


sysroot = rustc("--print=sysroot")
host = [line[6:] for line in rustc("-vV").splitlines() if line.startswith("host: ")]
path = ["lib", "rustlib", host[0], "lib"]
link(sysroot, os.path.join(view, "sysroot"), path)
os.symlink(os.path.join("sysroot", *path), os.path.join(view, "libraries"))
script = os.path.join(view, "rustc")
with open(script, "w") as f:
    f.write('#!/bin/sh\nexec %s/bin/rustc --sysroot="${0%%/*}/sysroot" "$@"\n' % sysroot)
os.chmod(script, 0o755)
