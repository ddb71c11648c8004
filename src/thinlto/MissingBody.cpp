//===- MissingBody.cpp - Explaining what is not there ---------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/MissingBody.h"
#include "support/Diagnostics.h"

using namespace llvm;

namespace linkgrad {

static std::string helpFor(const NativeDefinition &Definition) {
  std::string Otherwise = "register a derivative for it, or mark it inactive";
  switch (Definition.Kind) {
  case NativeDefinition::Nowhere:
    return "link the file that defines it, compiled with -flto=thin; or " +
           Otherwise;
  case NativeDefinition::Object:
    return "compile " + Definition.File +
           " with -flto=thin or embed its bitcode; or " + Otherwise;
  case NativeDefinition::SharedLibrary:
    return "link the library's objects, compiled with -flto=thin, in place "
           "of " +
           Definition.File + "; or " + Otherwise;
  }
  return Otherwise;
}

static void explain(DiffError &D, const Closure &Needs,
                    NativeSymbols &Natives) {
  if (std::string Path = Needs.path(D.Symbol); !Path.empty())
    D.Notes += "\n  call path: " + Path;
  std::string Name = displayName(D.Symbol);
  for (const ClosureCut &Cut : Needs.Cuts)
    if (Cut.VI.name() == D.Symbol && Cut.Why != CutReason::NoBody) {
      D.Notes +=
          "\n  note: '" + Name + "' is left out: it " + describe(Cut.Why).str();
      return;
    }
  NativeDefinition Definition = Natives.find(D.Symbol);
  D.Notes += "\n  note: '" + Name + "' is " + Definition.describe();
  D.Help = helpFor(Definition);
}

Error explainMissingBody(Error E, const Closure &Needs,
                         NativeSymbols &Natives) {
  return handleErrors(std::move(E), [&](std::unique_ptr<DiffError> D) {
    if (D->Why == Reason::MissingBody && !D->Symbol.empty())
      explain(*D, Needs, Natives);
    return Error(std::move(D));
  });
}

} // namespace linkgrad
