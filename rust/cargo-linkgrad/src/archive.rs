//===- archive.rs - Libraries that rustc's own LTO passes over ------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! rustc takes std::autodiff in a program only under full LTO. It then merges
//! the members of rlibs that end in `.rcgu.o`, and hands others to the linker
//! as they are. So with another ending of the same length nothing is merged.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

const KNOWN: &[u8] = b".rcgu.o/";
const HIDDEN: &[u8] = b".rcgu.l/";

const MAGIC: &[u8] = b"!<arch>\n";
const HEADER: usize = 60;
const NAME: usize = 16;

/// Hides the members of the archive at `path` from rustc, in place. The time
/// of the last change stays, by which cargo knows what is up to date.
pub fn hide_members(path: &Path) -> Result<(), String> {
    let patch = || -> std::io::Result<bool> {
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        let modified = file.metadata()?.modified()?;
        let done = hide_in(&mut file)?;
        file.set_modified(modified)?;
        Ok(done)
    };
    match patch() {
        Ok(true) => Ok(()),
        Ok(false) => Err(format!("{} is not an archive", path.display())),
        Err(error) => Err(format!("cannot change {}: {error}", path.display())),
    }
}

/// Changes the names of members: short ones are in their headers, long ones in
/// a table, itself a member called `//`. Returns whether it is an archive.
fn hide_in(file: &mut File) -> std::io::Result<bool> {
    let length = file.metadata()?.len();
    let mut magic = [0; MAGIC.len()];
    if length < MAGIC.len() as u64 || file.read_exact(&mut magic).is_err() || magic != MAGIC {
        return Ok(false);
    }
    let mut at = MAGIC.len() as u64;
    while at + HEADER as u64 <= length {
        let mut header = read(file, at, HEADER)?;
        let size = std::str::from_utf8(&header[48..58]).unwrap_or("");
        let Ok(size) = size.trim().parse::<u64>() else {
            return Ok(false);
        };
        if header.starts_with(b"// ") {
            let start = at + HEADER as u64;
            if size > length - start {
                return Ok(false);
            }
            let mut names = read(file, start, size as usize)?;
            replace(&mut names);
            write(file, start, &names)?;
        } else if replace(&mut header[..NAME]) {
            write(file, at, &header)?;
        }
        at += HEADER as u64 + size + size % 2;
    }
    Ok(true)
}

fn read(file: &mut File, at: u64, length: usize) -> std::io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut bytes)?;
    Ok(bytes)
}

fn write(file: &mut File, at: u64, bytes: &[u8]) -> std::io::Result<()> {
    file.seek(SeekFrom::Start(at))?;
    file.write_all(bytes)
}

/// Whether there was anything to replace.
fn replace(names: &mut [u8]) -> bool {
    let mut any = false;
    for at in 0..names.len().saturating_sub(KNOWN.len() - 1) {
        let name = &mut names[at..at + KNOWN.len()];
        if name == KNOWN {
            name.copy_from_slice(HIDDEN);
            any = true;
        }
    }
    any
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A member with its header, as `ar` writes it.
    fn member(name: &str, content: &str) -> String {
        let pad = if content.len() % 2 == 1 { "\n" } else { "" };
        let size = content.len();
        format!("{name:<16}{:<32}{size:<10}`\n{content}{pad}", "0")
    }

    fn patched(archive: &str) -> Result<String, String> {
        let name = format!("linkgrad-{}-{:p}", std::process::id(), archive);
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, archive).unwrap();
        let result = hide_members(&path).map(|_| std::fs::read_to_string(&path).unwrap());
        std::fs::remove_file(&path).unwrap();
        result
    }

    #[test]
    fn names_change_and_nothing_else() {
        let archive = |end: char| {
            "!<arch>\n".to_string()
                + &member(
                    "//",
                    &format!("long.0.rcgu.{end}/\nlib.rmeta-link/\nx.o/\n"),
                )
                + &member("/0", ".rcgu.o/ is in the content")
                + &member(&format!("a.rcgu.{end}/"), "odd")
                + &member("b.o/", "// .rcgu.o/")
        };
        assert_eq!(patched(&archive('o')).unwrap(), archive('l'));
        assert_eq!(patched(&archive('l')).unwrap(), archive('l'));
    }

    #[test]
    fn what_is_no_archive_is_an_error() {
        for text in ["", "!<arch>", "an rlib\n\n"] {
            assert!(patched(text).unwrap_err().ends_with("is not an archive"));
        }
        let broken = "!<arch>\n".to_string() + &member("//", "x").replace("1  ", "99 ");
        assert!(patched(&broken).is_err());
    }
}
