; rustc's requests list both halves of a struct of two scalars and then both
; halves of its shadow. Debug information tells them from two parameters; without
; it they are refused.
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %s 2>&1 \
; RUN:   | FileCheck %s

@enzyme_dup = external global ptr
@enzyme_const = external global ptr
@enzyme_width = external global ptr
@enzyme_dupv = external global ptr

define double @pair(double %x.0, double %x.1) !dbg !10 {
  ret double %x.0
}
define double @two(double %x, double %y) !dbg !11 {
  ret double %x
}
define double @mixed(float %n, double %x.0, double %x.1, ptr %s.0, i64 %s.1, ptr %big) !dbg !12 {
  ret double %x.0
}
define double @unclear(double %x.0, double %x.1, double %y) !dbg !13 {
  ret double %x.0
}
define double @lines(double %x.0, double %x.1) !dbg !14 {
  ret double %x.0
}
define double @without(double %x.0, double %x.1) {
  ret double %x.0
}

define double @references(ptr %a, ptr %b) {
  %x = load double, ptr %a
  ret double %x
}

declare double @__enzyme_fwddiff_RNvCs1_4demo4pair(...)
declare [2 x double] @__enzyme_fwddiff_RNvCs1_4demo4wide(...)
declare void @__enzyme_autodiff_RNvCs1_4demo4pair(...)
declare double @__enzyme_fwddiff_demo_pair(ptr, ...)

define void @requests(double %x, double %y, double %dx, double %dy, float %n, float %dn, ptr %p, ptr %dp) {
; CHECK: forward mode of pair(dup, dup) -> dup
; CHECK: operands: double %x, double %dx, double %y, double %dy
  %1 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @pair, ptr @enzyme_dup, double %x, double %y, ptr @enzyme_dup, double %dx, double %dy)

; A slice has its shadow before its length.
; CHECK: forward mode of mixed(dup, dup, dup, dup, const, dup) -> dup
; CHECK: operands: float %n, float %dn, double %x, double %dx, double %y, double %dy, ptr %p, ptr %dp, i64 4, ptr %p, ptr %dp
  %2 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @mixed, ptr @enzyme_dup, float %n, float %dn, ptr @enzyme_dup, double %x, double %y, ptr @enzyme_dup, double %dx, double %dy, ptr @enzyme_dup, ptr %p, ptr %dp, ptr @enzyme_const, i64 4, ptr @enzyme_dup, ptr %p, ptr %dp)

; With a width, the marker is in the middle.
; CHECK: forward mode of pair(dup, dup) -> dup, width 2
; CHECK: operands: double %x, double %dx, double 1.000000e+00, double %y, double %dy, double 2.000000e+00
  %3 = call [2 x double] (...) @__enzyme_fwddiff_RNvCs1_4demo4wide(ptr @pair, ptr @enzyme_width, i64 2, ptr @enzyme_dup, double %x, double %y, double %dx, ptr @enzyme_dup, double %dy, double 1.0, double 2.0)

; CHECK: forward mode of mixed(const, const, const, dup, const, const) -> dup, width 4
  %4 = call [4 x double] (...) @__enzyme_fwddiff_RNvCs1_4demo4wide(ptr @mixed, ptr @enzyme_width, i64 4, ptr @enzyme_const, float %n, ptr @enzyme_const, double %x, ptr @enzyme_const, double %y, ptr @enzyme_dupv, i64 32, ptr %p, ptr %dp, ptr @enzyme_const, i64 4, ptr @enzyme_const, ptr %p)

; Inactive, it does not matter.
; CHECK: forward mode of mixed(dup, const, const, dup, const, dup) -> dup
  %5 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @mixed, ptr @enzyme_dup, float %n, float %dn, ptr @enzyme_const, double %x, ptr @enzyme_const, double %y, ptr @enzyme_dup, ptr %p, ptr %dp, ptr @enzyme_const, i64 4, ptr @enzyme_dup, ptr %p, ptr %dp)

