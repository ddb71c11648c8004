// What is not differentiated ends the build with an error that names the place.
// RUN: not %rustc_linkgrad -O %s -o %t 2>&1 | FileCheck %s
// RUN: not %rustc_linkgrad %s -o %t 2>&1 | FileCheck %s
// RUN: test ! -e %t

use linkgrad::*;

unsafe extern "C" {
    fn memccpy(to: *mut f64, from: *const f64, stop: i32, size: usize) -> *mut f64;
}

#[inline(never)]
fn copy(to: &mut [f64], from: &[f64]) {
    unsafe { memccpy(to.as_mut_ptr(), from.as_ptr(), 256, 8 * from.len()) };
}

#[autodiff_reverse(least_rev, Duplicated, Active)]
#[inline(never)]
fn least(x: &[f64; 4]) -> f64 {
    let mut y = [0.0; 4];
    copy(&mut y, x);
    y[0]
}
// CHECK-DAG: error: no derivative of 'memccpy': LinkGrad has no rule for this library function [unsupported-call]
// CHECK-DAG: note: called here: {{.*}}refused.rs:14:14: 'refused::copy::{{.*}}' calls 'memccpy'
// CHECK-DAG: note: requested by refused::least_rev::{{.*}} at {{.*}}refused.rs:[[#@LINE-9]]:1

fn main() {
    let mut d = [0.0; 4];
    println!("{}", least_rev(&[1.0, 2.0, 0.5, 4.0], &mut d, 1.0));
}
