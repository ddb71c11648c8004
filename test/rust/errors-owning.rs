// What is Active must own nothing: the adjoint of a Vec would be one without memory,
// and a seed that is a Vec would not reach the derivative.
// RUN: not %rustc -o %t %s 2>&1 | FileCheck --check-prefix=RESULT %s
// RUN: not %rustc --cfg generic -o %t %s 2>&1 | FileCheck --check-prefix=GENERIC %s

use linkgrad::*;

// RESULT: error[E0080]: evaluation panicked: Active is for numbers, but what has this type owns something: write it through a `&mut` that is Duplicated
// RESULT-NEXT: errors-owning.rs:[[#@LINE+2]]:1
#[cfg(not(generic))]
#[autodiff_reverse(squares_rev, Duplicated, Active)]
fn squares(x: &[f64]) -> Vec<f64> { x.iter().map(|x| x * x).collect() }

// GENERIC: error[E0080]: evaluation panicked: Active is for numbers, but what has this type owns something: pass a reference that is Duplicated
// GENERIC-NEXT: errors-owning.rs:[[#@LINE+1]]:1
#[autodiff_reverse(sum_rev, Active, Active)]
fn sum<T: IntoIterator<Item = f64>>(x: T) -> f64 { x.into_iter().sum() }

fn main() {
    #[cfg(not(generic))]
    squares_rev(&[3.0], &mut [0.0], vec![1.0]);
    // GENERIC: evaluation of `sum_rev::<std::vec::Vec<f64>>::{constant#0}` failed here
    sum_rev([1.0, 2.0], 1.0);
    sum_rev(vec![1.0, 2.0], 1.0);
}
