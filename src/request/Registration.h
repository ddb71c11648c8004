//===- Registration.h - What a program says about its functions -*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A program can tell the engine what it could not see, or should not look at:
//
//   void *__enzyme_register_gradient_f[] = {(void *)f, (void *)augment,
//                                           (void *)gradient};
//   void *__enzyme_inactivefn_log = (void *)log_progress;
//   __attribute__((annotate("enzyme_inactive"))) double report(double);
//
// docs/registration.md has the list. The first kind are global variables with a
// magic name, the last are strings in `llvm.global.annotations`. Both are
// turned into what the engine understands: attributes of functions and
// variables, and a table of the program's own derivatives.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_REQUEST_REGISTRATION_H
#define LINKGRAD_REQUEST_REGISTRATION_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/SetVector.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/IR/Attributes.h"
#include "llvm/IR/ValueHandle.h"
#include "llvm/Support/Error.h"
#include <optional>
#include <string>

namespace llvm {
class Function;
class GlobalObject;
class GlobalVariable;
class Module;
} // namespace llvm

namespace linkgrad {

enum class RegistrationKind {
  Gradient,         ///< {f, augment, gradient}: how to reverse f
  Derivative,       ///< {f, fwd}: f's tangent
  InactiveFunction, ///< f: calls of it are inactive
  InactiveGlobal,   ///< g: holds nothing active
  NoFree,           ///< f: frees nothing
  FunctionLike,     ///< {f, "log1p"}: f is to be treated as that function
  AllocationLike,   ///< {alloc, size operand, "-1", free}
  Annotation,       ///< an annotate string that starts with "enzyme_"
};

/// One fact about a function or variable.
struct Registration {
  RegistrationKind Kind;
  /// The variable that says it; null for annotations.
  llvm::GlobalVariable *Global = nullptr;
  llvm::GlobalObject *Subject = nullptr;
  /// The program's functions that the fact mentions: augment and gradient, or
  /// fwd, or free.
  llvm::SmallVector<llvm::Function *, 2> Helpers;
  /// The name of the known function; the operands of free; the annotation.
  std::string Text;
  /// AllocationLike: the operand that is the number of bytes.
  uint64_t SizeOperand = 0;
};

/// What a variable of this name registers; none for other names.
std::optional<RegistrationKind> registrationKind(llvm::StringRef Symbol);

/// True if one of the names in \p StringTable may be that of a registration: a
/// cheap look at the symbol names of a bitcode file, local ones too.
bool mentionsRegistration(llvm::StringRef StringTable);

/// True if the engine treats calls of the subject in a way of its own.
bool decidesAboutCalls(const Registration &R);

/// Reads all registrations of \p M in the order of the module. Those that make
/// no sense are left out and told in the error.
llvm::Error readRegistrations(llvm::Module &M,
                              llvm::SmallVectorImpl<Registration> &Out);

/// Keeps optimisations from looking into registered functions and from dropping
/// what registers them. For a pass at the start of the pipeline; problems are
/// left to those who answer requests. \returns the functions.
llvm::SmallVector<llvm::Function *, 4> protectRegistered(llvm::Module &M);

/// True if LLVM replaces the results of calls of \p F by an argument, even if
/// it inlines none.
bool isSeenThrough(const llvm::Function &F);

/// Registered functions that nothing kept out of the inliner. To be asked about
/// a module that was optimised without the plugin.
llvm::SetVector<const llvm::Function *> unkeptFunctions(llvm::Module &M);

/// How a program keeps LLVM from seeing through calls of what it registers.
inline constexpr llvm::StringLiteral KeepCallsHelp =
    "compile that file with -fpass-plugin=LinkGrad.so, or declare the function "
    "__attribute__((noinline, optnone))";

/// What bears this must not be inlined into a function to differentiate.
inline constexpr llvm::StringLiteral CustomRuleAttribute =
    "linkgrad-custom-rule";

/// The derivatives that a program has for one of its functions.
struct CustomRule {
  llvm::Function *Augment = nullptr;
  llvm::Function *Gradient = nullptr;
  llvm::Function *Derivative = nullptr;
};

/// The registrations of a module, in force for as long as this lives: facts
/// about functions and variables become their attributes, which are taken away
/// again at the end.
class Registrations {
public:
  explicit Registrations(llvm::Module &M);
  ~Registrations();
  Registrations(const Registrations &) = delete;
  Registrations &operator=(const Registrations &) = delete;

  /// What is wrong with the registrations of the module, if anything. To be
  /// asked once.
  llvm::Error takeError() { return std::move(Problems); }

  /// The program's own derivatives of \p F, or null.
  const CustomRule *customRule(const llvm::Function &F) const;

  llvm::ArrayRef<Registration> all() const { return List; }

private:
  void apply(const Registration &R);
  void save(llvm::GlobalObject &GO);

  llvm::SmallVector<Registration, 0> List;
  llvm::Error Problems = llvm::Error::success();
  llvm::DenseMap<const llvm::Function *, CustomRule> Rules;
  /// Attributes as they were.
  llvm::SmallVector<std::pair<llvm::WeakVH, llvm::AttributeList>, 8> Functions;
  llvm::SmallVector<std::pair<llvm::WeakVH, llvm::AttributeSet>, 2> Variables;
};

/// Sets the attributes that annotations of \p M ask for, for good: a body that
/// is imported elsewhere takes them along. What is wrong with them is told by
/// the module itself.
void applyAnnotations(llvm::Module &M);

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_REGISTRATION_H
