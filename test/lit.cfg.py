# The lit suite: FileCheck tests by folder of src/, whole programs under e2e/.
import os
import subprocess

import lit.formats
import lit.util

config.name = "LinkGrad"
config.test_format = lit.formats.ShTest(execute_external=False)
config.suffixes = [".ll", ".test", ".c", ".cpp"]
config.excludes = ["Inputs", "unittests"]
config.test_source_root = os.path.dirname(__file__)
config.test_exec_root = os.path.join(config.binary_dir, "test")

# A derivative that never ends must not hang the run.
if lit.util.killProcessAndChildrenIsSupported()[0]:
    lit_config.maxIndividualTestTime = 600

config.environment["PATH"] = os.pathsep.join(
    [
        os.path.join(config.binary_dir, "bin"),
        config.llvm_tools_dir,
        config.environment["PATH"],
    ]
)
# Messages in the tests' language; no user settings may reach a test.
config.environment["LC_ALL"] = "C"
config.environment.pop("LINKGRAD_FLAGS", None)
config.environment.pop("LD_PRELOAD", None)
# glibc fills what is allocated and what is freed, so that fewer uses of such
# memory work by luck. What was allocated again meanwhile, only ASan sees.
config.environment["GLIBC_TUNABLES"] = ":".join(
    ["glibc.malloc.perturb=165", "glibc.malloc.tcache_count=0"]
)


def tool(name):
    return os.path.join(config.llvm_tools_dir, name)


# Tests of vector code run only where the processor has AVX2 and FMA.
try:
    with open("/proc/cpuinfo") as cpuinfo:
        flags = set(cpuinfo.read().split())
except OSError:
    flags = set()
if {"avx2", "fma", "f16c"} <= flags:
    config.available_features.add("haswell")

plugin = os.path.join(config.binary_dir, "lib", "LinkGrad.so")
preload = ""
if "-fsanitize=address" in config.sanitizers:
    # Debian's opt and clang are not instrumented: they need the run-time
    # library before they load an instrumented plugin, and their own leaks are
    # not our concern.
    config.available_features.add("asan")
    runtime = subprocess.check_output(
        [tool("clang"), "-print-file-name=libclang_rt.asan-x86_64.so"], text=True
    )
    config.environment["ASAN_OPTIONS"] = "detect_leaks=0"
    preload = "env LD_PRELOAD=%s " % runtime.strip()

# The longer name first: lit replaces in this order and without word borders.
config.substitutions += [
    ("%ld_linkgrad", os.path.join(config.binary_dir, "bin", "ld.linkgrad")),
    ("%linkgrad_bindir", os.path.join(config.binary_dir, "libexec", "linkgrad")),
    ("%linkgrad", os.path.join(config.binary_dir, "bin", "linkgrad")),
    ("%plugin", plugin),
    ("%opt", "%s%s -load-pass-plugin=%s" % (preload, tool("opt"), plugin)),
    ("%clangxx", preload + tool("clang++")),
    ("%clang", preload + tool("clang")),
    ("%llvm_libdir", config.llvm_library_dir),
    ("%cmake", config.cmake),
    ("%python", config.python),
    ("%build", config.binary_dir),
    ("%include", os.path.join(config.source_dir, "include")),
    ("%root", config.source_dir),
]
