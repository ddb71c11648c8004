//! Fits a swing to noisy measurements, some of which are far off. On nightly,
//! `use std::autodiff::*` does the same.

mod adam;

use linkgrad::*;
use loss::Sample;
use signal::{Signal, Sum, Swing};

type Model = Sum<Swing, Swing>;

/// The loss of the model that `x` describes. Its gradient goes through the
/// crates `loss` and `signal`, and through code that is generic in both.
#[autodiff_reverse(gradient, Duplicated, Const, Active)]
#[autodiff_forward(slope, Dual, Const, DualOnly)]
fn objective(x: &[f64], samples: &[Sample]) -> f64 {
    loss::mean(&model(x), samples)
}

fn model(x: &[f64]) -> Model {
    let swing = |x: &[f64]| Swing {
        offset: x[0],
        amplitude: x[1],
        damping: x[2],
        frequency: x[3],
        phase: x[4],
    };
    Sum(
        swing(&x[..5]),
        Swing {
            offset: 0.0,
            ..swing(&x[5..])
        },
    )
}

const NAMES: [&str; 10] = [
    "offset",
    "amplitude",
    "damping",
    "frequency",
    "phase",
    "-",
    "amplitude",
    "damping",
    "frequency",
    "phase",
];
const TRUTH: [f64; 10] = [0.4, 2.0, 0.15, 3.0, 0.5, 0.0, 0.8, 0.05, 7.0, -1.0];
const START: [f64; 10] = [0.0, 1.0, 0.30, 2.9, 0.0, 0.0, 0.5, 0.10, 7.1, -0.6];

/// Measurements of the truth, with noise of a fixed seed.
fn measure() -> Vec<Sample> {
    let mut state = 42u64;
    let mut noise = || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1);
        (state >> 33) as f64 / (1u64 << 31) as f64 - 0.5
    };
    (0..400)
        .map(|i| {
            let time = i as f64 * 0.03;
            let outlier = if i % 37 == 5 { 6.0 * noise() } else { 0.0 };
            let value = model(&TRUTH).at(time) + 0.02 * noise() + outlier;
            Sample { time, value }
        })
        .collect()
}

/// The largest error of the gradient and of the forward mode against central
/// differences.
fn check(x: &[f64], samples: &[Sample]) -> f64 {
    let mut reverse = vec![0.0; x.len()];
    gradient(x, &mut reverse, samples, 1.0);
    let mut worst = 0.0f64;
    for i in 0..x.len() {
        let at = |h: f64| {
            let mut x = x.to_vec();
            x[i] += h;
            objective(&x, samples)
        };
        let difference = (at(1e-5) - at(-1e-5)) / 2e-5;
        let mut direction = vec![0.0; x.len()];
        direction[i] = 1.0;
        let forward = slope(x, &direction, samples);
        worst = worst.max((reverse[i] - difference).abs());
        worst = worst.max((forward - difference).abs());
    }
    worst
}

fn main() {
    let samples = measure();
    let worst = check(&START, &samples);
    println!("gradient against central differences: {worst:.1e}");
    assert!(worst < 1e-8);

    let mut x = START;
    adam::minimize(
        &mut x,
        2000,
        0.02,
        |x, slope| gradient(x, slope, &samples, 1.0),
        |step, value| {
            if step == 1 || step % 500 == 0 {
                println!("step {step:4}: loss {value:.6}");
            }
        },
    );

    println!("{:>12} {:>9} {:>9}", "", "fitted", "truth");
    for ((name, fitted), truth) in NAMES.iter().zip(x).zip(TRUTH) {
        if *name != "-" {
            println!("{name:>12} {fitted:9.4} {truth:9.4}");
            assert!((fitted - truth).abs() < 0.02, "the fit did not converge");
        }
    }
}
