//===- flags.rs - What LinkGrad adds to a build ---------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! The compiler flags, and the ways in which cargo learns of them.
//!
//! They must reach what runs on the target, and only that: build scripts and
//! procedural macros are compiled as ever. Cargo makes this distinction when a
//! target is named, even if it is the host.

use crate::toolchain;
use std::path::Path;
use std::process::Command;

/// The flags for every crate of the target.
fn rustc_flags(linker_directory: &Path) -> Result<Vec<String>, String> {
    let directory = linker_directory
        .to_str()
        .ok_or("the path of LinkGrad is not valid UTF-8")?;
    Ok(vec![
        // Bitcode with a summary in every object; the linker optimises.
        "-Clinker-plugin-lto".into(),
        // Whatever the profile says: rustc must not merge the crates itself,
        // it does not know the derivatives.
        "-Clto=off".into(),
        // The engine learns from it what bytes are that are only moved. Where
        // the profile wants none in the program, cargo strips it.
        "-Cdebuginfo=2".into(),
        // Not the lld that comes with rustc, but ours, which the C compiler
        // finds by directory.
        "-Clinker-features=-lld".into(),
        "-Clink-arg=-fuse-ld=lld".into(),
        format!("-Clink-arg=-B{directory}"),
    ])
}

/// Sets the flags for `targets`, beside those of the user. Cargo reads flags
/// from one of several places only, so they are added where it will look.
pub fn add_to(
    command: &mut Command,
    targets: &[String],
    linker_directory: &Path,
) -> Result<(), String> {
    let ours = rustc_flags(linker_directory)?;
    command.env_remove("CARGO_BUILD_TARGET");
    command
        .arg("--config")
        .arg(format!("build.target={}", toml_list(targets)?));
    for (tool, key) in [("RUSTFLAGS", "rustflags"), ("RUSTDOCFLAGS", "rustdocflags")] {
        let encoded = format!("CARGO_ENCODED_{tool}");
        if let Some(users) = from_environment(tool, &encoded) {
            let all: Vec<_> = users.into_iter().chain(ours.iter().cloned()).collect();
            command.env_remove(tool).env(encoded, all.join("\x1f"));
            continue;
        }
        // Flags for a target hide those of `build.rustflags`.
        let mut all = toolchain::config_list(&format!("build.{key}"));
        all.extend(ours.iter().cloned());
        for target in targets {
            let value = toml_list(&all)?;
            command
                .arg("--config")
                .arg(format!("target.{target}.{key}={value}"));
        }
    }
    Ok(())
}

/// The user's flags, if the environment holds any.
fn from_environment(plain: &str, encoded: &str) -> Option<Vec<String>> {
    if let Ok(text) = std::env::var(encoded) {
        return Some(
            text.split('\x1f')
                .filter(|f| !f.is_empty())
                .map(Into::into)
                .collect(),
        );
    }
    let text = std::env::var(plain).ok()?;
    Some(text.split_whitespace().map(Into::into).collect())
}

/// The lines for `.cargo/config.toml` that make plain cargo do the same.
pub fn config_file(host: &str, linker_directory: &Path) -> Result<String, String> {
    let flags = toml_list(&rustc_flags(linker_directory)?)?.replace(", ", ",\n    ");
    let flags = flags.replacen('[', "[\n    ", 1).replace(']', ",\n]");
    Ok(format!(
        "[build]\ntarget = \"{host}\"\n\n[target.{host}]\nrustflags = {flags}\nrustdocflags = {flags}\n"
    ))
}

/// `['a', 'b']`
fn toml_list(items: &[String]) -> Result<String, String> {
    if let Some(bad) = items.iter().find(|i| i.contains(['\'', '\n'])) {
        return Err(format!("cannot pass '{bad}' to cargo: it contains a quote"));
    }
    let quoted: Vec<_> = items.iter().map(|i| format!("'{i}'")).collect();
    Ok(format!("[{}]", quoted.join(", ")))
}
