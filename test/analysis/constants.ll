; Constants have no list of uses, which an analysis must not ask for: a number
; that is stored as a character, an index that is undefined.
; RUN: %opt -passes='print<linkgrad-types>' -disable-output %s 2>&1 | FileCheck %s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"

; CHECK-LABEL: types of 'f':
; CHECK: i64 %either: {[-1]:Integer}
; CHECK: double %r: {[-1]:Float@double}
define double @f(ptr %p, i1 %c, i64 %n) {
  %at8 = getelementptr i8, ptr %p, i64 8
  store i32 5, ptr %at8, !tbaa !2
  %either = select i1 %c, i64 undef, i64 %n
  %q = getelementptr i8, ptr %p, i64 %either
  %r = load double, ptr %q
  ret double %r
}

!0 = !{!"Simple C/C++ TBAA"}
!1 = !{!"omnipotent char", !0, i64 0}
!2 = !{!1, !1, i64 0}
