//===- Command.cpp - What a linker command line says ----------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/Command.h"
#include "support/Diagnostics.h"
#include "thinlto/DebugInfo.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/BinaryFormat/Magic.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/StringSaver.h"
#include <optional>

using namespace llvm;

namespace linkgrad {

static Error badOption(const Twine &Message) {
  return makeError(Reason::BadInput, Message,
                   "the options are --linkgrad-jobs=N, --linkgrad-lld=PATH, "
                   "--linkgrad-temp-dir=DIR, --linkgrad-save-temps, "
                   "--linkgrad-print-plan and --linkgrad-time");
}

/// Applies one of LinkGrad's own options. \p Option is without its dashes and
/// without "linkgrad-".
static Error applyOwnOption(StringRef Option, LinkOptions &Opts) {
  auto [Name, Value] = Option.split('=');
  if (Name == "jobs") {
    if (Value.getAsInteger(10, Opts.Jobs))
      return badOption("--linkgrad-jobs needs a number, not '" + Value + "'");
  } else if (Name == "lld") {
    Opts.LLD = Value.str();
  } else if (Name == "temp-dir") {
    Opts.TempDir = Value.str();
  } else if (Option == "save-temps") {
    Opts.SaveTemps = true;
  } else if (Option == "print-plan") {
    Opts.PrintPlan = true;
  } else if (Option == "time") {
    Opts.Time = true;
  } else {
    return badOption("unknown option --linkgrad-" + Option);
  }
  return Error::success();
}

/// Removes the dashes and "linkgrad-" of one of our options.
static bool consumeOwnPrefix(StringRef &Arg) {
  return Arg.consume_front("--linkgrad-") || Arg.consume_front("-linkgrad-");
}

/// Options of lld whose value can be the next argument; it is no input then.
/// A missing entry costs nothing but a look at a file (see
/// LinkCommand::Files).
static bool takesNextArgument(StringRef Option) {
  static const StringSet<> Letters = {"A", "b", "e", "F", "f", "G", "h",
                                      "I", "m", "R", "T", "u", "y", "z"};
  static const StringSet<> Words = {"Map",
                                    "auxiliary",
                                    "defsym",
                                    "dependency-file",
                                    "dynamic-linker",
                                    "dynamic-list",
                                    "entry",
                                    "exclude-libs",
                                    "export-dynamic-symbol",
                                    "filter",
                                    "fini",
                                    "format",
                                    "init",
                                    "just-symbols",
                                    "mllvm",
                                    "plugin",
                                    "reproduce",
                                    "retain-symbols-file",
                                    "rpath",
                                    "rpath-link",
                                    "script",
                                    "section-start",
                                    "soname",
                                    "symbol-ordering-file",
                                    "sysroot",
                                    "trace-symbol",
                                    "undefined",
                                    "version-script",
                                    "wrap"};
  return Letters.contains(Option) || Words.contains(Option);
}

namespace {

/// A single pass over the expanded arguments.
class CommandReader {
public:
  CommandReader(LinkCommand &Command) : Command(Command) {}

  void read(ArrayRef<const char *> Args) {
    // Like lld, look everywhere for what -l depends on first.
    for (size_t I = 0; I < Args.size(); ++I)
      readSearchOption(Args, I);
    for (size_t I = 0; I < Args.size(); ++I)
      readArgument(Args, I);
  }

private:
  /// The value of `-L dir`, `-Ldir`, `--name=value` or `--name value` if
  /// argument \p I is that option; moves \p I to the last argument used.
  static std::optional<StringRef> value(ArrayRef<const char *> Args, size_t &I,
                                        StringRef Letter, StringRef Name) {
    StringRef Arg = Args[I];
    auto Next = [&]() -> std::optional<StringRef> {
      if (I + 1 == Args.size())
        return std::nullopt;
      return StringRef(Args[++I]);
    };
    StringRef Word = Arg;
    if (Word.consume_front("--") || Word.consume_front("-")) {
      if (Word == Name)
        return Next();
      if (Word.consume_front(Name) && Word.consume_front("="))
        return Word;
    }
    if (Letter.empty() || Arg.starts_with("--") || !Arg.consume_front(Letter))
      return std::nullopt;
    if (Arg.empty())
      return Next();
    return Arg;
  }

  void readSearchOption(ArrayRef<const char *> Args, size_t &I) {
    if (auto Root = value(Args, I, "", "sysroot"))
      Sysroot = Root->str();
    else if (auto Dir = value(Args, I, "-L", "library-path"))
      SearchPaths.push_back(Dir->str());
  }

