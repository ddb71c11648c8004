//===- Diagnostics.h - Located errors with named reasons --------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Whatever LinkGrad cannot do ends in a DiffError: a reason from a closed
// list, what went wrong, where (source location, function, instruction), and
// what would help. A request is answered with a right derivative or with one
// of these, never with a wrong or zero derivative in silence.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_SUPPORT_DIAGNOSTICS_H
#define LINKGRAD_SUPPORT_DIAGNOSTICS_H

#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace llvm {
class DebugLoc;
class Function;
class Instruction;
class Value;
} // namespace llvm

namespace linkgrad {

/// Why a request was refused. Each has a stable kebab-case name, printed in
/// brackets after the message, and at least one negative test.
enum class Reason {
  // The request itself.
  NotAFunction,       ///< the first argument does not resolve to a function
  WrongArgumentCount, ///< too few or too many arguments for the primal
  UnknownMarker,      ///< an `enzyme_…` marker that does not exist
  BadMarker,          ///< a marker that makes no sense here
  ArgumentType,       ///< a call operand does not fit the primal's parameter
  ResultType,         ///< the derivative's result does not fit the call
  UnsupportedRequest, ///< a magic name that is not supported yet
  BadRegistration,    ///< a magic global or annotation that makes no sense
  // The link layer.
  MissingBody,   ///< an active callee has no IR anywhere in the link
  NotImportable, ///< the IR is there but cannot be copied
  BadInput,      ///< truncated or unreadable file, newer bitcode, …
  // The engine.
  UnsupportedInstruction, ///< an IR construct without a derivative
  UnsupportedCall,        ///< a known function without a rule
  IndirectCall,           ///< the callee is not known
  UnknownType,            ///< cannot tell floats from pointers or integers
  MixedActivity,          ///< a pointer with a shadow meets one without
  InactiveMemory,         ///< an active value is stored to inactive memory
  UnsupportedControlFlow, ///< a graph that cannot be brought into form
  CaughtException,        ///< caught behind a callee that is not inlined
  Internal,               ///< a bug in LinkGrad
};

/// The stable name of \p R, e.g. "missing-body".
llvm::StringRef reasonName(Reason R);

/// The one error type of the project.
class DiffError : public llvm::ErrorInfo<DiffError> {
public:
  static char ID;

  DiffError(Reason Why, const llvm::Twine &Message)
      : Why(Why), Message(Message.str()) {}

  /// Prints `LOCATION: error: MESSAGE [reason-name]`, then one indented line
  /// each for the function, the instruction, notes and the help, if present.
  void log(llvm::raw_ostream &OS) const override;
  std::error_code convertToErrorCode() const override;

  Reason Why;
  std::string Message;     ///< lower case, no final full stop
  std::string Location;    ///< "file:line:column", empty if not known
  std::string Function;    ///< demangled name of the function it is about
  std::string Instruction; ///< the instruction as printed IR
  std::string Symbol;      ///< the linker's name of the callee or declaration
                           ///< that it is about, if there is one
  std::string Notes;       ///< further lines, e.g. the call path
  std::string Help;        ///< what the user can do
};

/// An error about no particular place.
llvm::Error makeError(Reason Why, const llvm::Twine &Message,
                      const llvm::Twine &Help = "");
/// An error about \p I: location, function and instruction are filled in.
llvm::Error makeError(Reason Why, const llvm::Instruction &I,
                      const llvm::Twine &Message, const llvm::Twine &Help = "");
/// An error about \p F.
llvm::Error makeError(Reason Why, const llvm::Function &F,
                      const llvm::Twine &Message, const llvm::Twine &Help = "");

/// Adds \p Note as a further line to the DiffErrors in \p E (other errors
/// pass unchanged), e.g. the request on whose behalf the work was done.
llvm::Error addNote(llvm::Error E, const llvm::Twine &Note);

/// "file:line:column" of \p DL, following inlining to the innermost source
/// position; empty if there is none.
std::string locationString(const llvm::DebugLoc &DL);

/// The name of \p V as a user knows it: demangled, without LinkGrad's and
/// ThinLTO's suffixes.
std::string displayName(const llvm::Value &V);
/// The same for a bare symbol name.
std::string displayName(llvm::StringRef Symbol);

} // namespace linkgrad

#endif // LINKGRAD_SUPPORT_DIAGNOSTICS_H
