// The examples in the documentation of std::autodiff, with the `use` line
// changed. (One of them gives forward mode activities of reverse mode; here it
// is a reverse-mode derivative.)
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

#[autodiff_forward(rb_fwd1, Dual, Const, Dual)]
#[autodiff_forward(rb_fwd2, Const, Dual, Dual)]
#[autodiff_forward(rb_fwd3, Dual, Dual, Dual)]
#[autodiff_reverse(rb_rev, Active, Active, Active)]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x.powi(2)).powi(2)
}

#[autodiff_forward(rb_inp_fwd, Dual, Dual, Dual)]
#[autodiff_reverse(rb_inp_rev, Active, Active, Duplicated)]
fn rosenbrock_inp(x: f64, y: f64, out: &mut f64) {
    *out = (1.0 - x).powi(2) + 100.0 * (y - x.powi(2)).powi(2);
}

#[autodiff_forward(dsquare1, Dual, Const, Dual)]
#[autodiff_forward(dsquare2, Const, Dual, Dual)]
#[autodiff_reverse(dsquare3, Active, Active, Active)]
fn square(x: f64, y: f64) -> f64 {
    x * x + 2.0 * y
}

#[autodiff_reverse(generic_derivative, Duplicated, Active)]
fn generic_f<T: std::ops::Mul<Output = T> + Copy>(x: &T) -> T {
    *x * *x
}

fn outer(x: f64) -> f64 {
    #[autodiff_forward(inner_derivative, Dual, Const)]
    fn inner(y: f64) -> f64 {
        y * y
    }
    inner_derivative(x, 1.0)
}

struct Foo {
    a: f64,
}

trait MyTrait {
    #[autodiff_reverse(df, Const, Active, Active)]
    fn f(&self, x: f64) -> f64;
}

impl MyTrait for Foo {
    fn f(&self, x: f64) -> f64 {
        x.sin()
    }
}

trait OtherTrait {
    fn g(&self, x: f64) -> f64;
    fn dg(&self, x: f64, seed: f64) -> (f64, f64);
}

impl OtherTrait for Foo {
    #[autodiff_reverse(dg, Const, Active, Active)]
    fn g(&self, x: f64) -> f64 {
        self.a * 0.25 * (x * x - 1.0 - 2.0 * x.ln())
    }
}

struct OptProblem {
    a: f64,
    b: f64,
}

impl OptProblem {
    #[autodiff_reverse(d_objective, Duplicated, Duplicated, Duplicated)]
    fn objective(&self, x: &[f64], out: &mut f64) {
        *out = self.a + x[0].sqrt() * self.b
    }
}

#[autodiff_reverse(df, Duplicated, Duplicated)]
fn f(x: &[f64; 2], y: &mut f64) {
    *y = x[0] * x[0] + x[1] * x[0]
}

#[autodiff_forward(h, Dual, Dual, Dual, Dual)]
fn wrapper(x: &[f64; 2], dx: &mut [f64; 2], y: &mut f64, dy: &mut f64) {
    df(x, dx, y, dy);
}

/// What has both modes, with differences and with one another.
fn both_modes() {
    // CHECK: rosenbrock: ok
    check("rosenbrock", F64, 2, |x| vec![rosenbrock(x[0], x[1])],
        |x, v| vec![rb_fwd3(x[0], v[0], x[1], v[1]).1],
        |x, u| { let d = rb_rev(x[0], x[1], u[0]); vec![d.1, d.2] });
    let run = |x: &[f64]| { let mut out = 0.0; rosenbrock_inp(x[0], x[1], &mut out); vec![out] };
    // CHECK: rosenbrock_inp: ok
    check("rosenbrock_inp", F64, 2, run,
        |x, v| {
            let (mut out, mut dout) = (0.0, 0.0);
            rb_inp_fwd(x[0], v[0], x[1], v[1], &mut out, &mut dout);
            vec![dout]
        },
        |x, u| { let d = rb_inp_rev(x[0], x[1], &mut 0.0, &mut u[0].clone()); vec![d.0, d.1] });
    // CHECK: square: ok
    check("square", F64, 2, |x| vec![square(x[0], x[1])],
        |x, v| vec![dsquare1(x[0], v[0], x[1]).1 + dsquare2(x[0], x[1], v[1]).1],
        |x, u| { let d = dsquare3(x[0], x[1], u[0]); vec![d.1, d.2] });
    // CHECK: gradient of f: ok
    check("gradient of f", F64, 2,
        |x| { let mut d = [0.0; 2]; df(&[x[0], x[1]], &mut d, &mut 0.0, &mut 1.0); d.to_vec() },
        |x, v| {
            let (mut d, mut dd) = ([0.0; 2], [0.0; 2]);
            h(&[x[0], x[1]], &mut [v[0], v[1]], &mut d, &mut dd, &mut 0.0, &mut 0.0, &mut 1.0, &mut 0.0);
            dd.to_vec()
        },
        // The Hessian is symmetric.
        |x, u| {
            let (mut d, mut dd) = ([0.0; 2], [0.0; 2]);
            h(&[x[0], x[1]], &mut [u[0], u[1]], &mut d, &mut dd, &mut 0.0, &mut 0.0, &mut 1.0, &mut 0.0);
            dd.to_vec()
        });
}

