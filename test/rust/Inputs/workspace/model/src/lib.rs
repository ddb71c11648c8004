//! The derivatives of a generic function: made for each type that a user of
//! this crate picks.
use linkgrad::*;
use math::{horner, Real};

#[autodiff_forward(wave_along, Dual, Dual, Const, Dual)]
#[autodiff_reverse(wave_gradient, Duplicated, Active, Const, Active)]
pub fn wave<T: Real, F: Fn(T) -> T>(coefficients: &[T], x: T, shape: F) -> T {
    shape(horner(coefficients, x)) + x.sin()
}

/// One element of a slice of structs, with what is no number in between.
#[derive(Clone)]
pub struct Sample {
    pub name: &'static str,
    pub at: f64,
    pub used: bool,
    pub value: [f64; 2],
}

#[autodiff_forward(misfit_along, Dual, Dual, Dual)]
#[autodiff_reverse(misfit_gradient, Duplicated, Duplicated, Active)]
pub fn misfit(samples: &[Sample], coefficients: &[f64]) -> f64 {
    let used = samples.iter().filter(|s| s.used);
    used.map(|s| {
        let y = horner(coefficients, s.at);
        (y - s.value[0]).powi(2) + (y * s.value[1]).cos() * s.name.len() as f64
    })
    .sum()
}
