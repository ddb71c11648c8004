//===- toolchain.rs - What cargo and rustc say about themselves -----------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! Questions to the toolchain that this command was called with.

use crate::install;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The cargo that called us.
pub fn cargo() -> String {
    std::env::var("CARGO").unwrap_or_else(|_| "cargo".into())
}

/// The rustc that cargo will use.
pub fn rustc() -> String {
    std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into())
}

/// Runs `program` and returns what it prints.
pub fn output_of(program: &str, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program)
        .args(arguments)
        .output()
        .map_err(|e| format!("cannot run {program}: {e}"))?;
    if !output.status.success() {
        let text = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "{program} {}: {}",
            arguments.join(" "),
            text.trim()
        ));
    }
    String::from_utf8(output.stdout).map_err(|e| format!("{program}: {e}"))
}

/// What rustc says about itself.
pub struct Rustc {
    /// The target triple of the host.
    pub host: String,
    /// `1.95.0`, `1.97.0-nightly`
    pub release: String,
    /// The major version of its LLVM; not every rustc has one.
    pub llvm: Option<u32>,
    /// All that it says.
    pub text: String,
}

impl Rustc {
    /// Whether it takes `-Z` options.
    pub fn is_nightly(&self) -> bool {
        self.release.contains("-nightly") || self.release.contains("-dev")
    }

    /// Where its sysroot has the libraries of its host.
    pub fn host_libraries(&self, sysroot: &Path) -> PathBuf {
        sysroot.join("lib/rustlib").join(&self.host).join("lib")
    }
}

/// Asks the rustc that cargo will use.
pub fn version() -> Result<Rustc, String> {
    let text = output_of(&rustc(), &["-vV"])?;
    let field = |name: &str| -> Option<String> {
        let mut values = text.lines().filter_map(|line| line.strip_prefix(name));
        values.next().map(Into::into)
    };
    let llvm = field("LLVM version: ").unwrap_or_default();
    Ok(Rustc {
        host: field("host: ").ok_or("rustc does not tell its host")?,
        release: field("release: ").ok_or("rustc does not tell its release")?,
        llvm: llvm.split('.').next().and_then(|major| major.parse().ok()),
        text: text.clone(),
    })
}

/// The directory of the toolchain's libraries.
pub fn sysroot() -> Result<PathBuf, String> {
    Ok(output_of(&rustc(), &["--print=sysroot"])?.trim().into())
}

/// The lld of the toolchain, for LinkGrad's linker to hand its result to: its LLVM
/// is the one that rustc is optimised with, and generates code a third faster than
/// that of a distribution. None if the user names another lld, or if it cannot
/// share libraries and bitcode with LinkGrad.
pub fn lld(rustc: &Rustc) -> Option<PathBuf> {
    let fits = install::check_llvm(rustc).is_ok() && rustc.host.ends_with("-linux-gnu");
    if !fits || std::env::var_os("LINKGRAD_LLD").is_some() {
        return None;
    }
    let lld = rustc
        .host_libraries(&sysroot().ok()?)
        .with_file_name("bin/gcc-ld/ld.lld");
    lld.exists().then_some(lld)
}

/// The targets to build for: from the command line, the configuration, or the
/// host.
pub fn targets(arguments: &[String], rustc: &Rustc) -> Result<Vec<String>, String> {
    let ours = arguments.split(|a| a == "--").next().unwrap_or_default();
    let mut targets = Vec::new();
    for (at, argument) in ours.iter().enumerate() {
        if let Some(target) = argument.strip_prefix("--target=") {
            targets.push(target.to_string());
        } else if argument == "--target" {
            targets.extend(ours.get(at + 1).cloned());
        }
    }
    if targets.is_empty() {
        targets = config_list("build.target");
    }
    if targets.is_empty() {
        targets.push(rustc.host.clone());
    }
    Ok(targets)
}

/// A value of cargo's configuration that is a string or a list of them, split
/// into words; empty if it is not set.
pub fn config_list(key: &str) -> Vec<String> {
    // The question is unstable, so the answer may not come: then the value
    // counts as not set, which is what it is in most projects.
    let output = Command::new(cargo())
        .args([
            "-Zunstable-options",
            "config",
            "get",
            "--format=json-value",
            key,
        ])
        .env("RUSTC_BOOTSTRAP", "1")
        .output();
    match output {
        Ok(output) if output.status.success() => {
            json_strings(&String::from_utf8_lossy(&output.stdout))
        }
        _ => Vec::new(),
    }
}

/// The strings in `["a","b"]`; the words of `"a b"`.
fn json_strings(text: &str) -> Vec<String> {
    let is_list = text.trim_start().starts_with('[');
    let mut strings = Vec::new();
    let mut characters = text.chars();
    while characters.by_ref().any(|c| c == '"') {
        let mut string = String::new();
        while let Some(c) = characters.next().filter(|c| *c != '"') {
            string.push(match c {
                '\\' => characters.next().unwrap_or('\\'),
                other => other,
            });
        }
        strings.push(string);
    }
    if is_list {
        return strings;
    }
    strings
        .iter()
        .flat_map(|s| s.split_whitespace().map(Into::into))
        .collect()
}
