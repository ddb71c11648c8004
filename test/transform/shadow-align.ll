; The program has found out that the primal is aligned for a vector. The shadow
; need not be: it is accessed in the alignment of its elements.
; RUN: %opt -passes=linkgrad -S %s | FileCheck %s
; CHECK-LABEL: define {{.*}} @f.linkgrad.grad(
; CHECK: load <2 x double>, ptr %x, align 16
; CHECK: load <2 x double>, ptr %x.shadow, align 8
; CHECK: store <2 x double> {{.*}}, ptr %x.shadow, align 8
; CHECK-LABEL: define {{.*}} @f.linkgrad.fwd(
; CHECK-DAG: load <2 x double>, ptr %x, align 16
; CHECK-DAG: load <2 x double>, ptr %x.shadow, align 8
; CHECK-DAG: store <2 x double> {{.*}}, ptr %y.shadow, align 8
declare void @__enzyme_autodiff(...)
declare void @__enzyme_fwddiff(...)

define void @f(ptr %x, ptr %y) {
  %v = load <2 x double>, ptr %x, align 16
  %w = fmul <2 x double> %v, %v
  store <2 x double> %w, ptr %y, align 16
  ret void
}
define void @d(ptr %x, ptr %dx, ptr %y, ptr %dy) {
  call void (...) @__enzyme_autodiff(ptr @f, ptr %x, ptr %dx, ptr %y, ptr %dy)
  call void (...) @__enzyme_fwddiff(ptr @f, ptr %x, ptr %dx, ptr %y, ptr %dy)
  ret void
}
