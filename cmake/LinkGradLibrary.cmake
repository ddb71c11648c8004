# Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
#
# Run as a script by the build: writes the bitcode files FILES (separated by |)
# as C++ arrays to OUTPUT. See src/library/EmbeddedBitcode.h.
set(text "// Written by cmake/LinkGradLibrary.cmake.
#include \"library/EmbeddedBitcode.h\"
#include <iterator>
")
set(table "")
set(number 0)
string(REPLACE "|" ";" FILES "${FILES}")
foreach(file IN LISTS FILES)
  file(READ ${file} bytes HEX)
  string(REGEX REPLACE "(................)" "\\1\n" bytes "${bytes}")
  string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," bytes "${bytes}")
  # Bitcode is read in words.
  string(APPEND text "alignas(8) static const unsigned char part${number}[] = "
                     "{\n${bytes}};\n")
  string(APPEND table "    {{reinterpret_cast<const char *>(part${number}), "
                      "std::size(part${number})}},\n")
  math(EXPR number "${number} + 1")
endforeach()
string(APPEND text "static const linkgrad::EmbeddedBitcode parts[] = {
${table}};
llvm::ArrayRef<linkgrad::EmbeddedBitcode> linkgrad::embeddedBitcode() {
  return parts;
}
")
file(WRITE ${OUTPUT} "${text}")
