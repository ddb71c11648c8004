// Several directions at once.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

#[autodiff_forward(one, Dual, Dual, Dual)]
#[autodiff_reverse(adjoint, Duplicated, Active, Active)]
#[autodiff_forward(four, 4, Dual, Dual, Dual)]
#[autodiff_forward(four_only, 4, Dual, Const, DualOnly)]
#[autodiff_forward(four_const, 4, Dual, Const, Const)]
#[autodiff_forward(four_v, 4, Dualv, Dual, Dual)]
fn f(x: &[f64], a: f64) -> f64 {
    x.iter().map(|x| (a * x).sin()).sum()
}

#[autodiff_forward(pair, 2, Dualv, DualOnly)]
fn g(x: &(f64, f64), y: &mut f64) {
    *y = x.0 * x.1;
}

#[autodiff_forward(h_fwd, Dual, Dual)]
#[autodiff_reverse(h_one, Duplicated, Duplicated)]
#[autodiff_reverse(h_two, 2, Duplicated, Duplicated)]
fn h(x: &[f64; 2], y: &mut [f64; 2]) {
    *y = [x[0] * x[1], x[0] / x[1]];
}

/// One direction, with differences; the reverse mode with that. The rest is
/// compared with one direction.
fn one_direction() {
    // CHECK: f: ok
    check("f", F64, 4, |x| vec![f(&x[..3], x[3])], |x, v| vec![one(&x[..3], &v[..3], x[3], v[3]).1], |x, u| {
        let mut d = vec![0.0; 3];
        let (_, da) = adjoint(&x[..3], &mut d, x[3], u[0]);
        d.push(da);
        d
    });
    // CHECK: h: ok
    let array = |x: &[f64]| [x[0], x[1]];
    let run = |x: &[f64]| { let mut y = [0.0; 2]; h(&array(x), &mut y); y.to_vec() };
    check("h", F64, 2, run, |x, v| {
        let (mut y, mut dy) = ([0.0; 2], [0.0; 2]);
        h_fwd(&array(x), &array(v), &mut y, &mut dy);
        dy.to_vec()
    }, |x, u| {
        let (mut y, mut d) = ([0.0; 2], [0.0; 2]);
        h_one(&array(x), &mut d, &mut y, &mut array(u));
        d.to_vec()
    });
}

fn main() {
    one_direction();
    let x = [0.3, 0.7, 1.1];
    let v = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [0.5, -1.0, 2.0]];
    let da = [0.0, 0.25, 1.0, -2.0];
    let single: Vec<_> = (0..4).map(|i| one(&x, &v[i], 1.5, da[i]).1).collect();
    let all = four(&x, &v[0], &v[1], &v[2], &v[3], 1.5, da[0], da[1], da[2], da[3]);
    let flat = v.concat();
    let strided = four_v(&x, &flat, 1.5, da[0], da[1], da[2], da[3]);
    assert_eq!(all[0], f(&x, 1.5));
    assert_eq!(all, strided);
    for i in 0..4 {
        assert!((all[i + 1] - single[i]).abs() < 1e-14);
    }
    let tangents: [f64; 4] = four_only(&x, &v[0], &v[1], &v[2], &v[3], 1.5);
    for i in 0..4 {
        assert!((tangents[i] - one(&x, &v[i], 1.5, 0.0).1).abs() < 1e-14);
    }
    assert_eq!(tangents, four_const(&x, &v[0], &v[1], &v[2], &v[3], 1.5));

    let (mut y, mut dy0, mut dy1) = (0.0, 0.0, 0.0);
    let directions = [(1.0, 0.0), (0.0, 1.0)];
    unsafe { pair(&(2.0, 3.0), &directions[0], &mut y, &mut dy0, &mut dy1) };
    assert_eq!((dy0, dy1), (3.0, 2.0));

    let mut shadows = [[0.0; 2]; 2];
    let [d0, d1] = &mut shadows;
    let (mut y, mut u0, mut u1) = ([0.0; 2], [1.0, 0.0], [0.0, 1.0]);
    h_two(&[3.0, 2.0], d0, d1, &mut y, &mut u0, &mut u1);
    assert_eq!(shadows, [[2.0, 3.0], [0.5, -0.75]]);
    let (mut d, mut u) = ([0.0; 2], [1.0, 0.0]);
    h_one(&[3.0, 2.0], &mut d, &mut y, &mut u);
    assert_eq!(d, shadows[0]);
    // CHECK: ok
    println!("ok");
}
