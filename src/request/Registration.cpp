//===- Registration.cpp - What a program says about its functions ---------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "request/Registration.h"
#include "request/MagicNames.h"
#include "request/OperandOrigin.h"
#include "support/Diagnostics.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DebugInfoMetadata.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/Module.h"
#include "llvm/Transforms/Utils/ModuleUtils.h"

using namespace llvm;

namespace linkgrad {

//===----------------------------------------------------------------------===//
// Names
//===----------------------------------------------------------------------===//

static constexpr std::pair<StringLiteral, RegistrationKind> Stems[] = {
    {"__enzyme_register_gradient", RegistrationKind::Gradient},
    {"__enzyme_register_derivative", RegistrationKind::Derivative},
    {"__enzyme_inactivefn", RegistrationKind::InactiveFunction},
    {"__enzyme_inactive_global", RegistrationKind::InactiveGlobal},
    {"__enzyme_nofree", RegistrationKind::NoFree},
    {"__enzyme_function_like", RegistrationKind::FunctionLike},
    {"__enzyme_allocation_like", RegistrationKind::AllocationLike},
};

/// `__enzyme_register_splitderivative…`, and whatever else users may hope for.
static constexpr StringLiteral Unsupported = "__enzyme_register_";

static constexpr StringLiteral AnnotationTable = "llvm.global.annotations";

std::optional<RegistrationKind> registrationKind(StringRef Symbol) {
  // Guards of local statics, type information.
  if (Symbol.starts_with("_ZG") || Symbol.starts_with("_ZT"))
    return std::nullopt;
  for (const auto &[Stem, Kind] : Stems)
    if (Symbol.contains(Stem))
      return Kind;
  return std::nullopt;
}

bool mentionsRegistration(StringRef StringTable) {
  return StringTable.contains(Unsupported) ||
         StringTable.contains(AnnotationTable) ||
         any_of(Stems, [&](const auto &Entry) {
           return StringTable.contains(Entry.first);
         });
}

//===----------------------------------------------------------------------===//
// Errors
//===----------------------------------------------------------------------===//

static std::string locationOf(const GlobalVariable &GV) {
  SmallVector<DIGlobalVariableExpression *, 1> Debug;
  GV.getDebugInfo(Debug);
  if (Debug.empty())
    return "";
  const DIGlobalVariable *V = Debug.front()->getVariable();
  return (V->getFilename() + ":" + Twine(V->getLine())).str();
}

static Error badRegistration(const GlobalVariable &GV, const Twine &Problem,
                             const Twine &Help) {
  auto D = std::make_unique<DiffError>(Reason::BadRegistration,
                                       "'" + displayName(GV) + "' " + Problem);
  D->Location = locationOf(GV);
  D->Symbol = GV.getName();
  D->Help = Help.str();
  return Error(std::move(D));
}

//===----------------------------------------------------------------------===//
// Initialisers
//===----------------------------------------------------------------------===//

namespace {

/// Reads one variable: the leaves of its initialiser, whatever arrays, structs
/// and casts are around them.
class RegistrationReader {
public:
  RegistrationReader(GlobalVariable &GV, RegistrationKind Kind) : GV(GV) {
    Result.Kind = Kind;
    Result.Global = &GV;
  }

  Expected<Registration> run() {
    flatten(*GV.getInitializer());
    Error E = Leaves.size() == form().second ? read() : wrong();
    if (E)
      return std::move(E);
    return std::move(Result);
  }

private:
  /// What the initialiser must be, and of how many parts.
  std::pair<StringRef, size_t> form() const {
    switch (Result.Kind) {
    case RegistrationKind::Gradient:
      return {"{function, augmented primal, gradient}", 3};
    case RegistrationKind::Derivative:
      return {"{function, derivative}", 2};
    case RegistrationKind::FunctionLike:
      return {"{function, \"name of a known function\"}", 2};
    case RegistrationKind::AllocationLike:
      return {"{allocator, index of its size, \"operands of free\", free}", 4};
    case RegistrationKind::InactiveGlobal:
      return {"the address of a variable", 1};
    case RegistrationKind::InactiveFunction:
    case RegistrationKind::NoFree:
    case RegistrationKind::Annotation:
      break;
    }
    return {"a function", 1};
  }

  Error wrong() const {
    return badRegistration(GV, "must be initialised with " + form().first,
                           "write the addresses of functions, as constants");
  }

