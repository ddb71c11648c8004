// The independent oracles of the Rust tests: central differences for the
// forward mode, and the dot-product test, which ties the reverse mode to it.
#![allow(unexpected_cfgs)]

/// Central differences with one step of Richardson's extrapolation: the error
/// is of the order step⁴.
pub fn difference(f: impl Fn(&[f64]) -> Vec<f64>, x: &[f64], v: &[f64], step: f64) -> Vec<f64> {
    let along = |h: f64| -> Vec<f64> {
        let at = |s: f64| -> Vec<f64> { x.iter().zip(v).map(|(x, v)| x + s * v).collect() };
        let (plus, minus) = (f(&at(h)), f(&at(-h)));
        plus.iter().zip(&minus).map(|(p, m)| (p - m) / (2.0 * h)).collect()
    };
    let (coarse, fine) = (along(step), along(step / 2.0));
    coarse.iter().zip(&fine).map(|(c, f)| (4.0 * f - c) / 3.0).collect()
}

pub fn dot(a: &[f64], b: &[f64]) -> f64 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[track_caller]
pub fn close(name: &str, got: f64, expected: f64, tolerance: f64) {
    let error = (got - expected).abs() / expected.abs().max(1.0);
    assert!(error <= tolerance, "{name}: got {got}, expected {expected}");
}

/// A number in [0.5, 1.5) that is the same in every run.
fn noise(seed: &mut u64) -> f64 {
    *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    0.5 + (*seed >> 11) as f64 / (1u64 << 53) as f64
}

/// How exact the differences, and the dot-product test, must be.
pub struct Tolerance {
    pub step: f64,
    pub difference: f64,
    pub dot: f64,
}

#[allow(dead_code)]
pub const F64: Tolerance = Tolerance { step: 1e-3, difference: 1e-9, dot: 1e-12 };
#[allow(dead_code)]
pub const F32: Tolerance = Tolerance { step: 2e-2, difference: 2e-3, dot: 1e-5 };

/// Checks both modes of a function from n to m numbers: `jvp` gives J·v, `vjp`
/// Jᵀ·u. With PRINT_NUMBERS both are printed, for a comparison of programs.
#[track_caller]
pub fn check(
    name: &str,
    tolerance: Tolerance,
    n: usize,
    f: impl Fn(&[f64]) -> Vec<f64>,
    jvp: impl Fn(&[f64], &[f64]) -> Vec<f64>,
    vjp: impl Fn(&[f64], &[f64]) -> Vec<f64>,
) {
    let mut seed = 1;
    let mut random = |n: usize| -> Vec<f64> { (0..n).map(|_| noise(&mut seed)).collect() };
    let (x, v) = (random(n), random(n));
    let tangent = jvp(&x, &v);
    // rustc ignores the seed that a derivative of std::autodiff is given.
    let m = tangent.len();
    let u = if cfg!(std_autodiff) { vec![1.0; m] } else { random(m) };
    for (i, (t, d)) in tangent.iter().zip(difference(&f, &x, &v, tolerance.step)).enumerate() {
        close(&format!("{name}: forward, output {i}"), *t, d, tolerance.difference);
    }
    let adjoint = vjp(&x, &u);
    assert_eq!(adjoint.len(), n, "{name}");
    let (forward, reverse) = (dot(&u, &tangent), dot(&adjoint, &v));
    assert!(forward != 0.0, "{name}: a test of nothing");
    close(&format!("{name}: reverse"), reverse, forward, tolerance.dot);
    println!("{name}: ok");
    if std::env::var_os("PRINT_NUMBERS").is_some() {
        for number in tangent.iter().chain(&adjoint) {
            println!("{number:e}");
        }
    }
}

/// Functions of a slice that return a number: each with its derivatives, how many
/// elements it takes, and its body. Checks them all.
#[allow(unused_macros)]
macro_rules! on_slices {
    ($($name:ident, $fwd:ident, $rev:ident, $n:expr, $x:ident, $body:block)*) => {
        $(
            #[autodiff_forward($fwd, Dual, Dual)]
            #[autodiff_reverse($rev, Duplicated, Active)]
            fn $name($x: &[f64]) -> f64 $body
        )*
        fn main() {
            $(check(stringify!($name), F64, $n, |x| vec![$name(x)], |x, v| vec![$fwd(x, v).1],
                |x, u| { let mut d = vec![0.0; $n]; $rev(x, &mut d, u[0]); d });)*
        }
    };
}
