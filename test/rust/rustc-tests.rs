// What the tests and the guide of rustc ask of std::autodiff, apart from what
// documentation.rs has: how each kind of argument is passed, derivatives in
// blocks and modules, functions that return nothing of interest, widths. Each
// derivative has its formula beside it.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#![allow(dead_code)]

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

#[derive(Clone, Copy, PartialEq, Debug)]
struct Input {
    x: f32,
    y: f32,
}

#[derive(Clone, Copy, PartialEq, Debug)]
struct Wrapper {
    z: f32,
}

#[derive(Clone, Copy, PartialEq, Debug)]
struct Nested {
    x: f32,
    y: Wrapper,
}

//===----------------------------------------------------------------------===//
// How arguments are passed
//===----------------------------------------------------------------------===//

fn square(x: f32) -> f32 {
    x * x
}

#[autodiff_forward(call_fwd, Const, Dual, Dual)]
#[autodiff_reverse(call_rev, Const, Active, Active)]
fn call(f: fn(f32) -> f32, x: f32) -> f32 {
    f(x) * x
}

#[autodiff_forward(refs_fwd, Dual, Dual, Dual)]
#[autodiff_reverse(refs_rev, Duplicated, Duplicated, Active)]
fn refs<'a>(x: &'a f32, y: &'a f32) -> f32 {
    *x * *x * *y
}

#[autodiff_forward(flagged_fwd, Dual, Const, Const, Dual)]
#[autodiff_reverse(flagged_rev, Active, Const, Const, Active)]
fn flagged(x: f64, flag: bool, letter: char) -> f64 {
    let by = if flag { letter as u32 as f64 } else { 1.0 };
    by * x * x
}

#[autodiff_forward(input_fwd, Dual, Dual)]
#[autodiff_reverse(input_rev, Duplicated, Active)]
fn input(i: &Input) -> f32 {
    i.x * i.x * i.y
}

#[autodiff_forward(nested_fwd, Dual, Dual)]
#[autodiff_reverse(nested_rev, Duplicated, Active)]
fn nested(i: &Nested) -> f32 {
    i.x * i.y.z * i.y.z
}

#[autodiff_forward(tuple_fwd, Dual, Dual)]
#[autodiff_reverse(tuple_rev, Duplicated, Active)]
fn tuple(x: &(f64, i32, f64)) -> f64 {
    x.0 * x.2 + f64::from(x.1)
}

#[autodiff_forward(wrapper_fwd, Dual, Dual)]
#[autodiff_reverse(wrapper_rev, Active, Active)]
fn wrapper(w: Wrapper) -> f32 {
    w.z * w.z
}

#[autodiff_forward(matrix_fwd, Dual, Dual)]
#[autodiff_reverse(matrix_rev, Duplicated, Active)]
fn matrix(x: &[[f64; 2]; 2]) -> f64 {
    x[0][0] * x[1][1] - x[0][1] * x[1][0]
}

#[autodiff_reverse(sum_rev, Duplicated, Duplicated)]
#[autodiff_forward(sum_fwd, Dual, Dual)]
fn sum(x: &Vec<f32>, y: &mut f32) {
    *y = x.iter().map(|x| x.sin()).sum();
}

/// The result has another type than the arguments.
#[autodiff_reverse(widened_rev, Active, Active, Active)]
#[autodiff_forward(widened_fwd, Dual, Dual, Dual)]
fn widened(x: f32, y: f32) -> f64 {
    f64::from(x * x) * f64::from(y)
}

#[autodiff_reverse(recursive_rev, Duplicated, Const, Active)]
fn recursive(x: &f32, n: u32) -> f32 {
    if n == 0 { 1.0 } else { *x * recursive(x, n - 1) }
}

/// What rustc passes in one integer: std::autodiff refuses it.
#[cfg(not(std_autodiff))]
mod by_value {
    use super::*;

    #[autodiff_forward(array_fwd, Dual, Dual)]
    #[autodiff_reverse(array_rev, Active, Active)]
    fn array(x: [f32; 2]) -> f32 {
        x[0] * x[0] * x[1]
    }

