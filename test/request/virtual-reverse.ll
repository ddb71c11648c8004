; The shadow of a function, or of constant memory, is itself; that of anything else
; cannot be asked for.
; RUN: rm -rf %t && split-file %s %t && cd %t
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output good.ll 2>&1 \
; RUN:   | FileCheck --check-prefix=PRINT good.ll
; RUN: %opt -passes=linkgrad -S good.ll | FileCheck good.ll
; RUN: not %opt -passes=linkgrad -disable-output variable.ll 2>&1 | FileCheck variable.ll
; RUN: not %opt -passes=linkgrad -disable-output unknown.ll 2>&1 | FileCheck unknown.ll
; RUN: not %opt -passes=linkgrad -disable-output two.ll 2>&1 | FileCheck two.ll
; RUN: not %opt -passes=linkgrad -disable-output number.ll 2>&1 | FileCheck number.ll

;--- good.ll
@table = internal constant [2 x ptr] [ptr @f, ptr @f]
@alias = alias double (double), ptr @f
declare ptr @__enzyme_virtualreverse(ptr)
define double @f(double %x) {
  ret double %x
}
; PRINT: shadow of a constant: %a = call ptr @__enzyme_virtualreverse(ptr @alias)
; CHECK-LABEL: define {{.*}} @good
; CHECK-NEXT: store ptr @alias, ptr %p
; CHECK-NEXT: store ptr getelementptr (i8, ptr @table, i64 8), ptr %p
; CHECK-NEXT: ret void
; CHECK-NOT: __enzyme_virtualreverse
define void @good(ptr %p) {
  %a = call ptr @__enzyme_virtualreverse(ptr @alias)
  store ptr %a, ptr %p
  %t = call ptr @__enzyme_virtualreverse(ptr getelementptr (i8, ptr @table, i64 8))
  store ptr %t, ptr %p
  ret void
}

;--- variable.ll
@state = internal global [2 x double] zeroinitializer
declare ptr @__enzyme_virtualreverse(ptr)
; CHECK: error: the argument of '__enzyme_virtualreverse' is neither a function nor a constant such as a vtable [not-a-function]
; CHECK-NEXT: in function: variable
define ptr @variable() {
  %v = call ptr @__enzyme_virtualreverse(ptr @state)
  ret ptr %v
}

;--- unknown.ll
declare ptr @__enzyme_virtualreverse(ptr)
; CHECK: error: the argument of '__enzyme_virtualreverse' is neither a function nor a constant such as a vtable [not-a-function]
define ptr @unknown(ptr %p) {
  %v = call ptr @__enzyme_virtualreverse(ptr %p)
  ret ptr %v
}

;--- two.ll
declare ptr @_Z23__enzyme_virtualreversePvi(ptr, i32)
; CHECK: error: '__enzyme_virtualreverse' takes one argument, but the call passes 2 [wrong-argument-count]
define ptr @two(ptr %p) {
  %v = call ptr @_Z23__enzyme_virtualreversePvi(ptr %p, i32 0)
  ret ptr %v
}

;--- number.ll
declare i64 @__enzyme_virtualreverse(ptr)
; CHECK: error: '__enzyme_virtualreverse' takes and returns a pointer [result-type]
define i64 @number() {
  %v = call i64 @__enzyme_virtualreverse(ptr @f)
  ret i64 %v
}
define double @f(double %x) {
  ret double %x
}