; CHECK: forward mode of two(dup, dup) -> dup
  %6 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @two, ptr @enzyme_dup, double %x, double %dx, ptr @enzyme_dup, double %y, double %dy)

; Parameters that the debug information does not explain, or none at all.
; CHECK: error: parameters 1 and 2 of 'unclear' may be one struct: rustc's request does not tell value and shadow apart then [unsupported-request]
; CHECK: help: compile with -Cdebuginfo=2, or take structs by reference
  %7 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @unclear, ptr @enzyme_dup, double %x, double %dx, ptr @enzyme_dup, double %y, double %dy, ptr @enzyme_dup, double %y, double %dy)
; CHECK: error: parameters 1 and 2 of 'without' may be one struct
; CHECK: error: parameters 1 and 2 of 'lines' may be one struct
  %8 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @without, ptr @enzyme_dup, double %x, double %dx, ptr @enzyme_dup, double %y, double %dy)

  %9 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @lines, ptr @enzyme_dup, double %x, double %dx, ptr @enzyme_dup, double %y, double %dy)

; References may be those of one struct, but not in reverse mode, where rustc takes no
; struct for Duplicated; and so may numbers, but not of different activities.
; CHECK: error: parameters 1 and 2 of 'references' may be one struct
; CHECK: reverse mode of references(dup, dup) -> active
; CHECK: forward mode of without(dup, const) -> dup
  %10 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @references, ptr @enzyme_dup, ptr %p, ptr %dp, ptr @enzyme_dup, ptr %p, ptr %dp)
  call void (...) @__enzyme_autodiff_RNvCs1_4demo4pair(ptr @references, ptr @enzyme_dup, ptr %p, ptr %dp, ptr @enzyme_dup, ptr %p, ptr %dp)
  %11 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @without, ptr @enzyme_dup, double %x, double %dx, ptr @enzyme_const, double %y)

; Other requests mean what they say.
; CHECK: forward mode of pair(dup, dup) -> dup
  %12 = call double (ptr, ...) @__enzyme_fwddiff_demo_pair(ptr @pair, ptr @enzyme_dup, double %x, double %dx, ptr @enzyme_dup, double %y, double %dy)
  ret void
}

!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_Rust, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "pairs.rs", directory: "/")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = !DIBasicType(name: "f64", size: 64, encoding: DW_ATE_float)
!4 = !DICompositeType(tag: DW_TAG_structure_type, name: "Complex", file: !1, size: 128)
!5 = !DICompositeType(tag: DW_TAG_structure_type, name: "Newtype", file: !1, size: 32)
!6 = !DICompositeType(tag: DW_TAG_structure_type, name: "Empty", file: !1)
!7 = !DICompositeType(tag: DW_TAG_structure_type, name: "&[f64]", file: !1, size: 128)
!8 = !DICompositeType(tag: DW_TAG_structure_type, name: "Big", file: !1, size: 192)
!10 = distinct !DISubprogram(name: "pair", scope: !1, file: !1, line: 1, spFlags: DISPFlagDefinition, unit: !0, type: !20)
!11 = distinct !DISubprogram(name: "two", file: !1, line: 2, spFlags: DISPFlagDefinition, unit: !0, type: !21)
!12 = distinct !DISubprogram(name: "mixed", file: !1, line: 3, spFlags: DISPFlagDefinition, unit: !0, type: !22)
!13 = distinct !DISubprogram(name: "unclear", scope: !1, file: !1, line: 4, spFlags: DISPFlagDefinition, unit: !0, type: !20)
!14 = distinct !DISubprogram(name: "lines", scope: !1, file: !1, line: 5, spFlags: DISPFlagDefinition, unit: !0, type: !26)
!20 = !DISubroutineType(types: !23)
!21 = !DISubroutineType(types: !24)
!22 = !DISubroutineType(types: !25)
!23 = !{!3, !4}
!24 = !{!3, !3, !3}
!25 = !{!3, !5, !6, !4, !7, !8}
!26 = !DISubroutineType(types: !27)
!27 = !{}
