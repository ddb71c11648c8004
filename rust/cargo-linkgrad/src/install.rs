//===- install.rs - Where LinkGrad's files are ----------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! Finds the other parts of LinkGrad from the place of this program.

use crate::toolchain::Rustc;
use std::path::{Path, PathBuf};

/// The directory whose `ld.lld` is LinkGrad's linker.
pub fn linker_directory() -> Result<PathBuf, String> {
    let directory = find("libexec/linkgrad")?;
    if directory.join("ld.lld").exists() {
        return Ok(directory);
    }
    Err(format!("{} has no ld.lld", directory.display()))
}

/// The major version of the LLVM that LinkGrad is built with. A rustc with
/// another one writes bitcode, or expects a library, of another version.
const LLVM: u32 = 22;

/// Whether LinkGrad and `rustc` have the same LLVM.
pub fn check_llvm(rustc: &Rustc) -> Result<(), String> {
    match rustc.llvm {
        Some(LLVM) => Ok(()),
        Some(other) => Err(format!(
            "rustc {} has LLVM {other}, LinkGrad has LLVM {LLVM}",
            rustc.release
        )),
        None => Err(format!("rustc {} has no LLVM", rustc.release)),
    }
}

/// Whether LinkGrad can read the bitcode of `rustc`.
pub fn check_reads(rustc: &Rustc) -> Result<(), String> {
    match rustc.llvm {
        Some(version) if version < LLVM => Ok(()),
        _ => check_llvm(rustc),
    }
}

/// The name by which rustc looks for the library behind `std::autodiff`.
pub fn library_name() -> String {
    format!("libEnzyme-{LLVM}.so")
}

/// The library that answers requests inside rustc.
pub fn backend() -> Result<PathBuf, String> {
    find(&format!(
        "libexec/linkgrad/rustc/backend/{}",
        library_name()
    ))
}

/// The library that takes the backend's place in rustc and leaves the requests
/// to the linker.
pub fn deferring_library() -> Result<PathBuf, String> {
    find(&format!("libexec/linkgrad/rustc/defer/{}", library_name()))
}

/// The program that stands between cargo and a nightly rustc.
pub fn rustc_wrapper() -> Result<PathBuf, String> {
    let program = this_program()?;
    let wrapper = program.with_file_name("linkgrad-rustc");
    match wrapper.exists() {
        true => Ok(wrapper),
        false => Err(format!(
            "there is no linkgrad-rustc beside {}",
            program.display()
        )),
    }
}

/// The directory for what can be made again.
pub fn cache() -> Option<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let users = set("XDG_CACHE_HOME").map(PathBuf::from);
    let users = users.or_else(|| Some(PathBuf::from(set("HOME")?).join(".cache")));
    users.map(|directory| directory.join("linkgrad"))
}

fn this_program() -> Result<PathBuf, String> {
    std::env::current_exe()
        .and_then(|p| p.canonicalize())
        .map_err(|e| format!("cannot tell where this program is: {e}"))
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
    let program = this_program()?;
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
