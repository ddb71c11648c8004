; rustc's requests list both halves of a struct of two scalars and then both
; halves of its shadow. Debug information tells them from two parameters.
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %s 2>&1 \
; RUN:   | FileCheck %s --implicit-check-not=warning:

@enzyme_dup = external global ptr
@enzyme_const = external global ptr

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

declare double @__enzyme_fwddiff_RNvCs1_4demo4pair(...)
declare double @__enzyme_fwddiff_demo_pair(ptr, ...)

define void @requests(double %x, double %y, double %dx, double %dy, float %n, float %dn, ptr %p, ptr %dp) {
; CHECK: error: rustc does not tell value and shadow apart for a struct of two numbers, which 'pair' takes by value [unsupported-request]
  %1 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @pair, ptr @enzyme_dup, double %x, double %y, ptr @enzyme_dup, double %dx, double %dy)

; CHECK: error: rustc does not tell value and shadow apart for a struct of two numbers, which 'mixed' takes by value [unsupported-request]
  %2 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @mixed, ptr @enzyme_dup, float %n, float %dn, ptr @enzyme_dup, double %x, double %y, ptr @enzyme_dup, double %dx, double %dy, ptr @enzyme_dup, ptr %p, ptr %dp, ptr @enzyme_const, i64 4, ptr @enzyme_dup, ptr %p, ptr %dp)

; Inactive, it does not matter.
; CHECK: forward mode of mixed(dup, const, const, dup, const, dup) -> dup
  %3 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @mixed, ptr @enzyme_dup, float %n, float %dn, ptr @enzyme_const, double %x, ptr @enzyme_const, double %y, ptr @enzyme_dup, ptr %p, ptr %dp, ptr @enzyme_const, i64 4, ptr @enzyme_dup, ptr %p, ptr %dp)

; CHECK: forward mode of two(dup, dup) -> dup
  %4 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @two, ptr @enzyme_dup, double %x, double %dx, ptr @enzyme_dup, double %y, double %dy)

; Parameters that the debug information does not explain, or none at all.
; CHECK: forward mode of unclear(dup, dup, dup) -> dup
  %5 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @unclear, ptr @enzyme_dup, double %x, double %dx, ptr @enzyme_dup, double %y, double %dy, ptr @enzyme_dup, double %y, double %dy)
; CHECK: warning: if 'without' takes a struct of two numbers by value, its derivative is wrong, because rustc does not tell value and shadow apart; without -Cdebuginfo=2 this cannot be checked
; CHECK: forward mode of without(dup, dup) -> dup
; CHECK: warning: if 'lines' takes a struct of two numbers by value
; CHECK: forward mode of lines(dup, dup) -> dup
  %6 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @without, ptr @enzyme_dup, double %x, double %dx, ptr @enzyme_dup, double %y, double %dy)

  %7 = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4pair(ptr @lines, ptr @enzyme_dup, double %x, double %dx, ptr @enzyme_dup, double %y, double %dy)

; Other requests mean what they say.
; CHECK: forward mode of pair(dup, dup) -> dup
  %8 = call double (ptr, ...) @__enzyme_fwddiff_demo_pair(ptr @pair, ptr @enzyme_dup, double %x, double %dx, ptr @enzyme_dup, double %y, double %dy)
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
