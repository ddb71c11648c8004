// Arguments behind references: slices, arrays, structs, Vec, Box, raw pointers.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

#[autodiff_forward(norm_fwd, Dual, Dual)]
#[autodiff_reverse(norm_rev, Duplicated, Active)]
fn norm(x: &[f64]) -> f64 {
    x.iter().map(|x| x * x).sum::<f64>().sqrt()
}

#[autodiff_forward(scale_fwd, Dual, Dual)]
#[autodiff_reverse(scale_rev, Active, Duplicated)]
fn scale(a: f64, x: &mut [f64]) {
    for x in x.iter_mut() {
        *x *= a.sin() * *x;
    }
}

#[autodiff_forward(matvec_fwd, Dual, Dual, Dual)]
#[autodiff_reverse(matvec_rev, Duplicated, Duplicated, Duplicated)]
fn matvec(a: &[[f64; 3]; 2], x: &[f64; 3], y: &mut [f64; 2]) {
    for i in 0..2 {
        y[i] = 0.0;
        for j in 0..3 {
            y[i] += a[i][j] * x[j];
        }
    }
}

struct Layer {
    weights: Vec<f64>,
    bias: Box<f64>,
    name: String,
}

#[autodiff_forward(layer_fwd, Dual, Dual, Dual)]
#[autodiff_reverse(layer_rev, Duplicated, Duplicated, Active)]
fn layer(l: &Layer, x: &Vec<f64>) -> f64 {
    assert_eq!(l.name, "first");
    let mut sum = *l.bias;
    for (w, x) in l.weights.iter().zip(x) {
        sum += w * x;
    }
    sum.tanh()
}

fn layer_of(x: &[f64]) -> Layer {
    Layer { weights: x[..3].to_vec(), bias: Box::new(x[3]), name: "first".into() }
}

#[derive(Clone, Copy)]
struct Sample {
    x: f64,
    class: u8,
    weight: f32,
}

#[autodiff_forward(samples_fwd, Dual, Dual)]
#[autodiff_reverse(samples_rev, Duplicated, Active)]
fn samples(s: &[Sample]) -> f64 {
    s.iter()
        .map(|s| s.x * f64::from(s.weight) * f64::from(s.class))
        .fold(1.0, |a, b| a * b.cos())
}

fn samples_of(x: &[f64], class: u8) -> Vec<Sample> {
    x.chunks(2).map(|x| Sample { x: x[0], class, weight: x[1] as f32 }).collect()
}

#[autodiff_forward(raw_fwd, Dual, Const, Dual)]
#[autodiff_reverse(raw_rev, Duplicated, Const, Active)]
unsafe fn raw(x: *const f32, n: usize) -> f32 {
    let mut product = 1.0;
    for i in 0..n {
        product *= unsafe { *x.add(i) };
    }
    product
}

#[autodiff_reverse(halves_rev, DuplicatedOnly, Duplicated)]
#[autodiff_forward(halves_fwd, DualOnly, Dual)]
fn halves<'a>(x: &'a mut [f64], y: &mut f64) {
    let (left, right) = x.split_at_mut(2);
    left.swap_with_slice(right);
    *y = left[0] * right[1];
}

#[autodiff_forward(nested_fwd, Dual, Dual)]
#[autodiff_reverse(nested_rev, Duplicated, Active)]
fn nested(x: &Vec<Vec<f64>>) -> f64 {
    x.iter().map(|row| row.iter().product::<f64>()).sum()
}