    #[autodiff_forward(input_fwd, Dual, Dual)]
    #[autodiff_reverse(input_rev, Active, Active)]
    fn input(i: Input) -> f32 {
        i.x * i.x * i.y
    }

    #[autodiff_forward(nested_fwd, Dual, Dual)]
    #[autodiff_reverse(nested_rev, Active, Active)]
    fn nested(i: Nested) -> f32 {
        i.x * i.y.z * i.y.z
    }

    #[autodiff_forward(tuple_fwd, Dual, Dual)]
    #[autodiff_reverse(tuple_rev, Active, Active)]
    fn tuple(x: (f32, f32)) -> (f32, f32) {
        (x.0 * x.1, x.0 - x.1)
    }

    pub fn run() {
        assert_eq!(array_fwd([2.0, 3.0], [1.0, 10.0]), (12.0, 52.0));
        assert_eq!(array_rev([2.0, 3.0], 2.0), (12.0, [24.0, 8.0]));
        let (i, di) = (Input { x: 2.0, y: 3.0 }, Input { x: 1.0, y: 10.0 });
        assert_eq!(input_fwd(i, di), (12.0, 52.0));
        assert_eq!(input_rev(i, 2.0), (12.0, Input { x: 24.0, y: 8.0 }));
        let (n, dn) = (Nested { x: 2.0, y: Wrapper { z: 3.0 } }, Nested { x: 1.0, y: Wrapper { z: 10.0 } });
        assert_eq!(nested_fwd(n, dn), (18.0, 129.0));
        assert_eq!(nested_rev(n, 2.0), (18.0, Nested { x: 18.0, y: Wrapper { z: 24.0 } }));
        assert_eq!(tuple_fwd((2.0, 3.0), (1.0, 10.0)), ((6.0, -1.0), (23.0, -9.0)));
        assert_eq!(tuple_rev((2.0, 3.0), (1.0, 10.0)), ((6.0, -1.0), (13.0, -8.0)));
    }
}

//===----------------------------------------------------------------------===//
// Where functions stand, and what they return
//===----------------------------------------------------------------------===//

mod inner {
    use super::*;

    #[autodiff_forward(cube_fwd, Dual, DualOnly)]
    pub(crate) fn cube(x: f64) -> f64 {
        x * x * x
    }
}

#[autodiff_forward(nothing_fwd)]
#[autodiff_reverse(nothing_rev)]
fn nothing() {}

struct NoDefault;

#[autodiff_forward(other_fwd, Const)]
fn other() -> NoDefault {
    NoDefault
}

#[autodiff_forward(unit_fwd, Const)]
fn unit(_x: f32) -> () {}

fn block(x: f32) -> (f32, f32) {
    #[autodiff_forward(inside_fwd, Dual, DualOnly)]
    #[autodiff_forward(inside_both, Dual, Dual)]
    fn inside(x: f32) -> f32 {
        x * x
    }
    assert_eq!(inside_both(x, 1.0), (inside(x), 2.0 * x));
    (inside(x), inside_fwd(x, 1.0))
}

/// Two functions that are the same: the compiler may make one of them.
#[autodiff_reverse(same1_rev, Active, Active)]
fn same1(x: f64) -> f64 {
    x * x
}

#[autodiff_reverse(same2_rev, Active, Active)]
fn same2(x: f64) -> f64 {
    x * x
}

#[autodiff_forward(const_x, Const, Dual, Const)]
#[autodiff_forward(const_y, Dual, Const, Const)]
#[autodiff_reverse(all, Duplicated, Active, Active)]
#[autodiff_reverse(only_x, Duplicated, Const, Active)]
#[autodiff_reverse(only_y, Const, Active, ActiveOnly)]
fn scaled(x: &[f64], y: f64) -> f64 {
    x.iter().sum::<f64>() * y * y
}

trait Area {
    #[autodiff_reverse(d_area, Const, Active, Active)]
    fn area(&self, by: f64) -> f64;
}

