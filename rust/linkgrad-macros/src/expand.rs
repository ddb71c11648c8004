//===- expand.rs - Writing the derivative ---------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! The derivative of `fn f(x: f64, y: &[f64]) -> f64` is, shortened:
//!
//! ```ignore
//! fn df(x: f64, y: &[f64], dy_0: &mut [f64], dret: f64) -> (f64, f64) {
//!     unsafe extern "C-unwind" {
//!         #[link_name = "__enzyme_autodiff_crate_df_0123456789abcdef"]
//!         fn request(_: *const u8, …);
//!         static enzyme_dup: u8;
//!     }
//!     let primal: unsafe fn(*const _, *const _, *mut _) = |p0, p1, out| unsafe {
//!         write(out, f(read(p0), read(p1)))
//!     };
//!     let (mut adjoint0, mut out) = (zero, uninitialised);
//!     request(primal, &enzyme_dup, &x, &adjoint0, &enzyme_dup, &y, &dy_0,
//!             &enzyme_dup, &out, &dret);
//!     (out, adjoint0)
//! }
//! ```
//!
//! What is differentiated is the closure, which takes every argument and leaves
//! the result in memory. So the request does not depend on how rustc passes a
//! type: a slice, a struct or a generic `T` is a few bytes behind a pointer,
//! and its shadow is a second value of that type. One declaration serves all
//! instances of a generic function. The closure and the memory vanish when the
//! derivative is optimised.

use crate::function::{Function, Parameter, Type};
use crate::quote::{comma_list, local, number, string, template};
use crate::request::{Activity, Mode, Request};
use proc_macro::{Span, TokenStream, TokenTree};
use Activity::*;

/// The derivative of `function`.
pub fn expand(function: &Function, request: &Request) -> TokenStream {
    let mut body = Body::new(function, request);
    for (index, (parameter, activity)) in
        function.parameters.iter().zip(&request.inputs).enumerate()
    {
        body.input(index, parameter, *activity);
    }
    body.output();
    let statements = body.statements();
    derivative(function, request, &body, &statements)
}

/// The item around the statements.
fn derivative(
    function: &Function,
    request: &Request,
    body: &Body,
    statements: &TokenStream,
) -> TokenStream {
    let forgets_inputs = request.inputs.iter().any(|a| a.is_only());
    let unsafety = match function.is_unsafe || forgets_inputs {
        true => template("unsafe", &[]),
        false => TokenStream::new(),
    };
    let mode = match request.mode {
        Mode::Forward => "Forward",
        Mode::Reverse => "Reverse",
    };
    let doc = string(&format!("{mode}-mode derivative of `{}`.", function.name));
    template(
        "$attributes
        #[doc = $doc]
        #[allow(unsafe_code, unused_unsafe, unused_mut, unused_variables, clippy::all)]
        $visibility $unsafety fn $name $generics($parameters) -> $result $where_clause {
            $statements
        }",
        &[
            ("attributes", &function.attributes),
            ("doc", &doc),
            ("visibility", &function.visibility),
            ("unsafety", &unsafety),
            ("name", &TokenTree::from(request.name.clone()).into()),
            ("generics", &function.generics),
            ("parameters", &comma_list(body.signature.clone())),
            ("result", &body.result_type()),
            ("where_clause", &function.where_clause),
            ("statements", statements),
        ],
    )
}

/// The derivative as it is put together, one parameter after the other.
struct Body<'a> {
    function: &'a Function,
    request: &'a Request,
    /// The parameters of the derivative.
    signature: Vec<TokenStream>,
    /// What comes before the request: checks, and values that get an address.
    prologue: TokenStream,
    /// The markers in use.
    markers: Vec<&'static str>,
    /// The operands of the request after the function.
    operands: Vec<TokenStream>,
    /// What the primal says of its arguments.
    promises: TokenStream,
    /// Types and values of what the derivative returns, apart from tangents.
    results: Vec<(TokenStream, TokenStream)>,
}

impl<'a> Body<'a> {
    fn new(function: &'a Function, request: &'a Request) -> Self {
        let mut body = Body {
            function,
            request,
            signature: Vec::new(),
            prologue: TokenStream::new(),
            markers: Vec::new(),
            operands: Vec::new(),
            promises: TokenStream::new(),
            results: Vec::new(),
        };
        if request.width > 1 {
            body.marker("enzyme_width");
            let width = number(request.width);
            body.operands
                .push(template("$width as *const u8", &[("width", &width)]));
        }
        body
    }

    //===------------------------------------------------------------------===//
    // Inputs
    //===------------------------------------------------------------------===//