  void readArgument(ArrayRef<const char *> Args, size_t &I) {
    StringRef Arg = Args[I];
    if (auto Path = value(Args, I, "-o", "output"))
      return void(Command.Output = Path->str());
    if (auto Library = value(Args, I, "-l", "library"))
      return addLibrary(*Library);
    if (value(Args, I, "-L", "library-path"))
      return;
    if (auto Path = value(Args, I, "", "dependency-file"))
      return void(Command.DependencyFile = Path->str());
    if (auto Script = value(Args, I, "-T", "script"))
      return addFile(*Script);
    if (!Arg.consume_front("-"))
      return addFile(Arg);
    Arg.consume_front("-");
    if (Arg == "Bstatic" || Arg == "static" || Arg == "dn" ||
        Arg == "non_shared")
      Static = true;
    else if (Arg == "Bdynamic" || Arg == "dy" || Arg == "call_shared")
      Static = false;
    else if (Arg.starts_with("thinlto-distributor="))
      Command.Distributed = true;
    else if (Arg.contains("thinlto-index-only"))
      Command.Distributed = Command.Options.SaveTemps = true;
    else if (takesNextArgument(Arg))
      ++I;
    else
      readWarnings(Arg);
  }

  void readWarnings(StringRef Option) {
    using Mode = enum LinkCommand::Warnings;
    Command.Warnings = StringSwitch<Mode>(Option)
                           .Cases({"w", "no-warnings"}, Mode::Ignore)
                           .Case("fatal-warnings", Mode::Fatal)
                           .Case("no-fatal-warnings", Mode::Print)
                           .Default(Command.Warnings);
  }

  void addLibrary(StringRef Name) {
    SmallVector<std::string, 2> Candidates;
    if (Name.consume_front(":")) {
      Candidates.push_back(Name.str());
    } else {
      if (!Static)
        Candidates.push_back(("lib" + Name + ".so").str());
      Candidates.push_back(("lib" + Name + ".a").str());
    }
    for (StringRef Dir : SearchPaths) {
      bool InSysroot = Dir.consume_front("=") || Dir.consume_front("$SYSROOT");
      for (StringRef File : Candidates) {
        SmallString<128> Path(InSysroot ? Sysroot : "");
        Path += Dir;
        sys::path::append(Path, File);
        if (sys::fs::exists(Path))
          return addFile(Path);
      }
    }
  }

  void addFile(StringRef Path) {
    if (!Seen.insert(Path).second)
      return;
    file_magic Magic;
    if (identify_magic(Path, Magic) || sys::fs::is_directory(Path))
      return; // lld says what is wrong with it.
    if (Magic == file_magic::unknown)
      return addScript(Path);
    Command.Files.push_back(Path.str());
  }

  /// A text file is a linker script. Every word in it that names a file can be
  /// an input.
  void addScript(StringRef Path) {
    auto Buffer = MemoryBuffer::getFile(Path);
    if (!Buffer)
      return;
    SmallVector<StringRef> Words;
    SplitString((*Buffer)->getBuffer(), Words, " \t\r\n\f(),;\"{}");
    for (StringRef Word : Words) {
      if (Word.consume_front("-l"))
        addLibrary(Word);
      else if (sys::fs::exists(Word))
        addFile(Word);
      else if (sys::fs::exists(sys::path::parent_path(Path) + "/" + Word))
        addFile((sys::path::parent_path(Path) + "/" + Word).str());
    }
  }

  LinkCommand &Command;
  std::string Sysroot;
  std::vector<std::string> SearchPaths;
  StringSet<> Seen;
  bool Static = false;
};

} // namespace

Expected<LinkCommand> parseLinkCommand(ArrayRef<const char *> Args,
                                       StringRef Flags) {
  LinkCommand Command;
  BumpPtrAllocator Alloc;
  StringSaver Saver(Alloc);

  SmallVector<const char *, 8> OwnFlags;
  cl::TokenizeGNUCommandLine(Flags, Saver, OwnFlags);
  for (StringRef Flag : OwnFlags) {
    if (!consumeOwnPrefix(Flag))
      return badOption("unknown option " + Flag + " in LINKGRAD_FLAGS");
    if (Error E = applyOwnOption(Flag, Command.Options))
      return std::move(E);
  }

  SmallVector<const char *, 256> Expanded(Args.begin(), Args.end());
  cl::ExpandResponseFiles(Saver, cl::TokenizeGNUCommandLine, Expanded);
  auto IsOwn = [](StringRef Arg) { return consumeOwnPrefix(Arg); };
  for (StringRef Arg : Expanded)
    if (consumeOwnPrefix(Arg))
      if (Error E = applyOwnOption(Arg, Command.Options))
        return std::move(E);
  // lld reads its response files itself, unless one holds an option of ours.
  bool InResponseFile = count_if(Expanded, IsOwn) != count_if(Args, IsOwn);
  for (StringRef Arg : InResponseFile ? ArrayRef(Expanded) : Args)
    if (!IsOwn(Arg))
      Command.Args.push_back(Arg.str());
  erase_if(Expanded, IsOwn);
  CommandReader(Command).read(Expanded);
  Command.LeavesOutDebugInfo = leavesOutDebugInfo(Expanded);
  return Command;
}

} // namespace linkgrad
