; What is active: varied (depends on an active input) and useful (an active
; output depends on it); pointers with their whole class.
; RUN: %opt -passes='print<linkgrad-activity>' -disable-output %s 2>&1 | FileCheck %s

declare double @__enzyme_autodiff(ptr, ...)
@enzyme_const = external global i32
declare double @llvm.sin.f64(double)

; CHECK-LABEL: activity of f
; CHECK: active double %x
; CHECK: inactive double %c
; CHECK: active ptr %p
; CHECK: inactive ptr %q
; A constant's load, and arithmetic on it, are not varied.
; CHECK: inactive %from.q = load double
; CHECK: inactive %c2 = fmul double %c, %from.q
; Varied but not useful: only an integer depends on it.
; CHECK: inactive %w = tail call double @llvm.sin.f64(double %x)
; CHECK: active %from.p = load double
; CHECK: active %r = fmul double
; Piecewise constant.
; CHECK: inactive %i = fptosi double %r to i32
define double @f(double %x, double %c, ptr noalias %p, ptr noalias %q, ptr noalias %n) {
  %from.q = load double, ptr %q
  %c2 = fmul double %c, %from.q
  store double %c2, ptr %q
  %w = call double @llvm.sin.f64(double %x)
  %j = fptosi double %w to i32
  %from.p = load double, ptr %p
  %xp = fmul double %x, %from.p
  %r = fmul double %xp, %c2
  %i = fptosi double %r to i32
  %k = add i32 %i, %j
  store i32 %k, ptr %n
  ret double %r
}

define double @request(double %x, ptr %p, ptr %dp, ptr %q, ptr %n) {
  %const = load i32, ptr @enzyme_const
  %g = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x, i32 %const, double 2.0, ptr %p, ptr %dp, i32 %const, ptr %q, i32 %const, ptr %n)
  ret double %g
}