fn main() {
    both_modes();
    assert_eq!(rb_fwd1(1.0, 1.0, 3.0), (400.0, -800.0));
    assert_eq!(rb_fwd2(1.0, 3.0, 1.0), (400.0, 400.0));
    assert_eq!(rb_fwd3(1.0, 1.0, 3.0, 1.0), (400.0, -400.0));
    assert_eq!(rb_rev(1.0, 3.0, 1.0), (400.0, -800.0, 400.0));

    let (mut out, mut dout) = (0.0, 0.0);
    rb_inp_fwd(1.0, 1.0, 3.0, 1.0, &mut out, &mut dout);
    assert_eq!((out, dout), (400.0, -400.0));
    let (mut out, mut seed) = (0.0, 1.0);
    assert_eq!(rb_inp_rev(1.0, 3.0, &mut out, &mut seed), (-800.0, 400.0));
    assert_eq!((out, seed), (400.0, 0.0));

    assert_eq!(dsquare1(3.0, 1.0, 5.0), (19.0, 6.0));
    assert_eq!(dsquare2(3.0, 5.0, 1.0), (19.0, 2.0));
    assert_eq!(dsquare3(3.0, 5.0, 1.0), (19.0, 6.0, 2.0));

    let mut d = 0.0f32;
    assert_eq!(generic_derivative(&3.0f32, &mut d, 1.0), 9.0);
    assert_eq!(d, 6.0);
    // rustc ignores the seed that a derivative of std::autodiff is given.
    let seed = if cfg!(std_autodiff) { 1.0 } else { 2.0 };
    let mut d = 1.0f64;
    assert_eq!(generic_derivative(&3.0f64, &mut d, seed), 9.0);
    assert_eq!(d, 1.0 + seed * 6.0);

    assert_eq!(outer(3.14), 6.28);

    let foo = Foo { a: 3.0f64 };
    assert_eq!(foo.df(2.0, 1.0), (2.0_f64.sin(), 2.0_f64.cos()));
    assert!((foo.dg(2.0, 1.0).1 - 3.0 * 0.25 * (4.0 - 1.0)).abs() < 1e-14);

    let p = OptProblem { a: 1., b: 2. };
    let mut p_shadow = OptProblem { a: 0., b: 0. };
    let (x, mut dx) = ([4.0], [0.0]);
    let (mut out, mut dout) = (0.0, 1.0);
    p.d_objective(&mut p_shadow, &x, &mut dx, &mut out, &mut dout);
    assert_eq!((p_shadow.a, p_shadow.b, dx, out, dout), (1.0, 2.0, [0.5], 5.0, 0.0));

    // Forward over reverse: a column of the Hessian.
    let (x, mut dx) = ([2.0, 2.0], [1.0, 0.0]);
    let (mut y, mut dy, mut by, mut dby) = (0.0, 0.0, 1.0, 0.0);
    let (mut bx, mut dbx) = ([0.0, 0.0], [0.0, 0.0]);
    h(&x, &mut dx, &mut bx, &mut dbx, &mut y, &mut dy, &mut by, &mut dby);
    assert_eq!(dbx, [2.0, 1.0]);
}
