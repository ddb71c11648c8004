//===- request.rs - Reading the arguments of the attribute ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! `NAME, [WIDTH,] ACTIVITY, …`, checked against the function.

use crate::function::{Function, Parameter, Type};
use crate::quote::{split_at_commas, visible, Error, Result};
use proc_macro::{Ident, Span, TokenStream, TokenTree};

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    Forward,
    Reverse,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Activity {
    Const,
    Dual,
    DualOnly,
    Dualv,
    Active,
    ActiveOnly,
    Duplicated,
    DuplicatedOnly,
}

use Activity::*;

const ACTIVITIES: [(&str, Activity); 8] = [
    ("Const", Const),
    ("Dual", Dual),
    ("DualOnly", DualOnly),
    ("Dualv", Dualv),
    ("Active", Active),
    ("ActiveOnly", ActiveOnly),
    ("Duplicated", Duplicated),
    ("DuplicatedOnly", DuplicatedOnly),
];

/// What the attribute asks for.
pub struct Request {
    pub mode: Mode,
    /// What the derivative is to be called.
    pub name: Ident,
    pub width: usize,
    /// One for each parameter.
    pub inputs: Vec<Activity>,
    /// None if the function returns nothing.
    pub output: Option<Activity>,
}

/// An activity and where it is written.
struct Written {
    activity: Activity,
    span: Span,
}

impl Activity {
    /// The value itself is not wanted afterwards.
    pub fn is_only(self) -> bool {
        matches!(self, DualOnly | ActiveOnly | DuplicatedOnly)
    }

    fn name(self) -> &'static str {
        ACTIVITIES
            .iter()
            .find(|(_, a)| *a == self)
            .map_or("", |(name, _)| name)
    }

    /// What an input, and the output, can be in this mode.
    fn allowed(mode: Mode, is_output: bool) -> &'static [Activity] {
        match (mode, is_output) {
            (Mode::Forward, false) => &[Dual, DualOnly, Dualv, Const],
            (Mode::Forward, true) => &[Dual, DualOnly, Const],
            (Mode::Reverse, false) => &[Active, Duplicated, DuplicatedOnly, Const],
            (Mode::Reverse, true) => &[Active, ActiveOnly, Const],
        }
    }
}

impl Request {
    pub fn parse(mode: Mode, arguments: TokenStream, function: &Function) -> Result<Self> {
        let tokens = visible(arguments);
        let mut parts = split_at_commas(&tokens);
        let name = parse_name(&mut parts, function)?;
        let width = parse_width(&mut parts)?;
        let written = parts
            .into_iter()
            .map(parse_activity)
            .collect::<Result<Vec<_>>>()?;
        check_count(&written, function)?;
        let (inputs, output) = written.split_at(function.parameters.len());
        for (input, parameter) in inputs.iter().zip(&function.parameters) {
            check_input(mode, width, input, parameter)?;
        }
        for (output, ty) in output.iter().zip(&function.output) {
            check_output(mode, output, ty)?;
        }
        check_width(mode, width, &written)?;
        Ok(Request {
            mode,
            name,
            width,
            inputs: inputs.iter().map(|w| w.activity).collect(),
            output: output.first().map(|w| w.activity),
        })
    }
}

/// Takes the name off the front.
fn parse_name(parts: &mut Vec<&[TokenTree]>, function: &Function) -> Result<Ident> {
    if parts.is_empty() {
        return Err(Error::new(
            Span::call_site(),
            "autodiff needs the name of the derivative, then an activity for each parameter \
             and for the result",
        ));
    }
    let first = parts.remove(0);
    let name = match first {
        [TokenTree::Ident(name)] => name.clone(),
        _ => {
            return Err(Error::new(
                span_of(first),
                "the first argument is the name of the derivative, an identifier",
            ))
        }
    };
    if ACTIVITIES.iter().any(|(text, _)| name.to_string() == *text) {
        return Err(Error::new(
            name.span(),
            format!("the name of the derivative comes before the activities, but here stands the activity {name}"),
        ));
    }
    if name.to_string() == function.name.to_string() {
        return Err(Error::new(
            name.span(),
            format!("the derivative needs another name than the function `{name}` itself"),
        ));
    }
    Ok(name)
}

