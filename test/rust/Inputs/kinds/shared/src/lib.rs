use linkgrad::autodiff_reverse;

#[autodiff_reverse(slope_of, Active, Active)]
fn energy(x: f64) -> f64 {
    plain::energy(&[x, 1.0])
}

#[no_mangle]
pub extern "C" fn slope(x: f64) -> f64 {
    slope_of(x, 1.0).1
}
