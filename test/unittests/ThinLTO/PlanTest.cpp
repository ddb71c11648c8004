//===- PlanTest.cpp - Deciding without a linker ---------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Plans for programs that are given as text, with a linker's resolution made
// up: what a ThinLTO host other than lld would do.
//
//===----------------------------------------------------------------------===//

#include "thinlto/Plan.h"
#include "llvm/Analysis/ModuleSummaryAnalysis.h"
#include "llvm/Analysis/ProfileSummaryInfo.h"
#include "llvm/AsmParser/Parser.h"
#include "llvm/Bitcode/BitcodeWriter.h"
#include "llvm/Bitcode/LLVMBitCodes.h"
#include "llvm/Bitstream/BitstreamWriter.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/SourceMgr.h"
#include "llvm/Support/raw_ostream.h"
#include "gtest/gtest.h"

using namespace linkgrad;
using namespace llvm;

namespace {

class Plan : public ::testing::Test {
protected:
  /// Adds a module. Symbols in \p Resolution, e.g. "f=pl g=", have the flags
  /// that lld would write.
  void add(StringRef Id, StringRef IR, StringRef Resolution,
           StringRef SourceName = "", bool Summary = true) {
    SMDiagnostic Problem;
    std::unique_ptr<Module> M = parseAssemblyString(IR, Problem, Context);
    ASSERT_TRUE(M) << Problem.getMessage().str();
    M->setSourceFileName(SourceName.empty() ? Id : SourceName);
    auto Bytes = std::make_unique<SmallVector<char, 0>>();
    BitcodeWriter Writer(*Bytes);
    ProfileSummaryInfo PSI(*M);
    ModuleSummaryIndex Index = buildModuleSummaryIndex(*M, nullptr, &PSI);
    Writer.writeModule(*M, false, Summary ? &Index : nullptr);
    Writer.writeStrtab();

    ResolvedModule R{Id.str(), {}};
    SmallVector<StringRef> Symbols;
    SplitString(Resolution, Symbols);
    for (StringRef Symbol : Symbols) {
      auto [Name, Flags] = Symbol.split('=');
      R.Symbols.push_back({Name.str(), Flags.contains('p'), Flags.contains('l'),
                           Flags.contains('x'), Flags.contains('r')});
    }
    Error E = Program.addFile(
        R, MemoryBufferRef(StringRef(Bytes->data(), Bytes->size()), Id));
    ASSERT_FALSE(bool(E)) << toString(std::move(E));
    Buffers.push_back(std::move(Bytes));
  }

  /// The plan's text for differentiating \p Primal in \p Module.
  std::string plan(StringRef Module, StringRef Primal) {
    LinkPlan P;
    PointerTargets Pointers(Program);
    P.Units.push_back(cantFail(
        planUnit(Program, Module,
                 {{"", "__enzyme_autodiff", "caller", Primal.str(),
                   GlobalValue::getGUIDAssumingExternalLinkage(Primal)}},
                 Pointers)));
    std::string Text;
    raw_string_ostream OS(Text);
    P.print(OS, [](StringRef) { return "somewhere else"; });
    return Text;
  }

  LLVMContext Context;
  ProgramIndex Program;
  std::vector<std::unique_ptr<SmallVector<char, 0>>> Buffers;
};

} // namespace

TEST_F(Plan, FollowsCallsAndReferences) {
  add("main.o", "declare double @f(double)", "f=");
  add("f.o",
      "@table = internal constant [1 x ptr] [ptr @g]\n"
      "declare double @g(double)\n"
      "define double @f(double %x) {\n"
      "  %p = load ptr, ptr @table\n"
      "  %r = call double %p(double %x)\n"
      "  ret double %r\n}",
      "f=p g=");
  add("g.o", "define double @g(double %x) { ret double %x }", "g=p");
  EXPECT_EQ(plan("main.o", "f"), "module main.o\n"
                                 "  request __enzyme_autodiff of f in caller\n"
                                 "  function f from f.o\n"
                                 "  constant table from f.o, local\n"
                                 "  function g from g.o\n"
                                 "  perhaps called through a pointer: g\n"
                                 "rewrite main.o\n"
                                 "may export locals of f.o\n");
}

