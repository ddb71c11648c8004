; The activity of arguments and results without markers.
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %s 2>&1 \
; RUN:   | FileCheck %s --implicit-check-not=error:

declare double @__enzyme_autodiff(ptr, ...)
declare double @__enzyme_fwddiff(ptr, ...)
declare void @__enzyme_fwddiff_void(ptr, ...)

declare float @scalars(double, float, i32)
declare <2 x double> @vectors(<2 x double>, <4 x i32>)
declare ptr @pointers(ptr)
declare { double, double } @structs({ double, [2 x float] }, { i32, i64 }, { ptr, double })
declare i32 @integers(i32)
declare void @nothing(double)

; CHECK: reverse mode of scalars(active, active, const) -> active
; CHECK-NEXT: requested in: reverse
; CHECK-NEXT: type: { double, float } (double, float, i32)
; CHECK: reverse mode of vectors(active, const) -> active
; CHECK-NEXT: requested in: reverse
; CHECK-NEXT: type: { <2 x double> } (<2 x double>, <4 x i32>)
; No adjoint of a pointer can be passed in, so there is nothing to seed.
; CHECK: reverse mode of pointers(dup) -> const
; CHECK: reverse mode of structs(active, const, dup) -> active
; CHECK: reverse mode of integers(const) -> const
; CHECK: reverse mode of nothing(active) -> const
define void @reverse(double %x, float %y, i32 %n, <2 x double> %v, <4 x i32> %w, ptr %p, ptr %d,
                     { double, [2 x float] } %a, { i32, i64 } %b, { ptr, double } %c) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @scalars, double %x, float %y, i32 %n)
  call double (ptr, ...) @__enzyme_autodiff(ptr @vectors, <2 x double> %v, <4 x i32> %w)
  call double (ptr, ...) @__enzyme_autodiff(ptr @pointers, ptr %p, ptr %d)
  call double (ptr, ...) @__enzyme_autodiff(ptr @structs, { double, [2 x float] } %a, { i32, i64 } %b, { ptr, double } %c, { ptr, double } %c)
  call double (ptr, ...) @__enzyme_autodiff(ptr @integers, i32 %n)
  call double (ptr, ...) @__enzyme_autodiff(ptr @nothing, double %x)
  ret void
}

; CHECK: forward mode of scalars(dup, dup, const) -> dup
; CHECK-NEXT: requested in: forward
; CHECK-NEXT: type: { float } (double, double, float, float, i32)
; CHECK: forward mode of vectors(dup, const) -> dup
; CHECK: forward mode of pointers(dup) -> dup
; CHECK-NEXT: requested in: forward
; CHECK-NEXT: type: { ptr } (ptr, ptr)
; CHECK: forward mode of structs(dup, const, dup) -> dup
; CHECK: forward mode of integers(const) -> const
; CHECK: forward mode of nothing(dup) -> const
; CHECK-NEXT: requested in: forward
; CHECK-NEXT: type: void (double, double)
define void @forward(double %x, float %y, i32 %n, <2 x double> %v, <4 x i32> %w, ptr %p, ptr %d,
                     { double, [2 x float] } %a, { i32, i64 } %b, { ptr, double } %c) {
  call double (ptr, ...) @__enzyme_fwddiff(ptr @scalars, double %x, double %x, float %y, float %y, i32 %n)
  call double (ptr, ...) @__enzyme_fwddiff(ptr @vectors, <2 x double> %v, <2 x double> %v, <4 x i32> %w)
  call double (ptr, ...) @__enzyme_fwddiff(ptr @pointers, ptr %p, ptr %d)
  call double (ptr, ...) @__enzyme_fwddiff(ptr @structs, { double, [2 x float] } %a, { double, [2 x float] } %a, { i32, i64 } %b, { ptr, double } %c, { ptr, double } %c)
  call double (ptr, ...) @__enzyme_fwddiff(ptr @integers, i32 %n)
  call double (ptr, ...) @__enzyme_fwddiff(ptr @nothing, double %x, double 1.0)
  ret void
}

; A tangent that the request cannot receive is not asked for.
; CHECK: forward mode of pointers(dup) -> const
; CHECK-NEXT: requested in: discarded
define void @discarded(ptr %p, ptr %d) {
  call void (ptr, ...) @__enzyme_fwddiff_void(ptr @pointers, ptr %p, ptr %d)
  ret void
}

; enzyme_primal_return of a function without result asks for nothing.
@enzyme_primal_return = external global ptr
; CHECK: reverse mode of nothing(active) -> const{{$}}
; CHECK-NEXT: requested in: no_primal
define void @no_primal(double %x) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @nothing, ptr @enzyme_primal_return, double %x)
  ret void
}
