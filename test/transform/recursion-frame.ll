; A recursive function that needs no tape has no frame: the sweeps call
; themselves, and nothing is allocated. One that loses data keeps a frame on the
; heap for each call, and so does mutual recursion with such a function; what was
; built on the assumption that there is none has gone.
; RUN: %opt -passes=linkgrad -S %s | FileCheck %s
; RUN: %opt -passes=linkgrad -S %s | FileCheck %s --check-prefix=GONE

@enzyme_dup = external global i32
declare void @__enzyme_autodiff(ptr, ...)

; GONE-NOT: .linkgrad.{{.*}}.self
; GONE-NOT: call void poison

; CHECK-LABEL: define internal void @pure.linkgrad.aug{{.*}}(
; CHECK-NOT: malloc
; CHECK: call void @pure.linkgrad.aug
; CHECK: ret void
define void @pure(ptr noalias %x, i64 %n) noinline {
  %more = icmp sgt i64 %n, 0
  br i1 %more, label %go, label %done
go:
  %n1 = sub i64 %n, 1
  %rest = getelementptr double, ptr %x, i64 1
  call void @pure(ptr %rest, i64 %n1)
  %v = load double, ptr %x
  %w = load double, ptr %rest
  %p = fadd double %v, %w
  store double %p, ptr %x
  br label %done
done:
  ret void
}

; CHECK-LABEL: define internal void @loses.linkgrad.aug.heap(
; CHECK: call {{.*}}ptr @malloc
; CHECK: call void @loses.linkgrad.aug.
define void @loses(ptr noalias %x, i64 %n) noinline {
  %more = icmp sgt i64 %n, 0
  br i1 %more, label %go, label %done
go:
  %n1 = sub i64 %n, 1
  %rest = getelementptr double, ptr %x, i64 1
  call void @loses(ptr %rest, i64 %n1)
  %v = load double, ptr %x
  %p = fmul double %v, %v
  store double %p, ptr %x
  br label %done
done:
  ret void
}

; CHECK-LABEL: define internal void @pong.linkgrad.aug.heap(
; CHECK: call {{.*}}ptr @malloc
define void @ping(ptr noalias %x, i64 %n) noinline {
  %more = icmp sgt i64 %n, 0
  br i1 %more, label %go, label %done
go:
  %n1 = sub i64 %n, 1
  call void @pong(ptr %x, i64 %n1)
  %v = load double, ptr %x
  %p = fmul double %v, %v
  store double %p, ptr %x
  br label %done
done:
  ret void
}

define void @pong(ptr noalias %x, i64 %n) noinline {
  call void @ping(ptr %x, i64 %n)
  %v = load double, ptr %x
  %p = fmul double %v, 3.0
  store double %p, ptr %x
  ret void
}

define void @requests(ptr %x, ptr %dx) {
  %dup = load i32, ptr @enzyme_dup
  call void (ptr, ...) @__enzyme_autodiff(ptr @pure, i32 %dup, ptr %x, ptr %dx, i64 3)
  call void (ptr, ...) @__enzyme_autodiff(ptr @loses, i32 %dup, ptr %x, ptr %dx, i64 3)
  call void (ptr, ...) @__enzyme_autodiff(ptr @ping, i32 %dup, ptr %x, ptr %dx, i64 3)
  ret void
}
