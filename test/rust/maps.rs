// Maps and sets beside active values: of indices and text in the differentiated
// function, of numbers in a Const argument. (Maps of active values are refused:
// std-refused.rs.)
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;
use std::collections::{BTreeMap, BTreeSet, HashMap};

#[autodiff_forward(picked_fwd, Dual, Dual)]
#[autodiff_reverse(picked_rev, Duplicated, Active)]
fn picked(x: &[f64]) -> f64 {
    let mut by_number = BTreeMap::new();
    let mut by_name = BTreeMap::new();
    let mut order = BTreeSet::new();
    for i in 0..x.len() {
        by_number.insert(i as u32 * 7 % 5, i);
        by_name.insert(format!("number {i}"), i);
        order.insert(i * 3 % 5);
    }
    let powers = order.iter().enumerate().map(|(k, i)| x[*i].powi(k as i32 + 1));
    powers.sum::<f64>() * x[by_number[&3]] * x[by_name["number 1"]].sin()
}

type Rates = HashMap<String, f64>;

#[autodiff_forward(rated_fwd, Dual, Const, Const, Dual)]
#[autodiff_reverse(rated_rev, Duplicated, Const, Const, Active)]
fn rated(x: &[f64], rates: &Rates, steps: &BTreeMap<u64, f64>) -> f64 {
    let mut sum = 0.0;
    for (i, x) in x.iter().enumerate() {
        sum += x.exp() * rates[["a", "bc", "d"][i % 3]] + steps.get(&(i as u64)).map_or(0.0, |s| s * x);
    }
    steps.values().fold(sum, |sum, s| sum * s)
}

fn main() {
    // CHECK: picked: ok
    check("picked", F64, 5, |x| vec![picked(x)], |x, v| vec![picked_fwd(x, v).1],
        |x, u| { let mut d = vec![0.0; 5]; picked_rev(x, &mut d, u[0]); d });
    let rates = [("a", 0.5), ("bc", 1.5), ("d", -0.7)].map(|(n, r)| (n.to_string(), r)).into();
    let steps = [(1, 2.0), (3, 0.3)].into();
    // CHECK: rated: ok
    check("rated", F64, 5, |x| vec![rated(x, &rates, &steps)],
        |x, v| vec![rated_fwd(x, v, &rates, &steps).1],
        |x, u| { let mut d = vec![0.0; 5]; rated_rev(x, &mut d, &rates, &steps, u[0]); d });
}
