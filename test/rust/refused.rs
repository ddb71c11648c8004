// What is not differentiated ends the build with an error that names the place.
// RUN: not %rustc_linkgrad -O %s -o %t 2>&1 | FileCheck %s
// RUN: not %rustc_linkgrad %s -o %t 2>&1 | FileCheck %s
// RUN: test ! -e %t

use linkgrad::*;

unsafe extern "C" {
    fn qsort(base: *mut f64, count: usize, size: usize, compare: extern "C" fn(&f64, &f64) -> i32);
}

extern "C" fn compare(a: &f64, b: &f64) -> i32 {
    a.total_cmp(b) as i32
}

#[inline(never)]
fn sort(x: &mut [f64]) {
    unsafe { qsort(x.as_mut_ptr(), x.len(), 8, compare) }
}

#[autodiff_reverse(least_rev, Duplicated, Active)]
#[inline(never)]
fn least(x: &[f64; 4]) -> f64 {
    let mut sorted = *x;
    sort(&mut sorted);
    sorted[0]
}
// CHECK-DAG: error: no derivative of 'qsort': LinkGrad has no rule for this library function [unsupported-call]
// CHECK-DAG: note: called here: {{.*}}refused.rs:18:14: 'refused::sort::{{.*}}' calls 'qsort'
// CHECK-DAG: note: requested by refused::least_rev::{{.*}} at {{.*}}refused.rs:[[#@LINE-9]]:1

fn main() {
    let mut d = [0.0; 4];
    println!("{}", least_rev(&[1.0, 2.0, 0.5, 4.0], &mut d, 1.0));
}
