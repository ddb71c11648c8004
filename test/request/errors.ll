; What is refused, with its reason. Each message names the call.
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %s 2>&1 \
; RUN:   | FileCheck %s --implicit-check-not='requested in'

@enzyme_dup = external global ptr
@enzyme_dupv = external global ptr
@enzyme_out = external global ptr
@enzyme_const = external global ptr
@enzyme_width = external global ptr
@enzyme_primal_return = external global ptr
@enzyme_noret = external global ptr
@enzyme_const_return = external global ptr
@enzyme_active_return = external global ptr
@enzyme_dup_return = external global ptr
@enzyme_interleave = external global ptr
@enzyme_byref = external global ptr
@enzyme_tape = external global ptr
@enzyme_scalar = external global ptr
@enzyme_duplicate = external global ptr

declare double @f(double)
declare double @h(double, ptr)
declare i64 @count(i64)
declare { double, ptr } @mixed(double)
declare double @variadic(double, ...)

declare double @__enzyme_autodiff(...)
declare double @__enzyme_fwddiff(...)

; CHECK: error: the request names no function to differentiate [wrong-argument-count]
; CHECK-NEXT: in function: no_function
; CHECK-NEXT: instruction: {{.*}}call double (...) @__enzyme_autodiff()
; CHECK: error: the first argument of the request is not a function that is known at compile time [not-a-function]
; CHECK: help: pass the function by its name
; CHECK: error: the first argument of the request is not a function
; CHECK: error: the first argument of the request is not a function
; CHECK: error: the function to differentiate is chosen at run time: 'f' or 'h' [unsupported-request]
; CHECK: help: write one request for each function
define void @no_function(ptr %p, i1 %c) {
  call double (...) @__enzyme_autodiff()
  call double (...) @__enzyme_autodiff(ptr %p, double 1.0)
  call double (...) @__enzyme_autodiff(ptr null, double 1.0)
  call double (...) @__enzyme_autodiff(ptr poison, double 1.0)
  %either = select i1 %c, ptr @f, ptr @h
  call double (...) @__enzyme_autodiff(ptr %either, double 1.0)
  ret void
}

; CHECK: error: too few arguments: the request ends before the value of parameter 1 of 'f' [wrong-argument-count]
; CHECK: error: too few arguments: the request ends before the shadow of parameter 1 of 'f' [wrong-argument-count]
; CHECK: error: too few arguments: the request ends before the value of parameter 2 of 'h' [wrong-argument-count]
; CHECK: help: for each parameter pass: [markers] value
; CHECK: error: too many arguments: 1 operand is left after the 1 parameters of 'f' [wrong-argument-count]
; CHECK: error: too many arguments: 2 operands are left after the 1 parameters of 'f' [wrong-argument-count]
; CHECK: error: too many arguments: 1 operand is left
define void @wrong_count() {
  call double (...) @__enzyme_autodiff(ptr @f)
  call double (...) @__enzyme_fwddiff(ptr @f, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @h, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @f, double 1.0, double 2.0)
  call double (...) @__enzyme_autodiff(ptr @f, double 1.0, ptr @enzyme_const, double 2.0, double 3.0)
  call double (...) @__enzyme_fwddiff(ptr @f, double 1.0, ptr @enzyme_interleave, double 2.0, double 3.0)
  ret void
}

; CHECK: error: unknown marker 'enzyme_duplicate' [unknown-marker]
; CHECK: error: unknown marker 'enzyme_dupe' [unknown-marker]
; CHECK: error: metadata operand is not a marker [unknown-marker]
define void @unknown() {
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_duplicate, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @f, metadata !"enzyme_dupe", double 1.0)
  call double (...) @__enzyme_autodiff(ptr @f, metadata !"dup", double 1.0)
  ret void
}

