// Unions in the caller's memory that are a float and a pointer in turns: what their
// shadows hold before is a seed where they end as a float, and they hold the
// derivative by a float that was there before, else the shadow of a pointer.
// RUN: %clang -O0 -fpass-plugin=%plugin %s -o %t.0 && %t.0
// RUN: %clang -O2 -fpass-plugin=%plugin %s -o %t.2 && %t.2
// RUN: %clang -O2 -DSPLIT -fpass-plugin=%plugin %s -o %t.s && %t.s
// RUN: %clang -O0 -DNumber=double -fpass-plugin=%plugin %s -o %t.d0 && %t.d0
// RUN: %clang -O2 -DNumber=double -fpass-plugin=%plugin %s -o %t.d2 && %t.d2
// RUN: %clang -O1 -DNumber=double -DSPLIT -fpass-plugin=%plugin %s -o %t.ds && %t.ds
// RUN: not %clang -O1 -DREGION -fopenmp -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: a pointer is stored where a float may be at other times
// CHECK-SAME: [unsupported-instruction]
// RUN: not %clang -O1 -DSECOND -c -fpass-plugin=%plugin %s -o %t.o 2>&1 \
// RUN:   | FileCheck --check-prefix=SECOND %s
// SECOND: derivative of a derivative that uses unions of pointers and floats
// SECOND-SAME: [unsupported-call]
#include <math.h>

extern int enzyme_dup;
void __enzyme_autodiff(void *, ...);
void *__enzyme_augmentfwd(void *, ...);
void __enzyme_reverse(void *, ...);

#ifndef Number
#define Number float
#endif
typedef union {
  Number number;
  Number *place;
} Value;

#define NOINLINE __attribute__((noinline))
NOINLINE static void setNumber(Value *v, Number x) { v->number = x; }
NOINLINE static Number getNumber(Value *v) { return v->number; }
NOINLINE static void setPlace(Value *v, Number *p) { v->place = p; }
NOINLINE static Number getPlace(Value *v) { return *v->place; }

static void f(Number *x, Value *in, Value *out, Number *scratch) {
  Number a = getNumber(&in[0]);
  scratch[0] = x[0] * x[0];
  scratch[1] = x[0] * x[1];
#ifdef REGION
#pragma omp parallel for
  for (int i = 0; i < 2; ++i)
    setPlace(&out[i], &scratch[i]);
#endif
  setPlace(&out[0], &scratch[0]);
  setPlace(&out[1], &scratch[1]);
  setPlace(&in[0], &scratch[0]);
  Number s = getPlace(&out[0]) + getPlace(&out[1]) * getPlace(&in[0]);
  setNumber(&out[0], s * a); // out[1] and in[0] end as pointers.
}

#ifdef SECOND
static void first(Number *v, Number *dv, Value *in, Value *din) {
  Number scratch[2], dscratch[2] = {0};
  Value out[2], dout[2] = {0};
  dout[0].number = 1;
  __enzyme_autodiff((void *)f, enzyme_dup, v, dv, enzyme_dup, in, din,
                    enzyme_dup, out, dout, enzyme_dup, scratch, dscratch);
}
void second(Number *v, Number *vv, Number *dv, Number *dvv, Value *in, Value *inin,
            Value *din, Value *dinin) {
  __enzyme_autodiff((void *)first, enzyme_dup, v, vv, enzyme_dup, dv, dvv,
                    enzyme_dup, in, inin, enzyme_dup, din, dinin);
}
#endif

static int differs(Number is, double should) {
  return !(fabs(is - should) <= 1e-5 * fabs(should));
}

int main(void) {
  const double x = 1.5, y = 2, a = 3;
  Number v[2] = {x, y}, dv[2] = {0}, scratch[2], dscratch[2] = {0};
  Value in[1] = {0}, din[1] = {0}, out[2] = {0}, dout[2] = {0};
  in[0].number = a;
  dout[0].number = 1;
#ifdef SPLIT
  void *tape =
      __enzyme_augmentfwd((void *)f, enzyme_dup, v, dv, enzyme_dup, in, din,
                          enzyme_dup, out, dout, enzyme_dup, scratch, dscratch);
  dout[0].number = 1;
  __enzyme_reverse((void *)f, enzyme_dup, v, dv, enzyme_dup, in, din, enzyme_dup,
                   out, dout, enzyme_dup, scratch, dscratch, tape);
#else
  __enzyme_autodiff((void *)f, enzyme_dup, v, dv, enzyme_dup, in, din,
                    enzyme_dup, out, dout, enzyme_dup, scratch, dscratch);
#endif
  return differs(dv[0], a * (2 * x + 3 * x * x * y)) +
         2 * differs(dv[1], a * x * x * x) +
         4 * differs(din[0].number, x * x + x * x * x * y) +
         8 * (dout[0].number != 0) + 16 * (dout[1].place != &dscratch[1]);
}
