; The five ways in which an operand can be a marker, and the casts, memory and
; control flow that compilers put around them.
; RUN: %opt -passes='print<linkgrad-requests>' -disable-output %s 2>&1 \
; RUN:   | FileCheck %s --implicit-check-not=error:

@enzyme_const = external global i32
@enzyme_dup = external global i32

declare double @f(double)
declare double @g(ptr)
declare double @__enzyme_autodiff(ptr, ...)

; CHECK: reverse mode of f(const) -> active
; CHECK-NEXT: requested in: metadata_string
define void @metadata_string(double %x) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, metadata !"enzyme_const", double %x)
  ret void
}

; CHECK: reverse mode of f(const) -> active
; CHECK-NEXT: requested in: load
define void @load(double %x) {
  %m = load i32, ptr @enzyme_const
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, i32 %m, double %x)
  ret void
}

; CHECK: reverse mode of f(const) -> active
; CHECK-NEXT: requested in: cast_of_load
define void @cast_of_load(double %x) {
  %m = load i32, ptr @enzyme_const
  %wide = sext i32 %m to i64
  %p = inttoptr i64 %wide to ptr
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr %p, double %x)
  ret void
}

; CHECK: reverse mode of f(const) -> active
; CHECK-NEXT: requested in: global
define void @global(double %x) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr @enzyme_const, double %x)
  ret void
}

; CHECK: reverse mode of f(const) -> active
; CHECK-NEXT: requested in: global_as_integer
define void @global_as_integer(double %x) {
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, i64 ptrtoint (ptr @enzyme_const to i64), double %x)
  ret void
}

; CHECK: reverse mode of f(const) -> active
; CHECK-NEXT: requested in: local
; CHECK: reverse mode of f(const) -> active
; CHECK-NEXT: requested in: local
define void @local(double %x) {
  %enzyme_const = alloca i32
  %enzyme_const1 = alloca i32
  %m = load i32, ptr %enzyme_const1
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, ptr %enzyme_const, double %x)
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, i32 %m, double %x)
  ret void
}

; Unoptimised code copies a marker into a variable first.
; CHECK: reverse mode of f(const) -> active
; CHECK-NEXT: requested in: copied
define void @copied(double %x) {
  %kind = alloca i32
  %m = load i32, ptr @enzyme_const
  store i32 %m, ptr %kind
  %copy = load i32, ptr %kind
  call double (ptr, ...) @__enzyme_autodiff(ptr @f, i32 %copy, double %x)
  ret void
}

; CHECK: reverse mode of g(dup) -> active
; CHECK-NEXT: requested in: phi
define void @phi(i1 %c, ptr %p, ptr %dp) {
entry:
  br i1 %c, label %a, label %b
a:
  %ma = load i32, ptr @enzyme_dup
  br label %join
b:
  %mb = load i32, ptr @enzyme_dup
  br label %join
join:
  %m = phi i32 [ %ma, %a ], [ %mb, %b ]
  call double (ptr, ...) @__enzyme_autodiff(ptr @g, i32 %m, ptr %p, ptr %dp)
  ret void
}

; A phi through a loop, and a poison arm, change nothing.
; CHECK: reverse mode of g(dup) -> active
; CHECK-NEXT: requested in: loop
define void @loop(ptr %p, ptr %dp) {
entry:
  %m0 = load i32, ptr @enzyme_dup
  br label %body
body:
  %m = phi i32 [ %m0, %entry ], [ %next, %body ]
  call double (ptr, ...) @__enzyme_autodiff(ptr @g, i32 %m, ptr %p, ptr %dp)
  %c = call i1 @more()
  %next = select i1 %c, i32 %m, i32 poison
  br i1 %c, label %body, label %exit
exit:
  ret void
}
declare i1 @more()
