; What the primal writes to an argument that is dupnoneed is dropped if nothing
; reads it; then nothing is left of the forward sweep here. It stays if the
; primal reads it, or may read it through another pointer.
; RUN: %opt -passes=linkgrad -S %s | FileCheck %s

@enzyme_dup = external global i32
@enzyme_dupnoneed = external global i32
declare void @__enzyme_autodiff(ptr, ...)
declare void @llvm.memset.p0.i64(ptr, i8, i64, i1)

; CHECK-LABEL: define internal void @square.linkgrad.grad(
; CHECK-SAME: ptr noalias %x, ptr noalias %x.shadow, ptr noalias %r, ptr noalias %r.shadow)
; CHECK-NOT: ptr {{.*}}%r,
; CHECK: memset{{.*}}%r.shadow
; CHECK-NOT: ptr {{.*}}%r,
; CHECK: store double %{{.*}}, ptr %x.shadow
; CHECK-NOT: ptr {{.*}}%r,
; CHECK: ret void
define void @square(ptr noalias %x, ptr noalias %r) {
  %v = load double, ptr %x
  %s = fmul double %v, %v
  call void @llvm.memset.p0.i64(ptr %r, i8 0, i64 16, i1 false)
  %q = getelementptr double, ptr %r, i64 0
  store double %s, ptr %q
  ret void
}

; CHECK-LABEL: define internal void @wanted.linkgrad.grad(
; CHECK: store double %{{.*}}, ptr %r,
; CHECK: ret void
define void @wanted(ptr noalias %x, ptr noalias %r) {
  %v = load double, ptr %x
  %s = fmul double %v, %v
  store double %s, ptr %r
  ret void
}

; CHECK-LABEL: define internal void @read.linkgrad.grad(
; CHECK: store double %{{.*}}, ptr %r,
; CHECK: ret void
define void @read(ptr noalias %x, ptr noalias %r, i64 %n) {
entry:
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %i.next, %loop ]
  %v = load double, ptr %x
  %old = load double, ptr %r
  %s = fmul double %v, %old
  store double %s, ptr %r
  %i.next = add i64 %i, 1
  %done = icmp eq i64 %i.next, %n
  br i1 %done, label %exit, label %loop
exit:
  ret void
}

; %x may be %r.
; CHECK-LABEL: define internal void @aliased.linkgrad.grad(
; CHECK: store double %{{.*}}, ptr %r,
; CHECK: ret void
define void @aliased(ptr %x, ptr %r) {
  %v = load double, ptr %x
  store double %v, ptr %r
  %w = load double, ptr %x
  %s = fmul double %w, %v
  store double %s, ptr %r
  ret void
}

define void @requests(ptr %x, ptr %dx, ptr %r, ptr %dr) {
  %dup = load i32, ptr @enzyme_dup
  %noneed = load i32, ptr @enzyme_dupnoneed
  call void (ptr, ...) @__enzyme_autodiff(ptr @square, i32 %dup, ptr %x, ptr %dx, i32 %noneed, ptr %r, ptr %dr)
  call void (ptr, ...) @__enzyme_autodiff(ptr @wanted, i32 %dup, ptr %x, ptr %dx, i32 %dup, ptr %r, ptr %dr)
  call void (ptr, ...) @__enzyme_autodiff(ptr @read, i32 %dup, ptr %x, ptr %dx, i32 %noneed, ptr %r, ptr %dr, i64 3)
  call void (ptr, ...) @__enzyme_autodiff(ptr @aliased, i32 %dup, ptr %x, ptr %dx, i32 %noneed, ptr %r, ptr %dr)
  ret void
}