fn main() {
    // CHECK: norm: ok
    check("norm", F64, 6, |x| vec![norm(x)],
        |x, v| vec![norm_fwd(x, v).1],
        |x, u| { let mut d = vec![0.0; 6]; let y = norm_rev(x, &mut d, u[0]); assert_eq!(y, norm(x)); d });
    // CHECK: scale: ok
    check("scale", F64, 4,
        |x| { let mut y = x[1..].to_vec(); scale(x[0], &mut y); y },
        |x, v| { let (mut y, mut d) = (x[1..].to_vec(), v[1..].to_vec()); scale_fwd(x[0], v[0], &mut y, &mut d); d },
        |x, u| { let (mut y, mut d) = (x[1..].to_vec(), u.to_vec()); let a = scale_rev(x[0], &mut y, &mut d); d.insert(0, a); d });
    // CHECK: matvec: ok
    let a = |x: &[f64]| [[x[0], x[1], x[2]], [x[3], x[4], x[5]]];
    let b = |x: &[f64]| [x[6], x[7], x[8]];
    check("matvec", F64, 9,
        |x| { let mut y = [0.0; 2]; matvec(&a(x), &b(x), &mut y); y.to_vec() },
        |x, v| { let (mut y, mut d) = ([0.0; 2], [0.0; 2]); matvec_fwd(&a(x), &a(v), &b(x), &b(v), &mut y, &mut d); d.to_vec() },
        |x, u| {
            let (mut y, mut u) = ([0.0; 2], [u[0], u[1]]);
            let (mut da, mut db) = ([[0.0; 3]; 2], [0.0; 3]);
            matvec_rev(&a(x), &mut da, &b(x), &mut db, &mut y, &mut u);
            assert_eq!(u, [0.0; 2]);
            da.iter().flatten().chain(&db).copied().collect()
        });
    // CHECK: layer: ok
    check("layer", F64, 7, |x| vec![layer(&layer_of(x), &x[4..].to_vec())],
        |x, v| vec![layer_fwd(&layer_of(x), &layer_of(v), &x[4..].to_vec(), &v[4..].to_vec()).1],
        |x, u| {
            let (mut dl, mut dx) = (layer_of(&[0.0; 4]), vec![0.0; 3]);
            layer_rev(&layer_of(x), &mut dl, &x[4..].to_vec(), &mut dx, u[0]);
            dl.weights.into_iter().chain([*dl.bias]).chain(dx).collect()
        });
    // CHECK: samples: ok
    check("samples", F32, 6, |x| vec![samples(&samples_of(x, 2))],
        |x, v| vec![samples_fwd(&samples_of(x, 2), &samples_of(v, 2)).1],
        |x, u| {
            let mut d = samples_of(&[0.0; 6], 2);
            samples_rev(&samples_of(x, 2), &mut d, u[0]);
            assert!(d.iter().all(|d| d.class == 2));
            d.iter().flat_map(|d| [d.x, d.weight as f64]).collect()
        });
    // CHECK: raw: ok
    let f = |x: &[f64]| -> Vec<f32> { x.iter().map(|x| *x as f32).collect() };
    check("raw", F32, 3, |x| vec![unsafe { raw(f(x).as_ptr(), 3) } as f64],
        |x, v| vec![unsafe { raw_fwd(f(x).as_ptr(), f(v).as_ptr(), 3).1 } as f64],
        |x, u| {
            let mut d = vec![0.0f32; 3];
            unsafe { raw_rev(f(x).as_ptr(), d.as_mut_ptr(), 3, u[0] as f32) };
            d.iter().map(|d| *d as f64).collect()
        });
    // CHECK: halves: ok
    check("halves", F64, 4,
        |x| { let mut y = 0.0; halves(&mut x.to_vec(), &mut y); vec![y] },
        |x, v| { let (mut y, mut d) = (0.0, 0.0); unsafe { halves_fwd(&mut x.to_vec(), &mut v.to_vec(), &mut y, &mut d) }; vec![d] },
        |x, u| { let (mut y, mut u, mut d) = (0.0, u[0], vec![0.0; 4]); unsafe { halves_rev(&mut x.to_vec(), &mut d, &mut y, &mut u) }; d });
    // CHECK: nested: ok
    let rows = |x: &[f64]| -> Vec<Vec<f64>> { x.chunks(2).map(|x| x.to_vec()).collect() };
    check("nested", F64, 6, |x| vec![nested(&rows(x))],
        |x, v| vec![nested_fwd(&rows(x), &rows(v)).1],
        |x, u| { let mut d = rows(&[0.0; 6]); nested_rev(&rows(x), &mut d, u[0]); d.concat() });
    // CHECK: the shadow of `x` is shorter than `x`
    let short = std::panic::catch_unwind(|| norm_rev(&[1.0, 2.0], &mut [0.0], 1.0));
    println!("{}", short.unwrap_err().downcast_ref::<&str>().unwrap());
}
