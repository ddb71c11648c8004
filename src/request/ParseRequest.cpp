//===- ParseRequest.cpp - Reading the operands of a request ---------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
//   request(function, {marker | primal | shadow}…)
//
// The operands are read in three steps. Each is classified as marker or value;
// then markers that are about the call as a whole (enzyme_width, …) are taken
// out, wherever they stand; what remains is, for each parameter of the primal
// in order, `[markers] primal [shadow x width]`. After enzyme_interleave come
// all shadows, in the order of their primals.
//
// A primal that returns a struct through memory has an `sret` parameter, which
// the caller's source does not show. Without a marker it is filled in here:
//
//   forward   The request returns its struct through memory too. That buffer
//             receives [the primal result, if asked for] and then the tangents
//             of all lanes, one after the other.
//   reverse   The operand after the function is the shadow of the result, with
//             the incoming adjoint. The primal result goes to scratch memory.
//
// With an activity marker it is read like any other pointer parameter.
//
//===----------------------------------------------------------------------===//

#include "request/ArgumentForm.h"
#include "request/Markers.h"
#include "request/OperandOrigin.h"
#include "request/RequestCall.h"
#include "request/RequestCallImpl.h"
#include "support/Diagnostics.h"
#include "llvm/IR/Constants.h"
#include "llvm/IR/DataLayout.h"
#include "llvm/IR/Function.h"
#include "llvm/IR/InstrTypes.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace linkgrad {

/// More lanes than this are a mistake, and would take very long.
static constexpr uint64_t MaxWidth = 1024;

static constexpr StringLiteral OrderHelp =
    "for each parameter pass: [markers] value [shadows if it is duplicated]; "
    "without a marker floating point is active (reverse) or duplicated "
    "(forward), pointers are duplicated, integers constant";

/// True for a template declared in C++ as `R __enzyme_…(…, T &&...)`. Its
/// operands point to the values, where no type says which ones do.
static bool takesReferences(const CallBase &Call) {
  OriginSet Callee = originsOf(Call.getCalledOperand());
  if (Callee.size() != 1)
    return false;
  // How Itanium mangles T&&..., T&... and const T&... as parameters.
  StringRef Name = Callee.front()->getName();
  return Name.starts_with("_Z") &&
         (Name.contains("DpOT") || Name.contains("DpRT") ||
          Name.contains("DpRKT"));
}

static bool isActivityMarker(Marker M) { return M <= Marker::Const; }

namespace {

struct Token {
  Value *V;
  std::optional<Marker> M;
  unsigned OperandNo;
};

/// What the markers before an argument say about it.
struct ArgumentMarkers {
  std::optional<Activity> A;
  Value *Stride = nullptr;
  std::optional<uint64_t> ByRefSize;
};

class Parser {
public:
  Parser(CallBase &Call, Function &Primal, DiffMode Mode)
      : Call(Call), Primal(Primal), DL(Call.getDataLayout()) {
    RC.Call = &Call;
    RC.Request.Primal = &Primal;
    RC.Request.Mode = Mode;
  }

  Expected<RequestCall> run();

private:
  CallBase &Call;
  Function &Primal;
  const DataLayout &DL;
  RequestCall RC;

  SmallVector<Token, 16> Tokens;  ///< markers of arguments, primals, shadows
  SmallVector<Token, 16> Shadows; ///< those after enzyme_interleave
  size_t Next = 0, NextShadow = 0;
  bool Interleaved = false;
  std::optional<Marker> ResultMarker;
  bool HasWidth = false;

  bool isForward() const { return RC.Request.Mode == DiffMode::Forward; }
  unsigned width() const { return RC.Request.Width; }
  std::string primalName() const { return "'" + displayName(Primal) + "'"; }
  Error fail(Reason Why, const Twine &Message, const Twine &Help = "") const {
    return makeError(Why, Call, Message, Help);
  }

  // Markers of the call.
  Error readTokens();
  Error takeCallMarker(ArrayRef<Token> All, size_t &I);
  Error takeWidth(ArrayRef<Token> All, size_t &I);
  Error setResultMarker(Marker M);

  // The result.
  Error parseResult();
  Error parseResultMarker(Marker M, TypeContent Content);