/// Takes the width off the front, if there is one.
fn parse_width(parts: &mut Vec<&[TokenTree]>) -> Result<usize> {
    let Some([TokenTree::Literal(literal)]) = parts.first() else {
        return Ok(1);
    };
    match literal.to_string().parse() {
        Ok(width @ 1..=64) => {
            parts.remove(0);
            Ok(width)
        }
        _ => Err(Error::new(
            literal.span(),
            "the width is the number of directions, from 1 to 64",
        )),
    }
}

fn parse_activity(part: &[TokenTree]) -> Result<Written> {
    let span = span_of(part);
    let text: String = part.iter().map(ToString::to_string).collect();
    match ACTIVITIES.iter().find(|(name, _)| *name == text) {
        Some((_, activity)) => Ok(Written {
            activity: *activity,
            span,
        }),
        None => Err(Error::new(
            span,
            format!("did not recognize the activity `{text}`; there are Const, Dual, DualOnly and Dualv in forward mode, Const, Active, ActiveOnly, Duplicated and DuplicatedOnly in reverse mode"),
        )),
    }
}

fn span_of(part: &[TokenTree]) -> Span {
    part.first().map_or(Span::call_site(), TokenTree::span)
}

fn check_count(written: &[Written], function: &Function) -> Result<()> {
    let inputs = function.parameters.len();
    let expected = inputs + usize::from(function.output.is_some());
    if written.len() == expected {
        return Ok(());
    }
    let result = match function.output {
        Some(_) => "one for the result",
        None => "none for the result, as it returns nothing",
    };
    Err(Error::new(
        Span::call_site(),
        format!(
            "expected {expected} activities, but found {}: `{}` needs one for each of its {inputs} parameters and {result}",
            written.len(),
            function.name
        ),
    ))
}

fn check_allowed(mode: Mode, written: &Written, is_output: bool) -> Result<()> {
    let allowed = Activity::allowed(mode, is_output);
    if allowed.contains(&written.activity) {
        return Ok(());
    }
    let names: Vec<_> = allowed.iter().map(|a| a.name()).collect();
    Err(Error::new(
        written.span,
        format!(
            "{} cannot be used for {} in {} mode; use one of {}",
            written.activity.name(),
            if is_output {
                "the result"
            } else {
                "a parameter"
            },
            if mode == Mode::Forward {
                "forward"
            } else {
                "reverse"
            },
            names.join(", ")
        ),
    ))
}

fn check_input(mode: Mode, width: usize, written: &Written, parameter: &Parameter) -> Result<()> {
    check_allowed(mode, written, false)?;
    let ty = &parameter.ty;
    let name = written.activity.name();
    let is_indirect = ty.is_reference() || ty.is_pointer();
    let problem = match written.activity {
        Active if is_indirect => format!(
            "{name} is for values, whose adjoint is returned; use Duplicated for a reference or pointer"
        ),
        Active if ty.points() => format!(
            "{name} is for numbers, but there is a reference or pointer in the type; \
             make what it is to a parameter of its own"
        ),
        Duplicated | DuplicatedOnly if !is_indirect => format!(
            "{name} is for references and pointers; use Active for a value, whose adjoint is returned"
        ),
        Dualv if !is_indirect => format!("{name} is for references and pointers; use Dual for a value"),
        Dualv if width == 1 => format!("{name} needs a width: the number of tangents behind the reference"),
        _ => return Ok(()),
    };
    Err(Error::new(written.span, problem))
}

/// A seed is a value. If the result is a pointer, the adjoints are behind it, where
/// the primal's own shadow is, and not what the caller could pass.
fn check_output(mode: Mode, written: &Written, ty: &Type) -> Result<()> {
    check_allowed(mode, written, true)?;
    if mode == Mode::Forward || written.activity == Const || !ty.points() {
        return Ok(());
    }
    Err(Error::new(
        written.span,
        format!(
            "{} is for numbers, but there is a reference or pointer in the type of the result; \
             return the value, or write it through a `&mut` that is Duplicated",
            written.activity.name()
        ),
    ))
}

/// Adjoints of several seeds are possible only where each has its own shadow.
fn check_width(mode: Mode, width: usize, written: &[Written]) -> Result<()> {
    if mode == Mode::Forward || width == 1 {
        return Ok(());
    }
    match written
        .iter()
        .find(|w| matches!(w.activity, Active | ActiveOnly))
    {
        None => Ok(()),
        Some(w) => Err(Error::new(
            w.span,
            format!(
                "{} has one adjoint and one seed, so it cannot be combined with a width; \
                 pass a reference that is Duplicated",
                w.activity.name()
            ),
        )),
    }
}
