; The edge by which a merge of three was entered follows from the conditions on
; the way there. If those can be had again, nothing goes on the tape, also if
; one is evaluated on some paths only, or a loop lies on the way. A condition on
; lost data has to be recorded, as the edge's number.
; RUN: %opt -passes='print<linkgrad-tape>' -disable-output %s 2>&1 | FileCheck %s
; RUN: %opt -passes='linkgrad<no-optimize>' -S %s | FileCheck %s --check-prefix=IR

@enzyme_dup = external global i32
@enzyme_const = external global i32
declare double @__enzyme_autodiff(ptr, ...)

; CHECK-LABEL: tape of arguments:
; CHECK: 0 values
; IR-LABEL: define internal void @arguments.linkgrad.rev(
; IR-DAG: %[[FIRST:.*]] = icmp eq i64 %n, 1
; IR-DAG: %[[SECOND:.*]] = icmp slt i64 %n, 10
; IR-DAG: %[[INNER:.*]] = select i1 %[[SECOND]], i8 1, i8 0
; IR: %[[EDGE:.*]] = select i1 %[[FIRST]], i8 2, i8 %[[INNER]]
; IR-NEXT: switch i8 %[[EDGE]], label %reverse.merge.to.after [
; IR-NEXT: i8 1, label %reverse.merge.to.rest
; IR-NEXT: i8 2, label %reverse.merge.to.entry
define double @arguments(ptr noalias %x, i64 %n) {
entry:
  %v = load double, ptr %x
  %one = icmp eq i64 %n, 1
  br i1 %one, label %merge, label %rest
rest:
  %few = icmp slt i64 %n, 10
  br i1 %few, label %merge, label %loop
loop:
  %i = phi i64 [ 0, %rest ], [ %i.next, %loop ]
  %p = phi double [ %v, %rest ], [ %q, %loop ]
  %q = fmul double %p, 1.125
  %i.next = add i64 %i, 1
  %last = icmp eq i64 %i.next, %n
  br i1 %last, label %after, label %loop
after:
  br label %merge
merge:
  %r = phi double [ %v, %entry ], [ 3.0, %rest ], [ %q, %after ]
  ret double %r
}

; CHECK-LABEL: tape of data:
; CHECK: record 1 bytes{{.*}}phi i8
; CHECK: 1 values
define double @data(ptr noalias %x) {
entry:
  %v = load double, ptr %x
  store double 0.0, ptr %x
  %small = fcmp olt double %v, 1.0
  br i1 %small, label %merge, label %rest
rest:
  %y = getelementptr double, ptr %x, i64 1
  %w = load double, ptr %y
  store double 0.0, ptr %y
  %smaller = fcmp olt double %w, 2.0
  br i1 %smaller, label %merge, label %big
big:
  br label %merge
merge:
  %r = phi double [ %v, %entry ], [ %w, %rest ], [ 3.0, %big ]
  ret double %r
}

; No condition tells whether a call threw; that both merges are entered by the same
; condition if it did not does not help.
; CHECK-LABEL: tape of caught:
; CHECK: record 1 bytes{{.*}}phi i8
; CHECK: 1 values
declare void @mayThrow() inaccessiblememonly
declare i32 @__gxx_personality_v0(...)
define double @caught(ptr noalias %x, i64 %n) personality ptr @__gxx_personality_v0 {
entry:
  %v = load double, ptr %x
  %one = icmp eq i64 %n, 1
  br i1 %one, label %merge, label %call
call:
  invoke void @mayThrow() to label %merge unwind label %handler
handler:
  %pad = landingpad { ptr, i32 } catch ptr null
  br label %merge
merge:
  %r = phi double [ %v, %entry ], [ 3.0, %call ], [ 4.0, %handler ]
  ret double %r
}

define void @requests(ptr %x, ptr %dx) {
  %dup = load i32, ptr @enzyme_dup
  call double (ptr, ...) @__enzyme_autodiff(ptr @arguments, i32 %dup, ptr %x, ptr %dx, i64 20)
  call double (ptr, ...) @__enzyme_autodiff(ptr @data, i32 %dup, ptr %x, ptr %dx)
  call double (ptr, ...) @__enzyme_autodiff(ptr @caught, i32 %dup, ptr %x, ptr %dx, i64 20)
  ret void
}
