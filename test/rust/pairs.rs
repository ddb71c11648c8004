// A struct of two scalars by value. rustc's own requests are read as they are meant by
// means of debug information, and refused without it.
// REQUIRES: rust-nightly
// RUN: %rustc_thin -O %s -o %t.O && %t.O
// RUN: %rustc_thin %s -o %t.debug && %t.debug
// RUN: %rustc_fat -g -O %s -o %t.fat && %t.fat
// RUN: not %rustc_fat -O %s -o %t 2>&1 | FileCheck %s
// CHECK: error: parameters {{[1-3]}} and {{[2-4]}} of 'pairs::{{.*}}' may be one struct: rustc's request does not tell value and shadow apart then [unsupported-request]
// CHECK: help: compile with -Cdebuginfo=2, or take structs by reference
#![feature(autodiff)]

use std::autodiff::*;

#[derive(Clone, Copy)]
struct Complex {
    re: f64,
    im: f64,
}
#[derive(Clone, Copy)]
struct Counted {
    n: i64,
    x: f64,
}
#[derive(Clone, Copy)]
struct Refs<'a> {
    a: &'a f64,
    b: &'a f64,
}

#[autodiff_forward(f_along, Dual, Dual)]
#[autodiff_forward(f_only, DualOnly, DualOnly)]
#[autodiff_forward(f_two, 2, Dual, Dual)]
#[autodiff_reverse(f_gradient, Active, Active)]
#[inline(never)]
fn f(x: Complex) -> f64 {
    x.re * x.re * x.im
}

// What looks the same to LLVM, but is not the same.
#[autodiff_forward(g_along, Dual, Dual, Dual)]
#[inline(never)]
fn g(x: f64, y: f64) -> f64 {
    x * x * y
}

#[autodiff_forward(h_along, Const, Dual, Dual, Dual)]
#[autodiff_forward(h_const, Dual, Const, Dual, Dual)]
#[inline(never)]
fn h(k: f64, x: (f32, f32), y: f64) -> f64 {
    k * (x.0 * x.0 * x.1) as f64 * y
}

#[autodiff_forward(m_along, Dual, Dual)]
#[inline(never)]
fn m(x: Counted) -> f64 {
    x.x * x.x * x.n as f64
}

#[autodiff_forward(r_along, Dual, Dual)]
#[inline(never)]
fn r(x: Refs) -> f64 {
    *x.a * *x.a * *x.b
}

fn main() {
    let (x, dx) = (Complex { re: 2.0, im: 3.0 }, Complex { re: 10.0, im: 100.0 });
    assert_eq!(f_along(x, dx), (12.0, 520.0));
    assert_eq!(unsafe { f_only(x, dx) }, 520.0);
    assert_eq!(f_two(x, dx, Complex { re: 1.0, im: 0.0 }), [12.0, 520.0, 12.0]);
    let (value, d) = f_gradient(x, 1.0);
    assert_eq!((value, d.re, d.im), (12.0, 12.0, 4.0));
    assert_eq!(g_along(2.0, 10.0, 3.0, 100.0), (12.0, 520.0));
    assert_eq!(h_along(2.0, (2.0, 3.0), (10.0, 100.0), 5.0, 1.0), (120.0, 10.0 * 520.0 + 24.0));
    assert_eq!(h_const(2.0, 1.0, (2.0, 3.0), 5.0, 1.0), (120.0, 60.0 + 24.0));
    assert_eq!(m_along(Counted { n: 4, x: 3.0 }, Counted { n: 0, x: 1.0 }), (36.0, 24.0));
    assert_eq!(r_along(Refs { a: &2.0, b: &3.0 }, Refs { a: &10.0, b: &100.0 }), (12.0, 520.0));
}
