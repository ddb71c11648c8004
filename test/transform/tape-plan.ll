; What goes on the tape. Each function needs one value per iteration.
; RUN: %opt -passes='print<linkgrad-tape>' -disable-output %s 2>&1 | FileCheck %s

declare double @__enzyme_autodiff(ptr, ...)
declare void @__enzyme_autodiff_void(ptr, ...)

; r = r * x: the old r is needed and comes from a phi: recorded in the loop.
; CHECK-LABEL: tape of power
; CHECK: record 8 bytes, loop depth 1: %r = phi double
; CHECK: 1 values
define double @power(double %x, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]
  %r = phi double [ 1.0, %entry ], [ %r.next, %loop ]
  %r.next = fmul double %r, %x
  %i.next = add nuw nsw i64 %i, 1
  %more = icmp ult i64 %i.next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret double %r.next
}

; s += p[i]^2: p[i] is loaded again, since nobody writes to memory; the
; induction variable follows from the counter, and the number of iterations
; from n.
; CHECK-LABEL: tape of squares: frame of 0 bytes
; CHECK: 0 values
define double @squares(ptr %p, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]
  %s = phi double [ 0.0, %entry ], [ %s.next, %loop ]
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %v = load double, ptr %a
  %v2 = fmul double %v, %v
  %s.next = fadd double %s, %v2
  %i.next = add nuw nsw i64 %i, 1
  %more = icmp ult i64 %i.next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret double %s.next
}

; The same in place: what is overwritten has to be recorded.
; CHECK-LABEL: tape of in_place
; CHECK: record 8 bytes, loop depth 1: %v = load double
; CHECK: 1 values
define void @in_place(ptr %p, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]
  %a = getelementptr inbounds double, ptr %p, i64 %i
  %v = load double, ptr %a
  %v2 = fmul double %v, %v
  store double %v2, ptr %a
  %i.next = add nuw nsw i64 %i, 1
  %more = icmp ult i64 %i.next, %n
  br i1 %more, label %loop, label %exit
exit:
  ret void
}

define double @requests(double %x, ptr %p, ptr %dp, i64 %n) {
  %g = call double (ptr, ...) @__enzyme_autodiff(ptr @power, double %x, i64 %n)
  call void (ptr, ...) @__enzyme_autodiff_void(ptr @squares, ptr %p, ptr %dp, i64 %n)
  call void (ptr, ...) @__enzyme_autodiff_void(ptr @in_place, ptr %p, ptr %dp, i64 %n)
  ret double %g
}
