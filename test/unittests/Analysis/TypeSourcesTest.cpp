//===- TypeSourcesTest.cpp - Layouts from declarations --------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "TypeTestUtils.h"
#include "llvm/IR/DiagnosticHandler.h"
#include "llvm/IR/DiagnosticInfo.h"
#include "llvm/IR/DiagnosticPrinter.h"

using linkgrad::test::isUnknown;
using linkgrad::test::Types;

namespace {

const char *const Memcpy =
    "\ndeclare void @llvm.memcpy.p0.p0.i64(ptr, ptr, i64, i1)\n";

//===----------------------------------------------------------------------===//
// LLVM types
//===----------------------------------------------------------------------===//

TEST(TypeSources, Allocas) {
  Types T(R"(
%inner = type { float, i32 }
%s = type { i8, double, [3 x double], %inner, ptr, i64 }
define void @f() {
  %a = alloca %s
  ret void
})");
  EXPECT_EQ(T.memory("a", 64),
            "[0,8):Integer [8,40):Float@double [40,44):Float@float "
            "[44,48):Integer [48,56):Pointer [56,64):Integer");
}

TEST(TypeSources, AllocatedIntegersMayBeBundlesOfFloats) {
  // The temporaries of calling conventions.
  Types T(std::string(R"(
%pair = type { float, float }
define i64 @f(ptr %p) {
  %s = alloca %pair
  %tmp = alloca i64
  call void @llvm.memcpy.p0.p0.i64(ptr %tmp, ptr %s, i64 8, i1 false)
  %i = load i64, ptr %tmp
  %two = alloca { i64, i64 }
  %x = load double, ptr %two
  ret i64 %i
})") + Memcpy);
  EXPECT_EQ(T.at("i", 0), "Float@float");
  EXPECT_EQ(T.at("i", 4), "Float@float");
  EXPECT_EQ(T.memory("two", 8), "[0,8):Float@double");
  EXPECT_TRUE(llvm::StringRef(T.memory("two", 16))
                  .starts_with("error: byte 8 of the 16 bytes behind %two may "
                               "be a float, a pointer or an integer"));
}

/// A union of a double and an i64, declared as \p Member, in a function that
/// does \p Use with it.
std::string unionOf(const std::string &Member, const std::string &Use,
                    std::string *Value = nullptr) {
  Types T("%union.u = type { " + Member + R"( }
%struct.s = type { i32, %union.u }
define void @f(i64 %n) {
  %s = alloca %struct.s
  %u = getelementptr %struct.s, ptr %s, i32 0, i32 1
  %m = add i64 %n, 1
)" + Use + "  ret void\n}\n");
  if (Value)
    *Value = T.at("v");
  return T.memory("s", 16);
}

TEST(TypeSources, UnionsMayHoldWhatIsNotSeen) {
  for (auto *Member : {"double", "i64", "ptr"}) {
    EXPECT_TRUE(isUnknown(unionOf(Member, ""), "byte 8")) << Member;
    // Here it is a float, elsewhere it may be a pointer that is copied.
    EXPECT_TRUE(isUnknown(unionOf(Member, "  store double 0.0, ptr %u\n"),
                          "byte 8 of the 16 bytes behind %s is part"))
        << Member;
    // Here it is an integer, elsewhere it may be a float that is copied.
    std::string Value;
    std::string Memory = unionOf(Member,
                                 "  store i64 %m, ptr %u\n"
                                 "  %v = load i64, ptr %u\n",
                                 &Value);
    EXPECT_TRUE(isUnknown(Memory, "byte 8 of the 16 bytes behind %s is part"))
        << Memory;
    EXPECT_EQ(Value, "Integer");
  }
}

TEST(TypeSources, ArrayAllocas) {
  Types T(R"(
define void @f(i64 %n) {
  %a = alloca double, i64 %n
  %b = alloca [10 x float]
  %c = alloca i8, i64 %n
  ret void
})");
  EXPECT_EQ(T.memory("a", 80), "[0,80):Float@double");
  EXPECT_EQ(T.memory("a", std::nullopt), "[0,8):Float@double every 8");
  EXPECT_EQ(T.memory("b", 40), "[0,40):Float@float");
  EXPECT_TRUE(isUnknown(T.memory("b", 44), "byte 40"));
  EXPECT_TRUE(isUnknown(T.memory("c", 8), "byte 0"));
}

TEST(TypeSources, AddressArithmetic) {
  // All that unoptimised code has for parameters.
  Types T(std::string(R"(
%s = type { double, i32, ptr }
define void @f(ptr %p, ptr %q, ptr %d, i64 %n, i64 %i) {
  %k = getelementptr inbounds %s, ptr %p, i32 0, i32 1
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 24, i1 false)
  %e = getelementptr inbounds double, ptr %d, i64 %i
  ret void
})") + Memcpy);
  const char *Layout = "[0,8):Float@double [8,16):Integer [16,24):Pointer";
  EXPECT_EQ(T.memory("p", 24), Layout);
  EXPECT_EQ(T.memory("q", 24), Layout);
  EXPECT_EQ(T.memory("d", 8), "[0,8):Float@double");
  EXPECT_TRUE(isUnknown(T.memory("d", 32), "byte 8"));
}

TEST(TypeSources, EndsOfArraysAreNotAccesses) {
  // { double a[3]; int n; } with a loop from a to a + 3.
  Types T(R"(
define void @f(ptr %p, ptr %last) {
  %end = getelementptr inbounds double, ptr %p, i64 3
  %n = load i64, ptr %end
  %m = mul i64 %n, %n
  %prev = getelementptr inbounds double, ptr %last, i64 -1
  ret void
})");
  EXPECT_EQ(T.at("n"), "Integer");
  EXPECT_EQ(T.memory("p", 8), "[0,8):Float@double");
  EXPECT_EQ(T.memory("prev", 8), "[0,8):Float@double");
  EXPECT_TRUE(isUnknown(T.memory("last", 8), "byte 0"));
}

TEST(TypeSources, IndicesBeforeConstantOffsets) {
  // { ptr next; double v[4]; }: &p->v[i] as the optimiser writes it.
  Types T(R"(
define void @f(ptr %p, i64 %i) {
  %n = load ptr, ptr %p
  %a = getelementptr double, ptr %p, i64 %i
  %e = getelementptr i8, ptr %a, i64 8
  store double 0.0, ptr %e
  ret void
})");
  EXPECT_EQ(T.memory("p", 16), "[0,8):Pointer [8,16):Float@double");
}

TEST(TypeSources, UnitsOfLengthAreNotTypes) {
  // Copying anything in chunks of eight bytes.
  Types T(R"(
define void @f(ptr %p, ptr %q, i64 %i) {
  %a = getelementptr i64, ptr %p, i64 %i
  %v = load i64, ptr %a
  %b = getelementptr i64, ptr %q, i64 %i
  store i64 %v, ptr %b
  ret void
})");
  EXPECT_EQ(T.at("v"), "Unknown");
  EXPECT_TRUE(isUnknown(T.memory("p", std::nullopt), "byte 0"));
}

TEST(TypeSources, Globals) {
  Types T(R"(
%s = type { double, i32 }
@table = constant [4096 x double] zeroinitializer
@one = global %s zeroinitializer
@many = global [100 x %s] zeroinitializer
@alias = alias %s, ptr @one
@names = global [2 x ptr] zeroinitializer
define void @f() {
  ret void
})");
  EXPECT_EQ(T.memory("table", 32768), "[0,32768):Float@double");
  EXPECT_EQ(T.memory("one", 16), "[0,8):Float@double [8,16):Integer");
  EXPECT_EQ(T.memory("alias", 16), "[0,8):Float@double [8,16):Integer");
  EXPECT_EQ(T.memory("names", 16), "[0,16):Pointer");
  std::string Many = T.memory("many", 1600);
  EXPECT_EQ(Many.substr(0, 51),
            "[0,8):Float@double [8,16):Integer [16,24):Float@dou");
}

TEST(TypeSources, Initializers) {
  Types T(R"(
@a = internal global double 0.0
@b = internal global [4 x i8] zeroinitializer
@rows = internal constant { i64, [2 x ptr] } { i64 2, [2 x ptr] [ptr @a, ptr @b] }
define void @f() {
  %at = getelementptr i8, ptr @rows, i64 16
  %p = load ptr, ptr %at
  store float 0.0, ptr %p
  ret void
})");
  EXPECT_EQ(T.memory("b", 4), "[0,4):Float@float");
}

TEST(TypeSources, LongTablesOfStructsArePeriodic) {
  Types T(R"(
%s = type { double, i32 }
@many = global [4096 x %s] zeroinitializer
define void @f() {
  %p = getelementptr i8, ptr @many, i64 160
  store double 0.0, ptr %p
  ret void
})");
  EXPECT_EQ(T.memory("many", 65536),
            "[0,8):Float@double [8,16):Integer every 16");
}

TEST(TypeSources, PassedByValue) {
  Types T(R"(
%s = type { double, i32 }
define void @f(ptr byval(%s) %p, ptr sret(%s) %q) {
  ret void
})");
  EXPECT_EQ(T.memory("p", 16), "[0,8):Float@double [8,16):Integer");
  EXPECT_EQ(T.memory("q", 16), "[0,8):Float@double [8,16):Integer");
}

//===----------------------------------------------------------------------===//
// TBAA
//===----------------------------------------------------------------------===//

const char *const Tbaa = R"(
!0 = !{!"Simple C++ TBAA"}
!1 = !{!"omnipotent char", !0, i64 0}
!2 = !{!"double", !1, i64 0}
!3 = !{!"int", !1, i64 0}
!4 = !{!"long", !1, i64 0}
!5 = !{!"any pointer", !1, i64 0}
!6 = !{!"p1 double", !5, i64 0}
!7 = !{!"vtable pointer", !0, i64 0}
!8 = !{!"float", !1, i64 0}
!10 = !{!2, !2, i64 0}
!11 = !{!3, !3, i64 0}
!12 = !{!4, !4, i64 0}
!13 = !{!6, !6, i64 0}
!14 = !{!1, !1, i64 0}
!15 = !{!8, !8, i64 0}
!20 = !{!"_ZTS5Inner", !8, i64 0, !3, i64 4}
!21 = !{!"_ZTS5Outer", !2, i64 0, !20, i64 8, !6, i64 16, !3, i64 24}
!22 = !{!21, !3, i64 24}
!23 = !{!"_ZTS5Buffer", !2, i64 0, !1, i64 8, !2, i64 16}
!24 = !{!23, !2, i64 16}
!25 = !{!"_ZTS4Kind", !1, i64 0}
!26 = !{!25, !25, i64 0}
!30 = !{i64 0, i64 8, !10, i64 8, i64 4, !11, i64 16, i64 8, !13, i64 24, i64 12, !15}
!31 = !{i64 0, i64 8, !10, i64 8, i64 16, !14}
)";

TEST(TypeSources, TbaaScalars) {
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q) {
  %a = load i64, ptr %p, !tbaa !10
  %p8 = getelementptr i8, ptr %p, i64 8
  %b = load i64, ptr %p8, !tbaa !12
  %p16 = getelementptr i8, ptr %p, i64 16
  %c = load i64, ptr %p16, !tbaa !15
  %p24 = getelementptr i8, ptr %p, i64 24
  %d = load i64, ptr %p24, !tbaa !14
  %e = load i32, ptr %q, !tbaa !26
  ret void
})") + Tbaa);
  EXPECT_EQ(T.at("a"), "Float@double");
  EXPECT_EQ(T.at("b"), "Integer");
  EXPECT_EQ(T.at("c", 0), "Float@float");
  EXPECT_EQ(T.at("c", 4), "Float@float");
  EXPECT_EQ(T.at("d"), "Unknown");
  EXPECT_EQ(T.at("e"), "Integer"); // An enumeration.
}

