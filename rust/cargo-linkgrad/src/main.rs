//===- main.rs - cargo linkgrad -------------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! `cargo linkgrad build`, `run`, `test` and the rest of cargo's commands, with
//! LinkGrad in the linker's place. docs/rust.md has the configuration that does
//! the same for plain cargo.

mod flags;
mod install;
mod toolchain;

use std::process::{Command, ExitCode};

const USAGE: &str = "\
Builds crates with LinkGrad in the linker's place.

Usage: cargo linkgrad <COMMAND> [ARGUMENTS]

Commands:
  build, run, test, bench, …  cargo's own, with all of their options
  flags                       print the lines for .cargo/config.toml
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
            let host = toolchain::host()?;
            print!(
                "{}",
                flags::config_file(&host, &install::linker_directory()?)?
            );
            Ok(ExitCode::SUCCESS)
        }
        Some(_) => cargo(arguments),
    }
}

/// Runs cargo as the user wrote it, with what LinkGrad adds.
fn cargo(arguments: &[String]) -> Result<ExitCode, String> {
    let directory = install::linker_directory()?;
    let targets = toolchain::targets(arguments)?;
    let mut command = Command::new(toolchain::cargo());
    flags::add_to(&mut command, &targets, &directory)?;
    let status = command
        .args(arguments)
        .status()
        .map_err(|e| format!("cannot run cargo: {e}"))?;
    // A signal has no code; cargo itself reports it as a failure.
    let code = status.code().and_then(|c| u8::try_from(c).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
