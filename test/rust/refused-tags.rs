// The bytes of an enum that are a float or an integer, as its tag tells: what is made of
// them by integer arithmetic is refused, as it could be the bits of the float.
// RUN: not %rustc_linkgrad -O %s -o %t 2>&1 | FileCheck %s
// RUN: not %rustc_linkgrad %s -o %t 2>&1 | FileCheck %s
// CHECK: error: {{.*}}[unsupported-instruction]

use linkgrad::*;

#[derive(Clone, Copy)]
enum Num {
    Int(i64),
    Real(f64),
}
use Num::*;

#[autodiff_reverse(rev, Duplicated, Active)]
fn doubled(x: &[f64]) -> f64 {
    let mut all: Vec<Num> = x.iter().enumerate().map(|(i, x)| if i % 2 == 0 { Real(*x) } else { Int(i as i64) }).collect();
    for n in &mut all {
        *n = match *n {
            Real(x) => Real(f64::from_bits(x.to_bits() + (1 << 52))),
            Int(i) => Int(i * 3),
        };
    }
    all.iter().map(|n| if let Real(x) = n { x * x } else { 1.0 }).sum()
}

fn main() {
    let mut d = [0.0; 3];
    println!("{} {d:?}", rev(&[0.5, 0.6, 0.7], &mut d, 1.0));
}