impl Area for Wrapper {
    fn area(&self, by: f64) -> f64 {
        f64::from(self.z) * by * by
    }
}

//===----------------------------------------------------------------------===//
// Widths
//===----------------------------------------------------------------------===//

#[autodiff_forward(wide4, 4, Dual, DualOnly)]
#[autodiff_forward(wide4_both, 4, Dual, Dual)]
#[autodiff_forward(wide1, 1, Dual, Dual)]
fn squared(x: &f32) -> f32 {
    x * x
}

#[autodiff_forward(vector1, Dual, Dual)]
#[autodiff_forward(vector2, 2, Dual, Dual)]
#[autodiff_forward(vector2v, 2, Dualv, Dualv)]
fn squares(x: &[f32], y: &mut [f32]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y = x * x;
    }
}

fn arguments() {
    assert_eq!(call_fwd(square, 2.0, 1.0), (8.0, 12.0));
    assert_eq!(call_rev(square, 2.0, 1.0), (8.0, 12.0));
    assert_eq!(refs_fwd(&2.0, &1.0, &3.0, &10.0), (12.0, 52.0));
    let (mut dx, mut dy) = (0.0, 0.0);
    assert_eq!(refs_rev(&2.0, &mut dx, &3.0, &mut dy, 1.0), 12.0);
    assert_eq!((dx, dy), (12.0, 4.0));
    assert_eq!(flagged_fwd(2.0, 1.0, true, 'A'), (260.0, 260.0));
    assert_eq!(flagged_rev(2.0, false, 'A', 1.0), (4.0, 4.0));
    let (i, mut di) = (Input { x: 2.0, y: 3.0 }, Input { x: 0.0, y: 0.0 });
    assert_eq!(input_fwd(&i, &Input { x: 1.0, y: 10.0 }), (12.0, 52.0));
    assert_eq!(input_rev(&i, &mut di, 1.0), 12.0);
    assert_eq!(di, Input { x: 12.0, y: 4.0 });
    let n = |x, z| Nested { x, y: Wrapper { z } };
    let mut dn = n(0.0, 0.0);
    assert_eq!(nested_fwd(&n(2.0, 3.0), &n(1.0, 10.0)), (18.0, 129.0));
    assert_eq!(nested_rev(&n(2.0, 3.0), &mut dn, 1.0), 18.0);
    assert_eq!(dn, n(9.0, 12.0));
    let mut dt = (0.0, 7, 0.0);
    assert_eq!(tuple_fwd(&(2.0, 5, 3.0), &(1.0, 0, 10.0)), (11.0, 23.0));
    assert_eq!(tuple_rev(&(2.0, 5, 3.0), &mut dt, 1.0), 11.0);
    assert_eq!(dt, (3.0, 7, 2.0));
    assert_eq!(wrapper_fwd(Wrapper { z: 3.0 }, Wrapper { z: 1.0 }), (9.0, 6.0));
    assert_eq!(wrapper_rev(Wrapper { z: 3.0 }, 1.0), (9.0, Wrapper { z: 6.0 }));
    let (m, mut dm) = ([[1.0, 2.0], [3.0, 4.0]], [[0.0; 2]; 2]);
    assert_eq!(matrix_fwd(&m, &[[1.0, 0.0], [0.0, 10.0]]), (-2.0, 14.0));
    assert_eq!(matrix_rev(&m, &mut dm, 1.0), -2.0);
    assert_eq!(dm, [[4.0, -3.0], [-2.0, 1.0]]);
    let (mut y, mut dy, mut dx) = (0.0, 1.0, vec![0.0; 2]);
    sum_rev(&vec![0.0, 1.0], &mut dx, &mut y, &mut dy);
    assert_eq!((y, dx), (1f32.sin(), vec![1.0, 1f32.cos()]));
    sum_fwd(&vec![0.0, 1.0], &vec![2.0, 0.0], &mut y, &mut dy);
    assert_eq!(dy, 2.0);
    assert_eq!(widened_rev(2.0, 3.0, 1.0), (12.0, 12.0, 4.0));
    assert_eq!(widened_fwd(2.0, 1.0, 3.0, 10.0), (12.0, 52.0));
    let mut d = 0.0;
    assert_eq!(recursive_rev(&2.0, &mut d, 4, 1.0), 16.0);
    assert_eq!(d, 32.0);
}

