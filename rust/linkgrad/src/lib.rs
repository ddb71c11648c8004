//===- lib.rs - Derivatives of Rust functions -----------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! Automatic differentiation at link time, on stable Rust.
//!
//! The attributes have the syntax and the generated functions the signatures
//! of nightly's `std::autodiff`, so a program changes its `use` line only:
//!
//! ```ignore
//! use linkgrad::*; // instead of std::autodiff::*
//!
//! #[autodiff_reverse(rosenbrock_gradient, Active, Active, Active)]
//! fn rosenbrock(x: f64, y: f64) -> f64 {
//!     (1.0 - x).powi(2) + 100.0 * (y - x.powi(2)).powi(2)
//! }
//!
//! fn main() {
//!     let (value, dx, dy) = rosenbrock_gradient(1.0, 3.0, 1.0);
//!     assert_eq!((value, dx, dy), (400.0, -800.0, 400.0));
//! }
//! ```
//!
//! Build with `cargo linkgrad build`. An ordinary `cargo build` stops at the
//! link with an undefined symbol `__enzyme_autodiff_…`, because nobody has
//! differentiated the function. `docs/rust.md` tells how to set up plain cargo.

#![no_std]

pub use linkgrad_macros::{autodiff_forward, autodiff_reverse};