; CHECK: error: 'enzyme_width' must be followed by a constant from 1 to 1024 [bad-marker]
; CHECK: error: 'enzyme_width' must be followed by
; CHECK: error: 'enzyme_width' must be followed by
; CHECK: error: 'enzyme_width' must be followed by
; CHECK: error: 'enzyme_width' is given twice [bad-marker]
define void @width(i64 %n) {
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_width, i64 0, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_width, i64 -1, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_width, i64 %n, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @f, double 1.0, ptr @enzyme_width)
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_width, i64 2, ptr @enzyme_width, i64 2, double 1.0)
  ret void
}

; CHECK: error: 'enzyme_out' is only for reverse mode, but is given for parameter 1 of 'f', which has type double [bad-marker]
; CHECK: error: 'enzyme_out' needs floating point by value, but is given for parameter 2 of 'h', which has type ptr [bad-marker]
; CHECK: error: 'enzyme_out' needs floating point by value, but is given for parameter 1 of 'count', which has type i64 [bad-marker]
; CHECK: error: in reverse mode a shadow passed by value cannot receive an adjoint, but 'enzyme_dup' is given for parameter 1 of 'f', which has type double [bad-marker]
; CHECK: error: 'enzyme_const' follows another activity of the same argument [bad-marker]
; CHECK: error: 'enzyme_const' has no argument after it [bad-marker]
; CHECK: error: 'enzyme_const' stands where the shadow of parameter 1 of 'f' is expected [bad-marker]
define void @activity(ptr %p) {
  call double (...) @__enzyme_fwddiff(ptr @f, ptr @enzyme_out, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @h, double 1.0, ptr @enzyme_out, ptr %p)
  call double (...) @__enzyme_autodiff(ptr @count, ptr @enzyme_out, i64 1)
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_dup, double 1.0, double 0.0)
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_out, ptr @enzyme_const, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @f, double 1.0, ptr @enzyme_const)
  call double (...) @__enzyme_fwddiff(ptr @f, ptr @enzyme_dup, double 1.0, ptr @enzyme_const)
  ret void
}

; CHECK: error: 'enzyme_dupv' must be followed by the number of bytes between two lanes [bad-marker]
; CHECK: error: a shadow with a stride is only for pointers, not for parameter 1 of 'f' [bad-marker]
; CHECK: error: 'enzyme_byref' must be followed by the constant size of the value [bad-marker]
; CHECK: error: 'enzyme_byref' gives 4 bytes, but parameter 1 of 'f' has 8 [bad-marker]
; CHECK: error: 'enzyme_byref' must be followed by a size and a pointer [argument-type]
; CHECK: error: 'enzyme_dup' stands after 'enzyme_interleave', where only shadows may follow [bad-marker]
; CHECK: error: 'enzyme_interleave' is given twice [bad-marker]
define void @operands(ptr %p, i64 %n) {
  call double (...) @__enzyme_fwddiff(ptr @h, double 1.0, double 1.0, ptr @enzyme_dupv, ptr %p, ptr %p)
  call double (...) @__enzyme_fwddiff(ptr @f, ptr @enzyme_dupv, i64 8, double 1.0, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_byref, i64 %n, ptr %p)
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_byref, i64 4, ptr %p)
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_byref, i64 8, double 1.0)
  call double (...) @__enzyme_fwddiff(ptr @f, double 1.0, ptr @enzyme_interleave, ptr @enzyme_dup, double 1.0)
  call double (...) @__enzyme_fwddiff(ptr @f, double 1.0, ptr @enzyme_interleave, ptr @enzyme_interleave, double 1.0)
  ret void
}

; CHECK: error: 'enzyme_primal_return' and 'enzyme_noret' contradict each other [bad-marker]
; CHECK: error: 'enzyme_const_return' and 'enzyme_active_return' contradict each other [bad-marker]
; CHECK: error: 'enzyme_active_return' needs a floating-point result [bad-marker]
; CHECK: error: 'enzyme_dup_return' has no meaning in combined reverse mode, where no adjoint can be passed in [bad-marker]
; CHECK: error: the result of 'mixed' holds pointers and floating point, so it is not clear what to seed [unsupported-request]
; CHECK: help: pass enzyme_const_return
define void @result() {
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_primal_return, ptr @enzyme_noret, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_const_return, ptr @enzyme_active_return, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @count, ptr @enzyme_active_return, i64 1)
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_dup_return, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @mixed, double 1.0)
  ret void
}

