// The shadow of `None` in the values of a map has anything where another value has its
// float (absent.rs), and nothing tells where in memory the values are.
// RUN: not %rustc_linkgrad -O %s -o %t 2>&1 | FileCheck %s
// RUN: not %rustc_linkgrad %s -o %t 2>&1 | FileCheck %s
// CHECK: error: '{{.*}}Option<f64>{{.*}}' may lead to an enum that has a float in some variant and nothing there in another{{.*}} [unsupported-request]

use linkgrad::*;
use std::collections::BTreeMap;

#[autodiff_reverse(rev, Duplicated, Duplicated)]
fn scale(x: &[f64], map: &mut BTreeMap<u32, Option<f64>>) {
    if let Some(value) = map.get_mut(&1) {
        *value = Some(x[0] * x[0]);
        if x[0] > 1.0 {
            *value = None;
        }
    }
}

fn main() {
    let mut map = BTreeMap::from([(1, Some(2.0))]);
    let (mut seeds, mut d) = (map.clone(), [0.0]);
    rev(&[2.0], &mut d, &mut map, &mut seeds);
    println!("{d:?}");
}
