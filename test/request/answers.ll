; Requests that are no derivatives, and do not fit.
; RUN: rm -rf %t && split-file %s %t && cd %t
; RUN: not %opt -passes=linkgrad -disable-output size.ll 2>&1 | FileCheck size.ll
; RUN: not %opt -passes=linkgrad -disable-output inactive.ll 2>&1 | FileCheck inactive.ll

;--- size.ll
; CHECK: error: the size of a tape is an integer [result-type]
; CHECK: in function: size
; CHECK: help: declare the request to return size_t
declare double @__enzyme_augmentsize(...)
define double @f(double %x) {
  ret double %x
}
define double @size() {
  %r = call double (...) @__enzyme_augmentsize(ptr @f, metadata !"enzyme_out")
  ret double %r
}
;--- inactive.ll
; CHECK: error: 'f' takes 2 arguments, but the call passes 1 [wrong-argument-count]
; CHECK: in function: inactive
declare double @__enzyme_call_inactive(...)
define double @f(double %x, double %y) {
  ret double %x
}
define double @inactive(double %x) {
  %r = call double (...) @__enzyme_call_inactive(ptr @f, double %x)
  ret double %r
}