  // Arguments.
  Error parseArgument(const Argument &Param);
  Expected<ArgumentMarkers> parseMarkers();
  Error takeMarkerOperand(Marker M, ArgumentMarkers &Result);
  Error checkActivity(const Argument &Param, Activity A) const;
  Error takePrimal(const Argument &Param, std::optional<uint64_t> ByRefSize);
  Error takeShadows(const Argument &Param, Value *Stride);
  Expected<Token> takeValue(ArrayRef<Token> From, size_t &Position,
                            const Argument &Param, StringRef What) const;
  Error checkNothingLeft() const;

  // Structs returned through memory.
  bool nextIsActivityMarker() const;
  Error parseResultBuffer(const Argument &Param);
  Error useCallersBuffer(const Argument &Param, Activity A, Type *Ty);
  void pushScratch(const Argument &Param);
  RequestOperand &push(RequestOperand::FormKind Form, Type *Ty,
                       Value *V = nullptr);
};

} // namespace

Expected<RequestCall> Parser::run() {
  if (takesReferences(Call))
    return fail(Reason::UnsupportedRequest,
                "the request takes its arguments by reference",
                "declare it with `T...` instead of `T &&...`");
  if (Primal.isVarArg())
    return fail(Reason::UnsupportedRequest,
                primalName() + " is variadic and cannot be differentiated");
  if (Error E = readTokens())
    return std::move(E);
  if (Error E = parseResult())
    return std::move(E);
  for (Argument &Param : Primal.args())
    if (Error E = Param.hasStructRetAttr() && !nextIsActivityMarker()
                      ? parseResultBuffer(Param)
                      : parseArgument(Param))
      return std::move(E);
  if (Error E = checkNothingLeft())
    return std::move(E);
  // A void result is not returned, whatever was asked for.
  RC.Request.ReturnPrimal &= !Primal.getReturnType()->isVoidTy();
  return std::move(RC);
}

//===----------------------------------------------------------------------===//
// Markers of the call
//===----------------------------------------------------------------------===//

Error Parser::readTokens() {
  SmallVector<Token, 16> All;
  for (unsigned I = functionOperandNo(Call) + 1; I != Call.arg_size(); ++I) {
    Value *V = Call.getArgOperand(I);
    Expected<std::optional<Marker>> M = parseMarker(Call, V);
    if (!M)
      return M.takeError();
    All.push_back({V, *M, I});
  }
  for (size_t I = 0; I != All.size(); ++I) {
    if (All[I].M && *All[I].M >= Marker::Width) {
      if (Error E = takeCallMarker(All, I))
        return E;
    } else if (Interleaved && All[I].M) {
      return fail(Reason::BadMarker, "'" + markerName(*All[I].M) +
                                         "' stands after 'enzyme_interleave', "
                                         "where only shadows may follow");
    } else {
      (Interleaved ? Shadows : Tokens).push_back(All[I]);
    }
  }
  return Error::success();
}

/// Handles the marker All[I]; moves \p I to its last operand.
Error Parser::takeCallMarker(ArrayRef<Token> All, size_t &I) {
  Marker M = *All[I].M;
  switch (M) {
  case Marker::Width:
    return takeWidth(All, I);
  case Marker::PrimalReturn:
    RC.Request.ReturnPrimal = true;
    return Error::success();
  case Marker::NoRet:
  case Marker::ConstReturn:
  case Marker::ActiveReturn:
  case Marker::DupReturn:
    return setResultMarker(M);
  case Marker::RuntimeActivity:
    RC.Request.RuntimeActivity = true;
    return Error::success();
  case Marker::Interleave:
    if (std::exchange(Interleaved, true))
      return fail(Reason::BadMarker, "'enzyme_interleave' is given twice");
    return Error::success();
  case Marker::Tape:
  case Marker::Allocated:
  case Marker::NoFree:
    return fail(Reason::BadMarker,
                "'" + markerName(M) + "' is only for split reverse mode");
  case Marker::Scalar:
  case Marker::Vector:
  case Marker::Buffer:
    return fail(Reason::BadMarker,
                "'" + markerName(M) + "' is only for '__enzyme_batch'");
  default:
    llvm_unreachable("a marker of an argument");
  }
}

