//===- ProgramRegistrations.h - What the modules register -------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A registration (request/Registration.h) acts on the whole program, whichever
// module it is in. Summaries do not tell what it says, so the few modules that
// have one are read for it. What is kept says only where to look: the variables
// themselves are imported with the bodies that a derivative needs.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_THINLTO_PROGRAMREGISTRATIONS_H
#define LINKGRAD_THINLTO_PROGRAMREGISTRATIONS_H

#include "request/Registration.h"
#include "llvm/Bitcode/BitcodeReader.h"
#include "llvm/IR/GlobalValue.h"
#include "llvm/IR/ModuleSummaryIndex.h"
#include <string>
#include <vector>

namespace linkgrad {

/// A variable that registers something.
struct ProgramRegistration {
  RegistrationKind Kind;
  llvm::GlobalValue::GUID Global;
  llvm::StringRef Home; ///< the module that has it
  /// What it is about is a local of that module.
  bool IsLocal;
};

/// A function whose calls LLVM may have looked through before the link: what is
/// registered about it is lost where it was inlined.
struct UnkeptFunction {
  std::string Name;
  llvm::StringRef Module; ///< that defines it
};

class ProgramRegistrations {
public:
  /// Reads those of the module called \p Path, which must stay in memory.
  /// \returns what is wrong with them.
  llvm::Error add(llvm::BitcodeModule Bitcode, llvm::StringRef Path);

  /// All that is about \p Subject, in the order of the link. A subject that is
  /// local has the same GUID as others of its name in files of the same name.
  llvm::ArrayRef<ProgramRegistration> of(llvm::GlobalValue::GUID Subject) const;

  /// Registered functions that nothing kept out of the inliner when the module
  /// that defines them was compiled, in the order of the link.
  std::vector<UnkeptFunction>
  unkept(const llvm::ModuleSummaryIndex &Summaries) const;

private:
  struct Subject {
    std::string Name;
    llvm::GlobalValue::GUID GUID;
    llvm::StringRef Home; ///< if it is a local
    bool SeenThrough;
  };

  void addFunction(const llvm::Function &F, llvm::StringRef Path);
  void add(const llvm::GlobalObject &Subject, const Registration &R,
           llvm::StringRef Path);

  llvm::DenseMap<llvm::GlobalValue::GUID,
                 llvm::SmallVector<ProgramRegistration, 2>>
      BySubject;
  std::vector<Subject> Functions;
};

} // namespace linkgrad

#endif // LINKGRAD_THINLTO_PROGRAMREGISTRATIONS_H
