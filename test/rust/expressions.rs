// An expression tree that is given: its constants and its variables, the float and
// the index and the pointer sharing their bytes.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

enum Expr {
    Const(f64),
    Var(usize),
    Add(Box<Expr>, Box<Expr>),
    Mul(Box<Expr>, Box<Expr>),
    Sin(Box<Expr>),
}
use Expr::*;

fn value(e: &Expr, x: &[f64]) -> f64 {
    match e {
        Const(c) => *c,
        Var(i) => x[*i],
        Add(a, b) => value(a, x) + value(b, x),
        Mul(a, b) => value(a, x) * value(b, x),
        Sin(a) => value(a, x).sin(),
    }
}

fn expression(c: &[f64]) -> Expr {
    let mut e = Mul(Box::new(Const(c[0])), Box::new(Var(1)));
    for i in 0..c.len() {
        let next = Mul(Box::new(Const(c[i])), Box::new(Var(i)));
        e = Add(Box::new(Sin(Box::new(e))), Box::new(next));
    }
    e
}

/// Those of `expression`, in its order.
fn constants(e: &Expr, to: &mut Vec<f64>) {
    match e {
        Const(c) => to.push(*c),
        Var(_) => {}
        Add(a, b) | Mul(a, b) => {
            constants(a, to);
            constants(b, to)
        }
        Sin(a) => constants(a, to),
    }
}

#[autodiff_forward(outside_fwd, Dual, Dual, Dual)]
#[autodiff_forward(outside_x_fwd, Const, Dual, Dual)]
#[autodiff_reverse(outside_rev, Duplicated, Duplicated, Active)]
#[autodiff_reverse(outside_x_rev, Const, Duplicated, Active)]
fn outside(e: &Expr, x: &[f64]) -> f64 {
    value(e, x) * x[0]
}

fn main() {
    const N: usize = 3;
    // CHECK: outside: ok
    check("outside", F64, 2 * N, |v| vec![outside(&expression(&v[..N]), &v[N..])],
        |v, d| vec![outside_fwd(&expression(&v[..N]), &expression(&d[..N]), &v[N..], &d[N..]).1],
        |v, u| {
            let (mut de, mut dx) = (expression(&[0.0; N]), vec![0.0; N]);
            outside_rev(&expression(&v[..N]), &mut de, &v[N..], &mut dx, u[0]);
            let mut d = Vec::new();
            constants(&de, &mut d);
            d[1] += d[0]; // The first occurs twice.
            d.drain(1..).chain(dx).collect()
        });
    let e = expression(&[0.3, 0.5, 0.7]);
    // CHECK: outside, x: ok
    check("outside, x", F64, N, |x| vec![outside(&e, x)], |x, v| vec![outside_x_fwd(&e, x, v).1],
        |x, u| { let mut d = vec![0.0; N]; outside_x_rev(&e, x, &mut d, u[0]); d });
}
