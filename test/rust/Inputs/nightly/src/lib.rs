#![feature(autodiff)]

use spring::{Spring, total};
use std::autodiff::autodiff_forward;

/// The energy of a chain that is fixed at both ends.
#[autodiff_forward(energy_along, Dual, Const, Dual)]
pub fn energy(x: &[f64], spring: &Spring) -> f64 {
    let ends = spring.energy(x[0]) + spring.energy(1.0 - x[x.len() - 1]);
    ends + total(x.windows(2), |pair| spring.energy(pair[1] - pair[0]))
}