fn places() {
    assert_eq!(inner::cube_fwd(2.0, 1.0), 12.0);
    nothing_fwd();
    nothing_rev();
    let NoDefault = other_fwd();
    unit_fwd(1.0);
    assert_eq!(block(3.0), (9.0, 6.0));
    assert_eq!((same1_rev(2.0, 1.0), same2_rev(3.0, 1.0)), ((4.0, 4.0), (9.0, 6.0)));
    let (x, mut dx) = ([1.0, 2.0], [0.0; 2]);
    assert_eq!(const_x(&x, 3.0, 1.0), 18.0);
    assert_eq!(const_y(&x, &[1.0, 10.0], 3.0), 99.0);
    assert_eq!(all(&x, &mut dx, 3.0, 1.0), (27.0, 18.0));
    assert_eq!(dx, [9.0; 2]);
    assert_eq!(only_x(&x, &mut dx, 3.0, 1.0), 27.0);
    assert_eq!(dx, [18.0; 2]);
    assert_eq!(only_y(&x, 3.0, 1.0), 18.0);
    assert_eq!(Wrapper { z: 2.0 }.d_area(3.0, 1.0), (18.0, 12.0));
}

fn widths() {
    let (a, b, c, d) = (1.0, 2.0, 3.0, 4.0);
    assert_eq!(wide4(&3.0, &a, &b, &c, &d), [6.0, 12.0, 18.0, 24.0]);
    assert_eq!(wide4_both(&3.0, &a, &b, &c, &d), [9.0, 6.0, 12.0, 18.0, 24.0]);
    assert_eq!(wide1(&3.0, &b), (9.0, 12.0));
    let x = [1.0, 2.0, 3.0];
    let (dx, ex) = ([1.0, 0.0, 1.0], [0.0, 1.0, 2.0]);
    let (mut y, mut dy, mut ey) = ([0.0; 3], [0.0; 3], [0.0; 3]);
    vector1(&x, &dx, &mut y, &mut dy);
    assert_eq!((y, dy), ([1.0, 4.0, 9.0], [2.0, 0.0, 6.0]));
    vector2(&x, &dx, &ex, &mut y, &mut dy, &mut ey);
    assert_eq!((dy, ey), ([2.0, 0.0, 6.0], [0.0, 4.0, 12.0]));
    let both = [1.0, 0.0, 1.0, 0.0, 1.0, 2.0];
    let mut ys = [0.0; 6];
    vector2v(&x, &both, &mut y, &mut ys);
    assert_eq!(ys, [2.0, 0.0, 6.0, 0.0, 4.0, 12.0]);
}

//===----------------------------------------------------------------------===//
// Both modes, with differences and with one another
//===----------------------------------------------------------------------===//

/// Of an expression in `x`, its derivative along `v`, and its adjoint for `u`.
macro_rules! both {
    ($n:expr, $tolerance:expr, $type:ty, $name:ident, |$x:ident| $f:expr, |$v:ident| $jvp:expr, |$u:ident| $vjp:expr) => {{
        let narrow = |a: &[f64]| -> Vec<$type> { a.iter().map(|a| *a as $type).collect() };
        check(stringify!($name), $tolerance, $n,
            |x| { let $x = narrow(x); vec![f64::from($f)] },
            |x, v| { let ($x, $v) = (narrow(x), narrow(v)); vec![f64::from($jvp)] },
            |x, u| { let ($x, $u) = (narrow(x), u[0] as $type); $vjp.iter().map(|d| f64::from(*d)).collect() });
    }};
}

