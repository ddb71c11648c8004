// Generic functions: the derivative has the bounds of the function. Where one is
// missing, in the function or for the type that is asked for, rustc says so once, at
// what the user wrote.
// RUN: not %rustc --emit=metadata -o %t %s 2>&1 | FileCheck %s

use linkgrad::*;
use std::ops::Mul;

// CHECK: error[E0369]: cannot multiply `T` by `T`
// CHECK-NEXT: errors-bounds.rs:[[#@LINE+4]]:33
// CHECK: help: consider further restricting type parameter `T` with trait `Mul`
#[autodiff_forward(none_fwd, Dual, Dual)]
#[autodiff_reverse(none_rev, Active, Active)]
fn none<T: Copy>(x: T) -> T { x * x }

#[autodiff_reverse(square_rev, Active, Active)]
fn square<T>(x: T) -> f64
where
    T: Copy + Mul<Output = T> + Into<f64>,
{
    (x * x).into()
}

#[autodiff_reverse(plain_rev, Active, Active)]
fn plain<T>(x: T) -> T { x }

fn main() {
    square_rev(2.0f32, 1.0);
    plain_rev(2.0f32, 1.0);
    // CHECK: error[E0277]: cannot multiply `&str` by `&str`
    // CHECK-NEXT: errors-bounds.rs:[[#@LINE+4]]:16
    // CHECK: required by a bound in `square_rev`
    // CHECK: error[E0277]: the trait bound `f64: From<&str>` is not satisfied
    // CHECK: error: aborting due to 3 previous errors
    square_rev("text", 1.0);
}