; CHECK: error: control flow chooses between the markers 'enzyme_out' and 'enzyme_const' [bad-marker]
; CHECK: error: control flow chooses between the marker 'enzyme_out' and a value [bad-marker]
define void @chosen(i1 %c, ptr %p) {
  %m = select i1 %c, ptr @enzyme_out, ptr @enzyme_const
  call double (...) @__enzyme_autodiff(ptr @f, ptr %m, double 1.0)
  %v = select i1 %c, ptr @enzyme_out, ptr %p
  call double (...) @__enzyme_autodiff(ptr @h, double 1.0, ptr %v, ptr %p)
  ret void
}

; CHECK: error: 'enzyme_tape' is only for split mode [bad-marker]
; CHECK: error: 'enzyme_scalar' is only for '__enzyme_batch' [bad-marker]
; CHECK: error: 'variadic' is variadic and cannot be differentiated [unsupported-request]
; CHECK: error: the request takes its arguments by reference [unsupported-request]
; CHECK: help: declare it with `T...` instead of `T &&...`
define void @not_here(ptr %p) {
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_tape, ptr %p, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @f, ptr @enzyme_scalar, double 1.0)
  call double (...) @__enzyme_autodiff(ptr @variadic, double 1.0)
  call double @_Z17__enzyme_autodiffIdJRdEET_PvDpOT0_(ptr @f, ptr %p)
  ret void
}
declare double @_Z17__enzyme_autodiffIdJRdEET_PvDpOT0_(ptr, ptr)

; CHECK: error: the called name starts with '__enzyme_' but is none that LinkGrad knows [unsupported-request]
define void @later(ptr %p) {
  call void @__enzyme_todense(ptr %p)
  ret void
}
declare void @__enzyme_todense(ptr)

