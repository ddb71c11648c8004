//===- main.rs - cargo linkgrad -------------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! `cargo linkgrad build`, `run`, `test` and the rest of cargo's commands, with
//! LinkGrad in the linker's place. docs/rust.md has the configuration that does
//! the same for plain cargo.

mod archive;
mod backend;
mod flags;
mod install;
mod program;
mod toolchain;
mod view;

use flags::Settings;
use std::process::{Command, ExitCode};

const USAGE: &str = "\
Builds crates with LinkGrad in the linker's place.

Usage: cargo linkgrad <COMMAND> [ARGUMENTS]

Commands:
  build, run, test, bench, …  cargo's own, with all of their options
  flags                       print the lines for .cargo/config.toml
  install-backend [--remove]  put LinkGrad into a nightly toolchain (or take it
                              away), for std::autodiff with full LTO and
                              plain cargo
";

fn main() -> ExitCode {
    // Cargo calls its subcommands as `cargo-linkgrad linkgrad …`.
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|a| a == "linkgrad") {
        arguments.remove(0);
    }
    match run(&arguments) {
        Ok(code) => code,
        Err(message) => {
            eprintln!("error: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<ExitCode, String> {
    match arguments.first().map(String::as_str) {
        None | Some("-h" | "--help" | "help") => {
            print!("{USAGE}");
            Ok(ExitCode::SUCCESS)
        }
        Some("flags") => {
            let rustc = toolchain::version()?;
            let settings = Settings::of(&rustc, std::slice::from_ref(&rustc.host))?;
            print!("{}", settings.config_file(&rustc.host)?);
            Ok(ExitCode::SUCCESS)
        }
        Some("install-backend") => {
            backend::run(&arguments[1..])?;
            Ok(ExitCode::SUCCESS)
        }
        Some(_) => cargo(arguments),
    }
}

/// Runs cargo as the user wrote it, with what LinkGrad adds.
fn cargo(arguments: &[String]) -> Result<ExitCode, String> {
    let rustc = toolchain::version()?;
    let targets = toolchain::targets(arguments, &rustc)?;
    let mut command = Command::new(toolchain::cargo());
    Settings::of(&rustc, &targets)?.add_to(&mut command, &targets)?;
    let status = command
        .args(arguments)
        .status()
        .map_err(|e| format!("cannot run cargo: {e}"))?;
    // A signal has no code; cargo itself reports it as a failure.
    let code = status.code().and_then(|c| u8::try_from(c).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
