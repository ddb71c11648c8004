// Wrong use is a compile error at the attribute, with a sentence that helps.
// RUN: not %rustc --emit=metadata -o %t %s 2>&1 | FileCheck %s
// CHECK-NOT: internal compiler error

use linkgrad::*;

// CHECK: error: Dual cannot be used for a parameter in reverse mode; use one of Active, Duplicated, DuplicatedOnly, Const
// CHECK-NEXT: errors.rs:[[#@LINE+1]]:24
#[autodiff_reverse(e1, Dual, Active)]
fn f1(x: f64) -> f64 { x }

// CHECK: error: Active cannot be used for the result in forward mode; use one of Dual, DualOnly, Const
#[autodiff_forward(e2, Dual, Active)]
fn f2(x: f64) -> f64 { x }

// CHECK: error: expected 2 activities, but found 1: `f3` needs one for each of its 1 parameters and one for the result
#[autodiff_forward(e3, Dual)]
fn f3(x: f64) -> f64 { x }

// CHECK: error: expected 1 activities, but found 2: `f4` needs one for each of its 1 parameters and none for the result
#[autodiff_forward(e4, Dual, Dual)]
fn f4(x: f64) { let _ = x; }

// CHECK: error: did not recognize the activity `Foo`
// CHECK-NEXT: errors.rs:[[#@LINE+1]]:30
#[autodiff_forward(e5, Dual, Foo)]
fn f5(x: f64) -> f64 { x }

// CHECK: error: autodiff must be applied to a function
// CHECK-NEXT: errors.rs:[[#@LINE+2]]:1
#[autodiff_forward(e6, Dual, Dual)]
struct S6;

// CHECK: error: the width is the number of directions, from 1 to 64
#[autodiff_forward(e7, 0, Dual, Dual)]
fn f7(x: f64) -> f64 { x }

// CHECK: error: the derivative needs another name than the function `f8` itself
#[autodiff_forward(f8, Dual, Dual)]
fn f8(x: f64) -> f64 { x }

// CHECK: error: Active is for values, whose adjoint is returned; use Duplicated for a reference or pointer
#[autodiff_reverse(e9, Active, Active)]
fn f9(x: &f64) -> f64 { *x }

// CHECK: error: Duplicated is for references and pointers; use Active for a value, whose adjoint is returned
#[autodiff_reverse(e10, Duplicated, Active)]
fn f10(x: f64) -> f64 { x }

// CHECK: error: autodiff needs the name of the derivative
// CHECK-NEXT: errors.rs:[[#@LINE+1]]:1
#[autodiff_forward]
fn f11(x: f64) -> f64 { x }

// CHECK: error: the name of the derivative comes before the activities
#[autodiff_forward(Dual, Dual)]
fn f12(x: f64) -> f64 { x }

// CHECK: error: the first argument is the name of the derivative, an identifier
#[autodiff_forward("e13", Dual, Dual)]
fn f13(x: f64) -> f64 { x }

// CHECK: error: an async function cannot be differentiated
#[autodiff_forward(e14, Dual, Dual)]
async fn f14(x: f64) -> f64 { x }

// CHECK: error: `impl Trait` cannot be used in a differentiated function; write `fn f<T: Trait>(x: T)`
#[autodiff_forward(e15, Const, Dual, Dual)]
fn f15(f: impl Fn(f64) -> f64, x: f64) -> f64 { f(x) }

// CHECK: error: the result of a differentiated function needs a type that can be named
#[autodiff_forward(e16, Dual, Dual)]
fn f16(x: f64) -> impl Copy { x }

// CHECK: error: Active has one adjoint and one seed, so it cannot be combined with a width
#[autodiff_reverse(e17, 2, Duplicated, Active)]
fn f17(x: &f64) -> f64 { *x }

// CHECK: error: Dualv needs a width
#[autodiff_forward(e18, Dualv, Dual)]
fn f18(x: &[f64]) -> f64 { x[0] }

// CHECK: error: Dualv is for references and pointers; use Dual for a value
#[autodiff_forward(e19, 2, Dualv, Dual)]
fn f19(x: f64) -> f64 { x }

// CHECK: error: did not recognize the activity `four`
#[autodiff_forward(e20, four, Dual, Dual)]
fn f20(x: f64) -> f64 { x }

// CHECK: error: the width is the number of directions, from 1 to 64
// CHECK-NEXT: errors.rs:[[#@LINE+1]]:25
#[autodiff_forward(e21, 0.5, Dual, Dual)]
fn f21(x: f64) -> f64 { x }

// CHECK: error: the width is the number of directions, from 1 to 64
#[autodiff_forward(e22, 65, Dual, Dual)]
fn f22(x: f64) -> f64 { x }

// CHECK: error: did not recognize the activity `2`
#[autodiff_forward(e23, 2, 2, Dual, Dual)]
fn f23(x: f64) -> f64 { x }

// CHECK: error: autodiff needs the name of the derivative
#[autodiff_forward()]
fn f24(x: f64) -> f64 { x }

// CHECK: error: the first argument is the name of the derivative, an identifier
#[autodiff_forward(module::e25, Dual, Dual)]
fn f25(x: f64) -> f64 { x }

// CHECK: error: did not recognize the activity `DualDual`
#[autodiff_forward(e26, Dual Dual)]
fn f26(x: f64) -> f64 { x }

// CHECK: error: a function with `...` cannot be differentiated
// CHECK-NEXT: errors.rs:[[#@LINE+2]]:34
#[autodiff_reverse(e27, Active, Active)]
unsafe extern "C" fn f27(x: f64, mut rest: ...) -> f64 { x }

// CHECK: error: autodiff must be applied to a function
#[autodiff_reverse(e28, Active, Active)]
impl S6 { fn f28(x: f64) -> f64 { x } }

// CHECK: error: autodiff must be applied to a function
#[autodiff_reverse(e29, Active)]
const C29: f64 = 1.0;

// CHECK: error: Active is for numbers, but there is a reference or pointer in the type of the result; return the value, or write it through a `&mut` that is Duplicated
// CHECK-NEXT: errors.rs:[[#@LINE+1]]:37
#[autodiff_reverse(e30, Duplicated, Active)]
fn f30<'a>(x: &'a [f64]) -> Option<&'a f64> { x.first() }

// CHECK: error: Active is for numbers, but there is a reference or pointer in the type; make what it is to a parameter of its own
#[autodiff_reverse(e31, Active, Active)]
fn f31(x: (f64, &[f64])) -> f64 { x.0 * x.1[0] }

// CHECK: error: a function that does not return has no derivative
#[autodiff_forward(e32, Dual)]
fn f32_(x: f64) -> ! { panic!("{x}") }

struct S33(f64);
impl S33 {
    // CHECK: error: Active is for values, whose adjoint is returned; use Duplicated
    #[autodiff_reverse(e33, Active, Active)]
    fn f33(&self) -> f64 { self.0 }

    // CHECK: error: expected 2 activities, but found 1: `f34` needs one for each of its 1 parameters
    #[autodiff_reverse(e34, Active)]
    fn f34(self) -> f64 { self.0 }
}

// What is allowed: no error comes from here.
#[autodiff_reverse(e35, Active, Active)]
pub const fn f35(x: f64) -> f64 { x }

#[autodiff_reverse(e36, Active, Active)]
pub unsafe extern "C" fn f36(x: [f64; 2 * 3]) -> f64 { x[0] }

// CHECK: error[E0658]: C-variadic functions are unstable
// CHECK: error: aborting due to 35 previous errors
fn main() {}
