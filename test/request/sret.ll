; Primals that return a struct through memory, and structs passed by value.
; RUN: split-file %s %t
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %t/good.ll 2>&1 \
; RUN:   | FileCheck %s --implicit-check-not=error:
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %t/bad.ll 2>&1 \
; RUN:   | FileCheck %s --check-prefix=BAD

;--- good.ll
%V = type { double, double, double }
%VV = type { %V, %V }
%N = type { i64, i64, i64 }

@enzyme_dup = external global ptr
@enzyme_const = external global ptr
@enzyme_width = external global ptr
@enzyme_primal_return = external global ptr
@enzyme_const_return = external global ptr

declare void @f(ptr sret(%V) align 8, double)
declare void @g(ptr sret(%V) align 8, ptr byval(%V) align 8)
declare void @rust(ptr sret([24 x i8]) align 8, ptr)
declare void @count(ptr sret(%N), double)
declare double @h(double)

declare void @__enzyme_fwddiff(ptr sret(%V), ptr, ...)
declare void @__enzyme_fwddiff2(ptr sret(%VV), ptr, ...)
declare void @__enzyme_fwddiff_rust(ptr sret([24 x i8]), ptr, ...)
declare void @__enzyme_fwddiff_void(ptr, ...)
declare double @__enzyme_autodiff(ptr, ...)
declare void @__enzyme_autodiff_v(ptr sret(%V), ptr, ...)
declare void @__enzyme_autodiff_void(ptr, ...)

; The request's own buffer takes the tangent; nobody asked for the primal.
; CHECK: forward mode of f(dupnoneed, dup) -> const
; CHECK-NEXT: requested in: forward
; CHECK-NEXT: type: void (ptr, ptr, double, double)
; CHECK-NEXT: operands: scratch %V, ptr %out + 0, double %x, double 1.000000e+00
; CHECK: forward mode of g(dupnoneed, dup) -> const
; CHECK: operands: scratch %V, ptr %out + 0, ptr %v, ptr %dv
; CHECK: forward mode of rust(dupnoneed, dup) -> const
; CHECK: operands: scratch [24 x i8], ptr %out + 0, ptr %v, ptr %dv
define void @forward(ptr sret(%V) %out, double %x, ptr %v, ptr %dv) {
  call void (ptr, ptr, ...) @__enzyme_fwddiff(ptr sret(%V) %out, ptr @f, double %x, double 1.0)
  call void (ptr, ptr, ...) @__enzyme_fwddiff(ptr sret(%V) %out, ptr @g, ptr @enzyme_dup, ptr byval(%V) %v, ptr byval(%V) %dv)
  call void (ptr, ptr, ...) @__enzyme_fwddiff_rust(ptr sret([24 x i8]) %out, ptr @rust, ptr %v, ptr %dv)
  ret void
}

; First the primal, then the tangents of all lanes.
; CHECK: forward mode of f(dup, dup) -> const
; CHECK-NEXT: requested in: forward_two
; CHECK-NEXT: type: void (ptr, ptr, double, double)
; CHECK-NEXT: operands: ptr %out + 0, ptr %out + 24, double %x, double 1.000000e+00
; CHECK: forward mode of f(dupnoneed, dup) -> const, width 2
; CHECK: operands: scratch %V, ptr %out + 0, ptr %out + 24, double %x, double 1.000000e+00, double 2.000000e+00
define void @forward_two(ptr sret(%VV) %out, double %x) {
  call void (ptr, ptr, ...) @__enzyme_fwddiff2(ptr sret(%VV) %out, ptr @f, ptr @enzyme_primal_return, double %x, double 1.0)
  call void (ptr, ptr, ...) @__enzyme_fwddiff2(ptr sret(%VV) %out, ptr @f, ptr @enzyme_width, i64 2, double %x, double 1.0, double 2.0)
  ret void
}

; Without a buffer of its own, the request names buffer and shadow.
; CHECK: forward mode of f(dup, dup) -> const
; CHECK-NEXT: requested in: explicit
; CHECK: operands: ptr %o, ptr %do, double %x, double 1.000000e+00
; CHECK: reverse mode of f(dup, active) -> const
; CHECK: operands: ptr %o, ptr %do, double %x
define void @explicit(ptr %o, ptr %do, double %x) {
  call void (ptr, ...) @__enzyme_fwddiff_void(ptr @f, ptr @enzyme_dup, ptr %o, ptr %do, double %x, double 1.0)
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_dup, ptr %o, ptr %do, double %x)
  ret void
}