  void flatten(Constant &C) {
    if (isa<ConstantAggregate>(C)) {
      for (Use &Element : C.operands())
        flatten(*cast<Constant>(Element));
      return;
    }
    if (isa<ConstantAggregateZero>(C)) // Not initialised before the start.
      return;
    Leaves.push_back(&C);
  }

  Value *origin(unsigned Leaf) const {
    OriginSet Origins = originsOf(Leaves[Leaf]);
    return Origins.size() == 1 ? Origins.front() : nullptr;
  }

  template <typename T> T *as(unsigned Leaf) const {
    return dyn_cast_or_null<T>(origin(Leaf));
  }

  std::optional<StringRef> text(unsigned Leaf) const {
    auto *String = as<GlobalVariable>(Leaf);
    auto *Data =
        String && String->isConstant() && String->hasInitializer()
            ? dyn_cast<ConstantDataSequential>(String->getInitializer())
            : nullptr;
    if (!Data || !Data->isCString())
      return std::nullopt;
    return Data->getAsCString();
  }

  /// The helpers from leaf \p First on.
  bool readHelpers(unsigned First) {
    for (unsigned Leaf = First; Leaf != Leaves.size(); ++Leaf)
      if (auto *F = as<Function>(Leaf))
        Result.Helpers.push_back(F);
    return Result.Helpers.size() == Leaves.size() - First;
  }

  bool readAllocator() {
    auto *Size = as<Constant>(1);
    std::optional<uint64_t> Index =
        Size && Size->isNullValue() ? 0 : constantOperand(Leaves[1]);
    std::optional<StringRef> Operands = text(2);
    auto *F = cast<Function>(Result.Subject);
    if (!Index || !Operands || !readHelpers(3) || *Index >= F->arg_size())
      return false;
    // The memory comes first, then operands of the allocator.
    SmallVector<StringRef, 2> Numbers;
    Operands->split(Numbers, ',');
    unsigned Number;
    if (Numbers.front().trim() != "-1" ||
        any_of(drop_begin(Numbers), [&](StringRef N) {
          return N.trim().getAsInteger(10, Number) || Number >= F->arg_size();
        }))
      return false;
    Result.SizeOperand = *Index;
    Result.Text = Operands->str();
    return F->getReturnType()->isPointerTy() &&
           F->getArg(*Index)->getType()->isIntegerTy();
  }

  bool readRest() {
    switch (Result.Kind) {
    case RegistrationKind::Gradient:
    case RegistrationKind::Derivative:
      return readHelpers(1);
    case RegistrationKind::FunctionLike:
      Result.Text = text(1).value_or("").str();
      return !Result.Text.empty();
    case RegistrationKind::AllocationLike:
      return readAllocator();
    default:
      return true;
    }
  }

  Error read() {
    if (Result.Kind == RegistrationKind::InactiveGlobal)
      Result.Subject = as<GlobalVariable>(0);
    else
      Result.Subject = as<Function>(0);
    return Result.Subject && readRest() ? Error::success() : wrong();
  }

