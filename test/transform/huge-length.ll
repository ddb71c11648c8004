; A layout that is the same over and over is not followed to the end of a length
; that no memory has.
; RUN: %opt -passes=linkgrad -S %s | FileCheck %s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"

declare void @__enzyme_fwddiff(ptr, ...)
@enzyme_dup = external global i32

define void @f(ptr %p, i64 %n, i64 %m) {
  %row = getelementptr [16 x double], ptr %p, i64 %n
  %other = getelementptr [16 x double], ptr %p, i64 %m
  %x = load double, ptr %other
  store double %x, ptr %p
  call void @llvm.memset.p0.i64(ptr %row, i8 0, i64 9000000000000000000, i1 true)
  ret void
}

; CHECK-LABEL: define void @tangent(
; CHECK: call void @llvm.memset
; CHECK: call void @llvm.memset
define void @tangent(ptr %p, ptr %dp, i64 %n, i64 %m) {
  %dup = load i32, ptr @enzyme_dup
  call void (ptr, ...) @__enzyme_fwddiff(ptr @f, i32 %dup, ptr %p, ptr %dp, i64 %n, i64 %m)
  ret void
}
