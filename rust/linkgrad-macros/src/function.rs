//===- function.rs - Reading the function under the attribute -------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! The parts of a function item that its derivative needs. The body is not
//! looked at, except for whether it speaks of `Self`.

use crate::quote::{angle, is_punct, is_word, split_at_commas, visible, Error, Result};
use proc_macro::{Delimiter, Ident, Span, TokenStream, TokenTree};

/// A type, of which only the outermost constructor matters.
#[derive(Clone)]
pub struct Type(Vec<TokenTree>);

/// One parameter, the receiver included.
pub struct Parameter {
    /// What the parameter is called: `self`, the user's name, or none for a
    /// pattern that is no plain name.
    pub name: Option<Ident>,
    /// How the receiver was written, `&self`; empty for the others.
    pub receiver: TokenStream,
    pub ty: Type,
}

pub struct Function {
    /// Attributes that hold for the derivative too.
    pub attributes: TokenStream,
    pub visibility: TokenStream,
    pub is_unsafe: bool,
    pub name: Ident,
    /// `<T: Copy, const N: usize>`, or nothing.
    pub generics: TokenStream,
    /// `T, N`: without lifetimes, which are inferred.
    pub generic_names: Vec<Ident>,
    pub parameters: Vec<Parameter>,
    /// None if the function returns nothing.
    pub output: Option<Type>,
    pub where_clause: TokenStream,
    /// The function stands in an `impl` or a `trait`.
    pub is_associated: bool,
}

/// Attributes that are copied to the derivative: they say where it exists and
/// which lints are on, not what it does.
const COPIED_ATTRIBUTES: [&str; 8] = [
    "cfg",
    "cfg_attr",
    "allow",
    "warn",
    "deny",
    "expect",
    "inline",
    "deprecated",
];

/// The tokens not yet read.
struct Cursor {
    tokens: Vec<TokenTree>,
    at: usize,
}

impl Function {
    pub fn parse(item: TokenStream) -> Result<Self> {
        let mut cursor = Cursor {
            tokens: visible(item),
            at: 0,
        };
        let attributes = cursor.attributes();
        let visibility = cursor.visibility();
        let is_unsafe = cursor.qualifiers()?;
        let name = cursor.identifier()?;
        let (generics, generic_names) = cursor.generics()?;
        let parameters = cursor.parameters()?;
        let output = cursor.output()?;
        let where_clause = cursor.until_body();
        let is_associated = mentions_self(&cursor.tokens);
        Ok(Function {
            attributes,
            visibility,
            is_unsafe,
            name,
            generics,
            generic_names,
            parameters,
            output,
            where_clause,
            is_associated,
        })
    }
}

impl Cursor {
    fn peek(&self) -> Option<&TokenTree> {
        self.tokens.get(self.at)
    }

    fn next(&mut self) -> Option<TokenTree> {
        let token = self.tokens.get(self.at).cloned();
        self.at += 1;
        token
    }

    /// Where the next token is, or the attribute if there is none.
    fn span(&self) -> Span {
        self.peek().map_or(Span::call_site(), TokenTree::span)
    }

    fn is_group(&self, delimiter: Delimiter) -> bool {
        matches!(self.peek(), Some(TokenTree::Group(g)) if g.delimiter() == delimiter)
    }

    /// Reads `#[…]` as often as it stands there.
    fn attributes(&mut self) -> TokenStream {
        let mut copied = TokenStream::new();
        while is_punct(self.peek(), '#') {
            let hash = self.next();
            let group = self.next();
            let Some(TokenTree::Group(body)) = &group else {
                break;
            };
            let path = body.stream().into_iter().next();
            if COPIED_ATTRIBUTES.iter().any(|a| is_word(path.as_ref(), a)) {
                copied.extend(hash);
                copied.extend(group);
            }
        }
        copied
    }

    /// Reads `pub`, `pub(crate)`, or nothing.
    fn visibility(&mut self) -> TokenStream {
        let mut tokens = TokenStream::new();
        if is_word(self.peek(), "pub") {
            tokens.extend(self.next());
            if self.is_group(Delimiter::Parenthesis) {
                tokens.extend(self.next());
            }
        }
        tokens
    }

    /// Reads up to and with `fn`. Returns whether `unsafe` is among it.
    fn qualifiers(&mut self) -> Result<bool> {
        let mut is_unsafe = false;
        loop {
            let span = self.span();
            let is_literal = matches!(self.peek(), Some(TokenTree::Literal(_)));
            let word = self.next().map_or(String::new(), |t| t.to_string());
            match word.as_str() {
                "fn" => return Ok(is_unsafe),
                "unsafe" => is_unsafe = true,
                "const" | "extern" | "default" | "safe" => {}
                "async" => {
                    return Err(Error::new(
                        span,
                        "an async function cannot be differentiated: it returns before it has \
                         computed anything; move the computation into a function of its own",
                    ))
                }
                _ if is_literal => {} // extern "C"
                _ => return Err(Error::new(span, "autodiff must be applied to a function")),
            }
        }
    }

