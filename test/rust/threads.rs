// Threads that each call a derivative; and one that a differentiated function starts,
// which is refused by name. Shared counters and flags are integers, and no obstacle.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O | FileCheck %s
// RUN: %rustc_linkgrad %s -o %t.debug && %t.debug | FileCheck %s
// RUN: not %rustc_linkgrad --cfg scope -O %s -o %t 2>&1 | FileCheck --check-prefix=REFUSED %s
// RUN: not %rustc_linkgrad --cfg scope %s -o %t 2>&1 | FileCheck --check-prefix=REFUSED %s
// RUN: not %rustc_linkgrad --cfg spawn -O %s -o %t 2>&1 | FileCheck --check-prefix=REFUSED %s
// RUN: not %rustc_linkgrad --cfg spawn %s -o %t 2>&1 | FileCheck --check-prefix=REFUSED %s

use linkgrad::*;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

struct Counted { uses: AtomicUsize, x: Vec<f64> }

#[autodiff_forward(fwd, Dual, Const, Dual)]
#[autodiff_reverse(rev, Duplicated, Const, Active)]
fn f(x: &[f64], k: f64) -> f64 {
    let mut all = Vec::new();
    for x in x {
        all.push((x * k).sin());
    }
    let shared = Arc::new(Counted { uses: AtomicUsize::new(0), x: all });
    let other = Arc::clone(&shared);
    let mut sum = 0.0;
    for x in x {
        let n = other.uses.fetch_add(1, Ordering::SeqCst);
        sum += other.x[n] * x;
    }
    let last = shared.uses.compare_exchange(x.len(), 1, Ordering::SeqCst, Ordering::SeqCst);
    if last.is_ok() { sum } else { 0.0 }
}

// REFUSED: error: no derivative of 'pthread_{{[a-z_]*}}': threads are not differentiated [unsupported-call]
// REFUSED: note: called here: library/std/src/thread/
// REFUSED: note: requested by {{.*}}threads.rs:[[#@LINE+3]]:1
// REFUSED: help: start them outside of the differentiated function
#[cfg(any(scope, spawn))]
#[autodiff_reverse(parallel_rev, Duplicated, Active)]
fn parallel(x: &[f64]) -> f64 {
    #[cfg(scope)]
    return {
        std::thread::scope(|s| {
            let squares = s.spawn(|| x.iter().map(|x| x * x).sum::<f64>());
            x[0] * squares.join().unwrap()
        })
    };
    #[cfg(spawn)]
    return {
        let x = x.to_vec();
        std::thread::spawn(move || x.iter().map(|x| x * x).sum()).join().unwrap()
    };
}

fn main() {
    #[cfg(any(scope, spawn))]
    parallel_rev(&[1.0], &mut [0.0], 1.0);
    let x: Vec<f64> = (1..50).map(|i| 0.1 * i as f64).collect();
    let mut shadows = vec![vec![0.0; x.len()]; 8];
    std::thread::scope(|s| {
        for (k, d) in shadows.iter_mut().enumerate() {
            let x = &x;
            s.spawn(move || {
                for _ in 0..50 {
                    d.fill(0.0);
                    rev(x, d, k as f64, 1.0);
                }
            });
        }
    });
    for (k, d) in shadows.iter().enumerate() {
        let k = k as f64;
        let mut along = 0.0;
        for (x, d) in x.iter().zip(d) {
            let expected = (k * x).sin() + k * x * (k * x).cos();
            assert!((d - expected).abs() < 1e-12 * expected.abs().max(1.0), "{d} {expected}");
            along += expected;
        }
        let (_, tangent) = fwd(&x, &vec![1.0; x.len()], k);
        assert!((tangent - along).abs() < 1e-11 * along.abs().max(1.0), "{tangent} {along}");
    }
    // CHECK: all threads agree
    println!("all threads agree");
}