    /// The parameter, its shadows, and the operands that stand for them.
    fn input(&mut self, index: usize, parameter: &Parameter, activity: Activity) {
        let name = match &parameter.name {
            Some(name) => TokenTree::from(name.clone()).into(),
            None => local(&format!("arg{index}")),
        };
        let declared = match parameter.receiver.is_empty() {
            true => declare(&name, &parameter.ty.tokens()),
            false => parameter.receiver.clone(),
        };
        self.signature.push(declared);

        let primal = local(&format!("p{index}"));
        match activity {
            Const => {
                self.marker("enzyme_const");
                self.address(&primal);
            }
            Active => {
                let adjoint = local(&format!("adjoint{index}"));
                let ty = parameter.ty.tokens();
                self.check_owns_nothing(&ty, "pass a reference that is Duplicated");
                self.check_zero(&ty);
                self.promise_no_pointer(&local(&format!("a{index}")), &parameter.ty);
                self.zeroed(&adjoint, &ty);
                self.marker("enzyme_dup");
                self.address(&primal);
                self.address(&adjoint);
                self.results.push((ty, initialised(&adjoint)));
            }
            _ => self.shadowed(&name, &primal, parameter, activity),
        }
        // Last, as it takes the value that the checks look at.
        self.own(&primal, &name);
    }

    /// An input with shadows among the parameters.
    fn shadowed(
        &mut self,
        name: &TokenStream,
        primal: &TokenStream,
        parameter: &Parameter,
        activity: Activity,
    ) {
        self.marker(match activity.is_only() {
            true => "enzyme_dupnoneed",
            false => "enzyme_dup",
        });
        self.address(primal);
        let (prefix, ty) = match self.request.mode {
            Mode::Forward => ("b", parameter.ty.tokens()),
            Mode::Reverse => ("d", parameter.ty.as_mutable()),
        };
        let text = name.to_string();
        let text = text.strip_prefix("r#").unwrap_or(&text);
        let count = match activity {
            Dualv => 1,
            _ => self.request.width,
        };
        for lane in 0..count {
            let shadow = local(&format!("{prefix}{text}_{lane}"));
            self.signature.push(declare(&shadow, &ty));
            if activity == Dualv {
                self.lanes(name, &shadow, parameter);
                continue;
            }
            if parameter.ty.is_slice() {
                self.check_length(name, &shadow, 1);
            }
            let owned = local(&format!("s{}", self.operands.len()));
            self.own(&owned, &shadow);
            self.address(&owned);
        }
    }