; CHECK: error: too few arguments: the request ends before the tape [wrong-argument-count]
; CHECK: error: the tape, the last argument of the request, must be a pointer [argument-type]
; CHECK: error: too few arguments: the request ends before the adjoint of the result of 'f' [wrong-argument-count]
; CHECK: error: the adjoint of the result has type double, but the request passes ptr [argument-type]
; CHECK: error: 'enzyme_allocated' needs 'enzyme_tape' and the tape's address [bad-marker]
; CHECK: error: 'enzyme_tape' needs 'enzyme_allocated' and the number of bytes that are there [bad-marker]
; CHECK: help: ask __enzyme_augmentsize how many are needed
; CHECK: error: 'enzyme_allocated' must be followed by the size of the tape [bad-marker]
; CHECK: error: 'enzyme_tape' must be followed by the address of the tape [bad-marker]
; CHECK: error: only markers of the parameters' activities follow the function whose tape's size is asked for [bad-marker]
; CHECK: error: 'enzyme_width' in split reverse mode of 'f', which returns an active value, is not supported yet [unsupported-request]
; CHECK: error: split mode of 'by_memory', which returns a struct through memory, is not supported without naming that memory [unsupported-request]
; CHECK: error: 'enzyme_primal_return' is given to a sweep, which does not run the primal [bad-marker]
; CHECK: help: take the result from the call of __enzyme_augmentfwd
; CHECK: error: too few arguments: the request ends before the tape [wrong-argument-count]
; CHECK: error: too few arguments: the request ends before the shadow of parameter 1 of 'f' [wrong-argument-count]
; CHECK: error: 'enzyme_primal_return' is given to a sweep, which does not run the primal [bad-marker]
; CHECK: error: 'enzyme_out' is only for reverse mode, but is given for parameter 1 of 'f', which has type double [bad-marker]
define void @split(ptr %p) {
  call double (...) @__enzyme_reverse(ptr @f, double 1.0, double 1.0)
  call double (...) @__enzyme_reverse(ptr @f, double 1.0, double 1.0, double 2.0)
  call double (...) @__enzyme_reverse(ptr @f, double 1.0)
  call double (...) @__enzyme_reverse(ptr @f, double 1.0, ptr %p, ptr %p)
  call ptr (...) @__enzyme_augmentfwd(ptr @f, ptr @enzyme_allocated, i64 64, double 1.0)
  call ptr (...) @__enzyme_augmentfwd(ptr @f, ptr @enzyme_tape, ptr %p, double 1.0)
  call ptr (...) @__enzyme_augmentfwd(ptr @f, ptr @enzyme_allocated, ptr %p, double 1.0)
  call ptr (...) @__enzyme_augmentfwd(ptr @f, ptr @enzyme_tape, i64 8, double 1.0)
  call i64 (...) @__enzyme_augmentsize(ptr @f, double 1.0)
  call double (...) @__enzyme_reverse(ptr @f, ptr @enzyme_width, i32 2, double 1.0, double 1.0, ptr %p)
  call ptr (...) @__enzyme_augmentfwd(ptr @by_memory, double 1.0)
  call double (...) @__enzyme_reverse(ptr @f, ptr @enzyme_primal_return, double 1.0, double 1.0, ptr %p)
  call double (...) @__enzyme_fwdsplit(ptr @f, double 1.0, double 1.0)
  call double (...) @__enzyme_fwdsplit(ptr @f, double 1.0)
  call double (...) @__enzyme_fwdsplit(ptr @f, ptr @enzyme_primal_return, double 1.0, double 1.0, ptr %p)
  call double (...) @__enzyme_fwdsplit(ptr @f, ptr @enzyme_out, double 1.0, double 1.0, ptr %p)
  ret void
}
@enzyme_allocated = external global ptr
declare void @by_memory(ptr sret([3 x double]), double)
declare ptr @__enzyme_augmentfwd(...)
declare double @__enzyme_reverse(...)
declare double @__enzyme_fwdsplit(...)
declare i64 @__enzyme_augmentsize(...)

; CHECK: error: '__enzyme_batch' needs 'enzyme_width' and takes no other marker that is about the call as a whole [bad-marker]
; CHECK: error: 'enzyme_dup' is not for '__enzyme_batch' [bad-marker]
; CHECK: error: 'enzyme_buffer' must be followed by the number of bytes between two lanes [bad-marker]
; CHECK: error: too few arguments: the request ends before the shadow of parameter 1 of 'f' [wrong-argument-count]
; CHECK: error: 'by_memory' takes or returns a struct through memory, which '__enzyme_batch' does not support yet [unsupported-request]
define void @batch(ptr %p) {
  call double (...) @__enzyme_batch(ptr @f, double 1.0)
  call double (...) @__enzyme_batch(ptr @f, ptr @enzyme_width, i32 2, ptr @enzyme_dup, double 1.0, double 2.0)
  call double (...) @__enzyme_batch(ptr @f, ptr @enzyme_width, i32 2, ptr @enzyme_buffer, ptr %p)
  call double (...) @__enzyme_batch(ptr @f, ptr @enzyme_width, i32 2, double 1.0)
  call double (...) @__enzyme_batch(ptr @by_memory, ptr @enzyme_width, i32 2, double 1.0, double 1.0)
  ret void
}
@enzyme_buffer = external global ptr
declare double @__enzyme_batch(...)

; CHECK: error: 'enzyme_dup_return' needs a pointer result in split mode [bad-marker]
define void @results() {
  call ptr (...) @__enzyme_augmentfwd(ptr @f, metadata !"enzyme_dup_return", double 1.0)
  ret void
}
