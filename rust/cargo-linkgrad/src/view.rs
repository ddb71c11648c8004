//===- view.rs - A sysroot for std::autodiff with ThinLTO -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! A view of a toolchain's sysroot: symbolic links, but for the standard
//! library's rlibs, which rustc shall not merge, and the library that it takes
//! for the backend of std::autodiff. It is kept in the user's cache, and the
//! toolchain stays as it is.

use crate::toolchain::Rustc;
use crate::{archive, install, toolchain};
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// Says what a view was made from.
const STAMP: &str = "linkgrad-stamp";

/// Makes the view for `rustc`, unless it is there already.
pub fn of(rustc: &Rustc) -> Result<PathBuf, String> {
    let sysroot = toolchain::sysroot()?;
    let library = install::deferring_library()?;
    let mut hasher = DefaultHasher::new();
    (&sysroot, &library).hash(&mut hasher);
    let cache = install::cache().ok_or("neither XDG_CACHE_HOME nor HOME is set")?;
    let view = cache.join(format!("sysroot-{:016x}", hasher.finish()));
    let stamp = stamp(rustc, &sysroot)?;
    if is_current(&view, &stamp) {
        return Ok(view);
    }
    let new = view.with_extension(format!("new{}", std::process::id()));
    let made = make(&new, &sysroot, &library)
        .and_then(|_| fs::write(new.join(STAMP), &stamp).map_err(cannot_write(&new)))
        .and_then(|_| replace(&view, &new, &stamp));
    if new.exists() {
        let _ = fs::remove_dir_all(&new);
    }
    made.map(|_| view)
}

/// Changes when the toolchain is updated, or gets another target.
fn stamp(rustc: &Rustc, sysroot: &Path) -> Result<String, String> {
    let mut names = Vec::new();
    for target in targets(sysroot)? {
        names.extend(entries(&target)?);
    }
    names.sort();
    Ok(format!("{}\n{names:?}\n", rustc.text))
}

fn is_current(view: &Path, stamp: &str) -> bool {
    fs::read_to_string(view.join(STAMP)).is_ok_and(|text| text == stamp)
}

/// The directories of the sysroot with the libraries of each target.
fn targets(sysroot: &Path) -> Result<Vec<PathBuf>, String> {
    let all = entries(&sysroot.join("lib/rustlib"))?;
    let libraries = all.into_iter().map(|target| target.join("lib"));
    Ok(libraries.filter(|path| path.is_dir()).collect())
}

fn entries(directory: &Path) -> Result<Vec<PathBuf>, String> {
    let read = || -> std::io::Result<Vec<PathBuf>> {
        fs::read_dir(directory)?.map(|e| Ok(e?.path())).collect()
    };
    read().map_err(|e| format!("cannot read {}: {e}", directory.display()))
}

fn cannot_write(path: &Path) -> impl Fn(std::io::Error) -> String {
    let path = path.display().to_string();
    move |e| format!("cannot write {path}: {e}")
}

fn make(view: &Path, sysroot: &Path, library: &Path) -> Result<(), String> {
    link_all(sysroot, view, &["lib"])?;
    link_all(&sysroot.join("lib"), &view.join("lib"), &["rustlib"])?;
    let rustlib = view.join("lib/rustlib");
    fs::create_dir_all(&rustlib).map_err(cannot_write(&rustlib))?;
    for entry in entries(&sysroot.join("lib/rustlib"))? {
        let place = rustlib.join(entry.file_name().unwrap_or_default());
        if entry.join("lib").is_dir() {
            link_all(&entry, &place, &["lib"])?;
            make_libraries(&entry.join("lib"), &place.join("lib"), library)?;
        } else {
            symlink(&entry, &place).map_err(cannot_write(&place))?;
        }
    }
    Ok(())
}

/// Links what is in `source`, but for the names in `except`.
fn link_all(source: &Path, target: &Path, except: &[&str]) -> Result<(), String> {
    fs::create_dir_all(target).map_err(cannot_write(target))?;
    for entry in entries(source)? {
        let name = entry.file_name().unwrap_or_default();
        if !except.iter().any(|e| *e == name) {
            let place = target.join(name);
            symlink(&entry, &place).map_err(cannot_write(&place))?;
        }
    }
    Ok(())
}

/// The libraries of one target, and the one that stands for the backend.
fn make_libraries(source: &Path, target: &Path, library: &Path) -> Result<(), String> {
    fs::create_dir_all(target).map_err(cannot_write(target))?;
    for entry in entries(source)? {
        let name = entry.file_name().unwrap_or_default();
        let place = target.join(name);
        if entry.extension().is_some_and(|e| e == "rlib") {
            // Not fs::copy: the copy of a file that is read-only would be too.
            let content = fs::read(&entry).map_err(|e| format!("{}: {e}", entry.display()))?;
            fs::write(&place, content).map_err(cannot_write(&place))?;
            archive::hide_members(&place)?;
        } else if name != install::library_name().as_str() {
            symlink(&entry, &place).map_err(cannot_write(&place))?;
        }
    }
    let place = target.join(install::library_name());
    symlink(library, &place).map_err(cannot_write(&place))
}

/// Puts the view in its place. Another cargo may be doing the same.
fn replace(view: &Path, new: &Path, stamp: &str) -> Result<(), String> {
    let old = view.with_extension(format!("old{}", std::process::id()));
    if fs::rename(view, &old).is_ok() {
        let _ = fs::remove_dir_all(&old);
    }
    match fs::rename(new, view) {
        Ok(()) => Ok(()),
        Err(_) if is_current(view, stamp) => Ok(()),
        Err(error) => Err(cannot_write(view)(error)),
    }
}
