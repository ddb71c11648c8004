// Two floats that travel in one integer.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

#[autodiff_forward(small_array_fwd, Dual, Dual)]
#[autodiff_reverse(small_array_rev, Active, Active)]
fn small_array(x: [f32; 2]) -> [f32; 2] {
    [x[0] * x[1], x[0] - x[1] * x[1]]
}

fn main() {
    // CHECK: small array: ok
    let two = |x: &[f64]| [x[0] as f32, x[1] as f32];
    let wide = |x: [f32; 2]| vec![x[0] as f64, x[1] as f64];
    check("small array", F32, 2, |x| wide(small_array(two(x))),
        |x, v| wide(small_array_fwd(two(x), two(v)).1),
        |x, u| wide(small_array_rev(two(x), two(u)).1));
}
