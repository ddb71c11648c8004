//===- MirroredFunctions.cpp - Functions that only link nodes -------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "rules/MirroredFunctions.h"
#include "llvm/ADT/STLExtras.h"

using namespace llvm;

namespace linkgrad {

namespace {

struct Row {
  StringLiteral Symbol, Before;
};

} // namespace

static constexpr Row Rows[] = {
    // std::_Rb_tree_…, of map, set, multimap and multiset.
    {"_ZSt18_Rb_tree_incrementPSt18_Rb_tree_node_base", ""},
    {"_ZSt18_Rb_tree_incrementPKSt18_Rb_tree_node_base", ""},
    {"_ZSt18_Rb_tree_decrementPSt18_Rb_tree_node_base",
     "linkgrad_before_tree_decrement"},
    {"_ZSt18_Rb_tree_decrementPKSt18_Rb_tree_node_base",
     "linkgrad_before_tree_decrement"},
    {"_ZSt29_Rb_tree_insert_and_rebalancebPSt18_Rb_tree_node_baseS0_RS_",
     "linkgrad_before_tree_insert"},
    {"_ZSt28_Rb_tree_rebalance_for_erasePSt18_Rb_tree_node_baseRS_",
     "linkgrad_before_tree_erase"},
    // std::__detail::_List_node_base: _M_hook, _M_unhook, _M_transfer, swap,
    // _M_reverse.
    {"_ZNSt8__detail15_List_node_base7_M_hookEPS0_", ""},
    {"_ZNSt8__detail15_List_node_base9_M_unhookEv", ""},
    {"_ZNSt8__detail15_List_node_base11_M_transferEPS0_S1_", ""},
    {"_ZNSt8__detail15_List_node_base4swapERS0_S1_", ""},
    {"_ZNSt8__detail15_List_node_base10_M_reverseEv", ""},
};

std::optional<MirroredFunction> mirroredFunction(StringRef Symbol) {
  const auto *Found =
      find_if(Rows, [&](const Row &R) { return R.Symbol == Symbol; });
  if (Found == std::end(Rows))
    return std::nullopt;
  return MirroredFunction{Found->Before};
}

} // namespace linkgrad