; The operand after the function is the shadow of the result.
; CHECK: reverse mode of f(dupnoneed, active) -> const
; CHECK-NEXT: requested in: reverse
; CHECK-NEXT: type: { double } (ptr, ptr, double)
; CHECK-NEXT: operands: scratch %V, ptr %adjoint, double %x
; CHECK: reverse mode of g(dupnoneed, dup) -> const
; CHECK: operands: scratch %V, ptr %adjoint, ptr %v, ptr %dv
; CHECK: reverse mode of f(const, active) -> const
; CHECK: operands: scratch %V, double %x
; CHECK: reverse mode of count(const, active) -> const
; CHECK: operands: scratch %N, double %x
define void @reverse(ptr %adjoint, double %x, ptr %v, ptr %dv) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr %adjoint, double %x)
  call void (ptr, ...) @__enzyme_autodiff_void(ptr @g, ptr %adjoint, ptr @enzyme_dup, ptr %v, ptr %dv)
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_const_return, double %x)
  call double (ptr, ...) @__enzyme_autodiff(ptr @count, double %x)
  ret void
}

; The request's own buffer is for the gradients; the function comes after it.
; CHECK: reverse mode of f(dupnoneed, active) -> const
; CHECK-NEXT: requested in: reverse_buffer
; CHECK-NEXT: type: { double } (ptr, ptr, double)
; CHECK-NEXT: operands: scratch %V, ptr %adjoint, double %x
define void @reverse_buffer(ptr sret(%V) %out, ptr %adjoint, double %x) {
  call void (ptr, ptr, ...) @__enzyme_autodiff_v(ptr sret(%V) %out, ptr @f, ptr %adjoint, double %x)
  ret void
}

;--- bad.ll
%V = type { double, double, double }
@enzyme_dup = external global ptr
@enzyme_width = external global ptr
@enzyme_primal_return = external global ptr
declare void @f(ptr sret(%V) align 8, double)
declare void @g(ptr sret(%V) align 8, ptr byval(%V) align 8)
declare void @k(ptr byval(%V) align 8)
declare void @__enzyme_fwddiff(ptr sret(%V), ptr, ...)
declare double @__enzyme_fwddiff_double(ptr, ...)
declare void @__enzyme_fwdsplit(ptr, ...)
declare void @__enzyme_autodiff(ptr, ...)

; BAD: error: the request returns a struct of 24 bytes, but the derivative of 'f' gives 2 of 24 bytes [result-type]
define void @too_small(ptr sret(%V) %out, double %x) {
  call void (ptr, ptr, ...) @__enzyme_fwddiff(ptr sret(%V) %out, ptr @f, ptr @enzyme_primal_return, double %x, double 1.0)
  ret void
}
; BAD: error: 'f' returns a struct through memory, but the request does not [result-type]
define void @no_buffer(double %x) {
  call double (ptr, ...) @__enzyme_fwddiff_double(ptr @f, double %x, double 1.0)
  ret void
}
; BAD: error: 'enzyme_primal_return' in reverse mode of 'f', which returns a struct through memory, is not supported yet [unsupported-request]
; BAD: error: 'enzyme_width' in reverse mode of 'f', which returns a struct through memory, is not supported yet [unsupported-request]
define void @unsupported(ptr %adjoint, double %x) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_primal_return, ptr %adjoint, double %x)
  call void (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_width, i64 2, ptr %adjoint, ptr %adjoint, double %x)
  ret void
}
; The user forgot the shadow of the result, which the source does not show.
; BAD: error: too few arguments: the request ends before the value of parameter 2 of 'g' [wrong-argument-count]
; BAD: note: 'g' returns a struct through memory; in reverse mode the shadow of that struct is passed first, before the arguments
define void @forgotten(ptr %v, ptr %dv) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @g, ptr @enzyme_dup, ptr %v, ptr %dv)
  ret void
}
; BAD: error: in reverse mode a shadow passed by value cannot receive an adjoint, but that of parameter 1 of 'k' is [bad-marker]
; BAD: error: in split mode a shadow passed by value is not the one that the augmented primal had, but that of parameter 1 of 'k' is [bad-marker]
define void @lost(ptr %v, ptr %dv) {
  call void (ptr, ...) @__enzyme_autodiff(ptr @k, ptr @enzyme_dup, ptr byval(%V) %v, ptr byval(%V) %dv)
  call void (ptr, ...) @__enzyme_fwdsplit(ptr @k, ptr @enzyme_dup, ptr byval(%V) %v, ptr byval(%V) %dv, ptr %v)
  ret void
}