  GlobalVariable &GV;
  Registration Result;
  SmallVector<Constant *, 4> Leaves;
};

} // namespace

//===----------------------------------------------------------------------===//
// Annotations
//===----------------------------------------------------------------------===//

/// `key` or `key=value`, the value perhaps in quotation marks.
static std::pair<StringRef, StringRef> parseAnnotation(StringRef Text) {
  auto [Key, Value] = Text.split('=');
  Value = Value.trim();
  if (Value.size() > 1 && Value.front() == '"' && Value.back() == '"')
    Value = Value.drop_front().drop_back();
  return {Key.trim(), Value};
}

static bool isKnownAnnotation(StringRef Key) {
  return StringSwitch<bool>(Key)
      .Cases({"enzyme_inactive", "enzyme_math", "enzyme_type"}, true)
      .Cases({"enzyme_shouldrecompute", "enzyme_nofree"}, true)
      .Default(false);
}

/// Annotations of one function or variable that are meant for LinkGrad. A row
/// of the table is {object, string, file, line, arguments}.
static Error readAnnotations(Module &M, SmallVectorImpl<Registration> &Out) {
  GlobalVariable *Table = M.getNamedGlobal(AnnotationTable);
  if (!Table || !Table->hasInitializer())
    return Error::success();
  Error Problems = Error::success();
  for (Use &Row : Table->getInitializer()->operands()) {
    auto *Fields = dyn_cast<ConstantStruct>(Row);
    if (!Fields || Fields->getNumOperands() < 4)
      continue;
    auto String = [&](unsigned No) -> StringRef {
      auto *GV =
          dyn_cast<GlobalVariable>(Fields->getOperand(No)->stripPointerCasts());
      auto *Data = GV && GV->hasInitializer()
                       ? dyn_cast<ConstantDataSequential>(GV->getInitializer())
                       : nullptr;
      return Data && Data->isCString() ? Data->getAsCString() : StringRef();
    };
    auto *Subject = dyn_cast<GlobalObject>(
        Fields->getOperand(0)->stripPointerCastsAndAliases());
    StringRef Text = String(1);
    if (!Subject || !Text.starts_with("enzyme_"))
      continue;
    if (!isKnownAnnotation(parseAnnotation(Text).first)) {
      auto D = std::make_unique<DiffError>(
          Reason::BadRegistration, "the annotation '" + Text + "' of '" +
                                       displayName(*Subject) +
                                       "' is not known or not supported yet");
      auto *Line = dyn_cast<ConstantInt>(Fields->getOperand(3));
      if (StringRef File = String(2); Line && !File.empty())
        D->Location = (File + ":" + Twine(Line->getZExtValue())).str();
      Problems = joinErrors(std::move(Problems), Error(std::move(D)));
      continue;
    }
    Registration R;
    R.Kind = RegistrationKind::Annotation;
    R.Subject = Subject;
    R.Text = Text.str();
    Out.push_back(std::move(R));
  }
  return Problems;
}

Error readRegistrations(Module &M, SmallVectorImpl<Registration> &Out) {
  Error Problems = readAnnotations(M, Out);
  for (GlobalVariable &GV : M.globals()) {
    if (!GV.hasInitializer())
      continue;
    std::optional<RegistrationKind> Kind = registrationKind(GV.getName());
    Error E = Error::success();
    if (Kind) {
      Expected<Registration> R = RegistrationReader(GV, *Kind).run();
      if (R)
        Out.push_back(std::move(*R));
      else
        E = joinErrors(std::move(E), R.takeError());
    } else if (GV.getName().contains(Unsupported) &&
               !GV.getName().starts_with("_ZG")) {
      E = joinErrors(std::move(E),
                     badRegistration(GV, "is not supported yet",
                                     "register a gradient or a derivative"));
    }
    Problems = joinErrors(std::move(Problems), std::move(E));
  }
  return Problems;
}

//===----------------------------------------------------------------------===//
// Effects
//===----------------------------------------------------------------------===//

static bool isTypeHint(const Function &F) {
  return F.isDeclaration() &&
         classifyMagicCall(F.getName()) == MagicCall::TypeHint;
}

/// A type hint is there to be seen by the type analysis and has no effect. It
/// must not look like one without any: that would be dropped as dead.
static void markTypeHint(Function &F) {
  F.addFnAttr("enzyme_inactive");
  F.setOnlyAccessesInaccessibleMemory();
  F.setDoesNotThrow();
  F.setWillReturn();
  for (Argument &A : F.args())
    if (A.getType()->isPointerTy())
      A.addAttr(
          Attribute::getWithCaptureInfo(F.getContext(), CaptureInfo::none()));
}

static void forbidInlining(Function &F) {
  F.removeFnAttr(Attribute::AlwaysInline);
  F.removeFnAttr(Attribute::InlineHint);
  F.addFnAttr(Attribute::NoInline);
}

bool decidesAboutCalls(const Registration &R) {
  if (!isa<Function>(R.Subject))
    return false;
  switch (R.Kind) {
  case RegistrationKind::NoFree:
  case RegistrationKind::InactiveGlobal:
    return false;
  case RegistrationKind::Annotation:
    return !StringRef(R.Text).starts_with("enzyme_nofree");
  default:
    return true;
  }
}

SmallVector<Function *, 4> protectRegistered(Module &M) {
  SmallVector<Registration, 4> List;
  consumeError(readRegistrations(M, List));
  SmallVector<Function *, 4> Protected;
  SmallVector<GlobalValue *, 4> Kept;
  for (Registration &R : List) {
    if (R.Global)
      Kept.push_back(R.Global);
    if (!decidesAboutCalls(R))
      continue;
    SmallVector<Function *, 2> Concerned = {cast<Function>(R.Subject)};
    if (R.Kind == RegistrationKind::AllocationLike)
      Concerned.append(R.Helpers);
    for (Function *F : Concerned) {
      forbidInlining(*F);
      Protected.push_back(F);
    }
  }
  if (!Kept.empty())
    appendToCompilerUsed(M, Kept);
  for (Function &F : M)
    if (isTypeHint(F))
      markTypeHint(F);
  return Protected;
}

bool isSeenThrough(const Function &F) {
  return !F.hasOptNone() && any_of(F.args(), [](const Argument &A) {
    return A.hasAttribute(Attribute::Returned);
  });
}

SetVector<const Function *> unkeptFunctions(Module &M) {
  SmallVector<Registration, 4> List;
  consumeError(readRegistrations(M, List));
  SetVector<const Function *> Unkept;
  for (const Registration &R : List) {
    if (!decidesAboutCalls(R))
      continue;
    auto *F = cast<Function>(R.Subject);
    if (!F->isDeclaration() &&
        (!F->hasFnAttribute(Attribute::NoInline) || isSeenThrough(*F)))
      Unkept.insert(F);
  }
  return Unkept;
}

static void applyAnnotation(GlobalObject &Subject, StringRef Text) {
  auto [Key, Value] = parseAnnotation(Text);
  if (auto *V = dyn_cast<GlobalVariable>(&Subject)) {
    V->addAttribute(Key, Value);
    return;
  }
  auto *F = dyn_cast<Function>(&Subject);
  if (!F)
    return;
  if (Key == "enzyme_type")
    F->addRetAttr(Attribute::get(F->getContext(), Key, Value));
  else
    F->addFnAttr(Key, Value);
}

void applyAnnotations(Module &M) {
  SmallVector<Registration, 4> List;
  consumeError(readAnnotations(M, List));
  for (Registration &R : List)
    applyAnnotation(*R.Subject, R.Text);
}

Registrations::Registrations(Module &M) {
  ErrorAsOutParameter Checked(&Problems);
  Problems = readRegistrations(M, List);
  for (const Registration &R : List)
    apply(R);
  for (Function &F : M)
    if (isTypeHint(F)) {
      save(F);
      markTypeHint(F);
    }
}

/// In the reverse order, as one object can be saved more than once.
Registrations::~Registrations() {
  consumeError(std::move(Problems));
  for (auto &[F, Attributes] : reverse(Functions))
    if (F)
      cast<Function>(F)->setAttributes(Attributes);
  for (auto &[V, Attributes] : reverse(Variables))
    if (V)
      cast<GlobalVariable>(V)->setAttributes(Attributes);
}

void Registrations::save(GlobalObject &GO) {
  if (auto *F = dyn_cast<Function>(&GO))
    Functions.push_back({F, F->getAttributes()});
  else if (auto *V = dyn_cast<GlobalVariable>(&GO))
    Variables.push_back({V, V->getAttributes()});
}

void Registrations::apply(const Registration &R) {
  save(*R.Subject);
  auto *F = dyn_cast<Function>(R.Subject);
  switch (R.Kind) {
  case RegistrationKind::Gradient: {
    F->addFnAttr(CustomRuleAttribute);
    CustomRule &Rule = Rules[F];
    if (!Rule.Augment) {
      Rule.Augment = R.Helpers[0];
      Rule.Gradient = R.Helpers[1];
    }
    return;
  }
  case RegistrationKind::Derivative:
    F->addFnAttr(CustomRuleAttribute);
    if (Function *&Derivative = Rules[F].Derivative; !Derivative)
      Derivative = R.Helpers[0];
    return;
  case RegistrationKind::InactiveFunction:
    F->addFnAttr("enzyme_inactive");
    return;
  case RegistrationKind::InactiveGlobal:
    cast<GlobalVariable>(R.Subject)->addAttribute("enzyme_inactive");
    return;
  case RegistrationKind::NoFree:
    return; // The engine assumes of no function that it frees.
  case RegistrationKind::FunctionLike:
    F->addFnAttr("enzyme_math", R.Text);
    return;
  case RegistrationKind::AllocationLike:
    F->addFnAttr("enzyme_allocator", utostr(R.SizeOperand));
    F->addFnAttr("enzyme_deallocator", R.Text);
    F->addFnAttr("linkgrad-free", R.Helpers[0]->getName());
    save(*R.Helpers[0]);
    R.Helpers[0]->addFnAttr("linkgrad-frees");
    return;
  case RegistrationKind::Annotation:
    return applyAnnotation(*R.Subject, R.Text);
  }
}

const CustomRule *Registrations::customRule(const Function &F) const {
  auto It = Rules.find(&F);
  return It == Rules.end() ? nullptr : &It->second;
}

} // namespace linkgrad
