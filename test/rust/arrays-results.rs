// What std::autodiff says about results: nothing, if they are `Const` or
// `ActiveOnly`. A small array is an integer then, of which nobody can tell.
// REQUIRES: rust-nightly
// RUN: not %rustc_thin --cfg bad -O %s -o %t 2>&1 | FileCheck %s
// RUN: not %rustc_thin --cfg bad %s -o %t 2>&1 | FileCheck %s
// RUN: not %rustc_fat --cfg bad -O %s -o %t 2>&1 | FileCheck %s
// RUN: %rustc_thin -O %s -o %t && %t
// RUN: %rustc_thin %s -o %t && %t
// RUN: %rustc_fat -O %s -o %t && %t
#![feature(autodiff)]

use std::autodiff::*;

#[cfg_attr(bad, autodiff_reverse(f_only, Active, ActiveOnly))]
#[autodiff_reverse(f_const, Active, Const)]
#[inline(never)]
fn f(x: f32) -> [f32; 2] {
    [x * x, x]
}

#[autodiff_reverse(count_rev, Active, Duplicated, Const)]
#[inline(never)]
fn count(y: f64, x: &mut [f64]) -> u64 {
    x[0] = y * x[1] * x[1];
    x.len() as u64
}

// The result is not active, what is written is.
#[autodiff_reverse(value_rev, Duplicated, Const)]
#[inline(never)]
fn value(x: &mut [f64]) -> f64 {
    x[0] = x[1] * x[1];
    3.0 * x[1]
}

fn main() {
    // CHECK: error: 'arrays_results::f{{.*}}' returns an integer, which can be a small array of floats, and rustc does not tell which [unsupported-request]
    // CHECK: help: use Active in the place of ActiveOnly
    #[cfg(bad)]
    println!("{}", f_only(3.0, [1.0, 1.0]));
    assert_eq!(f_const(3.0), ([9.0, 3.0], 0.0));

    let (mut x, mut dx) = ([1.0, 3.0], [1.0, 0.0]);
    assert_eq!(count_rev(2.0, &mut x, &mut dx), (2, 9.0));
    assert_eq!((x, dx), ([18.0, 3.0], [0.0, 12.0]));
    let (mut x, mut dx) = ([1.0, 3.0], [1.0, 0.0]);
    assert_eq!(value_rev(&mut x, &mut dx), 9.0);
    assert_eq!((x, dx), ([9.0, 3.0], [0.0, 6.0]));
    // That nobody looks at the result changes nothing.
    let (mut x, mut dx) = ([1.0, 3.0], [1.0, 0.0]);
    value_rev(&mut x, &mut dx);
    assert_eq!(dx, [0.0, 6.0]);
}
