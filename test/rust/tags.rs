// An enum whose float shares its bytes with an integer that is only moved, compared and
// used as an index. (Integers that become floats are refused: refused-tags.rs.)
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

#[derive(Clone, Copy)]
enum Item {
    Id(usize),
    Value(f64),
    Named(u64, f64),
}
use Item::*;

fn value(item: &Item, x: &[f64]) -> f64 {
    match item {
        Id(i) => x[*i % x.len()] * 2.0,
        Value(v) => v.sin(),
        Named(name, v) => if *name > 3 { v * v } else { *v },
    }
}

#[autodiff_forward(stack_fwd, Dual, Dual)]
#[autodiff_reverse(stack_rev, Duplicated, Active)]
fn stack(x: &[f64]) -> f64 {
    let mut stack: Vec<Item> = Vec::new();
    for (i, x) in x.iter().enumerate() {
        stack.push(match i % 3 {
            0 => Value(*x),
            1 => Id(i),
            _ => Named(i as u64, x * x),
        });
    }
    stack.swap(0, 1);
    let mut s = 1.0;
    while let Some(item) = stack.pop() {
        s = s * value(&item, x) + 1.0;
    }
    s
}

#[derive(Clone, Copy)]
enum Number {
    Whole(usize),
    Real(f64),
}
use Number::*;

/// What is given may be a float before and an integer afterwards, whose shadow is no
/// adjoint.
#[autodiff_forward(change_fwd, Dual, Dual)]
#[autodiff_reverse(change_rev, Duplicated, Duplicated)]
fn change(x: &[f64], numbers: &mut [Number]) {
    for (i, n) in numbers.iter_mut().enumerate() {
        *n = match *n {
            Real(_) if i % 2 == 0 => Whole(i),
            Real(v) => Real(v.exp() * x[1]),
            Whole(i) => Real(x[i]),
        };
    }
    numbers.swap(1, 4);
}

const N: usize = 6;
/// `floats` where `like` has floats.
fn numbers(like: &[Number], floats: &[f64]) -> Vec<Number> {
    like.iter().zip(floats).map(|(n, x)| if let Real(_) = n { Real(*x) } else { *n }).collect()
}
fn floats(like: &[Number], numbers: &[Number]) -> Vec<f64> {
    like.iter().zip(numbers).map(|(like, n)| match (like, n) {
        (Whole(_), _) => 0.0,
        (_, Real(x)) => *x,
        // The shadow has the tag from before.
        (_, Whole(bits)) => f64::from_bits(*bits as u64),
    }).collect()
}

fn main() {
    // CHECK: stack: ok
    check("stack", F64, N, |x| vec![stack(x)], |x, v| vec![stack_fwd(x, v).1],
        |x, u| { let mut d = vec![0.0; N]; stack_rev(x, &mut d, u[0]); d });
    let before = [Real(0.0), Real(0.0), Whole(2), Real(0.0), Real(0.0), Whole(4)];
    let mut after = before;
    change(&[1.0; N], &mut after);
    // All bits of its shadow are set: as a float that is none.
    let seeds = after.map(|n| if let Whole(_) = n { Whole(usize::MAX) } else { n });
    // CHECK: change: ok
    check("change", F64, 2 * N,
        |x| {
            let mut n = numbers(&before, &x[N..]);
            change(&x[..N], &mut n);
            floats(&after, &n)
        },
        |x, v| {
            let (mut n, mut t) = (numbers(&before, &x[N..]), numbers(&before, &v[N..]));
            change_fwd(&x[..N], &v[..N], &mut n, &mut t);
            floats(&after, &t)
        },
        |x, u| {
            let (mut n, mut d) = (numbers(&before, &x[N..]), numbers(&seeds, u));
            let mut dx = vec![0.0; N];
            change_rev(&x[..N], &mut dx, &mut n, &mut d);
            dx.into_iter().chain(floats(&before, &d)).collect()
        });
}
