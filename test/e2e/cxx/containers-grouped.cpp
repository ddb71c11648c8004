// std::unordered_map to vectors: the table has members where its nodes have pointers.
// With -g these members are declared. At -O3 without -g the map is refused.
// RUN: %check %s %t --skip=-O3
// RUN: not %clangxx -std=c++20 -w -O3 -fpass-plugin=%plugin -c %s -o %t.o 2>&1 | FileCheck %s
// CHECK: error: byte 0 behind {{.*}} is used as Float@double and as Pointer and as Integer

#include "../Inputs/check.h"
#include <unordered_map>
#include <vector>

double grouped(const double *x) {
  std::unordered_map<int, std::vector<double>> groups;
  for (int i = 0; i < 7; ++i)
    groups[i % 3].push_back(x[i % 3] * x[0]);
  double s = groups.size() * x[1];
  for (int i = 0; i < 3; ++i)
    for (double v : groups[i])
      s = s * 0.8 + v * (i + 1);
  return s;
}
FUNCTIONAL(grouped, 3)
