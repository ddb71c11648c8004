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

use crate::program::PROGRAM_FLAGS;
use crate::toolchain::{self, Rustc};
use crate::{install, view};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What a build needs.
pub struct Settings {
    /// For every crate of the target.
    rustc_flags: Vec<String>,
    /// For rustdoc, which compiles programs only.
    rustdoc_flags: Vec<String>,
    /// What cargo calls in rustc's place.
    wrapper: Option<PathBuf>,
}

impl Settings {
    /// What a build with `rustc` for `targets` needs. On nightly that includes
    /// what makes std::autodiff work without full LTO.
    pub fn of(rustc: &Rustc, targets: &[String]) -> Result<Settings, String> {
        install::check_reads(rustc)?;
        if let Some(other) = targets.iter().find(|t| !t.contains("-linux-")) {
            return Err(format!(
                "cannot build for {other}: LinkGrad's linker makes programs for Linux"
            ));
        }
        let mut flags = common_flags(rustc, targets)?;
        if !rustc.is_nightly() {
            return Ok(Settings {
                rustc_flags: flags.clone(),
                rustdoc_flags: flags,
                wrapper: None,
            });
        }
        install::check_llvm(rustc)?;
        flags.push("-Zautodiff=Enable".into());
        flags.push(format!("--sysroot={}", utf8(&view::of(rustc)?)?));
        let mut rustdoc_flags = flags.clone();
        // As the wrapper does it for other programs.
        rustdoc_flags.extend(PROGRAM_FLAGS.map(Into::into));
        Ok(Settings {
            rustc_flags: flags,
            rustdoc_flags,
            wrapper: Some(install::rustc_wrapper()?),
        })
    }

    /// Makes `command`, a cargo, build `targets` with these settings, beside
    /// those of the user. Cargo reads flags from one of several places only,
    /// so they are added where it will look.
    pub fn add_to(&self, command: &mut Command, targets: &[String]) -> Result<(), String> {
        command.env_remove("CARGO_BUILD_TARGET");
        command
            .arg("--config")
            .arg(format!("build.target={}", toml_list(targets)?));
        for (tool, key, ours) in [
            ("RUSTFLAGS", "rustflags", &self.rustc_flags),
            ("RUSTDOCFLAGS", "rustdocflags", &self.rustdoc_flags),
        ] {
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
        if let Some(wrapper) = &self.wrapper {
            let users = std::env::var("RUSTC_WRAPPER")
                .unwrap_or_else(|_| toolchain::config_list("build.rustc-wrapper").join(" "));
            command
                .env("RUSTC_WRAPPER", wrapper)
                .env("LINKGRAD_RUSTC_WRAPPER", users);
        }
        Ok(())
    }

    /// The lines for `.cargo/config.toml` that make plain cargo do the same.
    pub fn config_file(&self, host: &str) -> Result<String, String> {
        let list = |flags: &[String]| -> Result<String, String> {
            let list = toml_list(flags)?.replace(", ", ",\n    ");
            Ok(list.replacen('[', "[\n    ", 1).replace(']', ",\n]"))
        };
        let wrapper = match &self.wrapper {
            Some(wrapper) => format!("rustc-wrapper = \"{}\"\n", utf8(wrapper)?),
            None => String::new(),
        };
        Ok(format!(
            "[build]\ntarget = \"{host}\"\n{wrapper}\n\
             [target.{host}]\nrustflags = {}\nrustdocflags = {}\n",
            list(&self.rustc_flags)?,
            list(&self.rustdoc_flags)?
        ))
    }
}

/// The flags for stable and nightly.
fn common_flags(rustc: &Rustc, targets: &[String]) -> Result<Vec<String>, String> {
    let linker_directory = install::linker_directory()?;
    let mut flags = vec![
        // Bitcode with a summary in every object; the linker optimises.
        "-Clinker-plugin-lto".into(),
        // Whatever the profile says: rustc must not merge the crates itself,
        // it does not know the derivatives.
        "-Clto=off".into(),
        // The engine learns from it what bytes are that are only moved. Where
        // the profile wants none in the program, cargo strips it.
        "-Cdebuginfo=2".into(),
        // The C compiler finds our lld by directory.
        "-Clink-arg=-fuse-ld=lld".into(),
        format!("-Clink-arg=-B{}", utf8(&linker_directory)?),
        // As rustc does in its own LTO. What LinkGrad writes is verified.
        "-Clink-arg=-Wl,--disable-verify".into(),
        // The same: instances of generic functions are often equal.
        "-Clink-arg=-Wl,-mllvm,-enable-merge-functions,-mllvm,-mergefunc-use-aliases".into(),
    ];
    // Where rustc would have it use the one that comes with rustc. For other
    // targets it does not, and takes no such option.
    if targets.iter().any(|t| t == "x86_64-unknown-linux-gnu") {
        flags.push("-Clinker-features=-lld".into());
    }
    // A comma would end the options below.
    let fits = |path: &Path| path.to_str().is_some_and(|p| !p.contains(','));
    if let Some(lld) = toolchain::lld(rustc).filter(|path| fits(path)) {
        flags.push(format!("-Clink-arg=-Wl,--linkgrad-lld={}", utf8(&lld)?));
    }
    // Code generation happens at the link. What is the same as last time is
    // taken from here.
    let cache = install::cache().map(|directory| directory.join("thinlto"));
    if let Some(path) = cache.filter(|path| fits(path)) {
        flags.push(format!(
            "-Clink-arg=-Wl,--thinlto-cache-dir={},--thinlto-cache-policy=cache_size_bytes=4g",
            utf8(&path)?
        ));
    }
    Ok(flags)
}

fn utf8(path: &Path) -> Result<&str, String> {
    path.to_str()
        .ok_or_else(|| format!("{} is not valid UTF-8", path.display()))
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

/// `['a', 'b']`
fn toml_list(items: &[String]) -> Result<String, String> {
    if let Some(bad) = items.iter().find(|i| i.contains(['\'', '\n'])) {
        return Err(format!("cannot pass '{bad}' to cargo: it contains a quote"));
    }
    let quoted: Vec<_> = items.iter().map(|i| format!("'{i}'")).collect();
    Ok(format!("[{}]", quoted.join(", ")))
}
