//===- Tape.h - Layout of the tape and access to it -------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The tape of one function is a *frame*: a struct that the caller provides
// (on the stack, inside its own frame, or in a loop buffer), which the
// augmented primal fills and the reverse sweep reads. It holds
//  - what is recorded outside of loops, and the frames of callees there;
//  - allocas of the primal, and their shadows, that the sweep refers to: their
//    addresses stay the same in both sweeps;
//  - for each value recorded in a loop the address of a buffer, indexed by the
//    running number of the loop's iteration.
// Buffers are allocated once where the number of iterations is known ahead,
// inside the frame if it is a small constant, and grow by doubling otherwise.
// The reverse sweep frees them.
//
// When both sweeps are inlined into one function, the frame dissolves into
// registers (SROA).
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_TRANSFORM_TAPE_H
#define LINKGRAD_TRANSFORM_TAPE_H

#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/MapVector.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/Support/Alignment.h"

namespace llvm {
class AllocaInst;
class Function;
class Loop;
class Value;
} // namespace llvm

namespace linkgrad {

struct ControlFlowTrace;
struct LoopTrace;

/// What lies in the tape of one function.
class TapeLayout {
public:
  explicit TapeLayout(const ControlFlowTrace &Trace) : Trace(Trace) {}

  /// Makes room for \p Size bytes each time that \p At's block runs. \p Key
  /// (an instruction) names the entry from then on.
  void addEntry(const llvm::Instruction &Key, uint64_t Size,
                llvm::Align Alignment);
  /// Makes room for memory that must stay where it is. The frame is pinned.
  void addMemory(const llvm::AllocaInst &Alloca);
  /// The frame holds another one that is pinned.
  void pin() { Pinned = true; }
  /// The function may be left by an exception, or its tape is read more than
  /// once: its buffers hang on the list of deferred frees instead of being
  /// freed by the reverse sweep.
  void deferRelease() { Deferred = true; }
  bool releasesLate() const { return Deferred; }
  /// Fixes offsets. To be called once, after all entries.
  void finish();

  uint64_t frameSize() const { return Size; }
  llvm::Align frameAlign() const { return Alignment; }
  /// True if the frame must not be moved while it is in use.
  bool isPinned() const { return Pinned; }
  bool contains(const llvm::Instruction &Key) const {
    return Entries.contains(&Key);
  }
  /// True if all entries inside the loop of \p Key lie in memory that does not
  /// move when more is recorded.
  bool isStationary(const llvm::Instruction &Key) const;

private:
  friend class TapeWriter;
  friend class TapeReader;

  struct Entry {
    uint64_t Size;
    llvm::Align Alignment;
    const llvm::Loop *L;      ///< innermost loop, null outside of loops
    uint64_t FrameOffset = 0; ///< of the entry, inline buffer or its address
  };
  /// How the buffers of one loop are provided.
  enum class Buffers { Inline, Fixed, Growing };
  struct LoopTape {
    Buffers Kind = Buffers::Growing;
    bool Nested = false;      ///< runs more than once: numbered throughout
    uint64_t TotalOffset = 0; ///< of the iterations' total number, if nested
    uint64_t InlineCount = 0; ///< elements, if Inline
    llvm::SmallVector<const llvm::Instruction *, 4> Keys;
  };
  uint64_t place(uint64_t Bytes, llvm::Align A);
  void chooseBuffers(const llvm::Loop *L, LoopTape &Tape);

  const ControlFlowTrace &Trace;
  llvm::MapVector<const llvm::Instruction *, Entry> Entries;
  llvm::MapVector<const llvm::AllocaInst *, uint64_t> Memory;
  llvm::MapVector<const llvm::Loop *, LoopTape> Loops;
  uint64_t Size = 0;
  llvm::Align Alignment;
  bool Pinned = false;
  bool Deferred = false;
};

/// Emits the recording half into the augmented primal.
class TapeWriter {
public:
  /// \p Frame is the frame's address, \p List that of the list of deferred
  /// frees, both arguments of the augmented primal.
  TapeWriter(TapeLayout &Layout, llvm::Function &Augmented, llvm::Value *Frame,
             llvm::Value *List);