TEST(TypeSources, TbaaPointers) {
  Types T(std::string(R"(
define void @f(ptr %p) {
  %a = load ptr, ptr %p, !tbaa !13
  ret void
})") + Tbaa);
  EXPECT_EQ(T.memory("a", std::nullopt), "[0,8):Float@double every 8");
  EXPECT_EQ(T.memory("a", 64), "[0,64):Float@double");
  EXPECT_EQ(T.tree("p"),
            "{[-1]:Pointer, [-1,0]:Pointer, [-1,0,-1]:Float@double}");
}

TEST(TypeSources, TbaaPointersToIntegersAndPointers) {
  Types T(R"(
define void @f(ptr %p) {
  %a = load ptr, ptr %p, !tbaa !5
  %p8 = getelementptr i8, ptr %p, i64 8
  %b = load ptr, ptr %p8, !tbaa !6
  ret void
}
!0 = !{!"Simple C++ TBAA"}
!1 = !{!"omnipotent char", !0, i64 0}
!2 = !{!"any pointer", !1, i64 0}
!3 = !{!"p1 int", !2, i64 0}
!4 = !{!"p2 double", !2, i64 0}
!5 = !{!3, !3, i64 0}
!6 = !{!4, !4, i64 0})");
  EXPECT_EQ(T.memory("a", std::nullopt), "[0,4):Integer every 4");
  EXPECT_EQ(T.memory("a", 40), "[0,40):Integer");
  EXPECT_EQ(T.memory("b", std::nullopt), "[0,8):Pointer every 8");
}

TEST(TypeSources, TbaaStructs) {
  // One access to the last member tells the whole struct, and that the bytes
  // after it are padding, or a member of a derived class.
  Types T(std::string(R"(
define void @f(ptr %p) {
  %p24 = getelementptr i8, ptr %p, i64 24
  %n = load i32, ptr %p24, !tbaa !22
  ret void
})") + Tbaa);
  EXPECT_EQ(T.memory("p", 32), "[0,8):Float@double [8,12):Float@float "
                               "[12,16):Integer [16,24):Pointer "
                               "[24,28):Integer [28,32):Float@float");
}

TEST(TypeSources, TbaaStructsInArrays) {
  Types T(std::string(R"(
define void @f(ptr %p, i64 %i) {
  %p24 = getelementptr i8, ptr %p, i64 24
  %e = getelementptr [32 x i8], ptr %p24, i64 %i
  %n = load i32, ptr %e, !tbaa !22
  ret void
})") + Tbaa);
  EXPECT_EQ(T.every("p", 32),
            "[0,8):Float@double [8,12):Float@float [12,16):Integer "
            "[16,24):Pointer [24,28):Integer [28,32):Float@float every 32");
}

TEST(TypeSources, TbaaStructsHideArraysAndUnions) {
  Types T(std::string(R"(
define void @f(ptr %p) {
  %p16 = getelementptr i8, ptr %p, i64 16
  %d = load double, ptr %p16, !tbaa !24
  ret void
})") + Tbaa);
  EXPECT_TRUE(isUnknown(T.memory("p", 24), "byte 8"));
}

TEST(TypeSources, TbaaOfACopy) {
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q) {
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 40, i1 false), !tbaa.struct !30
  ret void
})") + Memcpy +
          Tbaa);
  for (auto *Name : {"p", "q"})
    EXPECT_EQ(T.copied(Name), "[0,8):Float@double [8,16):Integer "
                              "[16,24):Pointer [24,36):Float@float "
                              "[36,40):Integer");
}

