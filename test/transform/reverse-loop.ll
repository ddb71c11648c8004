; The raw reverse sweep of a loop: the counter runs down to zero, the adjoint of
; the load is added to shadow memory with the primal's alignment and TBAA tag,
; and the primal's fast-math flags, no others, are on the derivative's
; arithmetic.
; RUN: %opt -passes='linkgrad<no-optimize>' -S %s | FileCheck %s

declare void @__enzyme_autodiff_void(ptr, ...)

; CHECK-LABEL: define internal void @squares.linkgrad.rev(
; CHECK-SAME: ptr noalias align 8 %p, ptr noalias align 8 %p.shadow
; CHECK: fmul reassoc double
; CHECK-NOT: fast
; CHECK: %[[OLD:.*]] = load double, ptr %[[SHADOW:.*]], align 8, !tbaa ![[TAG:[0-9]+]]
; CHECK: %[[NEW:.*]] = fadd double %[[OLD]],
; CHECK: store double %[[NEW]], ptr %[[SHADOW]], align 8, !tbaa ![[TAG]]
; CHECK: icmp eq i64 %[[COUNTER:.*]], 0
; CHECK: sub i64 %[[COUNTER]], 1
define double @squares(ptr noalias align 8 %p, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]
  %s = phi double [ 0.0, %entry ], [ %s.next, %loop ]
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %v = load double, ptr %a, align 8, !tbaa !0
  %v2 = fmul reassoc double %v, %v
  %s.next = fadd double %s, %v2
  %i.next = add nuw nsw i64 %i, 1
  %more = icmp ult i64 %i.next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret double %s.next
}

define void @request(ptr %p, ptr %dp, i64 %n) {
  call void (ptr, ...) @__enzyme_autodiff_void(ptr @squares, ptr %p, ptr %dp, i64 %n)
  ret void
}

!0 = !{!1, !1, i64 0}
!1 = !{!"double", !2, i64 0}
!2 = !{!"char", !3, i64 0}
!3 = !{!"tbaa"}