TEST_F(Plan, EveryCutHasAReason) {
  add("main.o", "declare double @f(double)", "f=");
  add("f.o",
      "declare i32 @rust_eh_personality(...)\n"
      "declare double @sin(double)\n"
      "declare double @cos(double)\n"
      "declare double @gone(double)\n"
      "declare double @weak(double)\n"
      "declare double @wrapped(double)\n"
      "declare void @die()\n"
      "define double @f(double %x) personality ptr @rust_eh_personality {\n"
      "  %s = call double @sin(double %x)\n"
      "  %a = call double @cos(double %s)\n"
      "  %b = call double @gone(double %a)\n"
      "  %c = call double @weak(double %b)\n"
      "  %d = call double @wrapped(double %c)\n"
      "  call void @die()\n"
      "  ret double %d\n}",
      "f=p");
  add("g.o",
      "define weak double @weak(double %x) { ret double %x }\n"
      "define double @wrapped(double %x) { ret double %x }\n"
      "define i32 @rust_eh_personality(...) { ret i32 0 }\n"
      "declare void @abort()\n"
      "define void @die() noinline {\n  call void @abort()\n  unreachable\n}\n"
      "define double @sin(double %x) { ret double %x }",
      "weak=p wrapped=pr rust_eh_personality=p die=p sin=p");
  EXPECT_EQ(plan("main.o", "f"),
            "module main.o\n"
            "  request __enzyme_autodiff of f in caller\n"
            "  function f from f.o\n"
            // The program's own body counts, whatever its name is.
            "  function sin from g.o\n"
            "  cut cos: has a rule or is inactive (f → cos)\n"
            "  cut gone: has no body, somewhere else (f → gone)\n"
            "  cut weak: is weak and can be replaced (f → weak)\n"
            "  cut wrapped: is redefined by the linker (f → wrapped)\n"
            "  cut die: never returns (f → die)\n"
            "  cut rust_eh_personality: is a personality function (f → "
            "rust_eh_personality)\n"
            "rewrite main.o\n");
}

TEST_F(Plan, PrefersTheRequestersOwnCopy) {
  add("main.o", "define linkonce_odr double @f(double %x) { ret double %x }",
      "f=");
  add("f.o", "define weak_odr double @f(double %x) { ret double %x }", "f=p");
  EXPECT_EQ(plan("main.o", "f"), "module main.o\n"
                                 "  request __enzyme_autodiff of f in caller\n"
                                 "  function f, its own\n"
                                 "rewrite main.o\n");
}

TEST_F(Plan, TakesThePrevailingDefinition) {
  add("main.o", "define weak double @f(double %x) { ret double %x }", "f=l");
  add("weak.o", "define weak double @f(double %x) { ret double %x }", "f=l");
  add("f.o", "define weak double @f(double %x) { ret double 0.0 }", "f=pl");
  EXPECT_NE(plan("main.o", "f").find("function f from f.o\n"),
            std::string::npos);
}

TEST_F(Plan, AnyCopyWillDoIfANativeOnePrevails) {
  add("main.o", "declare double @f(double)", "f=");
  add("f.o", "define linkonce_odr double @f(double %x) { ret double %x }",
      "f=");
  add("g.o", "define weak double @g(double %x) { ret double %x }", "g=");
  EXPECT_NE(plan("main.o", "f").find("function f from f.o\n"),
            std::string::npos);
  EXPECT_NE(plan("main.o", "g").find("cut g: has no body"), std::string::npos);
}

TEST_F(Plan, LocalsOfTheSameNameAreTheReferrers) {
  const char *IR = "define internal double @helper(double %x) {\n"
                   "  ret double %x\n}\n"
                   "define double @NAME(double %x) {\n"
                   "  %r = call double @helper(double %x)\n"
                   "  ret double %r\n}";
  auto With = [&](StringRef Name) {
    std::string Text = IR;
    return Text.replace(Text.find("NAME"), 4, Name.str());
  };
  add("a/u.o", With("a"), "a=p", "u.c");
  add("b/u.o", With("b"), "b=p", "u.c");
  add("main.o", "declare double @b(double)", "b=");
  EXPECT_NE(plan("main.o", "b").find("function helper from b/u.o, local\n"),
            std::string::npos);
  // Same contents, same hash; their locals still get different names.
  const ModuleSummaryIndex &Index = Program.summaries();
  EXPECT_NE(Index.getModuleHash("a/u.o"), Index.getModuleHash("b/u.o"));
  std::string Promoted = ModuleSummaryIndex::getGlobalNameForLocal(
      "helper", Index.getModuleHash("b/u.o"));
  auto Local = Program.promotedLocal(Promoted);
  ASSERT_TRUE(Local);
  EXPECT_EQ(Local->first, "b/u.o");
  EXPECT_EQ(Local->second, "helper");
  EXPECT_FALSE(Program.promotedLocal("helper"));
  EXPECT_FALSE(Program.promotedLocal("helper.llvm.7"));
}

