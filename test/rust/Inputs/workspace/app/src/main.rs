#[path = "../../../check.rs"]
mod check;
use check::*;
use linkgrad::*;
use model::*;

#[derive(naming::Name)]
struct Springs;

unsafe extern "C" {
    fn spring_energy(x: *const f64, n: i32) -> f64;
}

#[autodiff_forward(springs_along, Dual, Dual)]
#[autodiff_reverse(springs_gradient, Duplicated, Active)]
fn springs(x: &[f64]) -> f64 {
    unsafe { spring_energy(x.as_ptr(), x.len() as i32) }.sqrt()
}

fn samples(x: &[f64]) -> Vec<Sample> {
    let names = ["a", "bcd", "not used", "ef"];
    let sample = |(i, x): (usize, &[f64])| Sample {
        name: names[i], at: x[0], used: i != 2, value: [x[1], x[2]],
    };
    x.chunks(3).enumerate().map(sample).collect()
}

fn main() {
    // CHECK: Springs: ok
    check(Springs::NAME, F64, 4, |x| vec![springs(x)], |x, v| vec![springs_along(x, v).1],
        |x, u| { let mut d = vec![0.0; 4]; springs_gradient(x, &mut d, u[0]); d });
    // CHECK: generic f64: ok
    let square = |y: f64| y * y;
    check("generic f64", F64, 4, |x| vec![wave(&x[1..], x[0], square)],
        |x, v| vec![wave_along(&x[1..], &v[1..], x[0], v[0], square).1],
        |x, u| { let mut d = vec![0.0; 4]; d[0] = wave_gradient(&x[1..], &mut d[1..], x[0], square, u[0]).1; d });
    // CHECK: generic f32: ok
    let f = |x: &[f64]| -> Vec<f32> { x.iter().map(|x| *x as f32).collect() };
    let cube = |y: f32| y * y * y;
    check("generic f32", F32, 3, |x| vec![wave(&f(&x[1..]), x[0] as f32, cube) as f64],
        |x, v| vec![wave_along(&f(&x[1..]), &f(&v[1..]), x[0] as f32, v[0] as f32, cube).1 as f64],
        |x, u| {
            let mut d = vec![0.0f32; 2];
            let d0 = wave_gradient(&f(&x[1..]), &mut d, x[0] as f32, cube, u[0] as f32).1;
            vec![d0 as f64, d[0] as f64, d[1] as f64]
        });
    // CHECK: slice of structs: ok
    check("slice of structs", F64, 15, |x| vec![misfit(&samples(&x[..12]), &x[12..])],
        |x, v| vec![misfit_along(&samples(&x[..12]), &samples(&v[..12]), &x[12..], &v[12..]).1],
        |x, u| {
            let (mut d, mut dc) = (samples(&[0.0; 12]), vec![0.0; 3]);
            misfit_gradient(&samples(&x[..12]), &mut d, &x[12..], &mut dc, u[0]);
            d.iter().flat_map(|s| [s.at, s.value[0], s.value[1]]).chain(dc).collect()
        });
}
