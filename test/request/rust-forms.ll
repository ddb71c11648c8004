; Requests as rustc writes them: nightly's #[autodiff] (one variadic declaration
; for each derivative, markers are the addresses of globals), and stable Rust
; with the user's own extern "C" declarations.
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %s 2>&1 \
; RUN:   | FileCheck %s --implicit-check-not=error:

@enzyme_primal_return = external global ptr
@enzyme_width = external global ptr
@enzyme_out = external global ptr
@enzyme_dup = external global ptr
@enzyme_dupv = external global ptr
@enzyme_const = external global ptr

declare double @_RNvCs1_4demo4loss(double, ptr, i64)
declare double @_RNvCs1_4demo5sumsq(ptr, i64)
declare void @_RNvCs1_4demo4step(ptr, i64)
declare void @_RNvCs1_4demo6spread(ptr sret([24 x i8]) align 8, ptr align 8)

declare { double, double } @__enzyme_autodiff_RNvCs1_4demo5dloss(...)
declare double @__enzyme_fwddiff_RNvCs1_4demo4dsum(...)
declare { double, [4 x double] } @__enzyme_fwddiff_RNvCs1_4demo5dsum4(...)
declare {} @__enzyme_autodiff_RNvCs1_4demo5dstep(...)

; A slice is a pointer, its shadow, and a constant length.
; CHECK: reverse mode of demo::loss(active, dup, const) -> active, primal
; CHECK-NEXT: requested in: demo::dloss
; CHECK-NEXT: type: { double, double } (double, ptr, ptr, i64)
; CHECK-NEXT: operands: double %x, ptr %p, ptr %dp, i64 %n
define { double, double } @_RNvCs1_4demo5dloss(double %x, ptr %p, ptr %dp, i64 %n) {
  %r = call { double, double } (...) @__enzyme_autodiff_RNvCs1_4demo5dloss(ptr @_RNvCs1_4demo4loss, ptr @enzyme_primal_return, ptr @enzyme_out, double %x, ptr @enzyme_dup, ptr %p, ptr %dp, ptr @enzyme_const, i64 %n)
  ret { double, double } %r
}

; CHECK: forward mode of demo::sumsq(dup, const) -> dup
; CHECK-NEXT: requested in: demo::dsum
define double @_RNvCs1_4demo4dsum(ptr %p, ptr %dp, i64 %n) {
  %r = call double (...) @__enzyme_fwddiff_RNvCs1_4demo4dsum(ptr @_RNvCs1_4demo5sumsq, ptr @enzyme_dup, ptr %p, ptr %dp, ptr @enzyme_const, i64 %n)
  ret double %r
}

; All lanes of a slice behind one pointer.
; CHECK: forward mode of demo::sumsq(dup, const) -> dup, primal, width 4
; CHECK-NEXT: requested in: demo::dsum4
; CHECK-NEXT: type: { double, [4 x double] } (ptr, ptr, ptr, ptr, ptr, i64)
; CHECK-NEXT: operands: ptr %p, ptr %dp, ptr %dp + 1 * i64 %bytes, ptr %dp + 2 * i64 %bytes, ptr %dp + 3 * i64 %bytes, i64 %n
define { double, [4 x double] } @_RNvCs1_4demo5dsum4(ptr %p, ptr %dp, i64 %n, i64 %bytes) {
  %r = call { double, [4 x double] } (...) @__enzyme_fwddiff_RNvCs1_4demo5dsum4(ptr @_RNvCs1_4demo5sumsq, ptr @enzyme_primal_return, ptr @enzyme_width, i64 4, ptr @enzyme_dupv, i64 %bytes, ptr %p, ptr %dp, ptr @enzyme_const, i64 %n)
  ret { double, [4 x double] } %r
}

; CHECK: reverse mode of demo::step(dup, const) -> const
; CHECK-NEXT: requested in: demo::dstep
; CHECK-NEXT: type: void (ptr, ptr, i64)
define void @_RNvCs1_4demo5dstep(ptr %p, ptr %dp, i64 %n) {
  %r = call {} (...) @__enzyme_autodiff_RNvCs1_4demo5dstep(ptr @_RNvCs1_4demo4step, ptr @enzyme_dup, ptr %p, ptr %dp, ptr @enzyme_const, i64 %n)
  ret void
}

; Stable Rust: static enzyme_dup: i32, a struct of which LLVM knows the size.
declare void @__enzyme_fwddiff(ptr sret([24 x i8]) align 8, ptr, ...)
; CHECK: forward mode of demo::spread(dupnoneed, dup) -> const
; CHECK-NEXT: requested in: demo::stable
; CHECK-NEXT: type: void (ptr, ptr, ptr, ptr)
; CHECK-NEXT: operands: scratch [24 x i8], ptr %_0 + 0, ptr %p, ptr %dp
define void @_RNvCs1_4demo6stable(ptr sret([24 x i8]) align 8 %_0, ptr %p, ptr %dp) {
  %m = load i32, ptr @enzyme_dup
  call void (ptr, ptr, ...) @__enzyme_fwddiff(ptr sret([24 x i8]) align 8 %_0, ptr @_RNvCs1_4demo6spread, i32 %m, ptr %p, ptr %dp)
  ret void
}
