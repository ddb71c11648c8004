
/// ```
/// #![feature(autodiff)]
/// #[std::autodiff::autodiff_forward(slope, Dual, DualOnly)]
/// fn f(x: f64) -> f64 {
///     chain::energy(&[x, 2.0 * x], &spring::Spring { stiffness: 1.0, length: 0.0 })
/// }
/// let difference = (f(0.3 + 1e-6) - f(0.3 - 1e-6)) / 2e-6;
/// assert!((slope(0.3, 1.0) - difference).abs() < 1e-8);
/// ```
pub fn documented() {}

#[test]
fn in_lib() {
    let spring = Spring { stiffness: 1.0, length: 0.0 };
    let f = |x| energy(&[x, 0.7], &spring);
    let slope = energy_along(&[0.2, 0.7], &[1.0, 0.0], &spring).1;
    assert!((slope - (f(0.2 + 1e-6) - f(0.2 - 1e-6)) / 2e-6).abs() < 1e-8);
}
