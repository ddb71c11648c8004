; A recursive callee only reads %w, so what is read from it before the call
; is read again on the way back. A callee that writes to it, or keeps it,
; makes it a value for the tape.
; RUN: %opt -passes='print<linkgrad-tape>' -disable-output %s 2>&1 | FileCheck %s

@enzyme_dup = external global i32
@enzyme_const = external global i32
@kept = global ptr null
declare void @__enzyme_autodiff(ptr, ...)

; CHECK-LABEL: tape of reads:
; CHECK-NOT: record
; CHECK: 0 values
define void @reads(ptr noalias captures(none) %x, ptr noalias captures(none) %w, i64 %n) noinline {
  %more = icmp sgt i64 %n, 0
  br i1 %more, label %go, label %done
go:
  %slope = load double, ptr %w
  %v = load double, ptr %x
  %p = fmul double %v, %slope
  store double %p, ptr %x
  %rest = getelementptr double, ptr %w, i64 1
  %n1 = sub i64 %n, 1
  call void @reads(ptr %x, ptr %rest, i64 %n1)
  br label %done
done:
  ret void
}

; CHECK-LABEL: tape of writes:
; CHECK: record 8 bytes, loop depth 0:  %slope = load
define void @writes(ptr noalias captures(none) %x, ptr noalias captures(none) %w, i64 %n) noinline {
  %more = icmp sgt i64 %n, 0
  br i1 %more, label %go, label %done
go:
  %slope = load double, ptr %w
  %v = load double, ptr %x
  %p = fmul double %v, %slope
  store double %p, ptr %x
  %n1 = sub i64 %n, 1
  call void @writes(ptr %x, ptr %w, i64 %n1)
  br label %done
done:
  store double 1.0, ptr %w
  ret void
}

; CHECK-LABEL: tape of keeps:
; CHECK: record 8 bytes, loop depth 0:  %slope = load
define void @keeps(ptr noalias %x, ptr noalias %w, i64 %n) noinline {
  %more = icmp sgt i64 %n, 0
  br i1 %more, label %go, label %done
go:
  %slope = load double, ptr %w
  %v = load double, ptr %x
  %p = fmul double %v, %slope
  store double %p, ptr %x
  %n1 = sub i64 %n, 1
  store ptr %w, ptr @kept
  call void @keeps(ptr %x, ptr %w, i64 %n1)
  br label %done
done:
  ret void
}

define void @requests(ptr %x, ptr %dx, ptr %w) {
  %dup = load i32, ptr @enzyme_dup
  %const = load i32, ptr @enzyme_const
  call void (ptr, ...) @__enzyme_autodiff(ptr @reads, i32 %dup, ptr %x, ptr %dx, i32 %const, ptr %w, i64 3)
  call void (ptr, ...) @__enzyme_autodiff(ptr @writes, i32 %dup, ptr %x, ptr %dx, i32 %const, ptr %w, i64 3)
  call void (ptr, ...) @__enzyme_autodiff(ptr @keeps, i32 %dup, ptr %x, ptr %dx, i32 %const, ptr %w, i64 3)
  ret void
}
