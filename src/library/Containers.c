//===- Containers.c - Trees that are beside their shadows -----------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A mirrored function (rules/MirroredFunctions.h) runs on the primal's nodes and
// on their shadows, and must do the same to both. libstdc++'s tree decides by
// the colours of nodes, which are integers: no derivative writes them to shadow
// memory. So before the function runs on the shadows, the colours that it can
// look at are copied to them. That is a path to the root and what hangs there.
//
//===----------------------------------------------------------------------===//

/// std::_Rb_tree_node_base.
struct Node {
  int Color;
  struct Node *Parent, *Left, *Right;
};

/// Copies the colours of \p N and of its descendants down to \p Depth.
static void copyColors(const struct Node *N, struct Node *Shadow, int Depth) {
  if (!N)
    return;
  Shadow->Color = N->Color;
  if (Depth == 0)
    return;
  copyColors(N->Left, Shadow->Left, Depth - 1);
  copyColors(N->Right, Shadow->Right, Depth - 1);
}

/// Copies the colours on the path from \p N to the root and down to \p Depth
/// beside it.
static void copyPath(const struct Node *N, struct Node *Shadow,
                     const struct Node *Header, int Depth) {
  for (; N && N != Header; N = N->Parent, Shadow = Shadow->Parent)
    copyColors(N, Shadow, Depth);
}

/// Before std::_Rb_tree_decrement, which tells the header by its colour.
void linkgrad_before_tree_decrement(const struct Node *N, struct Node *Shadow) {
  Shadow->Color = N->Color;
}

/// Before std::_Rb_tree_insert_and_rebalance. Going up, it compares parents and
/// their siblings.
void linkgrad_before_tree_insert(const struct Node *N, struct Node *NShadow,
                                 const struct Node *Parent,
                                 struct Node *ParentShadow,
                                 const struct Node *Header,
                                 struct Node *HeaderShadow) {
  HeaderShadow->Color = Header->Color;
  copyPath(Parent, ParentShadow, Header, 1);
}

/// Before std::_Rb_tree_rebalance_for_erase. What is taken out of its place is
/// the node or the one behind it. Going up from there, it looks at siblings and
/// their children, and at the same again after a rotation: three levels.
void linkgrad_before_tree_erase(const struct Node *N, struct Node *Shadow,
                                const struct Node *Header,
                                struct Node *HeaderShadow) {
  HeaderShadow->Color = Header->Color;
  if (N->Left && N->Right)
    for (N = N->Right, Shadow = Shadow->Right; N->Left;
         N = N->Left, Shadow = Shadow->Left)
      ;
  copyPath(N, Shadow, Header, 3);
}
