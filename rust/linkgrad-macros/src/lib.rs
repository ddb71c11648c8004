//===- lib.rs - The attributes autodiff_forward and autodiff_reverse ------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! The attributes of the crate `linkgrad`; use them from there.
//!
//! An attribute leaves its function as it is and adds a second one, the
//! derivative, whose body is a request that the linker answers. What is read
//! from the source is in `function` and `request`, what is written in `expand`;
//! `quote` has the few tools for token streams that both need.

mod expand;
mod function;
mod quote;
mod request;

use expand::expand;
use function::Function;
use proc_macro::TokenStream;
use request::{Mode, Request};

/// Adds the forward-mode derivative (Jacobian-vector product) of a function.
///
/// `#[autodiff_forward(NAME, [WIDTH,] INPUT_ACTIVITIES, OUTPUT_ACTIVITY)]`
///
/// Each input is `Const`, or `Dual`: the derivative takes a tangent of the same
/// type after it (`WIDTH` tangents, if a width is given). `Dualv` takes one
/// slice that holds the `WIDTH` tangents one after the other. `DualOnly` is
/// `Dual` for an input whose value nobody needs afterwards; it makes the
/// derivative `unsafe`.
///
/// A `Dual` output gives `(value, tangent)`, or `[value, tangents…]` for a
/// width; a `DualOnly` output leaves out the value. It is omitted for a
/// function that returns nothing.
#[proc_macro_attribute]
pub fn autodiff_forward(arguments: TokenStream, item: TokenStream) -> TokenStream {
    differentiate(Mode::Forward, arguments, item)
}

/// Adds the reverse-mode derivative (vector-Jacobian product) of a function.
///
/// `#[autodiff_reverse(NAME, INPUT_ACTIVITIES, OUTPUT_ACTIVITY)]`
///
/// Each input is `Const`; or `Active`, a value whose adjoint is returned; or
/// `Duplicated`, a reference or pointer, after which the derivative takes a
/// mutable one to the shadow: adjoints are added to the shadow of what is
/// read, and taken from (and reset in) the shadow of what is written.
/// `DuplicatedOnly` is `Duplicated` for an input whose value nobody needs
/// afterwards; it makes the derivative `unsafe`.
///
/// An `Active` output adds the seed as the last parameter; the derivative
/// returns `(value, adjoints…)`, for `ActiveOnly` without the value. It is
/// omitted for a function that returns nothing.
#[proc_macro_attribute]
pub fn autodiff_reverse(arguments: TokenStream, item: TokenStream) -> TokenStream {
    differentiate(Mode::Reverse, arguments, item)
}

/// The item as it was, followed by its derivative or by what is wrong.
fn differentiate(mode: Mode, arguments: TokenStream, item: TokenStream) -> TokenStream {
    let derivative = Function::parse(item.clone()).and_then(|function| {
        let request = Request::parse(mode, arguments, &function)?;
        Ok(expand(&function, &request))
    });
    let mut result = item;
    result.extend(derivative.unwrap_or_else(|error| error.into_tokens()));
    result
}
