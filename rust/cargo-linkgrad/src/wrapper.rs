//===- wrapper.rs - rustc for std::autodiff without full LTO --------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! `linkgrad-rustc`, which `cargo linkgrad` sets as cargo's rustc-wrapper on
//! nightly: `linkgrad-rustc <rustc> <arguments>`. docs/rust.md tells why.
//!
//! Only calls with LinkGrad's flags are changed; build scripts and procedural
//! macros have none.

mod archive;
mod program;

use program::PROGRAM_FLAGS;
use std::path::PathBuf;
use std::process::{Command, ExitCode};

/// The variable with the user's own wrapper, which runs inside of ours.
const INNER: &str = "LINKGRAD_RUSTC_WRAPPER";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode, String> {
    let Some((rustc, arguments)) = arguments.split_first() else {
        return Err("usage: linkgrad-rustc <rustc> <arguments>".into());
    };
    let call = Call { arguments };
    let mut command = match std::env::var(INNER) {
        Ok(inner) if !inner.is_empty() => {
            let mut command = Command::new(inner);
            command.arg(rustc);
            command
        }
        _ => Command::new(rustc),
    };
    match call.is_ours() && call.makes_program() {
        true => command.args(call.for_program()),
        false => command.args(arguments),
    };
    let status = command
        .status()
        .map_err(|e| format!("cannot run {rustc}: {e}"))?;
    if status.success() && call.is_ours() {
        if let Some(library) = call.library().filter(|path| path.exists()) {
            archive::hide_members(&library)?;
        }
    }
    let code = status.code().and_then(|c| u8::try_from(c).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

/// A call of rustc.
struct Call<'a> {
    arguments: &'a [String],
}

impl Call<'_> {
    /// Whether it is one of a build with LinkGrad that makes code.
    fn is_ours(&self) -> bool {
        self.has("-Zautodiff=Enable")
            && self.has("-Clinker-plugin-lto")
            && self
                .values("--emit")
                .any(|e| e.split(',').any(|e| e == "link"))
    }

    fn makes_program(&self) -> bool {
        self.has("--test") || self.crate_types().any(|t| t == "bin")
    }

    /// The rlib that it writes.
    fn library(&self) -> Option<PathBuf> {
        if self.has("--test") || !self.crate_types().any(|t| t == "lib" || t == "rlib") {
            return None;
        }
        let directory = self.values("--out-dir").last().unwrap_or(".");
        let name = self.values("--crate-name").last()?;
        let suffix = self.codegen("extra-filename").unwrap_or("");
        Some(PathBuf::from(directory).join(format!("lib{name}{suffix}.rlib")))
    }

    /// The arguments for a program: rustc insists on merging it, which then
    /// means its own crate, and optimises it no further.
    fn for_program(&self) -> Vec<String> {
        let mut result: Vec<String> = Vec::new();
        let mut rest = self.arguments.iter().peekable();
        while let Some(argument) = rest.next() {
            let (option, takes_next) = match (argument.as_str(), rest.peek()) {
                ("-C" | "--codegen", Some(next)) => (next.as_str(), true),
                (joined, _) => (joined.strip_prefix("-C").unwrap_or(""), false),
            };
            // rustc does not merge what it compiles piece by piece.
            let drop = option.starts_with("incremental=");
            if !drop {
                result.push(argument.clone());
            }
            if takes_next {
                result.extend(rest.next().filter(|_| !drop).cloned());
            }
        }
        result.extend(PROGRAM_FLAGS.map(Into::into));
        result
    }

    fn has(&self, argument: &str) -> bool {
        self.arguments.iter().any(|a| a == argument)
    }

    fn crate_types(&self) -> impl Iterator<Item = &str> {
        self.values("--crate-type").flat_map(|v| v.split(','))
    }

    /// The value of `-C name=value`, the last if there are several.
    fn codegen(&self, name: &str) -> Option<&str> {
        let joined = self.arguments.iter().filter_map(|a| a.strip_prefix("-C"));
        let all = self.values("-C").chain(joined.filter(|a| !a.is_empty()));
        all.filter_map(|o| o.strip_prefix(name)?.strip_prefix('='))
            .last()
    }

    /// The values of `name value` and `name=value`.
    fn values<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'b str> {
        let separate = self.arguments.iter().zip(self.arguments.iter().skip(1));
        let separate = separate
            .filter(move |(n, _)| *n == name)
            .map(|(_, v)| v.as_str());
        let joined = self.arguments.iter();
        let joined = joined.filter_map(move |a| a.strip_prefix(name)?.strip_prefix('='));
        separate.chain(joined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(text: &str) -> Vec<String> {
        text.split_whitespace().map(Into::into).collect()
    }

    const OURS: &str = "-Clinker-plugin-lto -Zautodiff=Enable";

    #[test]
    fn calls_without_our_flags_stay() {
        for text in [
            "--crate-type bin --emit=link".to_string(),
            format!("--crate-type bin --emit=dep-info,metadata {OURS}"),
            format!("- --crate-name ___ --print=file-names --crate-type bin {OURS}"),
        ] {
            let arguments = call(&text);
            assert!(
                !Call {
                    arguments: &arguments
                }
                .is_ours(),
                "{text}"
            );
        }
    }

    #[test]
    fn programs_are_merged() {
        let arguments = call(&format!(
            "--crate-name p --crate-type bin --emit=dep-info,link -C embed-bitcode=no \
             -C opt-level=3 -C incremental=dir -Cincremental=dir x.rs {OURS}"
        ));
        let call = Call {
            arguments: &arguments,
        };
        assert!(call.is_ours() && call.makes_program());
        assert_eq!(call.library(), None);
        assert_eq!(
            call.for_program().join(" "),
            format!(
                "--crate-name p --crate-type bin --emit=dep-info,link -C embed-bitcode=no \
                 -C opt-level=3 x.rs {OURS} {}",
                PROGRAM_FLAGS.join(" ")
            )
        );
    }

    #[test]
    fn libraries_are_found() {
        let arguments = call(&format!(
            "--crate-name l --crate-type lib --emit=dep-info,metadata,link \
             -C extra-filename=-12ab --out-dir /d x.rs {OURS}"
        ));
        let call = Call {
            arguments: &arguments,
        };
        assert!(call.is_ours() && !call.makes_program());
        assert_eq!(call.library(), Some("/d/libl-12ab.rlib".into()));
    }
}
