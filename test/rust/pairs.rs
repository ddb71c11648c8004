// A struct of two numbers by value: rustc's own request for it is refused, that
// of the crate linkgrad and the reverse mode are not.
// REQUIRES: rust-nightly
// RUN: not %rustc_thin -O %s -o %t 2>&1 | FileCheck %s
// RUN: not %rustc_thin %s -o %t 2>&1 | FileCheck %s
// RUN: not %rustc_fat -g -O %s -o %t 2>&1 | FileCheck %s
// RUN: %rustc_thin --cfg good -O %s -o %t && %t
// RUN: %rustc_fat --cfg good -g %s -o %t && %t
#![feature(autodiff)]

use std::autodiff::*;

#[derive(Clone, Copy)]
struct Complex {
    re: f64,
    im: f64,
}

#[cfg_attr(not(good), autodiff_forward(f_along, Dual, Dual))]
#[cfg_attr(good, autodiff_reverse(f_gradient, Active, Active))]
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

fn main() {
    let x = Complex { re: 2.0, im: 3.0 };
    assert_eq!(g_along(2.0, 10.0, 3.0, 100.0), (12.0, 520.0));
    // CHECK: pairs.rs:[[#@LINE-17]]:{{[0-9]+}}: error: rustc does not tell value and shadow apart for a struct of two numbers, which 'pairs::f{{.*}}' takes by value [unsupported-request]
    // CHECK: help: take it by reference
    #[cfg(not(good))]
    println!("{:?}", f_along(x, Complex { re: 10.0, im: 100.0 }));
    #[cfg(good)]
    {
        let (value, d) = f_gradient(x, 1.0);
        assert_eq!((value, d.re, d.im), (12.0, 12.0, 4.0));
    }
}
