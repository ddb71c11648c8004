// A Vec that grows while it is filled: __rust_realloc moves its contents, and
// the reverse sweep finds them where they were.
// RUN: %rustc_linkgrad -O %s -o %t && %t | FileCheck %s
// RUN: %rustc_linkgrad -O -g -Clto=thin %s -o %t.lto && %t.lto | FileCheck %s
// RUN: %rustc_linkgrad -g -Wlinker-messages -Clink-arg=-Wl,--linkgrad-print-plan \
// RUN:   %s -o %t.debug 2> %t.plan && %t.debug | FileCheck %s
// Without optimisation the body that reallocates is that of the standard library's
// rlibs: their native objects carry their bitcode.
// RUN: FileCheck --check-prefix=STD %s < %t.plan
// STD-DAG: function {{.*}}RawVecInner{{.*}}grow_amortized from {{.*}}/rustlib/{{.*}}.rlib(
// STD-DAG: function {{.*}}RawVecInner{{.*}}finish_grow from {{.*}}/rustlib/{{.*}}.rlib(

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;

#[autodiff_reverse(logs_rev, Duplicated, Active)]
#[autodiff_forward(logs_fwd, Dual, Dual)]
fn logs(x: &[f64]) -> f64 {
    let mut logs = Vec::new();
    for i in 0..x.len() {
        let last: f64 = logs.last().copied().unwrap_or(1.0);
        logs.push(last * (1.0 + x[i]).ln() + x[i]);
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
            first.links.push(i);
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

/// Of a function of a slice that returns a number.
macro_rules! check_slice {
    ($($f:ident, $fwd:ident, $rev:ident;)*) => {
        $(check(stringify!($f), F64, 9, |x| vec![$f(x)], |x, v| vec![$fwd(x, v).1], |x, u| {
            let mut d = [0.0; 9];
            $rev(x, &mut d, u[0]);
            d.to_vec()
        });)*
    };
}

fn main() {
    check_slice! {
        // CHECK: logs: ok
        logs, logs_fwd, logs_rev;
        // CHECK: bodies: ok
        bodies, bodies_fwd, bodies_rev;
        // CHECK: rows: ok
        rows, rows_fwd, rows_rev;
    }
}
