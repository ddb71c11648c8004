// Sorting.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

#[autodiff_forward(sorted_fwd, Dual, Dual)]
#[autodiff_reverse(sorted_rev, Duplicated, Active)]
fn sorted(x: &[f64]) -> f64 {
    let mut y = x.to_vec();
    y.sort_by(|a, b| a.partial_cmp(b).unwrap());
    y.iter().enumerate().map(|(i, y)| y * y * (i + 1) as f64).sum()
}

/// What `sort_unstable` and `total_cmp` do is not seen in differences: a sum that
/// depends on the places, with its gradient beside it.
macro_rules! ranked {
    ($($f:ident, $fwd:ident, $rev:ident, |$y:ident| $sort:expr;)*) => {
        $(
            #[autodiff_forward($fwd, Dual, Dual)]
            #[autodiff_reverse($rev, Duplicated, Active)]
            fn $f(x: &[f64]) -> f64 {
                let mut $y = x.to_vec();
                $sort;
                $y.iter().enumerate().map(|(i, y)| y * y * (i + 1) as f64).sum()
            }
        )*
        fn ranked() {
            $(for n in [5, 20, 77, 2500] {
                // Different numbers in no order, some negative.
                let x: Vec<f64> = (0..n).map(|i| ((i * 7919 + 13) % n) as f64 * 0.01 - 0.3).collect();
                let mut place: Vec<usize> = (0..n).collect();
                place.sort_by(|i, j| x[*i].partial_cmp(&x[*j]).unwrap());
                let mut expected = vec![0.0; n];
                for (rank, i) in place.iter().enumerate() {
                    expected[*i] = 2.0 * x[*i] * (rank + 1) as f64;
                }
                let (mut d, v) = (vec![0.0; n], vec![0.5; n]);
                $rev(&x, &mut d, 1.0);
                assert_eq!(d, expected, "{} {n}", stringify!($f));
                close(stringify!($f), $fwd(&x, &v).1, dot(&expected, &v), 1e-13);
            }
            println!("{}: ok", stringify!($f));)*
        }
    };
}
ranked! {
    // CHECK: stable: ok
    stable, stable_fwd, stable_rev, |y| y.sort_by(|a, b| a.partial_cmp(b).unwrap());
    // CHECK: total: ok
    total, total_fwd, total_rev, |y| y.sort_by(|a, b| a.total_cmp(b));
    // CHECK: unstable: ok
    unstable, unstable_fwd, unstable_rev, |y| y.sort_unstable_by(|a, b| a.partial_cmp(b).unwrap());
    // CHECK: both: ok
    both, both_fwd, both_rev, |y| y.sort_unstable_by(f64::total_cmp);
    // CHECK: least: ok
    least, least_fwd, least_rev, |y| {
        let first = *y.iter().min_by(|a, b| a.total_cmp(b)).unwrap();
        y.sort_unstable_by(|a, b| b.total_cmp(a));
        y.reverse();
        y[0] = first;
    };
}

/// Elements with text, an integer and a pointer beside the float: what reverses runs
/// exchanges them word by word.
#[autodiff_forward(named_fwd, Dual, Dual)]
#[autodiff_reverse(named_rev, Duplicated, Active)]
fn named(x: &[f64]) -> f64 {
    let name = |i: usize| format!("number {}", i * 7 % x.len());
    let mut y: Vec<(String, f64)> = x.iter().enumerate().map(|(i, x)| (name(i), x * x)).collect();
    y.sort_by(|a, b| a.0.cmp(&b.0));
    y.iter().enumerate().map(|(i, (name, y))| y * (i + name.len()) as f64).sum()
}

fn main() {
    ranked();
    // 3 and 10: no multiple of the pivots' steps. 45: more than is sorted by insertion.
    for n in [3, 10, 45] {
        // CHECK-COUNT-3: sorted: ok
        check("sorted", F64, n, |x| vec![sorted(x)], |x, v| vec![sorted_fwd(x, v).1],
            |x, u| { let mut d = vec![0.0; n]; sorted_rev(x, &mut d, u[0]); d });
    }
    for n in [5, 45] {
        // CHECK-COUNT-2: named: ok
        check("named", F64, n, |x| vec![named(x)], |x, v| vec![named_fwd(x, v).1],
            |x, u| { let mut d = vec![0.0; n]; named_rev(x, &mut d, u[0]); d });
    }
}