TEST_F(Plan, VariablesAreSharedOrReferredTo) {
  add("main.o", "declare double @f(double)", "f=");
  add("f.o",
      "@local = internal global double 1.0\n"
      "@visible = global double 1.0\n"
      "@hidden_behind = global ptr @other\n"
      "declare float @other(float)\n"
      "define double @f(double %x) {\n"
      "  %a = load double, ptr @local\n"
      "  %b = load double, ptr @visible\n"
      "  %c = load ptr, ptr @hidden_behind\n"
      "  %d = call double %c(double %a)\n"
      "  store double %d, ptr @local\n"
      "  store double %d, ptr @visible\n"
      "  ret double %b\n}",
      "f=p visible=p hidden_behind=p");
  std::string Text = plan("main.o", "f");
  EXPECT_NE(Text.find("  variable local of f.o, shared\n"), std::string::npos);
  EXPECT_NE(Text.find("  variable visible of f.o\n"), std::string::npos);
  // What mutable memory points to is not followed.
  EXPECT_EQ(Text.find("other"), std::string::npos);
  EXPECT_NE(Text.find("may export locals of f.o\n"), std::string::npos);
}

TEST_F(Plan, ModulesWithoutSummaryGetOne) {
  add("main.o", "declare double @f(double)", "f=");
  add("f.o",
      "declare double @g(double)\n"
      "define double @f(double %x) {\n"
      "  %r = call double @g(double %x)\n  ret double %r\n}",
      "f=p", "", /*Summary=*/false);
  std::string Text = plan("main.o", "f");
  EXPECT_NE(Text.find("function f from f.o"), std::string::npos);
  EXPECT_NE(Text.find("cut g: has no body"), std::string::npos);
  EXPECT_FALSE(Program.module("f.o").HasSummary);
}

TEST_F(Plan, RefusesBrokenBitcode) {
  Error E = Program.addFile({"broken.o", {}},
                            MemoryBufferRef("BC\xC0\xDE????", "broken.o"));
  std::string Message = toString(std::move(E));
  EXPECT_NE(Message.find("cannot read the bitcode of broken.o"),
            std::string::npos);
  EXPECT_NE(Message.find("[bad-input]"), std::string::npos);
}

TEST_F(Plan, RefusesBitcodeOfALaterLLVM) {
  SmallVector<char, 0> Bytes;
  {
    // An identification block as a later LLVM would write it, and a module.
    BitstreamWriter Stream(Bytes);
    for (unsigned char Byte : StringRef("BC\xC0\xDE"))
      Stream.Emit(Byte, 8);
    Stream.EnterSubblock(bitc::IDENTIFICATION_BLOCK_ID, 5);
    Stream.EmitRecord(bitc::IDENTIFICATION_CODE_STRING,
                      SmallVector<unsigned>{'L', 'L', 'V', 'M'});
    Stream.EmitRecord(bitc::IDENTIFICATION_CODE_EPOCH,
                      SmallVector<unsigned>{bitc::BITCODE_CURRENT_EPOCH + 1});
    Stream.ExitBlock();
    Stream.EnterSubblock(bitc::MODULE_BLOCK_ID, 3);
    Stream.ExitBlock();
  }
  Error E = Program.addFile(
      {"later.o", {}},
      MemoryBufferRef(StringRef(Bytes.data(), Bytes.size()), "later.o"));
  std::string Message = toString(std::move(E));
  EXPECT_NE(Message.find("cannot read the bitcode of later.o"),
            std::string::npos)
      << Message;
  EXPECT_NE(Message.find("epoch"), std::string::npos) << Message;
}
