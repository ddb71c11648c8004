// Maps and sets beside active values: of indices and text in the differentiated
// function, of numbers in a Const argument; and maps of active values that the caller
// has. (Those that the function makes are refused: std-refused.rs.)
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck --check-prefixes=CHECK,O %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;
#[allow(unused_imports)]
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

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

/// Asks the system for random keys. Refused at -O0.
#[cfg(not(debug_assertions))]
#[autodiff_forward(first_fwd, Dual, Dual)]
#[autodiff_reverse(first_rev, Duplicated, Active)]
fn first(x: &[f64]) -> f64 {
    let mut seen = HashSet::new();
    [0, 3, 1, 3, 2, 0, 4].iter().fold(1.0, |p, i| if seen.insert(*i) { p * x[*i].sin() } else { p + x[*i] })
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

/// Unoptimised iterators of trees are refused.
const ITERATES: bool = !cfg!(debug_assertions);

/// Maps of active values. That of the tangents, or adjoints, is a clone, so that keys
/// are in the same places.
trait Values: Clone {
    fn each(&mut self) -> impl Iterator<Item = &mut f64>;
    fn with(&self, values: &[f64]) -> Self {
        let mut map = self.clone();
        map.each().zip(values).for_each(|(old, new)| *old = *new);
        map
    }
}
impl Values for BTreeMap<u32, f64> {
    fn each(&mut self) -> impl Iterator<Item = &mut f64> {
        self.values_mut()
    }
}
impl Values for HashMap<u32, f64> {
    fn each(&mut self) -> impl Iterator<Item = &mut f64> {
        self.values_mut()
    }
}

macro_rules! reading {
    ($read:ident, $fwd:ident, $rev:ident, $map:ident) => {
        // The tree has several levels; an iterator goes up and down between them.
        #[autodiff_forward($fwd, Dual, Dual)]
        #[autodiff_reverse($rev, Duplicated, Active)]
        fn $read(m: &$map<u32, f64>) -> f64 {
            let mut s = m[&1] * m.get(&30).copied().unwrap_or(2.0) + m.get(&99).copied().unwrap_or(0.5);
            if ITERATES || stringify!($map) == "HashMap" {
                for (k, v) in m {
                    s += v.sin() * *k as f64;
                }
            }
            s
        }
    };
}
reading!(read_tree, read_tree_fwd, read_tree_rev, BTreeMap);
reading!(read_table, read_table_fwd, read_table_rev, HashMap);

macro_rules! changing {
    ($change:ident, $fwd:ident, $rev:ident, $map:ident, $m:ident, $x:ident, $body:block) => {
        #[autodiff_forward($fwd, Dual, Dual)]
        #[autodiff_reverse($rev, Duplicated, Duplicated)]
        fn $change($x: &[f64], $m: &mut $map<u32, f64>) $body
    };
}
changing!(change_tree, change_tree_fwd, change_tree_rev, BTreeMap, m, x, {
    if let Some(v) = m.get_mut(&7) { *v *= x[0]; }
    *m.get_mut(&30).unwrap() += x[1].sin();
    if let Some(v) = m.get_mut(&9) { *v *= x[2]; }
});
changing!(change_table, change_table_fwd, change_table_rev, HashMap, m, x, {
    if let Some(v) = m.get_mut(&7) { *v *= x[0]; }
    *m.get_mut(&30).unwrap() += x[1].sin();
    for v in m.values_mut() { *v = v.sin() * x[2]; }
});

const SIZE: usize = 40;

macro_rules! check_maps {
    ($map:ident, $read:ident, $read_fwd:ident, $read_rev:ident,
     $change:ident, $change_fwd:ident, $change_rev:ident) => {
        let map: $map<u32, f64> = (0..SIZE as u32).map(|k| (k, 0.0)).collect();
        check(stringify!($read), F64, SIZE, |x| vec![$read(&map.with(x))],
            |x, v| vec![$read_fwd(&map.with(x), &map.with(v)).1],
            |x, u| {
                let mut d = map.clone();
                $read_rev(&map.with(x), &mut d, u[0]);
                d.each().map(|d| *d).collect()
            });
        check(stringify!($change), F64, SIZE + 3,
            |x| {
                let mut m = map.with(&x[3..]);
                $change(&x[..3], &mut m);
                m.each().map(|v| *v).collect()
            },
            |x, v| {
                let mut t = map.with(&v[3..]);
                $change_fwd(&x[..3], &v[..3], &mut map.with(&x[3..]), &mut t);
                t.each().map(|v| *v).collect()
            },
            |x, u| {
                let (mut dx, mut dm) = (vec![0.0; 3], map.with(u));
                $change_rev(&x[..3], &mut dx, &mut map.with(&x[3..]), &mut dm);
                dx.into_iter().chain(dm.each().map(|d| *d)).collect()
            });
    };
}

fn main() {
    // CHECK: picked: ok
    check("picked", F64, 5, |x| vec![picked(x)], |x, v| vec![picked_fwd(x, v).1],
        |x, u| { let mut d = vec![0.0; 5]; picked_rev(x, &mut d, u[0]); d });
    // O: first: ok
    #[cfg(not(debug_assertions))]
    check("first", F64, 5, |x| vec![first(x)], |x, v| vec![first_fwd(x, v).1],
        |x, u| { let mut d = vec![0.0; 5]; first_rev(x, &mut d, u[0]); d });
    let rates = [("a", 0.5), ("bc", 1.5), ("d", -0.7)].map(|(n, r)| (n.to_string(), r)).into();
    let steps = [(1, 2.0), (3, 0.3)].into();
    // CHECK: rated: ok
    check("rated", F64, 5, |x| vec![rated(x, &rates, &steps)],
        |x, v| vec![rated_fwd(x, v, &rates, &steps).1],
        |x, u| { let mut d = vec![0.0; 5]; rated_rev(x, &mut d, &rates, &steps, u[0]); d });
    // CHECK: read_tree: ok
    // CHECK: change_tree: ok
    check_maps!(BTreeMap, read_tree, read_tree_fwd, read_tree_rev, change_tree, change_tree_fwd, change_tree_rev);
    // CHECK: read_table: ok
    // CHECK: change_table: ok
    check_maps!(HashMap, read_table, read_table_fwd, read_table_rev, change_table, change_table_fwd, change_table_rev);
}
