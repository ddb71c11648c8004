; Adjoints in the raw reverse sweep: what is used in its own block only is
; summed up as it comes, from the first contribution on; what is used across
; blocks is summed up from zero, by way of phis.
; RUN: %opt -passes='linkgrad<no-optimize>' -S %s | FileCheck %s

declare double @__enzyme_autodiff(ptr, ...)

; CHECK-LABEL: define internal { double } @f.linkgrad.rev(
; CHECK-SAME: double %x, double %[[SEED:.*]], ptr %{{.*}})
; CHECK-NOT: alloca
; CHECK: reverse.join:
; CHECK: br i1
; CHECK: reverse.more:
; CHECK-NEXT: %[[ONE:.*]] = fmul double %[[W:.*]], 3.0
; CHECK-NEXT: %[[TWO:.*]] = fmul double %[[W]], 5.0
; CHECK-NEXT: %[[SUM:.*]] = fadd double %[[ONE]], %[[TWO]]
; CHECK-NEXT: %[[MORE:.*]] = fmul double %[[SUM]], 7.0
; CHECK-NEXT: %[[Y:.*]] = fadd double -0.0{{.*}}, %[[MORE]]
; CHECK: reverse.entry:
; CHECK: phi double [ %[[Y]], %{{.*}} ], [ %{{.*}}, %{{.*}} ]
; CHECK: %[[W]] = fadd double -0.0{{.*}}, %[[SEED]]
define double @f(double %x) {
entry:
  %y = fmul double %x, %x
  %c = fcmp ogt double %x, 1.0
  br i1 %c, label %more, label %join
more:
  %z = fmul double %y, 7.0
  %u = fmul double %z, 5.0
  %v = fmul double %z, 3.0
  %w = fadd double %u, %v
  br label %join
join:
  %r = phi double [ %w, %more ], [ %y, %entry ]
  ret double %r
}

define double @df(double %x) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %r
}
