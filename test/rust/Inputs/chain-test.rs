#![feature(autodiff)]

#[std::autodiff::autodiff_reverse(gradient, Active, Active)]
fn f(x: f64) -> f64 {
    chain::energy(&[x, 0.7], &spring::Spring { stiffness: 1.0, length: 0.0 })
}

#[test]
fn outside() {
    let difference = (f(0.2 + 1e-6) - f(0.2 - 1e-6)) / 2e-6;
    assert!((gradient(0.2, 1.0).1 - difference).abs() < 1e-8);
}
