// A panic in the middle of a derivative leaves no memory behind: neither the
// tape of the loops and calls that have run, nor the shadows of what the primal
// drops on its way out.
// RUN: %rustc_linkgrad -O %s -o %t.O && %t.O 2>/dev/null
// RUN: %rustc_linkgrad -g %s -o %t.debug && %t.debug 2>/dev/null

use linkgrad::*;

/// Of glibc, in part.
#[repr(C)]
struct MallInfo {
    before: [usize; 7],
    in_use: usize,
    after: [usize; 2],
}
unsafe extern "C" {
    fn mallinfo2() -> MallInfo;
}

#[inline(never)]
fn weigh(x: &[f64], bad: usize) -> f64 {
    let mut at = x[0];
    let mut steps = Vec::new();
    while at < 20.0 {
        steps.push(at.sin());
        at = at * 1.5 + x[1];
    }
    steps.iter().product::<f64>() * x[steps.len() * bad]
}

#[autodiff_reverse(total_rev, Duplicated, Const, Active)]
fn total(x: &[f64], bad: &[usize]) -> f64 {
    let mut boxed: Vec<Box<f64>> = Vec::new();
    for (i, b) in bad.iter().enumerate() {
        boxed.push(Box::new(weigh(x, *b) * x[i % x.len()]));
    }
    boxed.iter().map(|v| **v * **v).sum()
}

fn main() {
    let x = [1.25, 0.5, 2.0];
    let mut d = [0.0; 3];
    total_rev(&x, &mut d, &[0; 8], 1.0);
    for i in 0..3 {
        let (mut above, mut below) = (x, x);
        above[i] += 1e-6;
        below[i] -= 1e-6;
        let central = (total(&above, &[0; 8]) - total(&below, &[0; 8])) / 2e-6;
        assert!((d[i] - central).abs() < 1e-6 * central.abs().max(1.0), "{} {central}", d[i]);
    }

    let mut bad = [0; 8];
    bad[7] = 1;
    let mut fail = || {
        std::panic::catch_unwind(move || total_rev(&x, &mut d, &bad, 1.0)).unwrap_err();
    };
    (0..10).for_each(|_| fail());
    let before = unsafe { mallinfo2() }.in_use;
    (0..1000).for_each(|_| fail());
    let after = unsafe { mallinfo2() }.in_use;
    assert!(after < before + 1000, "{} bytes for each panic", (after - before) / 1000);
}