/// The integer constant that \p V stands for.
static std::optional<uint64_t> constantOperand(Value *V) {
  OriginSet Origins = originsOf(V);
  auto *C =
      Origins.size() == 1 ? dyn_cast<ConstantInt>(Origins.front()) : nullptr;
  if (!C || C->getValue().getActiveBits() > 64)
    return std::nullopt;
  return C->getZExtValue();
}

Error Parser::takeWidth(ArrayRef<Token> All, size_t &I) {
  if (std::exchange(HasWidth, true))
    return fail(Reason::BadMarker, "'enzyme_width' is given twice");
  std::optional<uint64_t> W;
  if (++I < All.size() && !All[I].M)
    W = constantOperand(All[I].V);
  if (!W || *W == 0 || *W > MaxWidth)
    return fail(Reason::BadMarker,
                "'enzyme_width' must be followed by a constant from 1 to " +
                    Twine(MaxWidth));
  RC.Request.Width = *W;
  return Error::success();
}

Error Parser::setResultMarker(Marker M) {
  if (ResultMarker && *ResultMarker != M)
    return fail(Reason::BadMarker, "'" + markerName(*ResultMarker) + "' and '" +
                                       markerName(M) +
                                       "' contradict each other");
  ResultMarker = M;
  return Error::success();
}

//===----------------------------------------------------------------------===//
// The result
//===----------------------------------------------------------------------===//

/// Fixes the activity of a result returned by value. A void result is Const;
/// parseResultBuffer looks after the struct that it may stand for.
Error Parser::parseResult() {
  DiffRequest &R = RC.Request;
  if (R.ReturnPrimal && ResultMarker == Marker::NoRet)
    return fail(Reason::BadMarker, "'enzyme_primal_return' and 'enzyme_noret' "
                                   "contradict each other");
  Type *T = Primal.getReturnType();
  if (T->isVoidTy())
    return Error::success();

  TypeContent Content = typeContent(T);
  if (ResultMarker && *ResultMarker != Marker::NoRet)
    return parseResultMarker(*ResultMarker, Content);
  R.Result = DiffRequest::defaultActivity(T, R.Mode);
  if (isForward()) {
    // A tangent that the caller cannot receive is not computed.
    bool Received = !Call.getType()->isVoidTy() || functionOperandNo(Call);
    if (!Received)
      R.Result = Activity::Const;
    return Error::success();
  }
  // No adjoint of a pointer can be passed in; adjoints reach the memory behind
  // it through the shadows of the arguments.
  if (Content.Pointer && Content.Float)
    return fail(Reason::UnsupportedRequest,
                "the result of " + primalName() +
                    " holds pointers and floating point, so it is not clear "
                    "what to seed",
                "pass enzyme_const_return");
  if (Content.Pointer)
    R.Result = Activity::Const;
  return Error::success();
}

Error Parser::parseResultMarker(Marker M, TypeContent Content) {
  DiffRequest &R = RC.Request;
  switch (M) {
  case Marker::ConstReturn:
    R.Result = Activity::Const;
    return Error::success();
  case Marker::ActiveReturn:
    if (!Content.Float || Content.Pointer)
      return fail(Reason::BadMarker,
                  "'enzyme_active_return' needs a floating-point result");
    R.Result = isForward() ? Activity::Dup : Activity::Active;
    return Error::success();
  default: // Marker::DupReturn
    if (!isForward())
      return fail(Reason::BadMarker,
                  "'enzyme_dup_return' has no meaning in combined reverse "
                  "mode, where no adjoint can be passed in");
    R.Result = Activity::Dup;
    return Error::success();
  }
}

//===----------------------------------------------------------------------===//
// Arguments
//===----------------------------------------------------------------------===//

Error Parser::parseArgument(const Argument &Param) {
  Expected<ArgumentMarkers> Markers = parseMarkers();
  if (!Markers)
    return Markers.takeError();
  Activity A = Markers->A.value_or(
      DiffRequest::defaultActivity(Param.getType(), RC.Request.Mode));
  if (Error E = checkActivity(Param, A))
    return E;
  RC.Request.Args.push_back(A);
  if (Error E = takePrimal(Param, Markers->ByRefSize))
    return E;
  return isDup(A) ? takeShadows(Param, Markers->Stride) : Error::success();
}

