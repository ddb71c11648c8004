//===- RustcBackendAnswer.cpp - Derivatives inside rustc ------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The backend for `lto = "fat"`: rustc has merged the whole program, standard
// library included, into the one module that the pass sees.
//
//===----------------------------------------------------------------------===//

#include "front/AnswerPass.h"
#include "front/RustcBackend.h"

void linkgrad::addRustcPass(llvm::ModulePassManager &MPM, const Options &Opts) {
  MPM.addPass(AnswerPass(Opts));
}

// How `cargo linkgrad install-backend` knows the file for ours.
extern "C" {
extern const char EnzymeIsLinkGrad = 1;
}
