; What the type analysis makes of values, and of what is copied.
; RUN: %opt -passes='print<linkgrad-types>' -disable-output %s 2>&1 | FileCheck %s
target datalayout = "e-m:e-p270:32:32-p271:32:32-p272:64:64-i64:64-i128:128-f80:128-n8:16:32:64-S128"

; CHECK-LABEL: types of 'f':
; CHECK-NEXT: ptr %p: {[-1]:Pointer, [-1,0]:Float@double, [-1,8]:Pointer, [-1,8,0]:Float@float, [-1,16]:Integer, [-1,24]:Float@double}
; CHECK-NEXT: ptr %q: {[-1]:Pointer, [-1,0]:Float@double, [-1,8]:Pointer, [-1,8,0]:Float@float, [-1,16]:Integer}
; CHECK-NEXT: i64 %n: {[-1]:Integer}
; CHECK: i64 %bits: {[-1]:Float@double}
; CHECK: load from %p+16: [0,8):Integer
; CHECK-NEXT: store to %p+16: [0,8):Integer
; CHECK-NEXT: copy to %p: [0,8):Float@double [8,16):Pointer [16,24):Integer{{$}}
; CHECK-NEXT: copy from %q: [0,8):Float@double [8,16):Pointer [16,24):Integer{{$}}
; CHECK-NEXT: load from %q: [0,8):Float@double
; CHECK-NEXT: store to %p+24*: [0,8):Float@double
; CHECK-NEXT: copy to %r: error: byte 0 behind %r may be a float, a pointer or an integer: nothing tells [unknown-type]
define void @f(ptr %p, ptr %q, i64 %n, ptr %r, ptr %s, i64 %bytes) {
  %d = load double, ptr %p
  %at8 = getelementptr i8, ptr %p, i64 8
  %link = load ptr, ptr %at8
  %x = load float, ptr %link
  %at16 = getelementptr i8, ptr %p, i64 16
  %k = load i64, ptr %at16
  %k1 = add i64 %k, %n
  store i64 %k1, ptr %at16
  call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %q, i64 24, i1 false)
  %bits = load i64, ptr %q
  %elt = getelementptr [24 x i8], ptr %p, i64 %n
  store i64 %bits, ptr %elt
  call void @llvm.memcpy.p0.p0.i64(ptr %r, ptr %s, i64 %bytes, i1 false)
  ret void
}

; Doubles in lanes that are half as wide, which Eigen repeats and swaps for SSE2: two
; lanes that stay together are one double.
; CHECK-LABEL: types of 'halves':
; CHECK: <4 x i32> %swapped: {[-1]:Float@double}
; CHECK: <4 x i32> %others: {}
; CHECK-NEXT: <4 x i32> %torn: {}
define void @halves(ptr %p, ptr %q, <2 x double> %x) {
  %both = load <4 x i32>, ptr %p
  %swapped = shufflevector <4 x i32> %both, <4 x i32> poison, <4 x i32> <i32 2, i32 3, i32 0, i32 1>
  %floats = bitcast <4 x i32> %swapped to <2 x double>
  %sum = fadd <2 x double> %floats, %x
  %others = load <4 x i32>, ptr %q
  %torn = shufflevector <4 x i32> %others, <4 x i32> poison, <4 x i32> <i32 0, i32 3, i32 2, i32 1>
  %none = bitcast <4 x i32> %torn to <2 x double>
  store <2 x double> %none, ptr %p
  ret void
}

; Cleanups that are shared free memory of different kinds.
; CHECK-LABEL: types of 'freed':
; CHECK: ptr %floats: {[-1]:Pointer, [-1,0]:Float@float}
; CHECK: ptr %doubles: {[-1]:Pointer, [-1,0]:Float@double}
; CHECK: ptr %either: {[-1]:Pointer}
declare ptr @malloc(i64)
declare void @free(ptr)
define void @freed(i1 %c) {
entry:
  %floats = call ptr @malloc(i64 72)
  %doubles = call ptr @malloc(i64 72)
  store float 1.0, ptr %floats
  store double 1.0, ptr %doubles
  br i1 %c, label %first, label %second
first:
  br label %second
second:
  %either = phi ptr [ %floats, %entry ], [ %doubles, %first ]
  call void @free(ptr %either)
  ret void
}

; The distance to a multiple of 32 is taken for its constant part.
; CHECK-LABEL: types of 'rounded':
; CHECK: ptr %p: {[-1]:Pointer, [-1,32]:Float@double}
define void @rounded(ptr %p) {
  %address = ptrtoint ptr %p to i64
  %rest = and i64 %address, 31
  %back = sub i64 0, %rest
  %down = getelementptr i8, ptr %p, i64 %back
  %aligned = getelementptr i8, ptr %down, i64 32
  store double 1.0, ptr %aligned
  ret void
}

; Two structs are exchanged word by word: each word is what is at its place.
; CHECK-LABEL: types of 'exchanged':
; CHECK: ptr %q: {[-1]:Pointer, [-1,0]:Float@double, [-1,8]:Pointer}
define void @exchanged(ptr %p, ptr %q, ptr %r) {
entry:
  store double 1.0, ptr %p
  %at8 = getelementptr i8, ptr %p, i64 8
  store ptr %r, ptr %at8
  br label %loop
loop:
  %i = phi i64 [ 0, %entry ], [ %next, %loop ]
  %next = add i64 %i, 1
  %a = getelementptr { [8 x i8] }, ptr %p, i64 %i
  %b = getelementptr { [8 x i8] }, ptr %q, i64 %i
  %x = load i64, ptr %a, align 1
  %y = load i64, ptr %b, align 1
  store i64 %y, ptr %a, align 1
  store i64 %x, ptr %b, align 1
  %done = icmp eq i64 %next, 2
  br i1 %done, label %exit, label %loop
exit:
  ret void
}

; The base and the distance of another pointer from it are that pointer.
; CHECK-LABEL: types of 'distant':
; CHECK: ptr %q: {[-1]:Pointer, [-1,8]:Float@double}
define void @distant(ptr %p, ptr %q) {
  %from = ptrtoint ptr %p to i64
  %to = ptrtoint ptr %q to i64
  %distance = sub i64 %to, %from
  %again = getelementptr i8, ptr %p, i64 %distance
  %member = getelementptr i8, ptr %again, i64 8
  store double 1.0, ptr %member
  ret void
}
