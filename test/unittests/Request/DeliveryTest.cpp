//===- DeliveryTest.cpp - The result in the form that the caller declared -===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "AnsweredModule.h"
#include "llvm/IR/InstrTypes.h"

using namespace llvm;

namespace {

class Delivery : public AnsweredModule {
protected:
  /// Delivers the result of a request for \p Primal, declared "TYPE @f(…)", in
  /// a call declared to return \p Type.
  std::string as(StringRef Type, StringRef Primal, StringRef Arguments,
                 StringRef Extra = "") {
    return deliver(("@enzyme_primal_return = external global i32\n"
                    "@enzyme_width = external global i32\n"
                    "declare " +
                    Primal + "\n" + "declare " + Type +
                    " @__enzyme_autodiff(...)\n" + Extra + "\ndefine " + Type +
                    " @caller() {\n  %r = call " + Type +
                    " (...) @__enzyme_autodiff(ptr @f, " + Arguments +
                    ")\n  ret " + Type + " %r\n}\n")
                       .str());
  }

  /// The same through an sret buffer of type \p Buffer, of which the scalar of
  /// type \p Type at offset \p Offset is returned.
  std::string buffer(StringRef Buffer, StringRef Type, int Offset,
                     StringRef Primal, StringRef Arguments) {
    return deliver(
        ("declare " + Primal + "\n" + "declare void @__enzyme_autodiff(ptr " +
         "sret(" + Buffer + ") align 8, ...)\n" + "define " + Type +
         " @caller() {\n  %b = alloca [64 x i8], align 16\n" +
         "  call void (ptr, ...) @__enzyme_autodiff(ptr sret(" + Buffer +
         ") align 8 %b, ptr @f, " + Arguments + ")\n" +
         "  %p = getelementptr i8, ptr %b, i64 " + Twine(Offset) + "\n" +
         "  %r = load " + Type + ", ptr %p\n  ret " + Type + " %r\n}\n")
            .str());
  }
};

constexpr StringLiteral OneDouble = "double @f(double)";
constexpr StringLiteral TwoDoubles = "double @f(double, double)";
constexpr StringLiteral TwoFloats = "float @f(float, float)";
constexpr StringLiteral ThreeFloats = "float @f(float, float, float)";
constexpr StringLiteral X = "double 0.0";
constexpr StringLiteral XY = "double 0.0, double 0.0";
constexpr StringLiteral FF = "float 0.0, float 0.0";
constexpr StringLiteral FFF = "float 0.0, float 0.0, float 0.0";

} // namespace

TEST_F(Delivery, SameType) {
  EXPECT_EQ(as("{ double }", OneDouble, X),
            "{ double } { double 1.000000e+00 }");
  EXPECT_EQ(as("{ double, double }", TwoDoubles, XY),
            "{ double, double } { double 1.000000e+00, double 2.000000e+00 }");
}

TEST_F(Delivery, Field0) {
  EXPECT_EQ(as("double", OneDouble, X), "double 1.000000e+00");
  EXPECT_EQ(as("double", TwoDoubles, XY), "double 1.000000e+00");
  EXPECT_EQ(
      as("double", TwoDoubles, ("ptr @enzyme_primal_return, " + XY).str()),
      "double 1.000000e+00");
}

TEST_F(Delivery, SameScalars) {
  EXPECT_EQ(as("[2 x double]", TwoDoubles, XY),
            "[2 x double] [double 1.000000e+00, double 2.000000e+00]");
  EXPECT_EQ(as("<2 x float>", TwoFloats, FF),
            "<2 x float> <float 1.000000e+00, float 2.000000e+00>");
  EXPECT_EQ(as("{ <2 x float>, float }", ThreeFloats, FFF),
            "{ <2 x float>, float } { <2 x float> <float 1.000000e+00, float "
            "2.000000e+00>, float 3.000000e+00 }");
  EXPECT_EQ(as("{ { double, double }, [1 x double] }",
               "double @f(double, double, double)",
               "double 0.0, double 0.0, double 0.0"),
            "{ { double, double }, [1 x double] } { { double, double } { "
            "double 1.000000e+00, double 2.000000e+00 }, [1 x double] [double "
            "3.000000e+00] }");
}

TEST_F(Delivery, Lanes) {
  // One argument, two lanes: { [2 x double] }.
  EXPECT_EQ(as("{ double, double }", OneDouble,
               ("ptr @enzyme_width, i64 2, " + X).str()),
            "{ double, double } { double 1.000000e+00, double 2.000000e+00 }");
  EXPECT_EQ(
      as("[2 x double]", TwoDoubles, ("ptr @enzyme_width, i64 2, " + XY).str()),
      "[2 x double] [double 1.000000e+00, double 2.000000e+00]");
}