TEST(TypeSources, TbaaOfACopyWithAnOpaqueMember) {
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q) {
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 24, i1 false), !tbaa.struct !31
  ret void
})") + Memcpy +
          Tbaa);
  EXPECT_TRUE(isUnknown(T.copied("p"), "byte 8"));
}

TEST(TypeSources, TbaaOfStrangeForm) {
  Types T(std::string(R"(
define void @f(ptr %p) {
  %a = load i64, ptr %p, !tbaa !40
  call void @llvm.memcpy.p0.p0.i64(ptr %p, ptr %p, i64 24, i1 false), !tbaa.struct !41
  ret void
}
!40 = !{}
!41 = !{i64 0, i64 8}
)") + Memcpy);
  EXPECT_EQ(T.at("a"), "Unknown");
}

//===----------------------------------------------------------------------===//
// Type strings and hints
//===----------------------------------------------------------------------===//

TEST(TypeSources, TypeStrings) {
  Types T(R"(
define void @f(ptr "enzyme_type"="{[-1]:Pointer, [-1,0]:Float@double, [-1,8]:Integer}" %p,
               ptr "enzyme_type"="{[-1]:Pointer, [-1,-1]:Float@float}" %q,
               i64 "enzyme_type"="{[-1]:Integer}" %n,
               i64 "enzyme_type"="{[0]:Float@float, [4]:Float@float}" %m,
               ptr "enzyme_type"="{[-1]:Pointer, [-1,0]:Pointer, [-1,0,-1]:Float@double}" %r) {
  %s = load ptr, ptr %r
  ret void
})");
  EXPECT_EQ(T.memory("p", 16), "[0,8):Float@double [8,16):Integer");
  EXPECT_EQ(T.memory("q", 64), "[0,64):Float@float");
  EXPECT_EQ(T.memory("q", std::nullopt), "[0,4):Float@float every 4");
  EXPECT_EQ(T.at("n"), "Integer");
  EXPECT_EQ(T.at("m", 4), "Float@float");
  EXPECT_EQ(T.memory("s", 16), "[0,16):Float@double");
  EXPECT_EQ(T.tree("r"),
            "{[-1]:Pointer, [-1,0]:Pointer, [-1,0,-1]:Float@double}");
  EXPECT_EQ(T.tree("p"), "{[-1]:Pointer, [-1,0]:Float@double, [-1,8]:Integer}");
}

TEST(TypeSources, TypeStringsOnCopiesAndResults) {
  Types T(std::string(R"(
declare "enzyme_type"="{[-1]:Pointer, [-1,-1]:Float@double}" ptr @get()
define void @f(ptr %p, ptr %q) {
  call void @llvm.memcpy.p0.p0.i64(ptr "enzyme_type"="{[-1]:Pointer, [-1,-1]:Float@float}" %q, ptr %p, i64 40, i1 false)
  %g = call ptr @get()
  ret void
})") + Memcpy);
  EXPECT_EQ(T.copied("p"), "[0,40):Float@float");
  EXPECT_EQ(T.memory("g", 16), "[0,16):Float@double");
}

/// Collects the warnings of a context.
struct Warnings : llvm::DiagnosticHandler {
  explicit Warnings(std::vector<std::string> &Texts) : Texts(Texts) {}
  bool handleDiagnostics(const llvm::DiagnosticInfo &D) override {
    std::string Text;
    llvm::raw_string_ostream OS(Text);
    llvm::DiagnosticPrinterRawOStream Printer(OS);
    D.print(Printer);
    Texts.push_back(Text);
    return true;
  }
  std::vector<std::string> &Texts;
};

TEST(TypeSources, TypeStringsThatDoNotFitAreIgnoredWithAWarning) {
  Types T(R"(
define void @g(ptr "enzyme_type"="{[-1]:Float@double}" %p,
               float "enzyme_type"="{[-1]:Integer}" %x,
               i32 "enzyme_type"="nonsense" %n) {
  ret void
})");
  std::vector<std::string> Texts;
  T.Context.setDiagnosticHandler(std::make_unique<Warnings>(Texts));
  linkgrad::TypeTrees Trees(*T.M->getFunction("g"));
  ASSERT_EQ(Texts.size(), 3u);
  EXPECT_NE(Texts[0].find("not the type of a pointer"), std::string::npos);
  EXPECT_NE(Texts[1].find("not the type of the value"), std::string::npos);
  EXPECT_NE(Texts[2].find("malformed type string"), std::string::npos);
}

TEST(TypeSources, Hints) {
  Types T(R"(
declare void @__enzyme_double(ptr, ...)
declare void @_Z14__enzyme_floatPvm(ptr, i64)
declare void @__enzyme_integer(...)
declare void @__enzyme_pointer(ptr, i64)
define void @f(ptr %p, ptr %q) {
  call void (ptr, ...) @__enzyme_double(ptr %p, i64 16)
  %p16 = getelementptr i8, ptr %p, i64 16
  call void @_Z14__enzyme_floatPvm(ptr %p16, i64 8)
  %p24 = getelementptr i8, ptr %p, i64 24
  call void (...) @__enzyme_integer(ptr %p24, i64 5)
  %p32 = getelementptr i8, ptr %p, i64 32
  call void @__enzyme_pointer(ptr %p32, i64 8)
  call void (ptr, ...) @__enzyme_double(ptr %q)
  ret void
})");
  EXPECT_EQ(T.memory("p", 29),
            "[0,16):Float@double [16,24):Float@float [24,29):Integer");
  EXPECT_EQ(T.memory("p32", 8), "[0,8):Pointer");
  EXPECT_TRUE(isUnknown(T.memory("p", 40), "byte 29"));
  EXPECT_EQ(T.memory("q", 64), "[0,64):Float@double");
  EXPECT_EQ(T.memory("q", std::nullopt), "[0,8):Float@double every 8");
}

//===----------------------------------------------------------------------===//
// Debug info
//===----------------------------------------------------------------------===//

const char *const Debug = R"(
!llvm.dbg.cu = !{!0}
!llvm.module.flags = !{!2}
!0 = distinct !DICompileUnit(language: DW_LANG_C11, file: !1, emissionKind: FullDebug)
!1 = !DIFile(filename: "a.c", directory: "/")
!2 = !{i32 2, !"Debug Info Version", i32 3}
!3 = distinct !DISubprogram(name: "f", file: !1, line: 3, type: !4, unit: !0, spFlags: DISPFlagDefinition)
!4 = !DISubroutineType(types: !5)
!5 = !{null}
!9 = !DILocation(line: 7, column: 3, scope: !3)
!10 = !DIBasicType(name: "double", size: 64, encoding: DW_ATE_float)
!11 = !DIBasicType(name: "int", size: 32, encoding: DW_ATE_signed)
!12 = !DIBasicType(name: "float", size: 32, encoding: DW_ATE_float)
!13 = !DIBasicType(name: "char", size: 8, encoding: DW_ATE_signed_char)
!20 = !DICompositeType(tag: DW_TAG_structure_type, name: "S", size: 384, elements: !21)
!21 = !{!22, !23, !24, !25, !26}
!22 = !DIDerivedType(tag: DW_TAG_member, name: "x", baseType: !10, size: 64, offset: 0)
!23 = !DIDerivedType(tag: DW_TAG_member, name: "n", baseType: !40, size: 32, offset: 64)
!24 = !DIDerivedType(tag: DW_TAG_member, name: "next", baseType: !30, size: 64, offset: 128)
!25 = !DIDerivedType(tag: DW_TAG_member, name: "v", baseType: !31, size: 96, offset: 192)
!26 = !DIDerivedType(tag: DW_TAG_member, name: "u", baseType: !33, size: 64, offset: 320)
!30 = !DIDerivedType(tag: DW_TAG_pointer_type, baseType: !20, size: 64)
!31 = !DICompositeType(tag: DW_TAG_array_type, baseType: !12, size: 96, elements: !32)
!32 = !{!DISubrange(count: 3)}
!33 = !DICompositeType(tag: DW_TAG_union_type, name: "U", size: 64, elements: !{})
!40 = !DIDerivedType(tag: DW_TAG_typedef, name: "count", baseType: !11)
!50 = !DILocalVariable(name: "s", arg: 1, scope: !3, file: !1, line: 3, type: !30)
!51 = !DILocalVariable(name: "t", scope: !3, file: !1, line: 3, type: !20)
!52 = !DILocalVariable(name: "chars", scope: !3, file: !1, line: 3, type: !53)
!53 = !DIDerivedType(tag: DW_TAG_pointer_type, baseType: !13, size: 64)
)";

TEST(TypeSources, DebugInfoOfParameters) {
  Types T(std::string(R"(
define void @f(ptr %s, ptr %c) !dbg !3 {
    #dbg_value(ptr %s, !50, !DIExpression(), !9)
    #dbg_value(ptr %c, !52, !DIExpression(), !9)
  %next.at = getelementptr i8, ptr %s, i64 16
  %next = load ptr, ptr %next.at
  ret void
})") + Debug);
  const char *Layout = "[0,8):Float@double [8,16):Integer [16,24):Pointer "
                       "[24,36):Float@float [36,40):Integer";
  EXPECT_EQ(T.memory("s", 40), Layout);
  EXPECT_EQ(T.memory("next", 40), Layout);
  EXPECT_TRUE(isUnknown(T.memory("s", 48), "is part of a union"));
  EXPECT_TRUE(isUnknown(T.memory("c", 1), "byte 0"));
}

TEST(TypeSources, DebugInfoOfVariablesAndFragments) {
  Types T(std::string(R"(
define void @f(ptr %p) !dbg !3 {
    #dbg_declare(ptr %p, !51, !DIExpression(), !9)
  %i = load i64, ptr null
    #dbg_value(i64 %i, !51, !DIExpression(DW_OP_LLVM_fragment, 192, 64), !9)
  %j = load i64, ptr null
    #dbg_value(i64 %j, !51, !DIExpression(DW_OP_plus_uconst, 8), !9)
  ret void
})") + Debug);
  EXPECT_EQ(T.memory("p", 16), "[0,8):Float@double [8,16):Integer");
  EXPECT_EQ(T.at("i", 0), "Float@float");
  EXPECT_EQ(T.at("i", 4), "Float@float");
  EXPECT_EQ(T.at("j"), "Unknown");
}

// What is around the number that became a member of the variable is another
// variable's.
TEST(TypeSources, DebugInfoOfFragmentsThatWereLoaded) {
  Types T(std::string(R"(
define void @f(ptr %p) !dbg !3 {
  %n.at = getelementptr i8, ptr %p, i64 64
  %n = load i32, ptr %n.at
    #dbg_value(i32 %n, !51, !DIExpression(DW_OP_LLVM_fragment, 64, 32), !9)
  %before = getelementptr i8, ptr %p, i64 56
  %m = load i64, ptr %before
  %m2 = add i64 %m, 1
  %next = load ptr, ptr %p
    #dbg_value(ptr %next, !51, !DIExpression(DW_OP_LLVM_fragment, 128, 64), !9)
  ret void
})") + Debug);
  EXPECT_EQ(T.at("n"), "Integer");
  EXPECT_EQ(T.at("m"), "Integer");
  EXPECT_EQ(T.memory("next", 16), "[0,8):Float@double [8,16):Integer");
}

TEST(TypeSources, ErrorsNameTheSourceLine) {
  Types T(std::string(R"(
define void @f(ptr %p, ptr %q) !dbg !3 {
  call void @llvm.memcpy.p0.p0.i64(ptr %q, ptr %p, i64 24, i1 false), !dbg !9
  ret void
})") + Memcpy +
          Debug);
  std::string Error = T.copied("p");
  EXPECT_TRUE(isUnknown(Error, "a.c:7:3")) << Error;
}

} // namespace