    fn identifier(&mut self) -> Result<Ident> {
        let span = self.span();
        match self.next() {
            Some(TokenTree::Ident(name)) => Ok(name),
            _ => Err(Error::new(span, "expected the name of the function")),
        }
    }

    /// Reads `<…>` if it is there, and the names that it introduces.
    fn generics(&mut self) -> Result<(TokenStream, Vec<Ident>)> {
        if !is_punct(self.peek(), '<') {
            return Ok((TokenStream::new(), Vec::new()));
        }
        let start = self.at;
        let mut depth = 0;
        while self.at < self.tokens.len() {
            depth += angle(&self.tokens, self.at);
            self.at += 1;
            if depth == 0 {
                break;
            }
        }
        let all = &self.tokens[start..self.at];
        let mut names = Vec::new();
        for part in split_at_commas(&all[1..all.len() - 1]) {
            // A lifetime starts with an apostrophe, a constant with `const`.
            let skip = usize::from(is_word(part.first(), "const"));
            if let Some(TokenTree::Ident(name)) = part.get(skip) {
                names.push(name.clone());
            }
        }
        Ok((all.iter().cloned().collect(), names))
    }

    fn parameters(&mut self) -> Result<Vec<Parameter>> {
        let span = self.span();
        let Some(TokenTree::Group(group)) = self.next() else {
            return Err(Error::new(span, "expected the function's parameters"));
        };
        let tokens = visible(group.stream());
        split_at_commas(&tokens)
            .into_iter()
            .map(Parameter::parse)
            .collect()
    }

    /// Reads `-> T`; `-> ()` counts as nothing.
    fn output(&mut self) -> Result<Option<Type>> {
        if !is_punct(self.peek(), '-') {
            return Ok(None);
        }
        self.at += 2;
        let start = self.at;
        while self.at < self.tokens.len() && !self.at_end_of_signature() {
            self.at += 1;
        }
        let ty = Type(self.tokens[start..self.at].to_vec());
        if ty.mentions("impl") {
            return Err(Error::new(
                ty.span(),
                "the result of a differentiated function needs a type that can be named, not `impl Trait`",
            ));
        }
        if is_punct(ty.0.first(), '!') {
            return Err(Error::new(
                ty.span(),
                "a function that does not return has no derivative",
            ));
        }
        let is_unit = matches!(ty.0.as_slice(), [TokenTree::Group(g)]
            if g.delimiter() == Delimiter::Parenthesis && g.stream().is_empty());
        Ok((!is_unit).then_some(ty))
    }

    fn at_end_of_signature(&self) -> bool {
        is_word(self.peek(), "where")
            || is_punct(self.peek(), ';')
            || (self.is_group(Delimiter::Brace) && self.at + 1 == self.tokens.len())
    }

    /// Reads the `where` clause.
    fn until_body(&mut self) -> TokenStream {
        let start = self.at;
        while self.at < self.tokens.len()
            && (is_word(self.peek(), "where") || !self.at_end_of_signature())
        {
            self.at += 1;
        }
        self.tokens[start..self.at].iter().cloned().collect()
    }
}

/// True if `self` or `Self` is anywhere: then the function is an associated
/// one. Nothing else that an attribute can see tells this.
fn mentions_self(tokens: &[TokenTree]) -> bool {
    tokens.iter().any(|token| match token {
        TokenTree::Ident(word) => matches!(word.to_string().as_str(), "self" | "Self"),
        TokenTree::Group(group) => mentions_self(&group.stream().into_iter().collect::<Vec<_>>()),
        _ => false,
    })
}

impl Parameter {
    fn parse(tokens: &[TokenTree]) -> Result<Self> {
        let mut cursor = Cursor {
            tokens: tokens.to_vec(),
            at: 0,
        };
        cursor.attributes();
        let tokens = &cursor.tokens[cursor.at..];
        let span = tokens.first().map_or(Span::call_site(), TokenTree::span);
        if is_punct(tokens.last(), '.') {
            return Err(Error::new(
                span,
                "a function with `...` cannot be differentiated: what it takes there has no type",
            ));
        }
        let colon = tokens.iter().position(|t| is_punct(Some(t), ':'));
        let pattern = &tokens[..colon.unwrap_or(tokens.len())];
        let name = plain_name(pattern);
        let Some(colon) = colon else {
            return Self::receiver(tokens, name, span);
        };
        let ty = Type(tokens[colon + 1..].to_vec());
        if ty.mentions("impl") {
            return Err(Error::new(
                ty.span(),
                "`impl Trait` cannot be used in a differentiated function; \
                 write `fn f<T: Trait>(x: T)`",
            ));
        }
        let is_self = name.as_ref().is_some_and(|n| n.to_string() == "self");
        let receiver = if is_self {
            [TokenTree::from(name.clone().expect("it is `self`"))]
                .into_iter()
                .chain(tokens[colon..].iter().cloned())
                .collect()
        } else {
            TokenStream::new()
        };
        Ok(Parameter { name, receiver, ty })
    }

