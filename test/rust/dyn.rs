// Calls that go through a vtable.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

trait Layer {
    fn apply(&self, x: f64) -> f64;
}
struct Linear { a: f64, b: f64 }
struct Tanh;
impl Layer for Linear {
    fn apply(&self, x: f64) -> f64 { self.a * x + self.b }
}
impl Layer for Tanh {
    fn apply(&self, x: f64) -> f64 { x.tanh() }
}

#[autodiff_forward(network_fwd, Const, Dual, Dual)]
#[autodiff_reverse(network_rev, Const, Active, Active)]
fn network(layers: &[Box<dyn Layer>], x: f64) -> f64 {
    layers.iter().fold(x, |x, layer| layer.apply(x))
}

#[autodiff_forward(single_fwd, Dual, Dual, Dual)]
#[autodiff_reverse(single_rev, Duplicated, Active, Active)]
fn single(layer: &dyn Layer, x: f64) -> f64 {
    layer.apply(x) * x
}

fn main() {
    let layers: Vec<Box<dyn Layer>> = vec![Box::new(Linear { a: 2.0, b: -0.5 }), Box::new(Tanh), Box::new(Linear { a: 0.7, b: 1.0 })];
    // CHECK: network: ok
    check("network", F64, 1, |x| vec![network(&layers, x[0])], |x, v| vec![network_fwd(&layers, x[0], v[0]).1],
        |x, u| vec![network_rev(&layers, x[0], u[0]).1]);
    // CHECK: single: ok
    let linear = |x: &[f64]| Linear { a: x[0], b: x[1] };
    check("single", F64, 3, |x| vec![single(&linear(x), x[2])],
        |x, v| vec![single_fwd(&linear(x), &linear(v), x[2], v[2]).1],
        |x, u| { let mut d = linear(&[0.0; 2]); let (_, dx) = single_rev(&linear(x), &mut d, x[2], u[0]); vec![d.a, d.b, dx] });
}
