; Addresses of global variables that are stored as integers, one by one or as a
; vector: the shadow memory gets the addresses of their shadows.
; RUN: %opt -passes=linkgrad -S %s | FileCheck %s

@a = internal global double 0.0
@b = internal global double 0.0

define double @f(double %x, i64 %i) {
  %lonely = alloca ptr
  %pair = alloca [2 x ptr]
  store i64 ptrtoint (ptr @a to i64), ptr %lonely
  store <2 x i64> <i64 ptrtoint (ptr @a to i64), i64 ptrtoint (ptr @b to i64)>, ptr %pair
  %to = load ptr, ptr %lonely
  store double %x, ptr %to
  %element = getelementptr [2 x ptr], ptr %pair, i64 0, i64 %i
  %from = load ptr, ptr %element
  %y = load double, ptr %from
  ret double %y
}

; CHECK-LABEL: define internal {{.*}}@f.linkgrad.grad(
; CHECK: store <2 x ptr> <ptr @a.linkgrad.shadow, ptr @b.linkgrad.shadow>, ptr %[[SHADOW:.*]],
; CHECK: %[[ELEMENT:.*]] = getelementptr ptr, ptr %[[SHADOW]], i64 %i
; CHECK: %[[FROM:.*]] = load ptr, ptr %[[ELEMENT]]
; CHECK: %[[SUM:.*]] = fadd double %{{.*}}, 1.0
; CHECK: store double %[[SUM]], ptr %[[FROM]]

define double @df(double %x, i64 %i) {
  %d = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x, i64 %i)
  ret double %d
}
declare double @__enzyme_autodiff(ptr, ...)
