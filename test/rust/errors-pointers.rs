// What is Active must hold no pointers: its adjoint begins as zeros, and a null in
// there is no shadow. The type does not show them to the attribute. References are
// refused by rustc, which knows that they cannot be zero; what can is refused at the
// link.
// RUN: not %rustc --cfg reference -o %t %s 2>&1 | FileCheck --check-prefix=REFERENCE %s
// RUN: not %rustc --cfg enumeration -o %t %s 2>&1 | FileCheck --check-prefix=ENUM %s
// RUN: not %rustc_linkgrad -o %t %s 2>&1 | FileCheck %s
// RUN: not %rustc_linkgrad -O -o %t %s 2>&1 | FileCheck %s
// RUN: %rustc_linkgrad --cfg good -o %t %s && %t
// RUN: %rustc_linkgrad --cfg good -O -o %t %s && %t

use linkgrad::*;

#[derive(Clone, Copy)]
#[cfg(reference)]
struct Hidden<'a> { x: f64, y: [&'a f64; 2] }
#[derive(Clone, Copy)]
#[cfg(not(reference))]
struct Hidden<'a> { x: f64, y: [Option<&'a f64>; 2] }

#[cfg(not(good))]
// REFERENCE: error[E0080]: {{.*}}encountered a null reference
// REFERENCE-NEXT: errors-pointers.rs:[[#@LINE+2]]:1
// CHECK-DAG: errors-pointers.rs:[[#@LINE+1]]:1: error: there is a pointer at byte {{0|8|16}} of a value that is Active: its adjoint would be one that leads nowhere [unsupported-request]
#[autodiff_reverse(hidden_rev, Active, Active)]
fn hidden(h: Hidden) -> f64 {
    #[cfg(not(reference))]
    return h.x * h.y[1].unwrap();
    #[cfg(reference)]
    return h.x * h.y[1];
}

type Address = *const f64;
// CHECK-DAG: errors-pointers.rs:[[#@LINE+2]]:1: error: there is a pointer at byte 0 of a value that is Active
#[cfg(not(good))]
#[autodiff_reverse(alias_rev, Active, Active)]
fn alias(a: Address) -> f64 {
    unsafe { *a * *a }
}

// CHECK-DAG: errors-pointers.rs:[[#@LINE+2]]:1: error: there is a pointer at byte 0 of a value that is Active
#[cfg(not(good))]
#[autodiff_reverse(result_rev, Duplicated, Active)]
fn result(x: &[f64; 2]) -> Address {
    Box::leak(Box::new(x[0] * x[1]))
}

// Found at the end of long chains of functions, too.
#[derive(Clone, Copy)]
struct Raw { x: f64, y: *const f64 }
macro_rules! chain {
    ($($name:ident $next:ident),*) => {
        $(#[inline(never)]
        fn $name(r: &Raw, n: usize) -> f64 { if n == 99 { r.x } else { 1.5 * $next(r, n + 1) } })*
    };
}
chain!(a b, b c, c d, d e, e f);
#[inline(never)]
fn f(r: &Raw, n: usize) -> f64 { r.x * unsafe { *r.y } + n as f64 }
// CHECK-DAG: errors-pointers.rs:[[#@LINE+2]]:1: error: there is a pointer at byte {{0|8}} of a value that is Active
#[cfg(not(good))]
#[autodiff_reverse(chain_rev, Active, Const, Active)]
fn chain(r: Raw, n: usize) -> f64 { a(&r, n) }
// CHECK: help: Active is for numbers; pass a reference that is Duplicated

// Other types than references that cannot be zero.
#[derive(Clone, Copy, PartialEq)]
enum Kind { One = 1, Two = 2 }
// ENUM: error[E0080]: evaluation panicked: aborted execution: attempted to zero-initialize type `(f64, Kind)`, which is invalid
// ENUM-NEXT: errors-pointers.rs:[[#@LINE+2]]:1
#[cfg(enumeration)]
#[autodiff_reverse(kind_rev, Active, Active)]
fn kind(k: (f64, Kind)) -> f64 {
    if k.1 == Kind::One { k.0 } else { k.0 * k.0 }
}

// What has none works as it did: numbers of all kinds, generic ones too.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Numbers<T> { x: T, n: u8, pair: ([f32; 3], bool), o: Option<f64> }
#[autodiff_reverse(numbers_rev, Active, Active)]
fn numbers<T: Copy + Into<f64>>(v: Numbers<T>) -> Numbers<f64> {
    let x = v.x.into() * f64::from(v.pair.0[1]) * v.o.unwrap_or(1.0);
    Numbers { x, n: v.n, pair: v.pair, o: None }
}

fn main() {
    let v = Numbers { x: 2.0f32, n: 1, pair: ([3.0; 3], true), o: None };
    let seed = Numbers { x: 1.0, n: 0, pair: ([0.0, 0.0, 1.0], false), o: None };
    let (value, d) = numbers_rev(v, seed);
    assert_eq!((value.x, d.x, d.pair.0), (6.0, 3.0, [0.0, 2.0, 1.0]));
    let y = 3.0;
    let _ = (Kind::Two, Raw { x: 2.0, y: &y }, a as fn(&Raw, usize) -> f64);
    #[cfg(enumeration)]
    println!("{:?}", kind_rev((1.0, Kind::One), 1.0).0);
    #[cfg(reference)]
    println!("{}", hidden_rev(Hidden { x: 2.0, y: [&y; 2] }, 1.0).0);
    #[cfg(not(any(reference, good)))]
    {
        println!("{}", hidden_rev(Hidden { x: 2.0, y: [Some(&y); 2] }, 1.0).0);
        println!("{}", alias_rev(&y, 1.0).0);
        println!("{:?}", result_rev(&[2.0, y], &mut [0.0; 2], &y));
        println!("{}", chain_rev(Raw { x: 2.0, y: &y }, std::env::args().count(), 1.0).0);
    }
}
