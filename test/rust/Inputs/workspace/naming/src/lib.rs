//! Runs inside rustc.
use proc_macro::TokenStream;

#[proc_macro_derive(Name)]
pub fn derive(item: TokenStream) -> TokenStream {
    let text = item.to_string();
    let name = text.split_whitespace().skip_while(|w| *w != "struct").nth(1).unwrap();
    let name = name.trim_end_matches(';');
    format!("impl {name} {{ const NAME: &'static str = \"{name}\"; }}").parse().unwrap()
}