Expected<ArgumentMarkers> Parser::parseMarkers() {
  ArgumentMarkers Result;
  while (Next != Tokens.size() && Tokens[Next].M) {
    Marker M = *Tokens[Next++].M;
    if (isActivityMarker(M) && Result.A)
      return fail(Reason::BadMarker, "'" + markerName(M) +
                                         "' follows another activity of the "
                                         "same argument");
    switch (M) {
    case Marker::Dup:
    case Marker::DupV:
      Result.A = Activity::Dup;
      break;
    case Marker::DupNoNeed:
    case Marker::DupNoNeedV:
      Result.A = Activity::DupNoNeed;
      break;
    case Marker::Out:
      Result.A = Activity::Active;
      break;
    case Marker::Const:
      Result.A = Activity::Const;
      break;
    default: // ByRef; NotOverwritten is a promise that is not made use of.
      break;
    }
    if (Error E = takeMarkerOperand(M, Result))
      return std::move(E);
  }
  return Result;
}

Error Parser::takeMarkerOperand(Marker M, ArgumentMarkers &Result) {
  bool IsStride = M == Marker::DupV || M == Marker::DupNoNeedV;
  if (!IsStride && M != Marker::ByRef)
    return Error::success();
  Value *V =
      Next != Tokens.size() && !Tokens[Next].M ? Tokens[Next++].V : nullptr;
  if (IsStride) {
    if (!V || !V->getType()->isIntegerTy())
      return fail(Reason::BadMarker, "'" + markerName(M) +
                                         "' must be followed by the number of "
                                         "bytes between two lanes");
    Result.Stride = V;
    return Error::success();
  }
  Result.ByRefSize = V ? constantOperand(V) : std::nullopt;
  if (!Result.ByRefSize)
    return fail(Reason::BadMarker, "'enzyme_byref' must be followed by the "
                                   "constant size of the value");
  return Error::success();
}

/// Refuses activities that would lose a derivative in silence.
Error Parser::checkActivity(const Argument &Param, Activity A) const {
  TypeContent Content = typeContent(Param.getType());
  auto Fail = [&](const Twine &What, const Twine &Help) {
    std::string T;
    raw_string_ostream(T) << *Param.getType();
    return fail(Reason::BadMarker,
                What + " for parameter " + Twine(Param.getArgNo() + 1) +
                    " of " + primalName() + ", which has type " + T,
                Help);
  };
  if (A == Activity::Active && isForward())
    return Fail("'enzyme_out' is only for reverse mode, but is given",
                "in forward mode pass enzyme_dup, the value and its tangent");
  if (A == Activity::Active && (!Content.Float || Content.Pointer))
    return Fail("'enzyme_out' needs floating point by value, but is given",
                "pass enzyme_dup and a shadow for what is behind a pointer, "
                "enzyme_const for an integer");
  if (isDup(A) && !isForward() && Content.Float && !Content.Pointer)
    return Fail("in reverse mode a shadow passed by value cannot receive an "
                "adjoint, but 'enzyme_dup' is given",
                "pass enzyme_out and take the gradient from the result");
  return Error::success();
}

/// The next value of \p From, which must not be a marker.
Expected<Token> Parser::takeValue(ArrayRef<Token> From, size_t &Position,
                                  const Argument &Param, StringRef What) const {
  std::string Where = ("the " + What + " of parameter " +
                       Twine(Param.getArgNo() + 1) + " of " + primalName())
                          .str();
  if (Position == From.size())
    return fail(Reason::WrongArgumentCount,
                "too few arguments: the request ends before " + Where,
                OrderHelp);
  if (From[Position].M)
    return fail(Reason::BadMarker, "'" + markerName(*From[Position].M) +
                                       "' stands where " + Where +
                                       " is expected");
  return From[Position++];
}

