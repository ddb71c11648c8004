//===- RequestParser.h - The state of reading one request -------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_REQUEST_REQUESTPARSER_H
#define LINKGRAD_REQUEST_REQUESTPARSER_H

#include "request/Markers.h"
#include "request/RequestCall.h"
#include "support/Diagnostics.h"
#include "llvm/IR/InstrTypes.h"

namespace llvm {
class Argument;
class DataLayout;
} // namespace llvm

namespace linkgrad {

/// Reads one request. ParseRequest.cpp has the grammar and `run`, which tells
/// the story; ParseArguments.cpp and ParseResult.cpp have the chapters.
class RequestParser {
public:
  /// \p OnlySize: for the size of the tape of an AugmentFwd.
  RequestParser(llvm::CallBase &Call, llvm::Function &Primal, DiffMode Mode,
                bool OnlySize);

  llvm::Expected<RequestCall> run();

private:
  /// An operand after the function: a marker or a value.
  struct Token {
    llvm::Value *V;
    std::optional<Marker> M;
    unsigned OperandNo;
  };

  /// What the markers before an argument say about it.
  struct ArgumentMarkers {
    std::optional<Activity> A;
    llvm::Value *Stride = nullptr;
    std::optional<uint64_t> ByRefSize;
  };

  using Tokens = llvm::SmallVector<Token, 16>;
  using TokensRef = llvm::ArrayRef<Token>;

  llvm::CallBase &Call;
  llvm::Function &Primal;
  const llvm::DataLayout &DL;
  RequestCall RC;

  Tokens Main;    ///< markers of arguments, primals, and most often shadows
  Tokens Shadows; ///< those after enzyme_interleave
  size_t Next = 0, NextShadow = 0;
  bool Interleaved = false;
  bool HasWidth = false;
  /// enzyme_noret or one of those that force the activity of the result.
  std::optional<Marker> ResultMarker;
  llvm::Value *Tape = nullptr; ///< its address, of split mode

  bool isForward() const { return RC.Request.Mode == DiffMode::Forward; }
  bool isForwardSweep() const {
    return RC.Request.Mode == DiffMode::ForwardSweep;
  }
  bool isSweep() const {
    return RC.Request.Mode == DiffMode::ReverseSweep || isForwardSweep();
  }
  bool isSplit() const {
    return RC.Request.Mode == DiffMode::AugmentFwd || isSweep();
  }
  /// A value is followed by its tangents, as an address is by shadows.
  bool takesTangents() const { return isForward() || isForwardSweep(); }
  unsigned width() const { return RC.Request.Width; }
  std::string primalName() const { return "'" + displayName(Primal) + "'"; }
  llvm::Error fail(Reason Why, const llvm::Twine &Message,
                   const llvm::Twine &Help = "") const {
    return makeError(Why, Call, Message, Help);
  }
  static bool isActivityMarker(Marker M) { return M <= Marker::Const; }
  static Activity activityOf(Marker M);
  /// Without a marker.
  Activity defaultActivity(llvm::Type *T) const {
    return DiffRequest::defaultActivity(T, takesTangents() ? DiffMode::Forward
                                                           : RC.Request.Mode);
  }

  // Markers of the call.
  llvm::Error readTokens();
  llvm::Error takeCallMarker(TokensRef All, size_t &I);
  llvm::Error takeWidth(TokensRef All, size_t &I);
  llvm::Error setResultMarker(Marker M);

  // The result.
  llvm::Error parseResult();
  llvm::Error parseResultMarker(Marker M, TypeContent Content);
  llvm::Error parseRustcResult();
  llvm::Error explainResultBuffer(llvm::Error E) const;
  bool isImplicit(const llvm::Argument &Param) const;
  llvm::Error parseResultBuffer(const llvm::Argument &Param);
  llvm::Error useCallersBuffer(const llvm::Argument &Param, Activity A);
  void pushScratch(const llvm::Argument &Param);

  // Split mode.
  llvm::Error takeSplitMarker(TokensRef All, size_t &I);
  void findReceivedResult();
  llvm::Error checkSplit() const;
  llvm::Error parseSplitTail();
  llvm::Error parseActivities();

  // __enzyme_batch.
  llvm::Expected<RequestCall> runBatch();
  llvm::Error parseBatched(const llvm::Argument &Param);

  // Arguments.
  llvm::Error parseArgument(const llvm::Argument &Param);
  llvm::Expected<ArgumentMarkers> parseMarkers();
  llvm::Error takeMarkerOperand(Marker M, ArgumentMarkers &Result);
  llvm::Error checkActivity(const llvm::Argument &Param, Activity A) const;
  llvm::Error takePrimal(const llvm::Argument &Param,
                         std::optional<uint64_t> ByRefSize);
  llvm::Error takeShadows(const llvm::Argument &Param, llvm::Value *Stride);
  llvm::Expected<Token> takeValue(TokensRef From, size_t &Position,
                                  const llvm::Argument &Param,
                                  llvm::StringRef What) const;
  llvm::Error checkNothingLeft() const;

  // Arguments in two parameters.
  llvm::Error readHalves(const llvm::Argument &Param);
  static bool isActivity(const Token &T);
  Activity activityOfPair(const llvm::Argument &Param, TokensRef Markers) const;
  static bool sortHalves(Tokens &From, size_t Begin, unsigned Count);
  llvm::Error separateHalves(const llvm::Argument &Param, size_t Begin);
  Tokens valuesOfPairs(const llvm::Argument &Param, size_t Begin,
                       unsigned Count, std::optional<Marker> Between) const;
  bool mayMeanPair(const llvm::Argument &Param, size_t Begin) const;
  bool clangMayMeanPair(const llvm::Argument &Param, Activity A, bool Marked,
                        TokensRef Values) const;
  llvm::Error checkBatchedPair(const llvm::Argument &Param) const;
  llvm::Error refusePair(const llvm::Argument &Param, bool Marked) const;

  RequestOperand &push(RequestOperand::FormKind Form, llvm::Type *Ty,
                       llvm::Value *V = nullptr);
};

} // namespace linkgrad

#endif // LINKGRAD_REQUEST_REQUESTPARSER_H
