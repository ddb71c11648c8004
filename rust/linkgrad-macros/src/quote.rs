//===- quote.rs - Tools for token streams ---------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! What the other modules need to read and write token streams.

use proc_macro::{Delimiter, Group, Ident, Literal, Punct, Spacing, Span, TokenStream, TokenTree};

/// A compile error at a place in the user's source.
pub struct Error {
    span: Span,
    message: String,
}

pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    pub fn new(span: Span, message: impl Into<String>) -> Self {
        Error {
            span,
            message: message.into(),
        }
    }

    /// `::core::compile_error! { "message" }`, reported at the span.
    pub fn into_tokens(self) -> TokenStream {
        let mut text = Literal::string(&self.message);
        text.set_span(self.span);
        let argument = Group::new(Delimiter::Brace, TokenTree::from(text).into());
        let mut tokens = template("::core::compile_error!", &[]);
        tokens.extend([TokenTree::from(argument)]);
        with_span(tokens, self.span)
    }
}

/// True if `token` is the single character `c`.
pub fn is_punct(token: Option<&TokenTree>, c: char) -> bool {
    matches!(token, Some(TokenTree::Punct(p)) if p.as_char() == c)
}

/// True if `token` is the word `word`.
pub fn is_word(token: Option<&TokenTree>, word: &str) -> bool {
    matches!(token, Some(TokenTree::Ident(i)) if i.to_string() == word)
}

/// Splits at the commas that are outside of `<…>`. A comma after the last part
/// is allowed.
pub fn split_at_commas(tokens: &[TokenTree]) -> Vec<&[TokenTree]> {
    let mut parts = Vec::new();
    let (mut start, mut depth) = (0, 0);
    for (at, token) in tokens.iter().enumerate() {
        depth += angle(tokens, at);
        if depth == 0 && is_punct(Some(token), ',') {
            parts.push(&tokens[start..at]);
            start = at + 1;
        }
    }
    if start != tokens.len() {
        parts.push(&tokens[start..]);
    }
    parts
}

/// +1 if the token opens an angle bracket, -1 if it closes one. The `>` of an
/// arrow is none.
pub fn angle(tokens: &[TokenTree], at: usize) -> i32 {
    let is_arrow = |i: usize| {
        matches!(&tokens[i], TokenTree::Punct(p)
            if p.spacing() == Spacing::Joint && matches!(p.as_char(), '-' | '='))
    };
    match &tokens[at] {
        TokenTree::Punct(p) if p.as_char() == '<' => 1,
        TokenTree::Punct(p) if p.as_char() == '>' && (at == 0 || !is_arrow(at - 1)) => -1,
        _ => 0,
    }
}

/// The tokens without the invisible groups that `macro_rules!` puts around the
/// fragments it inserts.
pub fn visible(tokens: TokenStream) -> Vec<TokenTree> {
    let mut result = Vec::new();
    for token in tokens {
        match token {
            TokenTree::Group(g) if g.delimiter() == Delimiter::None => {
                result.extend(visible(g.stream()))
            }
            other => result.push(other),
        }
    }
    result
}

/// Parses `text`, with `$name` replaced by the tokens of that name. The names
/// in the text cannot clash with those of the user.
pub fn template(text: &str, parts: &[(&str, &TokenStream)]) -> TokenStream {
    let tokens = text.parse().expect("templates are valid Rust");
    substitute(tokens, parts)
}

fn substitute(tokens: TokenStream, parts: &[(&str, &TokenStream)]) -> TokenStream {
    let mut result = TokenStream::new();
    let mut rest = tokens.into_iter();
    while let Some(token) = rest.next() {
        match token {
            TokenTree::Punct(p) if p.as_char() == '$' => {
                let name = rest.next().expect("a name follows '$'").to_string();
                let (_, part) = parts
                    .iter()
                    .find(|(n, _)| *n == name)
                    .unwrap_or_else(|| panic!("no part is named '{name}'"));
                result.extend((*part).clone());
            }
            TokenTree::Group(g) => {
                let inner = substitute(g.stream(), parts);
                let mut group = Group::new(g.delimiter(), inner);
                group.set_span(Span::mixed_site());
                result.extend([TokenTree::from(group)]);
            }
            mut other => {
                other.set_span(Span::mixed_site());
                result.extend([other]);
            }
        }
    }
    result
}

/// The same tokens, all at `span`.
pub fn with_span(tokens: TokenStream, span: Span) -> TokenStream {
    tokens
        .into_iter()
        .map(|mut token| {
            token.set_span(span);
            token
        })
        .collect()
}

/// The items, each followed by a comma.
pub fn comma_list(items: impl IntoIterator<Item = TokenStream>) -> TokenStream {
    let mut result = TokenStream::new();
    for item in items {
        result.extend(item);
        result.extend([TokenTree::from(Punct::new(',', Spacing::Alone))]);
    }
    result
}

/// A name that the generated code introduces.
pub fn local(name: &str) -> TokenStream {
    TokenTree::from(Ident::new(name, Span::mixed_site())).into()
}

/// A string literal.
pub fn string(text: &str) -> TokenStream {
    TokenTree::from(Literal::string(text)).into()
}

/// A number without a suffix.
pub fn number(value: usize) -> TokenStream {
    TokenTree::from(Literal::usize_unsuffixed(value)).into()
}
