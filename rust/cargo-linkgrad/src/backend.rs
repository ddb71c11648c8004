//===- backend.rs - cargo linkgrad install-backend ------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! Puts LinkGrad's backend into the sysroot of a nightly toolchain, where
//! rustc looks for it, and takes it away again.

use crate::{install, toolchain};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

/// Runs `install-backend` with its own arguments.
pub fn run(arguments: &[String]) -> Result<(), String> {
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        [] => install(),
        ["--remove"] => remove(),
        _ => Err("usage: cargo +nightly linkgrad install-backend [--remove]".into()),
    }
}

fn install() -> Result<(), String> {
    let place = place()?;
    check_owner(&place)?;
    // The file appears complete or not at all: a rustc may be looking for it.
    let new = place.with_extension(format!("new{}", std::process::id()));
    let done = fs::copy(install::backend()?, &new).and_then(|_| fs::rename(&new, &place));
    if let Err(error) = done {
        let _ = fs::remove_file(&new);
        return Err(format!("cannot write {}: {error}", place.display()));
    }
    println!("installed {}", place.display());
    println!(
        "build programs with lto = \"fat\" and \
         RUSTFLAGS=\"-Zautodiff=Enable -Cdebuginfo=2\""
    );
    Ok(())
}

fn remove() -> Result<(), String> {
    let place = place()?;
    if !check_owner(&place)? {
        println!("there is no {}", place.display());
        return Ok(());
    }
    fs::remove_file(&place).map_err(|e| format!("cannot remove {}: {e}", place.display()))?;
    println!("removed {}", place.display());
    Ok(())
}

/// Where the toolchain looks for the backend.
fn place() -> Result<PathBuf, String> {
    let rustc = toolchain::version()?;
    if !rustc.is_nightly() {
        return Err(format!(
            "rustc {} has no std::autodiff, so it needs no backend; \
             use a nightly, as in `cargo +nightly linkgrad install-backend`",
            rustc.release
        ));
    }
    install::check_llvm(&rustc)?;
    let directory = rustc.host_libraries(&toolchain::sysroot()?);
    Ok(directory.join(install::library_name()))
}

/// Whether there is a backend already. One that is not ours stays where it is.
fn check_owner(place: &Path) -> Result<bool, String> {
    let bytes = match fs::read(place) {
        Ok(bytes) => bytes,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(false),
        Err(e) => return Err(format!("cannot read {}: {e}", place.display())),
    };
    // A symbol that only our library has.
    let mark = b"EnzymeIsLinkGrad";
    match bytes.windows(mark.len()).any(|window| window == mark) {
        true => Ok(true),
        false => Err(format!(
            "{} is another backend; remove it yourself if it is not needed",
            place.display()
        )),
    }
}
