// Generic functions, methods, traits, macros, and several derivatives of one.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;
use std::ops::{Add, Mul};

#[autodiff_forward(poly_fwd, Dual, Dual, Dual)]
#[autodiff_reverse(poly_rev, Duplicated, Active, Active)]
fn poly<T, const N: usize>(c: &[T; N], x: T) -> T
where
    T: Copy + Add<Output = T> + Mul<Output = T>,
{
    let mut y = c[0];
    for c in &c[1..] {
        y = y * x + *c;
    }
    y
}

/// A number that is no float: its parts are.
#[derive(Clone, Copy)]
struct Complex {
    re: f64,
    im: f64,
}
impl Add for Complex {
    type Output = Complex;
    fn add(self, o: Complex) -> Complex {
        Complex { re: self.re + o.re, im: self.im + o.im }
    }
}
impl Mul for Complex {
    type Output = Complex;
    fn mul(self, o: Complex) -> Complex {
        Complex { re: self.re * o.re - self.im * o.im, im: self.re * o.im + self.im * o.re }
    }
}

trait Shape {
    fn area(&self) -> f64;
    #[autodiff_forward(doubled_fwd, Dual, Dual, Dual)]
    #[autodiff_reverse(doubled_rev, Duplicated, Active, Active)]
    fn doubled(&self, by: f64) -> f64 {
        self.area() * by * 2.0
    }
}
struct Disc(f64);
impl Shape for Disc {
    fn area(&self) -> f64 {
        3.0 * self.0 * self.0
    }
}

struct Model<T> {
    weight: T,
}
impl<T: Copy + Mul<Output = T>> Model<T> {
    #[autodiff_forward(apply_fwd, Dual, Dual, Dual)]
    #[autodiff_reverse(apply_rev, Duplicated, Active, Active)]
    pub(crate) fn apply(&self, x: T) -> T {
        self.weight * x * self.weight
    }

    #[autodiff_forward(update_fwd, Dual, Dual)]
    #[autodiff_reverse(update_rev, Duplicated, Active)]
    fn update(&mut self, by: T) {
        self.weight = self.weight * by;
    }

    #[autodiff_forward(into_fwd, Dual, Dual)]
    #[autodiff_reverse(into_rev, Active, Active)]
    fn into_square(mut self) -> T {
        self.weight = self.weight * self.weight;
        self.weight
    }
}

macro_rules! power {
    ($name:ident, $fwd:ident, $rev:ident, $ty:ty, $n:expr) => {
        #[autodiff_forward($fwd, Dual, Dual)]
        #[autodiff_reverse($rev, Active, Active)]
        fn $name(x: $ty) -> $ty {
            x.powi($n)
        }
    };
}
power!(cube, cube_fwd, cube_rev, f64, 3);
power!(fifth, fifth_fwd, fifth_rev, f32, 5);

#[autodiff_forward(apply_twice_fwd, Const, Dual, Dual)]
#[autodiff_reverse(apply_twice_rev, Const, Active, Active)]
fn apply_twice<F: Fn(f64) -> f64>(f: F, x: f64) -> f64 {
    f(f(x))
}

fn main() {
    // CHECK: poly f64: ok
    check("poly f64", F64, 4, |x| vec![poly(&[x[0], x[1], x[2]], x[3])],
        |x, v| vec![poly_fwd(&[x[0], x[1], x[2]], &[v[0], v[1], v[2]], x[3], v[3]).1],
        |x, u| { let mut d = [0.0; 3]; let (_, dx) = poly_rev(&[x[0], x[1], x[2]], &mut d, x[3], u[0]); vec![d[0], d[1], d[2], dx] });
    // CHECK: poly f32: ok
    let f = |x: &[f64]| [x[0] as f32, x[1] as f32];
    check("poly f32", F32, 3, |x| vec![poly(&f(x), x[2] as f32) as f64],
        |x, v| vec![poly_fwd(&f(x), &f(v), x[2] as f32, v[2] as f32).1 as f64],
        |x, u| { let mut d = [0.0; 2]; let (_, dx) = poly_rev(&f(x), &mut d, x[2] as f32, u[0] as f32); vec![d[0] as f64, d[1] as f64, dx as f64] });
    // CHECK: poly complex: ok
    let c = |x: &[f64]| Complex { re: x[0], im: x[1] };
    let list = |c: Complex| vec![c.re, c.im];
    check("poly complex", F64, 6, |x| list(poly(&[c(x), c(&x[2..])], c(&x[4..]))),
        |x, v| list(poly_fwd(&[c(x), c(&x[2..])], &[c(v), c(&v[2..])], c(&x[4..]), c(&v[4..])).1),
        |x, u| {
            let mut d = [c(&[0.0; 2]); 2];
            let (_, dx) = poly_rev(&[c(x), c(&x[2..])], &mut d, c(&x[4..]), c(u));
            vec![d[0].re, d[0].im, d[1].re, d[1].im, dx.re, dx.im]
        });
    // CHECK: trait: ok
    check("trait", F64, 2, |x| vec![Disc(x[0]).doubled(x[1])],
        |x, v| vec![Disc(x[0]).doubled_fwd(&Disc(v[0]), x[1], v[1]).1],
        |x, u| { let mut d = Disc(0.0); let (_, dx) = Disc(x[0]).doubled_rev(&mut d, x[1], u[0]); vec![d.0, dx] });
    // CHECK: method: ok
    let m = |x: f64| Model { weight: x };
    check("method", F64, 2, |x| vec![m(x[0]).apply(x[1])],
        |x, v| vec![m(x[0]).apply_fwd(&m(v[0]), x[1], v[1]).1],
        |x, u| { let mut d = m(0.0); let (_, dx) = m(x[0]).apply_rev(&mut d, x[1], u[0]); vec![d.weight, dx] });
    // CHECK: mutable method: ok
    check("mutable method", F64, 2, |x| { let mut a = m(x[0]); a.update(x[1]); vec![a.weight] },
        |x, v| { let (mut a, mut d) = (m(x[0]), m(v[0])); a.update_fwd(&mut d, x[1], v[1]); vec![d.weight] },
        |x, u| { let mut d = m(u[0]); let dx = m(x[0]).update_rev(&mut d, x[1]); vec![d.weight, dx] });
    // CHECK: consuming method: ok
    check("consuming method", F64, 1, |x| vec![m(x[0]).into_square()],
        |x, v| vec![m(x[0]).into_fwd(m(v[0])).1],
        |x, u| vec![m(x[0]).into_rev(u[0]).1.weight]);
    // CHECK: cube: ok
    check("cube", F64, 1, |x| vec![cube(x[0])], |x, v| vec![cube_fwd(x[0], v[0]).1], |x, u| vec![cube_rev(x[0], u[0]).1]);
    // CHECK: fifth: ok
    check("fifth", F32, 1, |x| vec![fifth(x[0] as f32) as f64], |x, v| vec![fifth_fwd(x[0] as f32, v[0] as f32).1 as f64],
        |x, u| vec![fifth_rev(x[0] as f32, u[0] as f32).1 as f64]);
    // CHECK: closure: ok
    let a = 0.3;
    let g = |x: f64| (a * x).sin() + x;
    check("closure", F64, 1, |x| vec![apply_twice(g, x[0])], |x, v| vec![apply_twice_fwd(g, x[0], v[0]).1], |x, u| vec![apply_twice_rev(g, x[0], u[0]).1]);
}
