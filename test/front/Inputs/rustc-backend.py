"""Calls the libraries for rustc as rustc does: LLVM is in the process already,
and each name is looked up."""

import ctypes
import sys

llvm = ctypes.CDLL(sys.argv[1], mode=ctypes.RTLD_GLOBAL)
backend = ctypes.CDLL(sys.argv[2])
llvm.LLVMContextCreate.restype = ctypes.c_void_p
context = ctypes.c_void_p(llvm.LLVMContextCreate())

Tree, Text = ctypes.c_void_p, ctypes.c_void_p
for name in (
    "EnzymePrintPerf EnzymePrintActivity EnzymePrintType EnzymeFunctionToAnalyze "
    "EnzymePrint EnzymeStrictAliasing EnzymeInline EnzymeMaxTypeDepth "
    "RustTypeRules looseTypeAnalysis registerEnzymeAndPassPipeline"
).split():
    getattr(backend, name)


def function(name, result, *parameters):
    f = getattr(backend, name)
    f.restype, f.argtypes = result, parameters
    return f


new = function("EnzymeNewTypeTree", Tree)
new_of = function("EnzymeNewTypeTreeCT", Tree, ctypes.c_int, ctypes.c_void_p)
copy = function("EnzymeNewTypeTreeTR", Tree, Tree)
free = function("EnzymeFreeTypeTree", None, Tree)
merge = function("EnzymeMergeTypeTree", ctypes.c_uint8, Tree, Tree)
only = function("EnzymeTypeTreeOnlyEq", None, Tree, ctypes.c_int64)
data0 = function("EnzymeTypeTreeData0Eq", None, Tree)
shift = function(
    "EnzymeTypeTreeShiftIndiciesEq",
    None,
    *(Tree, ctypes.c_char_p, ctypes.c_int64, ctypes.c_int64, ctypes.c_uint64),
)
insert_at = function(
    "EnzymeTypeTreeInsertEq",
    None,
    *(Tree, ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int, ctypes.c_void_p),
)
to_string = function("EnzymeTypeTreeToString", Text, Tree)
free_string = function("EnzymeTypeTreeToStringFree", None, Text)
set_bool = function("EnzymeSetCLBool", None, ctypes.c_void_p, ctypes.c_uint8)
set_string = function("EnzymeSetCLString", None, ctypes.c_void_p, ctypes.c_char_p)


def insert(tree, path, kind):
    insert_at(tree, (ctypes.c_int64 * len(path))(*path), len(path), kind, context)


def show(what, tree):
    text = to_string(tree)
    print(what, ctypes.string_at(text).decode())
    free_string(text)


def address(name):
    return ctypes.addressof(ctypes.c_uint32.in_dll(backend, name))


for kind in range(11):
    tree = new_of(kind, context)
    show(kind, tree)
    free(tree)

# As rustc describes &(f64, &[i32]).
tree = new()
show("empty", tree)
insert(tree, [-1], 2)
insert(tree, [-1, 0], 5)
insert(tree, [-1, 8], 2)
insert(tree, [-1, 8, -1], 1)
show("inserted", tree)
other = copy(tree)
print("merged", merge(other, tree))
insert(other, [-1, 16], 1)
print("merged", merge(tree, other), merge(tree, other))
show("merged", tree)
data0(tree)
show("data0", tree)
show("copy", other)
shift(tree, b"e-i64:64", 8, 8, 32)
show("shifted", tree)
only(tree, 4)
show("only", tree)
for t in (tree, other):
    free(t)

print("depth", ctypes.c_uint32.in_dll(backend, "EnzymeMaxTypeDepth").value)
set_bool(address("EnzymePrintPerf"), 1)
set_string(address("EnzymeFunctionToAnalyze"), b"f")