    /// The shadows of a `Dualv` input lie one after the other: makes references
    /// to each.
    fn lanes(&mut self, name: &TokenStream, shadow: &TokenStream, parameter: &Parameter) {
        let width = number(self.request.width);
        let lanes = local(&format!("lanes{}", self.operands.len()));
        let text = match parameter.ty.is_slice() {
            true => {
                self.check_length(name, shadow, self.request.width);
                "let mut $lanes: [_; $width] = ::core::array::from_fn(|lane| unsafe {
                    let start = $shadow.as_ptr().add(lane * $name.len());
                    ::core::slice::from_raw_parts(start, $name.len())
                });"
            }
            false => {
                "let mut $lanes: [_; $width] = ::core::array::from_fn(|lane| unsafe {
                    (&raw const *$shadow).add(lane)
                });"
            }
        };
        let parts = [
            ("lanes", &lanes),
            ("width", &width),
            ("shadow", shadow),
            ("name", name),
        ];
        self.prologue.extend(template(text, &parts));
        for lane in 0..self.request.width {
            let lane = number(lane);
            let operand = template(
                "(&raw mut $lanes[$lane]).cast()",
                &[("lanes", &lanes), ("lane", &lane)],
            );
            self.operands.push(operand);
        }
    }

    /// A shadow that is too short would be written past its end.
    fn check_length(&mut self, name: &TokenStream, shadow: &TokenStream, times: usize) {
        let message = string(&format!("the shadow of `{name}` is shorter than `{name}`"));
        self.prologue.extend(template(
            "::core::assert!($shadow.len() >= $times * $name.len(), $message);",
            &[
                ("shadow", shadow),
                ("times", &number(times)),
                ("name", name),
                ("message", &message),
            ],
        ));
    }

    //===------------------------------------------------------------------===//
    // The output
    //===------------------------------------------------------------------===//

    fn output(&mut self) {
        let (Some(ty), Some(activity)) = (&self.function.output, self.request.output) else {
            return;
        };
        let tokens = ty.tokens();
        let out = local("out");
        self.zeroed(&out, &tokens);
        match (self.request.mode, activity) {
            // As std::autodiff documents it: the tangent of a float is returned
            // although the result is called Const.
            (Mode::Forward, Const) if ty.is_float() => self.tangents(&out, &tokens, DualOnly),
            (_, Const) => {
                self.marker("enzyme_const");
                self.address(&out);
                self.results.insert(0, (tokens, initialised(&out)));
            }
            (Mode::Forward, _) => self.tangents(&out, &tokens, activity),
            (Mode::Reverse, _) => self.seed(&out, ty, activity),
        }
    }

    /// The tangents of the output, and the output itself unless it is DualOnly.
    fn tangents(&mut self, out: &TokenStream, ty: &TokenStream, activity: Activity) {
        let is_only = activity.is_only();
        self.marker(match is_only {
            true => "enzyme_dupnoneed",
            false => "enzyme_dup",
        });
        self.address(out);
        if !is_only {
            self.results.push((ty.clone(), initialised(out)));
        }
        for lane in 0..self.request.width {
            let tangent = local(&format!("tangent{lane}"));
            self.zeroed(&tangent, ty);
            self.address(&tangent);
            self.results.push((ty.clone(), initialised(&tangent)));
        }
    }

    /// The adjoint of the output comes from the caller.
    fn seed(&mut self, out: &TokenStream, declared: &Type, activity: Activity) {
        let ty = declared.tokens();
        self.check_owns_nothing(&ty, "write it through a `&mut` that is Duplicated");
        self.promise_no_pointer(out, declared);
        self.marker(match activity.is_only() {
            true => "enzyme_dupnoneed",
            false => "enzyme_dup",
        });
        self.address(out);
        let (dret, seed) = (local("dret"), local("seed"));
        self.signature.push(declare(&dret, &ty));
        self.own(&seed, &dret);
        self.address(&seed);
        if !activity.is_only() {
            self.results.insert(0, (ty, initialised(out)));
        }
    }

    /// Nothing, one type, a tuple; an array if there are tangents of several
    /// lanes.
    fn result_type(&self) -> TokenStream {
        let mut types = self.results.iter().map(|(ty, _)| ty.clone());
        match types.len() {
            0 => template("()", &[]),
            1 if !self.returns_array() => types.next().unwrap_or_default(),
            count if self.returns_array() => template(
                "[$ty; $count]",
                &[
                    ("ty", &types.next().unwrap_or_default()),
                    ("count", &number(count)),
                ],
            ),
            _ => template("($types)", &[("types", &comma_list(types))]),
        }
    }

    fn returns_array(&self) -> bool {
        self.request.mode == Mode::Forward && self.request.width > 1 && self.results.len() > 1
    }

    fn result_value(&self) -> TokenStream {
        let mut values = self.results.iter().map(|(_, value)| value.clone());
        match values.len() {
            1 if !self.returns_array() => values.next().unwrap_or_default(),
            _ if self.returns_array() => template("[$values]", &[("values", &comma_list(values))]),
            _ => template("($values)", &[("values", &comma_list(values))]),
        }
    }

    //===------------------------------------------------------------------===//
    // Pieces
    //===------------------------------------------------------------------===//

    fn statements(&self) -> TokenStream {
        let types = self.operands.iter().map(|_| template("_: *const u8", &[]));
        let statics = self
            .markers
            .iter()
            .map(|m| template("static $m: u8;", &[("m", &local(m))]));
        let symbol = string(&self.symbol());
        template(
            "#[allow(clashing_extern_declarations)]
            unsafe extern \"C-unwind\" {
                #[link_name = $symbol]
                fn __linkgrad_request(_: *const u8, $types);
                $statics
            }
            $prologue
            let primal: unsafe fn($pointers) = $closure;
            unsafe {
                __linkgrad_request(primal as *const u8, $operands);
                $value
            }",
            &[
                ("symbol", &symbol),
                ("types", &comma_list(types)),
                ("statics", &statics.collect()),
                ("prologue", &self.prologue),
                ("pointers", &self.pointers()),
                ("closure", &self.closure()),
                ("operands", &comma_list(self.operands.iter().cloned())),
                ("value", &self.result_value()),
            ],
        )
    }

    /// The primal with all its arguments, and its result, in memory.
    fn closure(&self) -> TokenStream {
        let function = self.function;
        let names: Vec<_> = (0..function.parameters.len())
            .map(|index| local(&format!("a{index}")))
            .collect();
        let arguments = names
            .iter()
            .map(|name| template("::core::ptr::read($name)", &[("name", name)]));
        let path = match function.is_associated {
            true => template("Self::", &[]),
            false => TokenStream::new(),
        };
        let generics = function
            .generic_names
            .iter()
            .map(|name| TokenTree::from(name.clone()).into());
        let call = template(
            "$path $name::<$generics>($arguments)",
            &[
                ("path", &path),
                ("name", &TokenTree::from(function.name.clone()).into()),
                ("generics", &comma_list(generics)),
                ("arguments", &comma_list(arguments)),
            ],
        );
        let names = comma_list(names);
        let parts = [
            ("names", &names),
            ("promises", &self.promises),
            ("call", &call),
        ];
        match function.output {
            Some(_) => template(
                "|$names out| unsafe {
                    $promises
                    ::core::ptr::write(out, $call)
                }",
                &parts,
            ),
            None => template("|$names| unsafe { $promises $call }", &parts),
        }
    }

    /// The closure's parameter types. What they lead to, debug information tells
    /// LinkGrad.
    fn pointers(&self) -> TokenStream {
        let inputs = self.function.parameters.iter();
        let inputs = inputs.map(|_| template("*const _", &[]));
        let output = self.function.output.iter();
        comma_list(inputs.chain(output.map(|_| template("*mut _", &[]))))
    }

    /// A name for the request that no other derivative of the program has.
    fn symbol(&self) -> String {
        let kind = match self.request.mode {
            Mode::Forward => "__enzyme_fwddiff",
            Mode::Reverse => "__enzyme_autodiff",
        };
        let package = std::env::var("CARGO_CRATE_NAME").unwrap_or_default();
        let name = self.request.name.to_string();
        let name = name.strip_prefix("r#").unwrap_or(&name);
        let place = Span::call_site();
        let key = format!("{}:{}:{}", place.file(), place.line(), place.column());
        format!("{kind}_{package}_{name}_{:016x}", fnv1a(key.as_bytes()))
    }

    fn marker(&mut self, name: &'static str) {
        if !self.markers.contains(&name) {
            self.markers.push(name);
        }
        self.operands
            .push(template("&raw const $name", &[("name", &local(name))]));
    }

    /// The next operand is the address of a local variable.
    fn address(&mut self, variable: &TokenStream) {
        self.operands.push(template(
            "(&raw mut $variable).cast()",
            &[("variable", variable)],
        ));
    }

    /// Moves a parameter into a variable that is not dropped: the primal takes
    /// it.
    fn own(&mut self, variable: &TokenStream, parameter: &TokenStream) {
        self.prologue.extend(template(
            "let mut $variable = ::core::mem::ManuallyDrop::new($parameter);",
            &[("variable", variable), ("parameter", parameter)],
        ));
    }

    /// What is Active is a value, and its adjoint another one: it must not be a
    /// pointer to memory of its own, as in a `Vec`. (`request` has refused what
    /// is written as a pointer.)
    fn check_owns_nothing(&mut self, ty: &TokenStream, instead: &str) {
        let message = string(&format!(
            "Active is for numbers, but what has this type owns something: {instead}"
        ));
        self.prologue.extend(template(
            "const { ::core::assert!(!::core::mem::needs_drop::<$ty>(), $message) };",
            &[("ty", ty), ("message", &message)],
        ));
    }

    /// The adjoint begins as zeros, which are no reference.
    fn check_zero(&mut self, ty: &TokenStream) {
        self.prologue.extend(template(
            "const { unsafe { ::core::mem::zeroed::<$ty>() } };",
            &[("ty", ty)],
        ));
    }

    /// The same for raw pointers, for which zeros are good to Rust. Which bytes
    /// the primal uses as pointers is known at the link.
    fn promise_no_pointer(&mut self, argument: &TokenStream, ty: &Type) {
        if ty.is_float() {
            return;
        }
        self.promises.extend(template(
            "{
                unsafe extern \"C\" { fn __enzyme_nopointer(_: *const u8, _: usize); }
                __enzyme_nopointer($argument as *const u8, ::core::mem::size_of::<$ty>());
            }",
            &[("argument", argument), ("ty", &ty.tokens())],
        ));
    }

    /// A variable of zero bytes, to be filled by the derivative.
    fn zeroed(&mut self, variable: &TokenStream, ty: &TokenStream) {
        self.prologue.extend(template(
            "let mut $variable = ::core::mem::MaybeUninit::<$ty>::zeroed();",
            &[("variable", variable), ("ty", ty)],
        ));
    }
}

fn declare(name: &TokenStream, ty: &TokenStream) -> TokenStream {
    template("$name: $ty", &[("name", name), ("ty", ty)])
}

fn initialised(variable: &TokenStream) -> TokenStream {
    template("$variable.assume_init()", &[("variable", variable)])
}

/// The hash of Fowler, Noll and Vo: small, and the same everywhere.
fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