fn both_modes() {
    // CHECK: call: ok
    both!(1, F32, f32, call, |x| call(square, x[0]), |v| call_fwd(square, x[0], v[0]).1,
        |u| [call_rev(square, x[0], u).1]);
    // CHECK: refs: ok
    both!(2, F32, f32, refs, |x| refs(&x[0], &x[1]), |v| refs_fwd(&x[0], &v[0], &x[1], &v[1]).1,
        |u| { let mut d = [0.0; 2]; let [a, b] = &mut d; refs_rev(&x[0], a, &x[1], b, u); d });
    // CHECK: flagged: ok
    both!(1, F64, f64, flagged, |x| flagged(x[0], true, 'x'), |v| flagged_fwd(x[0], v[0], true, 'x').1,
        |u| [flagged_rev(x[0], true, 'x', u).1]);
    let as_input = |x: &[f32]| Input { x: x[0], y: x[1] };
    // CHECK: input: ok
    both!(2, F32, f32, input, |x| input(&as_input(&x)), |v| input_fwd(&as_input(&x), &as_input(&v)).1,
        |u| { let mut d = as_input(&[0.0; 2]); input_rev(&as_input(&x), &mut d, u); [d.x, d.y] });
    let as_nested = |x: &[f32]| Nested { x: x[0], y: Wrapper { z: x[1] } };
    // CHECK: nested: ok
    both!(2, F32, f32, nested, |x| nested(&as_nested(&x)), |v| nested_fwd(&as_nested(&x), &as_nested(&v)).1,
        |u| { let mut d = as_nested(&[0.0; 2]); nested_rev(&as_nested(&x), &mut d, u); [d.x, d.y.z] });
    // CHECK: tuple: ok
    both!(2, F64, f64, tuple, |x| tuple(&(x[0], 3, x[1])), |v| tuple_fwd(&(x[0], 3, x[1]), &(v[0], 0, v[1])).1,
        |u| { let mut d = (0.0, 0, 0.0); tuple_rev(&(x[0], 3, x[1]), &mut d, u); [d.0, d.2] });
    // CHECK: wrapper: ok
    both!(1, F32, f32, wrapper, |x| wrapper(Wrapper { z: x[0] }),
        |v| wrapper_fwd(Wrapper { z: x[0] }, Wrapper { z: v[0] }).1,
        |u| [wrapper_rev(Wrapper { z: x[0] }, u).1.z]);
    let as_matrix = |x: &[f64]| [[x[0], x[1]], [x[2], x[3]]];
    // CHECK: matrix: ok
    both!(4, F64, f64, matrix, |x| matrix(&as_matrix(&x)), |v| matrix_fwd(&as_matrix(&x), &as_matrix(&v)).1,
        |u| { let mut d = [[0.0; 2]; 2]; matrix_rev(&as_matrix(&x), &mut d, u); d.concat() });
    // CHECK: sum: ok
    both!(3, F32, f32, sum, |x| { let mut y = 0.0; sum(&x, &mut y); y },
        |v| { let (mut y, mut dy) = (0.0, 0.0); sum_fwd(&x, &v, &mut y, &mut dy); dy },
        |u| { let mut d = vec![0.0; 3]; sum_rev(&x, &mut d, &mut 0.0, &mut u.clone()); d });
    // CHECK: widened: ok
    both!(2, F32, f32, widened, |x| widened(x[0], x[1]), |v| widened_fwd(x[0], v[0], x[1], v[1]).1,
        |u| { let d = widened_rev(x[0], x[1], f64::from(u)); [d.1, d.2] });
    // CHECK: scaled: ok
    both!(4, F64, f64, scaled, |x| scaled(&x[..3], x[3]),
        |v| const_y(&x[..3], &v[..3], x[3]) + const_x(&x[..3], x[3], v[3]),
        |u| { let mut d = vec![0.0; 3]; let (_, dy) = all(&x[..3], &mut d, x[3], u); d.push(dy); d });
}

fn main() {
    both_modes();
    arguments();
    places();
    widths();
    #[cfg(not(std_autodiff))]
    by_value::run();
}
