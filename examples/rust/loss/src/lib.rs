//! How far a signal is from what was measured.

use signal::Signal;

/// One measurement.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub time: f64,
    pub value: f64,
}

/// Huber's loss: quadratic near zero, linear further away, so that single bad
/// measurements do not decide.
fn huber(residual: f64) -> f64 {
    const LIMIT: f64 = 0.05;
    let size = residual.abs();
    if size <= LIMIT {
        0.5 * size * size
    } else {
        LIMIT * (size - 0.5 * LIMIT)
    }
}

/// The mean loss over all samples.
///
/// # Panics
/// If there are no samples.
pub fn mean<S: Signal>(signal: &S, samples: &[Sample]) -> f64 {
    assert!(!samples.is_empty(), "nothing was measured");
    let total: f64 = samples
        .iter()
        .map(|sample| huber(signal.at(sample.time) - sample.value))
        .sum();
    total / samples.len() as f64
}