    /// `self`, `mut self`, `&self`, `&'a mut self`.
    fn receiver(tokens: &[TokenTree], name: Option<Ident>, span: Span) -> Result<Self> {
        let Some(TokenTree::Ident(this)) = tokens.last() else {
            return Err(Error::new(span, "expected a parameter"));
        };
        let (mut written, mut ty) = (tokens.to_vec(), tokens.to_vec());
        if name.is_some() {
            written.drain(..written.len() - 1); // `mut` matters to the body only.
            ty.drain(..ty.len() - 1);
        }
        ty.pop();
        ty.push(Ident::new("Self", this.span()).into());
        Ok(Parameter {
            name: Some(this.clone()),
            receiver: written.into_iter().collect(),
            ty: Type(ty),
        })
    }
}

/// The name in `x` and `mut x`.
fn plain_name(pattern: &[TokenTree]) -> Option<Ident> {
    let rest = match pattern {
        [TokenTree::Ident(word), rest @ ..] if word.to_string() == "mut" => rest,
        all => all,
    };
    match rest {
        [TokenTree::Ident(name)] if name.to_string() != "_" => Some(name.clone()),
        _ => None,
    }
}

impl Type {
    pub fn tokens(&self) -> TokenStream {
        self.0.iter().cloned().collect()
    }

    fn span(&self) -> Span {
        self.0.first().map_or(Span::call_site(), TokenTree::span)
    }

    pub fn is_reference(&self) -> bool {
        is_punct(self.0.first(), '&')
    }

    pub fn is_pointer(&self) -> bool {
        is_punct(self.0.first(), '*')
    }

    /// True for `f32`, `f64` and the others.
    pub fn is_float(&self) -> bool {
        matches!(self.0.as_slice(), [TokenTree::Ident(name)]
            if matches!(name.to_string().as_str(), "f16" | "f32" | "f64" | "f128"))
    }

    /// True for `&[T]` and `&mut [T]`.
    pub fn is_slice(&self) -> bool {
        self.is_reference()
            && matches!(self.0.last(), Some(TokenTree::Group(g))
                if g.delimiter() == Delimiter::Bracket && is_slice_body(g.stream()))
            && self.pointee() == self.0.len() - 1
    }

    /// Where the type behind `&'a mut` starts.
    fn pointee(&self) -> usize {
        let mut at = 1;
        if is_punct(self.0.get(at), '\'') {
            at += 2;
        }
        let qualified = is_word(self.0.get(at), "mut") || is_word(self.0.get(at), "const");
        at + usize::from(qualified)
    }

    /// `&mut T` for `&T`, `*mut T` for `*const T`.
    pub fn as_mutable(&self) -> TokenStream {
        let (front, pointee) = self.0.split_at(self.pointee());
        let mut front = front.to_vec();
        if is_word(front.last(), "mut") || is_word(front.last(), "const") {
            front.pop();
        }
        front.push(Ident::new("mut", Span::call_site()).into());
        front.iter().chain(pointee).cloned().collect()
    }

    /// True if there is anything in the type, as it is written, that points.
    pub fn points(&self) -> bool {
        points(&self.tokens())
    }

    fn mentions(&self, word: &str) -> bool {
        self.0.iter().any(|t| is_word(Some(t), word))
    }
}

fn points(ty: &TokenStream) -> bool {
    ty.clone().into_iter().any(|token| match &token {
        TokenTree::Punct(p) => matches!(p.as_char(), '&' | '*' | '\''),
        TokenTree::Ident(word) => matches!(word.to_string().as_str(), "fn" | "dyn"),
        // The length of an array is an expression.
        TokenTree::Group(group) => {
            let is_length = |t: &TokenTree| is_punct(Some(t), ';');
            points(
                &group
                    .stream()
                    .into_iter()
                    .take_while(|t| !is_length(t))
                    .collect(),
            )
        }
        TokenTree::Literal(_) => false,
    })
}

/// `[T]`, not `[T; N]`.
fn is_slice_body(body: TokenStream) -> bool {
    !body.into_iter().any(|t| is_punct(Some(&t), ';'))
}
