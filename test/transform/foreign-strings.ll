; Strings of libc++ beside active values: their layout is not known, so their shadows
; would keep pointers to text that is freed.
; RUN: not opt -load-pass-plugin=%plugin -passes=linkgrad -disable-output %s 2>&1 \
; RUN:   | FileCheck %s

declare ptr @_ZNSt3__112basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEE6appendEPKc(ptr, ptr)
declare void @__enzyme_autodiff(...)
@text = private constant [5 x i8] c"more\00"

; CHECK: error: 'std::__1::basic_string{{.*}}::append(char const*)' changes a string that lies in memory with a shadow [unsupported-call]
; CHECK: help: keep strings apart from active values, or use libstdc++
define internal double @f(ptr %named) {
  %s = call ptr @_ZNSt3__112basic_stringIcNS_11char_traitsIcEENS_9allocatorIcEEE6appendEPKc(ptr %named, ptr @text)
  %p = getelementptr i8, ptr %named, i64 24
  %v = load double, ptr %p
  %r = fmul double %v, %v
  ret double %r
}

define void @request(ptr %named, ptr %shadow) {
  call void (...) @__enzyme_autodiff(ptr @f, ptr %named, ptr %shadow)
  ret void
}
