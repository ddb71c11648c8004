//===- Diagnostics.cpp - Located errors with named reasons ----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "support/Diagnostics.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace linkgrad {

char DiffError::ID = 0;

StringRef reasonName(Reason R) {
  switch (R) {
  case Reason::NotAFunction:
    return "not-a-function";
  case Reason::WrongArgumentCount:
    return "wrong-argument-count";
  case Reason::UnknownMarker:
    return "unknown-marker";
  case Reason::BadMarker:
    return "bad-marker";
  case Reason::ArgumentType:
    return "argument-type";
  case Reason::ResultType:
    return "result-type";
  case Reason::UnsupportedRequest:
    return "unsupported-request";
  case Reason::BadRegistration:
    return "bad-registration";
  case Reason::MissingBody:
    return "missing-body";
  case Reason::NotImportable:
    return "not-importable";
  case Reason::BadInput:
    return "bad-input";
  case Reason::UnsupportedInstruction:
    return "unsupported-instruction";
  case Reason::UnsupportedCall:
    return "unsupported-call";
  case Reason::IndirectCall:
    return "indirect-call";
  case Reason::UnknownType:
    return "unknown-type";
  case Reason::MixedActivity:
    return "mixed-activity";
  case Reason::InactiveMemory:
    return "inactive-memory";
  case Reason::CaughtException:
    return "caught-exception";
  case Reason::UnsupportedControlFlow:
    return "unsupported-control-flow";
  case Reason::Internal:
    return "internal";
  }
  return "unknown";
}

void DiffError::log(raw_ostream &OS) const {
  if (!Location.empty())
    OS << Location << ": ";
  OS << "error: " << Message << " [" << reasonName(Why) << "]";
  if (!Function.empty())
    OS << "\n  in function: " << Function;
  if (!Instruction.empty())
    OS << "\n  instruction: " << Instruction;
  if (!Notes.empty())
    OS << Notes;
  if (!Help.empty())
    OS << "\n  help: " << Help;
}

std::error_code DiffError::convertToErrorCode() const {
  return inconvertibleErrorCode();
}

std::string locationString(const DebugLoc &DL) {
  if (!DL)
    return "";
  const DILocation *L = DL.get();
  std::string S;
  raw_string_ostream(S) << L->getFilename() << ':' << L->getLine() << ':'
                        << L->getColumn();
  return S;
}

/// Suffixes that LinkGrad (".linkgrad…"), ThinLTO promotion (".llvm.HASH") and
/// inlining clones append to a symbol.
static StringRef stripSuffixes(StringRef Name) {
  for (StringRef Suffix : {".linkgrad", ".llvm."})
    Name = Name.substr(0, Name.find(Suffix));
  return Name;
}

std::string displayName(StringRef Symbol) {
  return demangle(stripSuffixes(Symbol));
}

std::string displayName(const Value &V) {
  return V.hasName() ? displayName(V.getName()) : "<unnamed>";
}

Error makeError(Reason Why, const Twine &Message, const Twine &Help) {
  auto E = std::make_unique<DiffError>(Why, Message);
  E->Help = Help.str();
  return Error(std::move(E));
}

Error makeError(Reason Why, const Function &F, const Twine &Message,
                const Twine &Help) {
  auto E = std::make_unique<DiffError>(Why, Message);
  E->Function = displayName(F);
  if (F.isDeclaration())
    E->Symbol = F.getName().str();
  if (const DISubprogram *SP = F.getSubprogram())
    raw_string_ostream(E->Location)
        << SP->getFilename() << ':' << SP->getLine();
  E->Help = Help.str();
  return Error(std::move(E));
}

Error makeError(Reason Why, const Instruction &I, const Twine &Message,
                const Twine &Help) {
  auto E = std::make_unique<DiffError>(Why, Message);
  E->Location = locationString(I.getDebugLoc());
  E->Function = displayName(*I.getFunction());
  raw_string_ostream OS(E->Instruction);
  I.print(OS);
  E->Instruction = StringRef(E->Instruction).trim().str();
  if (const auto *Call = dyn_cast<CallBase>(&I))
    if (const Function *Callee = Call->getCalledFunction())
      E->Symbol = Callee->getName().str();
  E->Help = Help.str();
  return Error(std::move(E));
}

Error addNote(Error E, const Twine &Note) {
  return handleErrors(std::move(E), [&](std::unique_ptr<DiffError> D) {
    D->Notes += ("\n  note: " + Note).str();
    return Error(std::move(D));
  });
}

} // namespace linkgrad
