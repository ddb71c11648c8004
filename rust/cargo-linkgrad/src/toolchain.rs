//===- toolchain.rs - What cargo and rustc say about themselves -----------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! Questions to the toolchain that this command was called with.

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

/// The target triple of the host.
pub fn host() -> Result<String, String> {
    let version = output_of(&rustc(), &["-vV"])?;
    version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .map(Into::into)
        .ok_or_else(|| "rustc does not tell its host".into())
}

/// The targets to build for: from the command line, the configuration, or the
/// host.
pub fn targets(arguments: &[String]) -> Result<Vec<String>, String> {
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
        targets.push(host()?);
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
