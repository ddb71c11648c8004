// Arrays and structs of floats by value. rustc passes small ones in an integer
// and larger ones behind a pointer, but std::autodiff writes them as they are;
// attributes.test compiles this with it too.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck --check-prefixes=CHECK,O %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

#[autodiff_forward(pair_fwd, Dual, Dual)]
#[autodiff_reverse(pair_rev, Active, Active)]
#[inline(never)]
fn pair(x: [f32; 2]) -> f32 {
    x[0] * x[1] * x[1]
}

#[autodiff_forward(to_pair_fwd, Dual, Dual)]
#[autodiff_forward(to_pair_only, Dual, DualOnly)]
#[autodiff_forward(to_pair_fwd2, 2, Dual, Dual)]
#[autodiff_reverse(to_pair_rev, Active, Active)]
#[inline(never)]
fn to_pair(x: [f32; 2]) -> [f32; 2] {
    [x[0] * x[1], x[0] - x[1] * x[1]]
}

#[autodiff_forward(single_fwd, Dual, Dual)]
#[autodiff_reverse(single_rev, Active, Active)]
#[inline(never)]
fn single(x: [f64; 1]) -> [f64; 1] {
    [x[0].sin() * x[0]]
}

#[autodiff_forward(half_fwd, Dual, Dual)]
#[autodiff_reverse(half_rev, Active, Active)]
fn half(x: [f32; 1]) -> f32 {
    x[0].exp()
}

// It calls itself with integers in the arrays' places: docs/limits.md.
#[cfg(any(std_autodiff, not(debug_assertions)))]
#[autodiff_forward(mixed_fwd, Dual, Const, Dual, Dual)]
#[autodiff_reverse(mixed_rev, Active, Const, Active, Active)]
#[inline(never)]
fn mixed(x: [f32; 2], n: u32, y: [f64; 3]) -> [f64; 1] {
    if n > 0 {
        return mixed([x[1] / 2.0, x[0]], n - 1, [y[1], y[2], y[0]]);
    }
    [f64::from(x[0]) * y[0] * y[1] + y[2].ln() * f64::from(x[1])]
}

#[derive(Clone, Copy)]
struct Body {
    mass: f64,
    at: [f64; 2],
}

#[autodiff_reverse(body_rev, Active, Active)]
#[autodiff_forward(body_fwd, Dual, Dual)]
#[inline(never)]
fn body(b: Body) -> f64 {
    b.mass * b.at.iter().map(|x| x * x).sum::<f64>()
}

#[derive(Clone, Copy)]
struct Wrapper {
    x: [f32; 2],
}

#[autodiff_reverse(wrapper_rev, Active, Active)]
#[autodiff_forward(wrapper_fwd, Dual, Dual)]
#[inline(never)]
fn wrapper(w: Wrapper) -> Wrapper {
    Wrapper { x: [w.x[1] * w.x[0], w.x[0].sqrt()] }
}

// An array that is not active, beside one that is; and bits that are no floats.
#[autodiff_reverse(beside_rev, Const, Active, Const, Active)]
#[autodiff_forward(beside_fwd, Const, Dual, Const, Dual)]
#[inline(never)]
fn beside(by: [f32; 2], x: [f32; 2], bits: u64) -> f32 {
    x[0] * by[0] + x[1] * by[1] * (bits % 7) as f32
}

fn f32s<const N: usize>(x: &[f64]) -> [f32; N] {
    std::array::from_fn(|i| x[i] as f32)
}

fn f64s<const N: usize>(x: &[f64]) -> [f64; N] {
    std::array::from_fn(|i| x[i])
}

fn wide(x: &[f32]) -> Vec<f64> {
    x.iter().map(|&x| f64::from(x)).collect()
}

fn main() {
    // CHECK: pair: ok
    check("pair", F32, 2, |x| wide(&[pair(f32s(x))]),
        |x, v| wide(&[pair_fwd(f32s(x), f32s(v)).1]),
        |x, u| wide(&pair_rev(f32s(x), u[0] as f32).1));
    // CHECK: to pair: ok
    check("to pair", F32, 2, |x| wide(&to_pair(f32s(x))),
        |x, v| wide(&to_pair_fwd(f32s(x), f32s(v)).1),
        |x, u| wide(&to_pair_rev(f32s(x), f32s(u)).1));
    // CHECK: single: ok
    check("single", F64, 1, |x| single(f64s(x)).to_vec(),
        |x, v| single_fwd(f64s(x), f64s(v)).1.to_vec(),
        |x, u| single_rev(f64s(x), f64s(u)).1.to_vec());
    // CHECK: half: ok
    check("half", F32, 1, |x| wide(&[half(f32s(x))]),
        |x, v| wide(&[half_fwd(f32s(x), f32s(v)).1]),
        |x, u| wide(&half_rev(f32s(x), u[0] as f32).1));
    // O: mixed: ok
    #[cfg(any(std_autodiff, not(debug_assertions)))]
    check("mixed", F32, 5, |x| mixed(f32s(x), 3, f64s(&x[2..])).to_vec(),
        |x, v| mixed_fwd(f32s(x), f32s(v), 3, f64s(&x[2..]), f64s(&v[2..])).1.to_vec(),
        |x, u| {
            let (_, dx, dy) = mixed_rev(f32s(x), 3, f64s(&x[2..]), f64s(u));
            [wide(&dx), dy.to_vec()].concat()
        });
    // CHECK: body: ok
    let read = |x: &[f64]| Body { mass: x[0], at: f64s(&x[1..]) };
    check("body", F64, 3, |x| vec![body(read(x))],
        |x, v| vec![body_fwd(read(x), read(v)).1],
        |x, u| {
            let d = body_rev(read(x), u[0]).1;
            vec![d.mass, d.at[0], d.at[1]]
        });
    // CHECK: wrapper: ok
    let wrap = |x: &[f64]| Wrapper { x: f32s(x) };
    check("wrapper", F32, 2, |x| wide(&wrapper(wrap(x)).x),
        |x, v| wide(&wrapper_fwd(wrap(x), wrap(v)).1.x),
        |x, u| wide(&wrapper_rev(wrap(x), wrap(u)).1.x));
    // CHECK: beside: ok
    check("beside", F32, 2, |x| wide(&[beside([2.0, 3.0], f32s(x), 1 << 40)]),
        |x, v| wide(&[beside_fwd([2.0, 3.0], f32s(x), f32s(v), 1 << 40).1]),
        |x, u| wide(&beside_rev([2.0, 3.0], f32s(x), 1 << 40, u[0] as f32).1));

    let all = to_pair_fwd2([3.0, 2.0], [1.0, 0.0], [0.0, 1.0]);
    assert_eq!(all, [[6.0, -1.0], [2.0, 1.0], [3.0, -4.0]]);
    assert_eq!(to_pair_only([3.0, 2.0], [1.0, 1.0]), [5.0, -3.0]);
}