// A C struct { float, float } or { int, float } that the calling convention
// returns in an integer register: 1.0f is 0x3f800000, 2.0f is 0x40000000.
TEST_F(Delivery, IntegerCoercion) {
  EXPECT_EQ(as("i64", TwoFloats, FF),
            "i64 " + std::to_string(0x40000000'3f800000));
  EXPECT_EQ(as("i64", "i32 @f(float)", "ptr @enzyme_primal_return, float 0.0"),
            "i64 " + std::to_string(0x40000000'00000001));
  // AArch64: { int, double } is [2 x i64]; the padding is nobody's.
  EXPECT_EQ(as("[2 x i64]", "i64 @f(double)",
               "ptr @enzyme_primal_return, double 0.0"),
            "[2 x i64] [i64 1, i64 4611686018427387904]");
}

// rustc returns two f32 as one double. LLVM's optimiser does not put the double
// together, so this looks at what is emitted.
TEST_F(Delivery, RustCoercion) {
  StringRef Ident = "!llvm.ident = !{!0}\n!0 = !{!\"rustc version 1.95.0\"}";
  EXPECT_EQ(as("i64", TwoFloats, FF, Ident),
            "i64 " + std::to_string(0x40000000'3f800000));
  std::string Source = ("declare float @f(float, float)\n"
                        "declare double @__enzyme_autodiff(...)\n" +
                        Ident +
                        "\ndefine double @caller() {\n"
                        "  %r = call double (...) @__enzyme_autodiff(ptr @f, " +
                        FF +
                        ")\n"
                        "  ret double %r\n}\n")
                           .str();
  parse(Source);
  EXPECT_EQ(answer(), "");
  std::string Text = text();
  for (StringRef Line :
       {"%linkgrad.result = alloca { float, float }, align 8",
        "getelementptr inbounds i8, ptr %linkgrad.result, i64 4",
        "load double, ptr %linkgrad.result, align 8"})
    EXPECT_TRUE(StringRef(Text).contains(Line)) << Line.str() << "\n" << Text;
  // From any other compiler it is a mistake.
  EXPECT_NE(as("double", TwoFloats, FF).find("[result-type]"),
            std::string::npos);
}

TEST_F(Delivery, Buffer) {
  StringRef Three = "double @f(double, double, double)";
  StringRef Args = "double 0.0, double 0.0, double 0.0";
  EXPECT_EQ(buffer("{ double, double, double }", "double", 16, Three, Args),
            "double 3.000000e+00");
  // rustc tells the size only.
  EXPECT_EQ(buffer("[24 x i8]", "double", 8, Three, Args),
            "double 2.000000e+00");
  // Field 0: an array of gradients.
  EXPECT_EQ(buffer("[3 x double]", "double", 0, Three, Args),
            "double 1.000000e+00");
  // Padding after the float.
  EXPECT_EQ(buffer("{ float, double, float }", "double", 8,
                   "double @f(float, double, float)",
                   "float 0.0, double 0.0, float 0.0"),
            "double 2.000000e+00");
  EXPECT_EQ(buffer("[24 x i8]", "float", 16, "double @f(float, double, float)",
                   "float 0.0, double 0.0, float 0.0"),
            "float 3.000000e+00");
}

// clang spells out the padding of a C++ class with bases.
TEST_F(Delivery, BufferWithSpelledPadding) {
  StringRef Mixed = "double @f(double, float)";
  StringRef Args = "double 0.0, float 0.0";
  StringRef Type = "<{ { double }, { float }, [4 x i8] }>";
  EXPECT_EQ(buffer(Type, "double", 0, Mixed, Args), "double 1.000000e+00");
  EXPECT_EQ(buffer(Type, "float", 8, Mixed, Args), "float 2.000000e+00");
  EXPECT_EQ(buffer("<{ { float }, [4 x i8], { double } }>", "double", 8,
                   "double @f(float, double)", "float 0.0, double 0.0"),
            "double 2.000000e+00");
  // More than padding: a byte that nobody would write.
  EXPECT_NE(buffer("<{ double, i8, [7 x i8] }>", "double", 0, OneDouble, X)
                .find("[result-type]"),
            std::string::npos);
}

TEST_F(Delivery, NothingWanted) {
  parse(
      "declare double @f(double)\n"
      "declare void @__enzyme_autodiff(...)\n"
      "declare double @__enzyme_autodiff_unused(...)\n"
      "declare {} @__enzyme_autodiff_unit(...)\n"
      "declare void @g(ptr)\n"
      "define {} @caller(ptr %p) {\n"
      "  call void (...) @__enzyme_autodiff(ptr @f, double 0.0)\n"
      "  call double (...) @__enzyme_autodiff_unused(ptr @g, ptr %p, ptr %p)\n"
      "  %r = call {} (...) @__enzyme_autodiff_unit(ptr @g, ptr %p, ptr %p)\n"
      "  ret {} %r\n"
      "}\n");
  EXPECT_EQ(answer(), "");
  EXPECT_EQ(returned(), "{} zeroinitializer");
}

TEST_F(Delivery, Misfit) {
  auto Expect = [](std::string Message, std::string Part) {
    EXPECT_NE(Message.find(Part), std::string::npos) << Message;
  };
  Expect(as("i64", OneDouble, X),
         "the request is declared to return i64, but the derivative gives { "
         "double } (reverse mode of f(active) -> active) [result-type]");
  Expect(as("i32", OneDouble, X), "declared to return i32");
  Expect(as("float", OneDouble, X), "declared to return float");
  Expect(as("{ double, double, double }", TwoDoubles, XY),
         "declared to return { double, double, double }, but the derivative "
         "gives { double, double }");
  Expect(as("double", "double @f(ptr)", "ptr null, ptr null"),
         "declared to return double, but the derivative gives void");
  Expect(buffer("[24 x i8]", "double", 0, OneDouble, X),
         "declared to return [24 x i8], but the derivative gives { double }");
  // Half of the second float would be cut off.
  Expect(as("{ i32, i16, i16 }", TwoFloats, FF), "[result-type]");
}

TEST_F(Delivery, MisfitLeavesTheCall) {
  std::string Message = as("i64", OneDouble, X);
  EXPECT_FALSE(Message.empty());
  EXPECT_EQ(linkgrad::findRequestCalls(*M).size(), 1u);
}