Error Parser::takePrimal(const Argument &Param,
                         std::optional<uint64_t> ByRefSize) {
  Expected<Token> T = takeValue(Tokens, Next, Param, "value");
  if (!T)
    return T.takeError();
  if (!ByRefSize) {
    Expected<RequestOperand> Op = fitOperand(Call, T->OperandNo, Param);
    if (!Op)
      return Op.takeError();
    RC.Operands.push_back(*Op);
    return Error::success();
  }
  Type *Ty = Param.getType();
  if (!T->V->getType()->isPointerTy())
    return fail(Reason::ArgumentType,
                "'enzyme_byref' must be followed by a size and a pointer");
  if (DL.getTypeStoreSize(Ty) != TypeSize::getFixed(*ByRefSize))
    return fail(Reason::BadMarker,
                "'enzyme_byref' gives " + Twine(*ByRefSize) +
                    " bytes, but parameter " + Twine(Param.getArgNo() + 1) +
                    " of " + primalName() + " has " +
                    Twine(DL.getTypeStoreSize(Ty).getKnownMinValue()));
  push(RequestOperand::Load, Ty, T->V);
  return Error::success();
}

Error Parser::takeShadows(const Argument &Param, Value *Stride) {
  ArrayRef<Token> From = Interleaved ? ArrayRef(Shadows) : ArrayRef(Tokens);
  size_t &Position = Interleaved ? NextShadow : Next;
  if (Stride && !Param.getType()->isPointerTy())
    return fail(Reason::BadMarker,
                "a shadow with a stride is only for pointers, not for "
                "parameter " +
                    Twine(Param.getArgNo() + 1) + " of " + primalName());
  for (unsigned Lane = 0; Lane != (Stride ? 1 : width()); ++Lane) {
    Expected<Token> T = takeValue(From, Position, Param, "shadow");
    if (!T)
      return T.takeError();
    Expected<RequestOperand> Op = fitOperand(Call, T->OperandNo, Param);
    if (!Op)
      return Op.takeError();
    if (Op->ByVal && !isForward() && !Param.hasStructRetAttr())
      return fail(Reason::BadMarker,
                  "in reverse mode a shadow passed by value cannot receive an "
                  "adjoint, but that of parameter " +
                      Twine(Param.getArgNo() + 1) + " of " + primalName() +
                      " is",
                  "pass the addresses of the value and of its shadow");
    RC.Operands.push_back(*Op);
  }
  for (unsigned Lane = 1; Stride && Lane != width(); ++Lane) {
    RequestOperand Op = RC.Operands.back();
    Op.Form = RequestOperand::Lane;
    Op.Stride = Stride;
    Op.Bytes = Lane;
    RC.Operands.push_back(Op);
  }
  return Error::success();
}

Error Parser::checkNothingLeft() const {
  size_t Left = Tokens.size() - Next + Shadows.size() - NextShadow;
  if (Left == 0)
    return Error::success();
  if (Next != Tokens.size() && Tokens.back().M)
    return fail(Reason::BadMarker, "'" + markerName(*Tokens.back().M) +
                                       "' has no argument after it");
  return fail(Reason::WrongArgumentCount,
              "too many arguments: " + Twine(Left) +
                  (Left == 1 ? " operand is" : " operands are") +
                  " left after the " + Twine(Primal.arg_size()) +
                  " parameters of " + primalName(),
              OrderHelp);
}

//===----------------------------------------------------------------------===//
// Structs returned through memory
//===----------------------------------------------------------------------===//

bool Parser::nextIsActivityMarker() const {
  return Next != Tokens.size() && Tokens[Next].M &&
         isActivityMarker(*Tokens[Next].M);
}

RequestOperand &Parser::push(RequestOperand::FormKind Form, Type *Ty,
                             Value *V) {
  RequestOperand &Op = RC.Operands.emplace_back();
  Op.Form = Form;
  Op.Ty = Ty;
  Op.V = V;
  return Op;
}

/// Room for a result that nobody asked for.
void Parser::pushScratch(const Argument &Param) {
  push(RequestOperand::Scratch, Param.getParamStructRetType()).Alignment =
      Param.getParamAlign();
}

/// Rust gives the size of the struct only, so its content is not known.
static bool isOpaqueBytes(Type *T) {
  return T->isArrayTy() && T->getArrayElementType()->isIntegerTy(8);
}

