//! The energy and its derivatives.
use linkgrad::*;

/// ```
/// let mut d = [0.0; 2];
/// assert_eq!(kinds::gradient(&[1.0, 2.0], &mut d, 1.0), 5.0);
/// assert_eq!(d, [2.0, 4.0]);
/// ```
#[autodiff_reverse(gradient, Duplicated, Active)]
pub fn objective(x: &[f64]) -> f64 {
    plain::energy(x)
}

/// The derivative of a product with the objective, as each program takes it.
#[macro_export]
macro_rules! product {
    () => {{
        #[linkgrad::autodiff_forward(along, Dual, Dual)]
        #[linkgrad::autodiff_reverse(gradient, Duplicated, Active)]
        fn product(x: &[f64]) -> f64 {
            $crate::objective(x) * x[0]
        }
        let (x, v, mut d) = ([1.0, 2.0], [3.0, 5.0], [0.0; 2]);
        gradient(&x, &mut d, 1.0);
        assert_eq!(along(&x, &v).1, d[0] * v[0] + d[1] * v[1]);
        d
    }};
}

#[test]
fn unit() {
    assert_eq!(product!(), [7.0, 4.0]);
}
