//===- install.rs - Where LinkGrad's files are ----------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! Finds the other parts of LinkGrad from the place of this program.

use std::path::{Path, PathBuf};

/// The directory whose `ld.lld` is LinkGrad's linker.
pub fn linker_directory() -> Result<PathBuf, String> {
    let directory = find("libexec/linkgrad")?;
    if directory.join("ld.lld").exists() {
        return Ok(directory);
    }
    Err(format!("{} has no ld.lld", directory.display()))
}

/// A file or directory of the installation or build tree that this program
/// belongs to: LINKGRAD_PREFIX if that is set, else the nearest directory
/// above this program that has it.
fn find(relative: &str) -> Result<PathBuf, String> {
    if let Some(prefix) = std::env::var_os("LINKGRAD_PREFIX") {
        let path = Path::new(&prefix).join(relative);
        return match path.exists() {
            true => Ok(path),
            false => Err(format!(
                "LINKGRAD_PREFIX names a directory without {relative}"
            )),
        };
    }
    let program = std::env::current_exe()
        .and_then(|p| p.canonicalize())
        .map_err(|e| format!("cannot tell where this program is: {e}"))?;
    program
        .ancestors()
        .map(|directory| directory.join(relative))
        .find(|path| path.exists())
        .ok_or_else(|| {
            format!(
                "{relative} of LinkGrad is not found near {}; \
                 set LINKGRAD_PREFIX to the directory that holds it",
                program.display()
            )
        })
}