  /// Emits what precedes the recording: buffers and running numbers.
  void begin();
  /// The address of the entry \p Key for the current iteration, valid at the
  /// position of \p B inside the entry's block.
  llvm::Value *address(llvm::IRBuilderBase &B, const llvm::Instruction &Key);
  /// Stores \p V, which stands for the entry \p Key, behind its definition.
  void record(llvm::Instruction &V);
  /// The address of an alloca that has moved into the frame.
  llvm::Value *memory(llvm::IRBuilderBase &B, const llvm::AllocaInst &Alloca);
  /// Stores buffers and totals into the frame before the function returns.
  void end(llvm::Instruction &Return);

private:
  struct LoopState {
    llvm::AllocaInst *Base = nullptr;     ///< iterations of earlier entries
    llvm::AllocaInst *Capacity = nullptr; ///< elements, if growing
    llvm::Value *Index = nullptr;         ///< running number, in the header
    llvm::Instruction *PrologueEnd = nullptr;
  };
  void deferBuffers();
  void setBuffer(llvm::IRBuilderBase &B, const llvm::Instruction &Key,
                 llvm::Value *Memory);
  void beginLoop(const llvm::Loop *L, TapeLayout::LoopTape &Tape);
  void reserve(llvm::IRBuilderBase &B, const TapeLayout::LoopTape &Tape,
               LoopState &State, llvm::Value *Needed);
  llvm::Value *frameField(llvm::IRBuilderBase &B, uint64_t Offset);

  TapeLayout &Layout;
  llvm::Function &F;
  llvm::Value *Frame;
  llvm::Value *List;
  llvm::DenseMap<const llvm::Loop *, LoopState> States;
  llvm::DenseMap<const llvm::Instruction *, llvm::AllocaInst *> Buffer;
  /// Where the list of deferred frees finds the buffer.
  llvm::DenseMap<const llvm::Instruction *, llvm::Value *> Deferred;
};

/// Which way a sweep walks the primal's path.
enum class SweepDirection { Forward, Reverse };

/// Emits the reading half into a sweep.
class TapeReader {
public:
  TapeReader(TapeLayout &Layout, llvm::Value *Frame, SweepDirection Direction)
      : Layout(Layout), Frame(Frame), Direction(Direction) {}

  /// Emits what precedes the reading, in the sweep's entry block.
  void begin(llvm::IRBuilderBase &B);
  /// The address of the entry \p Key in the iteration that the sweep is in;
  /// \p Counter is the current value of its loop's counter (null outside).
  llvm::Value *address(llvm::IRBuilderBase &B, const llvm::Instruction &Key,
                       llvm::Value *Counter);
  llvm::Value *memory(llvm::IRBuilderBase &B, const llvm::AllocaInst &Alloca);
  /// The sweep enters \p L from behind or leaves it forwards; the primal ran
  /// \p Iterations of it.
  void passLoop(llvm::IRBuilderBase &B, const llvm::Loop *L,
                llvm::Value *Iterations);
  /// Frees the buffers; the frame itself is its provider's.
  void end(llvm::IRBuilderBase &B);

private:
  llvm::Value *frameField(llvm::IRBuilderBase &B, uint64_t Offset);

  TapeLayout &Layout;
  llvm::Value *Frame;
  SweepDirection Direction;
  /// How many iterations came before those of the current entry.
  llvm::DenseMap<const llvm::Loop *, llvm::AllocaInst *> Base;
  llvm::DenseMap<const llvm::Instruction *, llvm::Value *> Buffer;
};

/// How a recorded value is stored: as itself, but i1 as i8.
llvm::Type *tapeType(llvm::Type *T);
/// The alignment of recorded values of type \p T: at most what malloc gives.
llvm::Align tapeAlign(llvm::Type *T, const llvm::DataLayout &DL);

} // namespace linkgrad

#endif // LINKGRAD_TRANSFORM_TAPE_H
