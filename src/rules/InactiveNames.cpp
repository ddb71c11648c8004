//===- InactiveNames.cpp - Functions that move no active value ------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/InactiveNames.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Demangle/Demangle.h"

using namespace llvm;

namespace linkgrad {

//===-- C -----------------------------------------------------------------===//

/// ISO C. The functions of floats among them return integers.
static const StringLiteral StandardC[] = {
    // stdio.h
    "clearerr", "fclose", "feof", "ferror", "fflush", "fgetc", "fgetpos",
    "fgets", "fopen", "fprintf", "fputc", "fputs", "freopen", "fseek",
    "fsetpos", "ftell", "fwrite", "getc", "getchar", "perror", "printf", "putc",
    "putchar", "puts", "remove", "rename", "rewind", "setbuf", "setvbuf",
    "snprintf", "sprintf", "tmpfile", "tmpnam", "ungetc", "vfprintf", "vprintf",
    "vsnprintf", "vsprintf",
    // stdlib.h
    "_Exit", "abort", "abs", "at_quick_exit", "atexit", "atoi", "atol", "atoll",
    "exit", "getenv", "labs", "llabs", "quick_exit", "rand", "srand", "strtol",
    "strtoll", "strtoul", "strtoull", "system",
    // string.h
    "memchr", "memcmp", "strcat", "strchr", "strcmp", "strcoll", "strcpy",
    "strcspn", "strerror", "strlen", "strncat", "strncmp", "strncpy", "strpbrk",
    "strrchr", "strspn", "strstr", "strtok", "strxfrm",
    // ctype.h
    "isalnum", "isalpha", "isblank", "iscntrl", "isdigit", "isgraph", "islower",
    "isprint", "ispunct", "isspace", "isupper", "isxdigit", "tolower",
    "toupper",
    // wchar.h
    "fputwc", "fputws", "fwprintf", "putwc", "putwchar", "swprintf", "wcscmp",
    "wcslen", "wprintf",
    // time.h, locale.h, signal.h, threads.h
    "asctime", "clock", "ctime", "difftime", "gmtime", "localeconv",
    "localtime", "mktime", "raise", "setlocale", "signal", "strftime",
    "thrd_sleep", "thrd_yield", "time", "timespec_get",
    // fenv.h
    "feclearexcept", "fegetenv", "fegetexceptflag", "fegetround",
    "feholdexcept", "feraiseexcept", "fesetenv", "fesetexceptflag",
    "fesetround", "fetestexcept", "feupdateenv",
    // math.h
    "ilogb", "ilogbf", "ilogbl", "llrint", "llrintf", "llrintl", "llround",
    "llroundf", "llroundl", "lrint", "lrintf", "lrintl", "lround", "lroundf",
    "lroundl"};

/// POSIX and GNU.
static const StringLiteral Unreserved[] = {
    // Files and processes.
    "access", "chdir", "close", "dup", "dup2", "fdopen", "fileno", "flockfile",
    "fseeko", "fstat", "fsync", "ftello", "ftruncate", "funlockfile", "getcwd",
    "gethostname", "getpagesize", "getpid", "getppid", "getrusage", "gettid",
    "getuid", "isatty", "kill", "lseek", "lstat", "mkdir", "mkstemp", "open",
    "open64", "fopen64", "pclose", "popen", "rmdir", "stat", "sysconf", "uname",
    "unlink", "write",
    // Printing.
    "asprintf", "dprintf", "fputc_unlocked", "fputs_unlocked",
    "fwrite_unlocked", "fgetc_unlocked", "fgets_unlocked", "getc_unlocked",
    "getdelim", "getline", "iprintf", "fiprintf", "siprintf", "putc_unlocked",
    "putchar_unlocked", "syslog", "vasprintf", "vdprintf",
    // Time.
    "asctime_r", "clock_getres", "clock_gettime", "clock_nanosleep", "ctime_r",
    "gettimeofday", "gmtime_r", "localtime_r", "nanosleep", "sched_yield",
    "sleep", "strptime", "timegm", "times", "usleep",
    // Text, environment, random numbers.
    "bcmp", "drand48", "ffs", "ffsl", "ffsll", "freelocale", "lrand48",
    "memrchr", "mrand48", "newlocale", "putenv", "rand_r", "random",
    "secure_getenv", "setenv", "srand48", "srandom", "stpcpy", "stpncpy",
    "strcasecmp", "strdup", "strerror_r", "strlcat", "strlcpy", "strncasecmp",
    "strndup", "strnlen", "strsignal", "strtok_r", "unsetenv", "uselocale",
    "backtrace", "backtrace_symbols", "backtrace_symbols_fd", "mcount"};

/// Reserved to the C implementation and the compiler.
static const StringLiteral ReservedC[] = {
    "__assert", "__assert_fail", "__assert_perror_fail", "__assert_rtn",
    "__chk_fail", "__ctype_b_loc", "__ctype_get_mb_cur_max",
    "__ctype_tolower_loc", "__ctype_toupper_loc", "__errno_location",
    "__fentry__", "__finite", "__finitef", "__finitel", "__fortify_fail",
    "__fpclassify", "__fpclassifyf", "__fpclassifyl", "__isinf", "__isinff",
    "__isinfl", "__isnan", "__isnanf", "__isnanl", "__signbit", "__signbitf",
    "__signbitl", "__stack_chk_fail", "_assert", "_exit", "_mcount", "__strdup",
    "__strndup", "__strtok_r", "__isoc23_strtol", "__isoc23_strtoll",
    "__isoc23_strtoul", "__isoc23_strtoull", "__clang_call_terminate",
    "__asan_handle_no_return",
    // The checked variants of -D_FORTIFY_SOURCE.
    "__asprintf_chk", "__dprintf_chk", "__fgets_chk", "__fprintf_chk",
    "__fwprintf_chk", "__printf_chk", "__snprintf_chk", "__sprintf_chk",
    "__stpcpy_chk", "__stpncpy_chk", "__strcat_chk", "__strcpy_chk",
    "__strlcat_chk", "__strlcpy_chk", "__strlen_chk", "__strncat_chk",
    "__strncpy_chk", "__vasprintf_chk", "__vdprintf_chk", "__vfprintf_chk",
    "__vprintf_chk", "__vsnprintf_chk", "__vsprintf_chk", "__wprintf_chk"};

/// The exceptions' runtime, profiling hooks and sanitizer checks.
static const StringLiteral ReservedPrefixes[] = {
    "_Unwind_",       "__gcov_",          "llvm_gcda_",
    "llvm_gcov_",     "__llvm_profile_",  "__cyg_profile_func_",
    "__xray_",        "__sanitizer_cov_", "__ubsan_handle_",
    "__asan_report_", "__asan_load",      "__asan_store",
    "__tsan_func_",   "__tsan_read",      "__tsan_write"};

static InactiveName classifyC(StringRef Name) {
  static const auto SetOf = [](ArrayRef<StringLiteral> Names) {
    StringSet<> S;
    for (StringRef N : Names)
      S.insert(N);
    return S;
  };
  static const StringSet<> Standard = SetOf(StandardC);
  static const StringSet<> Posix = SetOf(Unreserved);
  static const StringSet<> Reserved = SetOf(ReservedC);
  if (Standard.contains(Name))
    return InactiveName::StandardC;
  if (Posix.contains(Name))
    return InactiveName::Unreserved;
  // All but the construction of arrays, which calls back.
  bool IsRuntime = Name.starts_with("__cxa_") && !Name.starts_with("__cxa_vec");
  if (IsRuntime || Reserved.contains(Name) ||
      any_of(ReservedPrefixes,
             [&](StringRef Prefix) { return Name.starts_with(Prefix); }))
    return InactiveName::Reserved;
  return InactiveName::No;
}

//===-- C++ ---------------------------------------------------------------===//

/// Classes of namespace std all of whose members are inactive, as mangled.
static const StringLiteral InactiveClasses[] = {
    // Streams, apart from basic_istream.
    "8ios_base", "9basic_iosI", "13basic_ostreamI", "13basic_filebufI",
    "14basic_ofstreamI", "14basic_ifstreamI", "13basic_fstreamI",
    "15basic_streambufI", "15basic_stringbufI", "18basic_stringstreamI",
    "19basic_ostringstreamI", "19basic_istringstreamI", "6locale", "5ctypeI",
    "7num_putI",
    // Text.
    "12basic_stringIc", "12basic_stringIw", "17basic_string_viewIc",
    "11char_traitsIc",
    // Exceptions.
    "9exception", "9bad_alloc", "8bad_cast", "10bad_typeid",
    "20bad_array_new_length", "11logic_error", "12domain_error",
    "16invalid_argument", "12length_error", "12out_of_range", "13runtime_error",
    "11range_error", "14overflow_error", "15underflow_error", "12system_error",
    "17bad_function_call", "19bad_optional_access", "18bad_variant_access",
    "13bad_exception", "15__exception_ptr",
    // Clocks and entropy; _V2 is libstdc++'s inline namespace.
    "6chrono3_V212system_clock", "6chrono3_V212steady_clock",
    "6chrono12system_clock", "6chrono12steady_clock", "13random_device",
    // Hash tables' sizes.
    "8__detail20_Prime_rehash_policy"};

/// Functions of namespace std, as mangled after `_ZSt` or `_ZNSt`.
static const StringLiteral InactiveStdFunctions[] = {
    "4endl",
    "4ends",
    "5flush",
    "9terminatev",
    "9use_facet",
    "9has_facet",
    "16__ostream_insert",
    "24__put_character_sequence",
    "18uncaught_exceptionv",
    "19uncaught_exceptionsv",
    "17current_exceptionv",
    "17rethrow_exception",
    "15get_new_handlerv",
    "16generic_categoryv",
    "15system_categoryv",
    "21__glibcxx_assert_fail",
    "11_Hash_bytes",
    "25__replacement_assert",
    "22__libcpp_verbose_abort",
    "7getlineIcSt11char_traitsIc",
    "plIcSt11char_traitsIc",
    "plIcNS_11char_traitsIc"};

static bool startsWithAny(StringRef Name, ArrayRef<StringLiteral> Prefixes) {
  return any_of(Prefixes,
                [&](StringRef Prefix) { return Name.starts_with(Prefix); });
}

/// Members of std::istream that read text or no data at all.
static const StringLiteral InactiveInput[] = {
    "C",      "D",       "3get",    "4peek",   "4sync",    "5seekg",  "5tellg",
    "5unget", "6gcount", "6ignore", "6sentry", "7getline", "7putback"};

/// \p Name is the mangled name of a member of std::istream. Reading numbers
/// is inactive if they are integers: operator>>(int&), _M_extract<int>(int&).
static bool isInactiveInput(StringRef Name) {
  if (Name.consume_front("rsER") || Name.consume_front("10_M_extractI"))
    return !startsWithAny(Name, {"f", "d", "e"});
  return startsWithAny(Name, InactiveInput);
}

/// \p Name is the part of a mangled name after `_Z`.
static bool isInactiveCxx(StringRef Name) {
  bool Nested = Name.consume_front("N");
  Name.consume_front("K");
  if (!Name.consume_front("R"))
    Name.consume_front("O");
  // The ABI's abbreviations for std::string, allocator<char>, ostream, istream
  // and iostream.
  if (Name.starts_with("Ss") || Name.starts_with("SaIc"))
    return Nested;
  if (Name.starts_with("So") || Name.starts_with("Sd"))
    return Nested;
  if (Name.consume_front("Si"))
    return Nested && isInactiveInput(Name);
  if (!Name.consume_front("St"))
    return false;
  // The inline namespaces of libc++ and libstdc++.
  Name.consume_front("3__1");
  Name.consume_front("7__cxx11");
  if (Nested && startsWithAny(Name, InactiveClasses))
    return true;
  // operator<< for streams, not for integers or arrays of numbers.
  if (Name.starts_with("ls"))
    return Name.contains("basic_ostream");
  return startsWithAny(Name, InactiveStdFunctions) ||
         Name.ltrim("0123456789").starts_with("__throw_");
}

//===-- Rust --------------------------------------------------------------===//

/// Demangled paths of Rust's panics, formatting, output and so on. Not all of
/// std::panicking: catch_unwind calls a closure.
static const StringLiteral InactiveRust[] = {
    "__rustc::__rust_no_alloc_shim_is_unstable",
    "__rustc::rust_begin_unwind",
    "__rustc::rust_panic",
    "alloc::alloc::handle_alloc_error",
    "alloc::fmt::",
    "alloc::raw_vec::capacity_overflow",
    "alloc::raw_vec::handle_error",
    "core::cell::panic_",
    "core::fmt::",
    "core::option::expect_failed",
    "core::option::unwrap_failed",
    "core::panic::location::",
    "core::panicking::",
    "core::result::unwrap_failed",
    "core::slice::copy_from_slice_impl::len_mismatch_fail",
    "core::slice::index::slice_",
    "core::str::slice_error_fail",
    "core::unicode::",
    "hashbrown::raw::Fallibility>::",
    "std::env::",
    "std::io::stdio::",
    "std::panicking::begin_panic",
    "std::panicking::default_hook",
    "std::panicking::panic_",
    "std::panicking::rust_panic",
    "std::process::abort",
    "std::process::exit",
    "std::rt::begin_panic",
    "std::rt::panic_",
    "std::sys::random::", // The keys of hash tables.
    "std::time::"};

static bool isInactiveRust(StringRef Symbol) {
  std::string Demangled = demangle(Symbol);
  StringRef Path = Demangled;
  // `<f64 as core::fmt::Display>::fmt`: whatever the type, it writes text.
  if (Path.contains(" as core::fmt::") && Path.ends_with(">::fmt"))
    return true;
  // `<core::fmt::Formatter>::write_str`
  Path.consume_front("<");
  return startsWithAny(Path, InactiveRust);
}

/// Rust's older mangling is C++'s, with a hash (`17h` and 16 digits) as the
/// last component.
static bool isRustName(StringRef Symbol) {
  if (Symbol.starts_with("_R"))
    return true;
  constexpr size_t HashLength = sizeof("17h0123456789abcdefE") - 1;
  return Symbol.starts_with("_ZN") && Symbol.ends_with("E") &&
         Symbol.take_back(HashLength).starts_with("17h");
}

InactiveName classifyInactiveName(StringRef Symbol) {
  auto ReservedIf = [](bool Inactive) {
    return Inactive ? InactiveName::Reserved : InactiveName::No;
  };
  if (isRustName(Symbol))
    return ReservedIf(isInactiveRust(Symbol));
  StringRef Name = Symbol;
  if (Name.consume_front("_Z"))
    return ReservedIf(isInactiveCxx(Name));
  if (Name == "rust_begin_unwind" || Name == "rust_panic" ||
      Name.starts_with("__rust_no_alloc_shim_is_unstable"))
    return InactiveName::Reserved;
  return classifyC(Name);
}

} // namespace linkgrad
