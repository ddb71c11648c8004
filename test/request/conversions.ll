; Operands that arrive in another type than the primal's parameter has.
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %s 2>&1 \
; RUN:   | FileCheck %s

declare double @__enzyme_autodiff(ptr, ...)
declare double @__enzyme_autodiff_unprototyped(...)
declare double @__enzyme_autodiff_fixed(ptr, double)
declare float @f(float, i16, i8, i1)
declare float @g(float)
declare double @pair(<2 x float>, [2 x double])
declare double @long(i64)
declare double @bytes(i8)
declare double @value(double)
declare double @struct({ double, double })

; C's default argument promotions are undone, with a prototype that ends in ...
; and without any.
; CHECK: reverse mode of f(active, const, const, const) -> active
; CHECK-NEXT: requested in: promoted
; CHECK-NEXT: type: { float } (float, i16, i8, i1)
; CHECK-NEXT: operands: double %x as float, i32 2 as i16, i32 3 as i8, i32 1 as i1
; CHECK: reverse mode of g(active) -> active
; CHECK: operands: double %x as float
define void @promoted(double %x) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x, i32 2, i32 3, i32 1)
  call double (ptr, double, ...) @__enzyme_autodiff_unprototyped(ptr @g, double %x)
  ret void
}

; The same scalars in another aggregate.
; CHECK: reverse mode of pair(active, active) -> active
; CHECK-NEXT: requested in: rebuilt
; CHECK-NEXT: type: { <2 x float>, [2 x double] } (<2 x float>, [2 x double])
; CHECK-NEXT: operands: { float, float } %a as <2 x float>, { double, double } %b as [2 x double]
define void @rebuilt({ float, float } %a, { double, double } %b) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @pair, { float, float } %a, { double, double } %b)
  ret void
}

; No promotion takes place where the type is fixed.
; CHECK: error: parameter 1 of 'g' has type float, but the request passes double [argument-type]
define void @fixed(double %x) {
  call double @__enzyme_autodiff_fixed(ptr @g, double %x)
  ret void
}

; CHECK: error: parameter 1 of 'long' has type i64, but the request passes i32 [argument-type]
; CHECK: help: cast the argument to the parameter's type
; CHECK: error: parameter 1 of 'bytes' has type i8, but the request passes i64 [argument-type]
; CHECK: error: parameter 1 of 'value' has type double, but the request passes ptr [argument-type]
; CHECK: help: pass the value, not a reference to it, or use enzyme_byref
; CHECK: error: parameter 1 of 'struct' has type { double, double }, but the request passes double [argument-type]
; CHECK: help: the compiler passes this struct in pieces; pass it by pointer
define void @refused(i64 %n, ptr %p, double %x) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @long, i32 3)
  call double (ptr, ...) @__enzyme_autodiff(ptr @bytes, i64 %n)
  call double (ptr, ...) @__enzyme_autodiff(ptr @value, ptr %p)
  call double (ptr, ...) @__enzyme_autodiff(ptr @struct, double %x, double %x)
  ret void
}