Error Parser::parseResultBuffer(const Argument &Param) {
  DiffRequest &R = RC.Request;
  Type *Ty = Param.getParamStructRetType();
  TypeContent Content = typeContent(Ty);
  bool HoldsActive = Content.Float || Content.Pointer || isOpaqueBytes(Ty);
  Activity A = ResultMarker == Marker::ConstReturn || !HoldsActive
                   ? Activity::Const
                   : Activity::Dup;
  // What receives the primal result is nobody's but ours unless asked for.
  if (A == Activity::Dup && !R.ReturnPrimal)
    A = Activity::DupNoNeed;
  R.Args.push_back(A);
  if (isForward())
    return useCallersBuffer(Param, A, Ty);

  if (R.ReturnPrimal)
    return fail(Reason::UnsupportedRequest,
                "'enzyme_primal_return' in reverse mode of " + primalName() +
                    ", which returns a struct through memory, is not "
                    "supported yet",
                "pass enzyme_dup, a buffer for the result and its shadow");
  pushScratch(Param);
  if (A == Activity::Const)
    return Error::success();
  if (width() != 1)
    return fail(Reason::UnsupportedRequest,
                "'enzyme_width' in reverse mode of " + primalName() +
                    ", which returns a struct through memory, is not "
                    "supported yet");
  return takeShadows(Param, /*Stride=*/nullptr);
}

/// Forward mode: {primal if asked for, tangent of each lane} in the buffer
/// that the request itself returns through.
Error Parser::useCallersBuffer(const Argument &Param, Activity A, Type *Ty) {
  DiffRequest &R = RC.Request;
  if (!functionOperandNo(Call))
    return fail(Reason::ResultType,
                primalName() + " returns a struct through memory, but the "
                               "request does not",
                "declare the request to return the tangent's struct, or pass "
                "enzyme_dup, a buffer for the result and its shadow");
  uint64_t Size = DL.getTypeAllocSize(Ty).getFixedValue();
  uint64_t Parts = R.ReturnPrimal + (isDup(A) ? width() : 0);
  uint64_t Have =
      DL.getTypeAllocSize(Call.getParamStructRetType(0)).getFixedValue();
  if (Have != Parts * Size)
    return fail(Reason::ResultType,
                "the request returns a struct of " + Twine(Have) +
                    " bytes, but the derivative of " + primalName() +
                    " gives " + Twine(Parts) + " of " + Twine(Size) + " bytes");
  Value *Buffer = Call.getArgOperand(0);
  Type *PtrTy = Param.getType();
  uint64_t At = 0;
  auto PushPart = [&] {
    push(RequestOperand::Offset, PtrTy, Buffer).Bytes = At;
    At += Size;
  };
  RC.OwnsResultBuffer = true;
  if (R.ReturnPrimal)
    PushPart();
  else
    pushScratch(Param);
  for (unsigned Lane = 0; isDup(A) && Lane != width(); ++Lane)
    PushPart();
  return Error::success();
}

//===----------------------------------------------------------------------===//
// Entry point
//===----------------------------------------------------------------------===//

static Error unsupported(CallBase &Call, const Twine &What) {
  return makeError(Reason::UnsupportedRequest, Call,
                   What + " is not supported yet");
}

Expected<RequestCall> parseRequestCall(CallBase &Call) {
  DiffMode Mode;
  switch (magicCallKind(Call)) {
  case MagicCall::AutoDiff:
    Mode = DiffMode::Reverse;
    break;
  case MagicCall::FwdDiff:
    Mode = DiffMode::Forward;
    break;
  case MagicCall::AugmentFwd:
  case MagicCall::Reverse:
  case MagicCall::AugmentSize:
    return unsupported(Call, "split reverse mode");
  case MagicCall::FwdSplit:
    return unsupported(Call, "split forward mode");
  case MagicCall::VirtualReverse:
    return unsupported(Call, "'__enzyme_virtualreverse'");
  case MagicCall::Batch:
    return unsupported(Call, "'__enzyme_batch'");
  case MagicCall::CallInactive:
    return unsupported(Call, "'__enzyme_call_inactive'");
  case MagicCall::TypeHint:
    return unsupported(Call, "a type hint");
  case MagicCall::Unknown:
    return makeError(Reason::UnsupportedRequest, Call,
                     "the called name starts with '__enzyme_' but is none that "
                     "LinkGrad knows");
  case MagicCall::None:
    return makeError(Reason::Internal, Call, "the call is not a request");
  }
  Expected<Function *> Primal = requestedPrimal(Call);
  if (!Primal)
    return Primal.takeError();
  return Parser(Call, **Primal, Mode).run();
}

} // namespace linkgrad
