#![feature(autodiff)]

use chain::{energy, energy_along};
use spring::Spring;
use std::autodiff::{autodiff_forward, autodiff_reverse};

#[autodiff_reverse(objective_gradient, Duplicated, Duplicated, Active)]
fn objective(x: &[f64], spring: &Spring) -> f64 {
    let uneven: f64 = x.iter().map(|x| (3.0 * x).sin()).sum();
    energy(x, spring) + 0.1 * uneven.exp()
}

// Of two numbers in a row debug information tells that they are not a struct.
#[autodiff_forward(rosenbrock_along, Dual, Dual, Dual)]
fn rosenbrock(x: f64, y: f64) -> f64 {
    (1.0 - x).powi(2) + 100.0 * (y - x * x).powi(2)
}

fn difference(f: impl Fn(f64) -> f64) -> f64 {
    let h = 1e-3;
    let along = |h: f64| (f(h) - f(-h)) / (2.0 * h);
    (4.0 * along(h / 2.0) - along(h)) / 3.0
}

fn close(what: &str, a: f64, b: f64, tolerance: f64) {
    println!("{what} {a:.15e}");
    assert!((a - b).abs() <= tolerance * b.abs().max(1.0), "{what}: {a} is not {b}");
}

fn main() {
    let spring = Spring { stiffness: 2.0, length: 0.1 };
    let x: Vec<f64> = (1..8).map(|i| 0.11 * i as f64 + 0.02 * (i as f64).cos()).collect();
    let v: Vec<f64> = (1..8).map(|i| (i as f64).sin()).collect();
    let moved = |t: f64| -> Vec<f64> { x.iter().zip(&v).map(|(x, v)| x + t * v).collect() };

    let (value, slope) = rosenbrock_along(x[0], v[0], x[1], v[1]);
    close("rosenbrock", value, rosenbrock(x[0], x[1]), 0.0);
    let along = |t| rosenbrock(x[0] + t * v[0], x[1] + t * v[1]);
    close("rosenbrock", slope, difference(along), 1e-9);

    let (value, slope) = energy_along(&x, &v, &spring);
    close("energy", value, energy(&x, &spring), 0.0);
    close("slope", slope, difference(|t| energy(&moved(t), &spring)), 1e-9);

    let mut dx = vec![0.0; x.len()];
    let mut dspring = Spring { stiffness: 0.0, length: 0.0 };
    let value = objective_gradient(&x, &mut dx, &spring, &mut dspring, 1.0);
    close("objective", value, objective(&x, &spring), 1e-15);
    let along: f64 = dx.iter().zip(&v).map(|(d, v)| d * v).sum();
    close("gradient", along, difference(|t| objective(&moved(t), &spring)), 1e-9);
    let stiffer = |t: f64| objective(&x, &Spring { stiffness: 2.0 + t, length: 0.1 });
    close("stiffness", dspring.stiffness, difference(stiffer), 1e-9);
    let longer = |t: f64| objective(&x, &Spring { stiffness: 2.0, length: 0.1 + t });
    close("length", dspring.length, difference(longer), 1e-9);
}
