// Panics inside differentiated code: bounds checks and unwraps that pass, and
// ones that fail.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O 2>/dev/null | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug 2>/dev/null | FileCheck %s
// RUN: %rustc_linkgrad -O -Cpanic=abort %s -o %t.abort && not --crash %t.abort 2>&1 \
// RUN:   | FileCheck --check-prefix=ABORT %s

#[path = "Inputs/check.rs"]
mod check;
use check::*;
use linkgrad::*;
use std::sync::atomic::{AtomicUsize, Ordering};

static DROPPED: AtomicUsize = AtomicUsize::new(0);

/// Says when it is dropped: during a panic too.
struct Witness(f64);
impl Drop for Witness {
    fn drop(&mut self) {
        DROPPED.fetch_add(1, Ordering::Relaxed);
    }
}

#[autodiff_forward(pick_fwd, Dual, Const, Dual)]
#[autodiff_reverse(pick_rev, Duplicated, Const, Active)]
fn pick(x: &[f64], at: &[usize]) -> f64 {
    let first = Witness(x[at[0]]);
    let mut product = first.0;
    for i in &at[1..] {
        product *= x[*i] * first.0;
    }
    product
}

#[autodiff_forward(unwrap_fwd, Dual, Dual)]
#[autodiff_reverse(unwrap_rev, Duplicated, Active)]
fn unwrap(x: &Option<f64>) -> f64 {
    let x = x.expect("no value");
    x * x
}

fn text(e: Box<dyn std::any::Any + Send>) -> String {
    match e.downcast::<String>() {
        Ok(s) => *s,
        Err(e) => e.downcast_ref::<&str>().unwrap().to_string(),
    }
}

fn no_panic() {
    // CHECK: pick: ok
    let at = [2, 0, 0, 1];
    check("pick", F64, 3, |x| vec![pick(x, &at)], |x, v| vec![pick_fwd(x, v, &at).1], |x, u| {
        let mut d = vec![0.0; 3];
        pick_rev(x, &mut d, &at, u[0]);
        d
    });
    // CHECK: unwrap: ok
    check("unwrap", F64, 1, |x| vec![unwrap(&Some(x[0]))], |x, v| vec![unwrap_fwd(&Some(x[0]), &Some(v[0])).1], |x, u| {
        let mut d = Some(0.0);
        unwrap_rev(&Some(x[0]), &mut d, u[0]);
        vec![d.unwrap()]
    });
}

fn main() {
    no_panic();
    let x = [2.0, 3.0, 5.0];
    // CHECK: (48.0, 112.0)
    println!("{:?}", pick_fwd(&x, &[1.0, 1.0, 0.0], &[0, 1, 0]));
    let mut d = [0.0; 3];
    // CHECK: 12.0 [12.0, 4.0, 0.0]
    let y = pick_rev(&x, &mut d, &[0, 1], 1.0);
    println!("{y:?} {d:?}");
    DROPPED.store(0, Ordering::Relaxed);
    // ABORT: index out of bounds: the len is 3 but the index is 7
    // CHECK: index out of bounds: the len is 3 but the index is 7
    println!("{}", text(std::panic::catch_unwind(|| pick_rev(&x, &mut [0.0; 3], &[0, 7], 1.0)).unwrap_err()));
    // CHECK: index out of bounds: the len is 3 but the index is 9
    println!("{}", text(std::panic::catch_unwind(|| pick_fwd(&x, &x, &[0, 9])).unwrap_err()));
    // CHECK: dropped during panics: 2
    println!("dropped during panics: {}", DROPPED.load(Ordering::Relaxed));
    let mut d = Some(0.0);
    // CHECK: 9.0 Some(6.0)
    let y = unwrap_rev(&Some(3.0), &mut d, 1.0);
    println!("{y:?} {d:?}");
    // CHECK: no value
    println!("{}", text(std::panic::catch_unwind(|| unwrap_rev(&None, &mut None, 1.0)).unwrap_err()));
}
