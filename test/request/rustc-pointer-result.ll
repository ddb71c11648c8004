; A reverse derivative of rustc's has no seed for what is behind a pointer: its
; gradient would be zero. As a result that is Const, without the marker for the
; value, the pointer is returned.
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %s 2>&1 | FileCheck %s

@enzyme_dup = external global ptr
@enzyme_primal_return = external global ptr

define ptr @first(ptr %x) {
  ret ptr %x
}

declare ptr @__enzyme_autodiff_RNvCs1_4demo5first(...)
declare ptr @__enzyme_autodiff_first(...)

define void @requests(ptr %x, ptr %dx) {
; CHECK: error: the result of 'first' is Active and a pointer, and rustc passes no seed for what is behind it [unsupported-request]
; CHECK: help: return the value; or write it through a reference that is Duplicated
  %1 = call ptr (...) @__enzyme_autodiff_RNvCs1_4demo5first(ptr @first, ptr @enzyme_primal_return, ptr @enzyme_dup, ptr %x, ptr %dx)

; CHECK: reverse mode of first(dup) -> const
  %2 = call ptr (...) @__enzyme_autodiff_RNvCs1_4demo5first(ptr @first, ptr @enzyme_dup, ptr %x, ptr %dx)

; In C the caller has asked for the pointer, and seeds through the argument's shadow.
; CHECK: reverse mode of first(dup) -> const
  %3 = call ptr (...) @__enzyme_autodiff_first(ptr @first, ptr @enzyme_primal_return, ptr @enzyme_dup, ptr %x, ptr %dx)
  ret void
}
