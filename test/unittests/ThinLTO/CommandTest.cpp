//===- CommandTest.cpp - Reading a linker command line --------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "thinlto/Command.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace linkgrad;
using namespace llvm;

using Strings = std::vector<std::string>;

namespace {

class Command : public ::testing::Test {
protected:
  Command() { sys::fs::createUniqueDirectory("command", Dir); }
  ~Command() override { sys::fs::remove_directories(Dir); }

  std::string path(StringRef Name) const { return (Dir + "/" + Name).str(); }

  /// Creates a file that looks like bitcode, or holds \p Text.
  std::string file(StringRef Name, StringRef Text = "BC\xC0\xDE") {
    std::string Path = path(Name);
    sys::fs::create_directories(sys::path::parent_path(Path));
    std::error_code EC;
    raw_fd_ostream(Path, EC) << Text;
    return Path;
  }

  static LinkCommand parse(std::vector<std::string> Args,
                           StringRef Flags = "") {
    std::vector<const char *> Pointers;
    for (const std::string &Arg : Args)
      Pointers.push_back(Arg.c_str());
    return cantFail(parseLinkCommand(Pointers, Flags));
  }

  SmallString<128> Dir;
};

bool refuses(Expected<LinkCommand> Parsed) {
  bool Failed = !Parsed;
  consumeError(Parsed.takeError());
  return Failed;
}

} // namespace

TEST_F(Command, FindsFilesAndPassesArgumentsOn) {
  std::string A = file("a.o"), B = file("b.o");
  LinkCommand C = parse({"-o", "out", A, "--gc-sections", B, "missing.o"});
  EXPECT_EQ(C.Files, (Strings{A, B}));
  EXPECT_EQ(C.Output, "out");
  EXPECT_EQ(C.Args, (Strings{"-o", "out", A, "--gc-sections", B, "missing.o"}));
}

TEST_F(Command, ValuesOfOptionsAreNoFiles) {
  std::string A = file("a.o");
  for (const char *Option :
       {"-soname", "--soname", "-h", "-e", "-u", "-m", "-z", "--defsym", "-Map",
        "-rpath", "--version-script", "-o", "-plugin", "-mllvm", "-y"})
    EXPECT_TRUE(parse({Option, A}).Files.empty()) << Option;
}

TEST_F(Command, SearchesLibrariesLikeTheLinker) {
  std::string Static = file("one/libx.a"), Shared = file("two/libx.so"),
              Both = file("two/libx.a"), Exact = file("two/odd.o");
  std::string One = "-L" + path("one"), Two = "--library-path=" + path("two");
  EXPECT_EQ(parse({"-lx", One, Two}).Files, (Strings{Static}));
  EXPECT_EQ(parse({Two, One, "-lx"}).Files, (Strings{Shared}));
  EXPECT_EQ(parse({Two, "-Bstatic", "--library=x"}).Files, (Strings{Both}));
  EXPECT_EQ(parse({Two, "-static", "-Bdynamic", "-l", "x"}).Files,
            (Strings{Shared}));
  EXPECT_EQ(parse({Two, "-l:odd.o"}).Files, (Strings{Exact}));
  EXPECT_TRUE(parse({Two, "-lnothing"}).Files.empty());
}

TEST_F(Command, SysrootReplacesTheSign) {
  std::string Lib = file("root/usr/lib/libx.a");
  std::string Root = path("root");
  EXPECT_EQ(parse({"--sysroot=" + Root, "-L=/usr/lib", "-lx"}).Files,
            (Strings{Lib}));
  EXPECT_EQ(parse({"-L$SYSROOT/usr/lib", "-lx", "--sysroot", Root}).Files,
            (Strings{Lib}));
}

TEST_F(Command, ReadsResponseFilesAndScripts) {
  std::string A = file("a b.o"), B = file("b.o");
  std::string Inner = file("inner.rsp", "\"" + A + "\"\n");
  std::string Outer = file("outer.rsp", "@" + Inner + " " + B);
  LinkCommand C = parse({"@" + Outer});
  EXPECT_EQ(C.Files, (Strings{A, B}));
  EXPECT_EQ(C.Args, (Strings{"@" + Outer}));

  std::string Script = file("script.ld", "GROUP ( b.o AS_NEEDED(" + B + ") )");
  EXPECT_EQ(parse({Script}).Files, (Strings{B}));
}

TEST_F(Command, OwnOptionsAreTakenOut) {
  LinkCommand C = parse(
      {"--linkgrad-jobs=3", "-x", "--linkgrad-time", "-linkgrad-lld=/lld"},
      "--linkgrad-jobs=7 '--linkgrad-temp-dir=a b'");
  EXPECT_EQ(C.Options.Jobs, 3u);
  EXPECT_TRUE(C.Options.Time);
  EXPECT_FALSE(C.Options.SaveTemps);
  EXPECT_EQ(C.Options.LLD, "/lld");
  EXPECT_EQ(C.Options.TempDir, "a b");
  EXPECT_EQ(C.Args, (Strings{"-x"}));

  // lld must not see them in a response file either.
  std::string A = file("a.o");
  std::string Rsp = file("own.rsp", "--linkgrad-save-temps " + A);
  C = parse({"@" + Rsp});
  EXPECT_TRUE(C.Options.SaveTemps);
  EXPECT_EQ(C.Args, (Strings{A}));
}

TEST_F(Command, KnowsWhetherDebugInfoIsWanted) {
  auto LeavesOut = [](std::vector<std::string> Args) {
    return parse(std::move(Args)).LeavesOutDebugInfo;
  };
  for (const char *Strip : {"-s", "-S", "--strip-all", "-strip-debug"})
    EXPECT_TRUE(LeavesOut({Strip})) << Strip;
  EXPECT_FALSE(LeavesOut({"--gc-sections", "s"}));
  for (const char *Reader :
       {"--opt-remarks-filename=r.yaml", "-plugin-opt=sample-profile=p",
        "--save-temps", "--lto-emit-asm"})
    EXPECT_FALSE(LeavesOut({"--strip-debug", Reader})) << Reader;
  EXPECT_TRUE(LeavesOut({"@" + file("strip.rsp", "--strip-debug")}));
}

TEST_F(Command, RefusesWhatItDoesNotKnow) {
  EXPECT_TRUE(refuses(parseLinkCommand({"--linkgrad-nonsense"}, "")));
  EXPECT_TRUE(refuses(parseLinkCommand({"--linkgrad-jobs=many"}, "")));
  EXPECT_TRUE(refuses(parseLinkCommand({}, "-O2")));
}
