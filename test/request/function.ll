; Where the function to differentiate, and the magic function itself, can hide.
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %s 2>&1 \
; RUN:   | FileCheck %s --implicit-check-not=error:

@f_alias = alias double (double), ptr @defined
@second_alias = alias double (double), ptr @f_alias
@constant_pointer = internal constant ptr @f
@table = internal constant [2 x ptr] [ptr @defined, ptr @f]
@magic_pointer = internal constant ptr @__enzyme_autodiff
@__enzyme_autodiff_alias = alias double (ptr, double), ptr @fallback

declare double @f(double)
define double @defined(double %x) {
  ret double %x
}
define double @fallback(ptr %f, double %x) {
  ret double 0.0
}

declare double @__enzyme_autodiff(ptr, ...)
declare double @_Z17__enzyme_autodiffIdJdEET_PvDpT0_(ptr, double)

; CHECK: reverse mode of f(active)
; CHECK-NEXT: requested in: direct
define double @direct(double %x) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %r
}

; CHECK: reverse mode of f(active)
; CHECK-NEXT: requested in: mangled
define double @mangled(double %x) {
  %r = call double @_Z17__enzyme_autodiffIdJdEET_PvDpT0_(ptr @f, double %x)
  ret double %r
}

; CHECK: reverse mode of f(active)
; CHECK-NEXT: requested in: casts
define double @casts(double %x) {
  %r = call double (i64, double) @__enzyme_autodiff(i64 ptrtoint (ptr @f to i64), double %x)
  ret double %r
}

; CHECK: reverse mode of defined(active)
; CHECK-NEXT: requested in: aliases
; CHECK: reverse mode of f(active)
; CHECK-NEXT: requested in: aliases
define double @aliases(double %x) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @second_alias, double %x)
  %s = call double @__enzyme_autodiff_alias(ptr @f, double %x)
  ret double %r
}

; CHECK: reverse mode of f(active)
; CHECK-NEXT: requested in: constants
; CHECK: reverse mode of f(active)
; CHECK-NEXT: requested in: constants
; CHECK: reverse mode of f(active)
; CHECK-NEXT: requested in: constants
define double @constants(double %x) {
  %p = load ptr, ptr @constant_pointer
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr %p, double %x)
  %q = load ptr, ptr getelementptr inbounds ([2 x ptr], ptr @table, i64 0, i64 1)
  %s = call double (ptr, ...) @__enzyme_autodiff(ptr %q, double %x)
  %magic = load ptr, ptr @magic_pointer
  %t = call double (ptr, ...) %magic(ptr @f, double %x)
  ret double %r
}

; CHECK: reverse mode of f(active)
; CHECK-NEXT: requested in: unoptimised
define double @unoptimised(double %x) {
  %a = alloca ptr
  %b = alloca ptr
  call void @llvm.lifetime.start.p0(ptr %a)
  store ptr @f, ptr %a
  %1 = load ptr, ptr %a
  store ptr %1, ptr %b
  %2 = load ptr, ptr %b
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr %2, double %x)
  ret double %r
}
declare void @llvm.lifetime.start.p0(ptr)

; A lambda that decays to a pointer through its conversion operator.
; CHECK: reverse mode of f(active)
; CHECK-NEXT: requested in: lambda
define double @lambda(double %x) {
  %closure = alloca i8
  %p = call ptr @conversion(ptr %closure)
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr %p, double %x)
  ret double %r
}
define internal ptr @conversion(ptr %this) {
  %this.addr = alloca ptr
  store ptr %this, ptr %this.addr
  ret ptr @f
}

; CHECK: forward mode of f(dup)
; CHECK-NEXT: requested in: invoke
declare double @__enzyme_fwddiff(ptr, double, double)
define double @invoke(double %x) personality ptr @__gxx_personality_v0 {
  %r = invoke double @__enzyme_fwddiff(ptr @f, double %x, double 1.0)
          to label %done unwind label %lpad
done:
  ret double %r
lpad:
  %l = landingpad { ptr, i32 } cleanup
  resume { ptr, i32 } %l
}
declare i32 @__gxx_personality_v0(...)

; These are no requests: a user's function, and variables with magic names.
@__enzyme_register_gradient_f = global [3 x ptr] [ptr @f, ptr @f, ptr @f]
@__enzyme_inactivefn_f = global ptr @f
@__enzyme_function_like_f = global [2 x ptr] [ptr @f, ptr @name]
@name = internal constant [4 x i8] c"sin\00"
; CHECK-NOT: requested in
define double @__enzyme_helper(double %x) {
  ret double %x
}
define double @no_request(double %x) {
  %r = call double @__enzyme_helper(double %x)
  ret double %r
}
