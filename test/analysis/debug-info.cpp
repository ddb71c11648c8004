// What debug info says of members: classes without members are padding, as is what
// lies behind the last member of a base, and values lie in each other ten deep.
// RUN: %clangxx -g -O0 -Xclang -disable-O0-optnone -fno-discard-value-names -S \
// RUN:   -emit-llvm %s -o - | %opt -passes='function(sroa),print<linkgrad-types>' \
// RUN:   -disable-output 2>&1 | FileCheck %s

struct Nothing {};
struct Base {
  double *data;
  Nothing rows, columns;
};
struct View : Base {
  float weight;
  Nothing after;
  long size;
};
template <int N> struct In {
  In<N - 1> inner;
};
template <> struct In<0> {
  View view;
  double scale;
};

// CHECK-LABEL: types of '_Z4copyPvS_':
// CHECK: copy to %to: {{.*}}error: byte 0 of
// CHECK-LABEL: types of '_Z4copyR2InILi9EES1_':
// CHECK: copy to %to: [0,8):Pointer [8,16):Integer [16,20):Float@float [20,32):Integer [32,40):Float@double{{$}}
void copy(void *to, void *from) { __builtin_memcpy(to, from, 40); }
void copy(In<9> &to, In<9> &from) { to = from; }
