; A request in a block that nothing reaches is left alone: its operands need not
; make sense, and nobody runs it.
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %s 2>&1 \
; RUN:   | FileCheck %s --implicit-check-not=error:

declare double @f(double)
declare double @__enzyme_autodiff(ptr, ...)

; CHECK: reverse mode of f(active) -> active
; CHECK-NEXT: requested in: partly
; CHECK-NOT: requested in
define double @partly(double %x) {
  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x)
  ret double %r

dead:
  %self = getelementptr i8, ptr %self, i64 0
  %s = call double (ptr, ...) @__enzyme_autodiff(ptr %self, double poison)
  call void %self()
  br label %dead
}
