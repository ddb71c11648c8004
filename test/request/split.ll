; The halves of split mode: an augmented primal, and the two sweeps that read its
; tape. Both sweeps have the activities of the augmented primal.
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %s 2>&1 \
; RUN:   | FileCheck %s

@enzyme_dup = external global i32
@enzyme_dupnoneed = external global i32
@enzyme_const = external global i32
@enzyme_width = external global i32
@enzyme_const_return = external global i32
@enzyme_dup_return = external global i32
@enzyme_nofree = external global i32
@enzyme_tape = external global i32
@enzyme_allocated = external global i32

declare double @f(double, ptr)
declare ptr @g(ptr)
declare void @h(<2 x float>, i32)

declare { ptr, double } @__enzyme_augmentfwd(ptr, ...)
declare double @__enzyme_reverse(ptr, ...)
declare double @__enzyme_fwdsplit(ptr, ...)
declare [2 x double] @__enzyme_fwdsplit_lanes(ptr, ...)
declare void @__enzyme_fwdsplit_nothing(ptr, ...)

; CHECK: augmented primal of f(active, dup) -> active, primal
; CHECK-NEXT: requested in: defaults
; CHECK-NEXT: type: { ptr, double } (double, ptr, ptr)
; CHECK-NEXT: operands: double %x, ptr %p, ptr %d
; CHECK: reverse sweep of f(active, dup) -> active
; CHECK-NEXT: requested in: defaults
; CHECK-NEXT: type: { double } (double, ptr, ptr, double, ptr)
; CHECK-NEXT: operands: double %x, ptr %p, ptr %d, double %y, ptr %t
; CHECK: forward sweep of f(active, dup) -> active
; CHECK-NEXT: requested in: defaults
; CHECK-NEXT: type: { double } (double, double, ptr, ptr, ptr)
; CHECK-NEXT: operands: double %x, double %dx, ptr %p, ptr %d, ptr %t
define void @defaults(double %x, double %dx, double %y, ptr %p, ptr %d, ptr %t) {
  call { ptr, double } (ptr, ...) @__enzyme_augmentfwd(ptr @f, double %x, ptr %p, ptr %d)
  call double (ptr, ...) @__enzyme_reverse(ptr @f, double %x, ptr %p, ptr %d, double %y, ptr %t)
  call double (ptr, ...) @__enzyme_fwdsplit(ptr @f, double %x, double %dx, ptr %p, ptr %d, ptr %t)
  ret void
}

; A value that is dup here was active in the augmented primal.
; CHECK: forward sweep of f(active, const) -> active
; CHECK: operands: double %x, double %dx, ptr %p, ptr %t
; CHECK: forward sweep of f(const, dupnoneed) -> active
; CHECK: operands: double %x, ptr %p, ptr %d, ptr %t
; CHECK: forward sweep of h(active, const) -> const
; CHECK-NEXT: requested in: activities
; CHECK-NEXT: type: void (<2 x float>, <2 x float>, i32, ptr)
; CHECK: forward sweep of f(active, const) -> const
; CHECK-NEXT: requested in: activities
; CHECK-NEXT: type: void (double, double, ptr, ptr)
define void @activities(double %x, double %dx, <2 x float> %v, ptr %p, ptr %d, ptr %t) {
  call double (ptr, ...) @__enzyme_fwdsplit(ptr @f, ptr @enzyme_dup, double %x, double %dx, ptr @enzyme_const, ptr %p, ptr %t)
  call double (ptr, ...) @__enzyme_fwdsplit(ptr @f, ptr @enzyme_const, double %x, ptr @enzyme_dupnoneed, ptr %p, ptr %d, ptr %t)
  call void (ptr, ...) @__enzyme_fwdsplit_nothing(ptr @h, <2 x float> %v, <2 x float> %v, i32 1, ptr %t)
  call void (ptr, ...) @__enzyme_fwdsplit_nothing(ptr @f, ptr @enzyme_const_return, double %x, double %dx, ptr @enzyme_const, ptr %p, ptr %t)
  ret void
}

; The shadow of a pointer comes from the augmented primal only.
; CHECK: forward sweep of g(dup) -> const
; CHECK: type: void (ptr, ptr, ptr)
; CHECK: forward sweep of g(dup) -> dup
; CHECK: type: void (ptr, ptr, ptr)
define void @pointers(ptr %p, ptr %d, ptr %t) {
  call void (ptr, ...) @__enzyme_fwdsplit_nothing(ptr @g, ptr %p, ptr %d, ptr %t)
  call void (ptr, ...) @__enzyme_fwdsplit_nothing(ptr @g, ptr @enzyme_dup_return, ptr %p, ptr %d, ptr %t)
  ret void
}

; Each lane has a tangent; the tape may be the caller's.
; CHECK: forward sweep of f(active, dup) -> active, width 2
; CHECK-NEXT: requested in: lanes
; CHECK-NEXT: type: { [2 x double] } (double, double, double, ptr, ptr, ptr, ptr)
; CHECK-NEXT: operands: double %x, double %dx, double %dy, ptr %p, ptr %d, ptr %e, ptr %t
; CHECK: forward sweep of f(active, const) -> active
; CHECK: operands: double %x, double %dx, ptr %p, ptr %t
define void @lanes(double %x, double %dx, double %dy, ptr %p, ptr %d, ptr %e, ptr %t) {
  call [2 x double] (ptr, ...) @__enzyme_fwdsplit_lanes(ptr @f, ptr @enzyme_nofree, ptr @enzyme_width, i32 2, double %x, double %dx, double %dy, ptr %p, ptr %d, ptr %e, ptr %t)
  call double (ptr, ...) @__enzyme_fwdsplit(ptr @f, ptr @enzyme_allocated, i64 64, ptr @enzyme_tape, ptr %t, double %x, double %dx, ptr @enzyme_const, ptr %p)
  ret void
}
