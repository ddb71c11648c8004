// Where the plugin's pass runs by itself, and where it must not.

// In every compilation of a program that is one module, whatever the level.
// RUN: %clang -O0 -fpass-plugin=%plugin -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang -O1 -fpass-plugin=%plugin -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang -O2 -fpass-plugin=%plugin -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang -Os -fpass-plugin=%plugin -S -emit-llvm %s -o - | FileCheck %s
// RUN: %clang -O2 -fpass-plugin=%plugin %s -o %t && %t
// RUN: %clang -O0 -fpass-plugin=%plugin %s -o %t && %t
// CHECK-NOT: enzyme

// Not before the link, neither thin nor full: the callees are not there yet.
// RUN: %clang -O2 -flto=thin -fpass-plugin=%plugin -S -emit-llvm %s -o - \
// RUN:   | FileCheck %s --check-prefix=PRELINK
// RUN: %clang -O2 -flto -fpass-plugin=%plugin -S -emit-llvm %s -o - \
// RUN:   | FileCheck %s --check-prefix=PRELINK
// RUN: %clang -O0 -flto -fpass-plugin=%plugin -S -emit-llvm %s -o - \
// RUN:   | FileCheck %s --check-prefix=PRELINK
// PRELINK: call double {{.*}}@__enzyme_autodiff(

double __enzyme_autodiff(void *, ...);

static double cube(double x) { return x * x * x; }

int main(void) {
  double x = 1.5;
  return __enzyme_autodiff((void *)cube, x) == 3 * x * x ? 0 : 1;
}
