//===- program.rs - How nightly compiles a program ------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

//! What cargo-linkgrad and linkgrad-rustc both know.

/// Added to the flags of what is linked to a program: rustc insists on merging
/// it if it uses std::autodiff. As it recognises no member of a library, that
/// means the program's own crate.
pub const PROGRAM_FLAGS: [&str; 3] = [
    "-Clto=fat",
    "-Cembed-bitcode=yes",
    // No second round of optimisation: the linker's comes after the derivatives.
    "-Zautodiff=NoPostopt",
];
