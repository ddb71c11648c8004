// A Vec that grows while it is filled: __rust_realloc moves its contents, and
// the reverse sweep finds them where they were.
// RUN: %rustc_linkgrad -O %s -o %t && %t
// RUN: %rustc_linkgrad -O -g -Clto=thin %s -o %t.lto && %t.lto
// RUN: %rustc_linkgrad -g %s -o %t.debug && %t.debug

use linkgrad::*;

#[autodiff_reverse(logs_rev, Duplicated, Active)]
#[autodiff_forward(logs_fwd, Dual, Dual)]
fn logs(x: &[f64]) -> f64 {
    let mut logs = Vec::new();
    for i in 0..x.len() {
        let last: f64 = logs.last().copied().unwrap_or(1.0);
        logs.push(last * x[i].ln() + x[i]);
    }
    logs.iter().product()
}

struct Body {
    mass: f64,
    links: Vec<usize>,
    speed: [f64; 2],
}

#[autodiff_reverse(bodies_rev, Duplicated, Active)]
#[autodiff_forward(bodies_fwd, Dual, Dual)]
fn bodies(x: &[f64]) -> f64 {
    let mut all: Vec<Body> = Vec::new();
    for i in 0..x.len() {
        let mass = x[i] * x[i];
        if let Some(first) = all.first_mut() {
            first.speed[1] *= mass;

        }
        all.push(Body { mass, links: vec![i], speed: [x[i] * 0.5, mass + i as f64] });
    }
    all.iter()
        .map(|b| b.links.iter().map(|&k| all[k].mass).sum::<f64>() * b.speed[0] * b.speed[1])
        .sum()
}

#[autodiff_reverse(rows_rev, Duplicated, Active)]
#[autodiff_forward(rows_fwd, Dual, Dual)]
fn rows(x: &[f64]) -> f64 {
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for i in 0..x.len() {
        let mut row = Vec::new();
        for k in 0..=i {
            row.push(x[i] * x[k] + row.last().copied().unwrap_or(0.0));
        }
        rows.push(row);
    }
    rows.iter().flatten().map(|v| v * v).sum()
}

fn check(
    name: &str,
    f: fn(&[f64]) -> f64,
    reverse: fn(&[f64], &mut [f64], f64) -> f64,
    forward: fn(&[f64], &[f64]) -> (f64, f64),
) {
    let x: Vec<f64> = (0..9).map(|i| 1.5 + 0.1 * i as f64).collect();
    let mut gradient = vec![0.0; x.len()];
    let value = reverse(&x, &mut gradient, 1.0);
    assert_eq!(value, f(&x), "{name}");
    for i in 0..x.len() {
        let (h, mut p, mut e) = (1e-6, x.clone(), vec![0.0; x.len()]);
        p[i] += h;
        let above = f(&p);
        p[i] -= 2.0 * h;
        let central = (above - f(&p)) / (2.0 * h);
        e[i] = 1.0;
        let (value, tangent) = forward(&x, &e);
        assert_eq!(value, f(&x), "{name}");
        let scale = central.abs().max(1.0);
        assert!((gradient[i] - central).abs() < 1e-6 * scale, "{name} {i}: {} {central}", gradient[i]);
        assert!((gradient[i] - tangent).abs() < 1e-12 * scale, "{name} {i}: {} {tangent}", gradient[i]);
    }
}

fn main() {
    check("logs", logs, logs_rev, logs_fwd);
    check("bodies", bodies, bodies_rev, bodies_fwd);
    check("rows", rows, rows_rev, rows_fwd);
}
