; Every marker that a request can carry, and what it does to the request.
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %s 2>&1 \
; RUN:   | FileCheck %s

@enzyme_dup = external global i32
@enzyme_dupnoneed = external global i32
@enzyme_dupv = external global i32
@enzyme_dupnoneedv = external global i32
@enzyme_out = external global i32
@enzyme_const = external global i32
@enzyme_width = external global i32
@enzyme_primal_return = external global i32
@enzyme_noret = external global i32
@enzyme_const_return = external global i32
@enzyme_active_return = external global i32
@enzyme_dup_return = external global i32
@enzyme_interleave = external global i32
@enzyme_byref = external global i32
@enzyme_not_overwritten = external global i32
@enzyme_runtime_activity = external global i32

declare double @f(double)
declare double @g(ptr)
declare double @h(double, ptr)
declare i64 @count(i64)

declare double @__enzyme_autodiff(ptr, ...)
declare double @__enzyme_fwddiff(ptr, ...)

; CHECK-LABEL: requested in: out
; CHECK-NEXT: type: { double } (double)
; CHECK-NEXT: operands: double %x
; CHECK: reverse mode of f(const) -> active
define double @out(double %x) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_out, double %x)
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_const, double %x)
  ret double 0.0
}

; CHECK: reverse mode of g(dup) -> active
; CHECK-NEXT: requested in: dup
; CHECK-NEXT: type: void (ptr, ptr)
; CHECK-NEXT: operands: ptr %p, ptr %dp
; CHECK: reverse mode of g(dupnoneed) -> active
; CHECK: reverse mode of g(const) -> active
; CHECK: operands: ptr %p{{$}}
define void @dup(ptr %p, ptr %dp) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @g, ptr @enzyme_dup, ptr %p, ptr %dp)
  call double (ptr, ...) @__enzyme_autodiff(ptr @g, ptr @enzyme_dupnoneed, ptr %p, ptr %dp)
  call double (ptr, ...) @__enzyme_autodiff(ptr @g, ptr @enzyme_const, ptr %p)
  ret void
}

; CHECK: reverse mode of g(dup) -> active, width 2
; CHECK-NEXT: requested in: width
; CHECK-NEXT: type: void (ptr, ptr, ptr)
; CHECK-NEXT: operands: ptr %p, ptr %d0, ptr %d1
; CHECK: forward mode of f(dup) -> dup, width 3
; CHECK: type: { [3 x double] } (double, double, double, double)
; CHECK: reverse mode of f(active) -> active, width 2
; CHECK: type: { [2 x double] } (double)
define void @width(ptr %p, ptr %d0, ptr %d1, double %x) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @g, ptr @enzyme_width, i64 2, ptr @enzyme_dup, ptr %p, ptr %d0, ptr %d1)
  call double (ptr, ...) @__enzyme_fwddiff(ptr @f, double %x, double 1.0, double 2.0, double 3.0, ptr @enzyme_width, i32 3)
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_width, i64 2, double %x)
  ret void
}

; CHECK: reverse mode of g(dup) -> active, width 3
; CHECK-NEXT: requested in: strided
; CHECK-NEXT: type: void (ptr, ptr, ptr, ptr)
; CHECK-NEXT: operands: ptr %p, ptr %dp, ptr %dp + 1 * i64 %bytes, ptr %dp + 2 * i64 %bytes
; CHECK: reverse mode of g(dupnoneed) -> active
; CHECK: operands: ptr %p, ptr %dp{{$}}
define void @strided(ptr %p, ptr %dp, i64 %bytes) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @g, ptr @enzyme_width, i64 3, ptr @enzyme_dupv, i64 %bytes, ptr %p, ptr %dp)
  call double (ptr, ...) @__enzyme_autodiff(ptr @g, ptr @enzyme_dupnoneedv, i64 8, ptr %p, ptr %dp)
  ret void
}

; CHECK: reverse mode of f(active) -> active, primal
; CHECK-NEXT: requested in: primal_return
; CHECK-NEXT: type: { double, double } (double)
; CHECK: forward mode of f(dup) -> dup, primal
; CHECK-NEXT: requested in: primal_return
; CHECK-NEXT: type: { double, double } (double, double)
define void @primal_return(double %x) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_primal_return, double %x)
  call double (ptr, ...) @__enzyme_fwddiff(ptr @f, double %x, double 1.0, ptr @enzyme_primal_return)
  ret void
}

; CHECK: reverse mode of f(active) -> active{{$}}
; CHECK-NEXT: requested in: result
; CHECK: reverse mode of f(active) -> const
; CHECK: reverse mode of f(active) -> active
; CHECK: forward mode of f(dup) -> const
; CHECK-NEXT: requested in: result
; CHECK-NEXT: type: void (double, double)
; CHECK: forward mode of f(dup) -> dup
; CHECK: forward mode of count(const) -> const
; CHECK: forward mode of count(dup) -> dup
define void @result(double %x, i64 %n) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_noret, double %x)
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_const_return, double %x)
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_active_return, double %x)
  call double (ptr, ...) @__enzyme_fwddiff(ptr @f, ptr @enzyme_const_return, double %x, double 1.0)
  call double (ptr, ...) @__enzyme_fwddiff(ptr @f, ptr @enzyme_active_return, double %x, double 1.0)
  call double (ptr, ...) @__enzyme_fwddiff(ptr @count, i64 %n)
  call double (ptr, ...) @__enzyme_fwddiff(ptr @count, ptr @enzyme_dup_return, ptr @enzyme_dup, i64 %n, i64 0)
  ret void
}

; All shadows after all primals, in order.
; CHECK: forward mode of h(dup, dup) -> dup, width 2
; CHECK-NEXT: requested in: interleave
; CHECK-NEXT: type:
; CHECK-NEXT: operands: double %x, double 1.000000e+00, double 2.000000e+00, ptr %p, ptr %d0, ptr %d1
define void @interleave(double %x, ptr %p, ptr %d0, ptr %d1) {
  call double (ptr, ...) @__enzyme_fwddiff(ptr @h, ptr @enzyme_width, i64 2, ptr @enzyme_dup, double %x, ptr @enzyme_dup, ptr %p, ptr @enzyme_interleave, double 1.0, double 2.0, ptr %d0, ptr %d1)
  ret void
}

; CHECK: reverse mode of f(active) -> active{{$}}
; CHECK-NEXT: requested in: byref
; CHECK-NEXT: type: { double } (double)
; CHECK-NEXT: operands: double at ptr %x
; CHECK: reverse mode of f(const) -> active{{$}}
; CHECK: operands: double at ptr %x
define void @byref(ptr %x) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_byref, i64 8, ptr %x)
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_const, ptr @enzyme_byref, i64 8, ptr %x)
  ret void
}

; CHECK: reverse mode of g(dup) -> active{{$}}
; CHECK-NEXT: requested in: stacked
; CHECK: reverse mode of g(dup) -> active, runtime activity
define void @stacked(ptr %p, ptr %dp) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @g, ptr @enzyme_not_overwritten, ptr @enzyme_dup, ptr %p, ptr %dp)
  call double (ptr, ...) @__enzyme_autodiff(ptr @g, ptr @enzyme_dup, ptr @enzyme_runtime_activity, ptr @enzyme_not_overwritten, ptr %p, ptr %dp)
  ret void
}
