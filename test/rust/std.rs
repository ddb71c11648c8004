// Derivatives through the standard library: iterators, closures, Box,
// options, slices, strings on the side.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[macro_use]
#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

on_slices! {
    // CHECK: boxed: ok
    boxed, boxed_fwd, boxed_rev, 3, x, {
        let product = Box::new(x[0] * x[1]);
        *product * x[2]
    }
    // CHECK: list: ok
    list, list_fwd, list_rev, 4, x, {
        enum List { End, Node(f64, Box<List>) }
        let mut list = List::End;
        for x in x {
            list = List::Node(x.sin(), Box::new(list));
        }
        let mut product = 1.0;
        let mut at = &list;
        while let List::Node(value, next) = at {
            product *= value;
            at = next;
        }
        product
    }
    // CHECK: closures: ok
    closures, closures_fwd, closures_rev, 3, x, {
        let scale = x[0];
        let f = |y: f64| scale * y;
        let twice = |g: &dyn Fn(f64) -> f64, y| g(g(y));
        twice(&f, x[1]) + f(x[2])
    }
    // CHECK: results: ok
    results, results_fwd, results_rev, 2, x, {
        fn root(x: f64) -> Result<f64, String> {
            if x < 0.0 { Err(format!("{x} is negative")) } else { Ok(x.sqrt()) }
        }
        fn both(x: &[f64]) -> Result<f64, String> { Ok(root(x[0])? * root(x[1])?) }
        both(x).unwrap()
    }
    // CHECK: branches: ok
    branches, branches_fwd, branches_rev, 4, x, {
        let mut sum = 0.0;
        for (i, x) in x.iter().enumerate() {
            sum += match i {
                0 => x.max(0.7),
                1 => x.abs().powf(1.5),
                2 => x.atan2(2.0),
                _ => x.mul_add(*x, sum),
            };
        }
        sum
    }
    // CHECK: chunked: ok
    chunked, chunked_fwd, chunked_rev, 6, x, {
        let mut y = [0.0; 6];
        for (y, x) in y.chunks_exact_mut(2).zip(x.chunks_exact(2)) {
            y.copy_from_slice(x);
            y.reverse();
        }
        y.iter().rev().zip(x).map(|(a, b)| a * b * b).sum()
    }
}
