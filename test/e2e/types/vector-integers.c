// Vectors of integers that hold floats: copies, and selection by masks.
// RUN: %check %s %t
// RUN: not %clang -DHALVES -w -O1 -fpass-plugin=%plugin -c %s -o %t.o 2>&1 \
// RUN:   | FileCheck %s
// CHECK: error: cannot tell whether this integer holds a floating-point value

#include "../Inputs/check.h"
#include <immintrin.h>
static double copied(const double *x) {
  double copy[4];
  _mm_storeu_si128((__m128i *)copy, _mm_loadu_si128((const __m128i *)x));
  _mm_storeu_si128((__m128i *)(copy + 2),
                   _mm_loadu_si128((const __m128i *)(x + 1)));
  return copy[0] * copy[1] + copy[2] * copy[3] * copy[3];
}
FUNCTIONAL(copied, 3)
static double masked(const double *x) {
  __m128d a = _mm_loadu_pd(x), b = _mm_loadu_pd(x + 2);
  __m128d m = _mm_cmplt_pd(a, b);
  double o[2];
  _mm_storeu_pd(o, _mm_or_pd(_mm_and_pd(m, a), _mm_andnot_pd(m, b)));
  return o[0] * o[1];
}
FUNCTIONAL(masked, 4)

static double swapped(const double *x) {
  double copy[2];
  __m128i v = _mm_loadu_si128((const __m128i *)x);
  v = _mm_shuffle_epi32(v, 0x4e);
  _mm_storeu_si128((__m128i *)copy, v);
  return copy[0] * copy[1] * copy[1];
}
FUNCTIONAL(swapped, 2)
#ifdef HALVES // Cuts the doubles in two.
static double halves(const double *x) {
  double copy[2];
  __m128i v = _mm_loadu_si128((const __m128i *)x);
  v = _mm_shuffle_epi32(v, 0xb1);
  _mm_storeu_si128((__m128i *)copy, v);
  return copy[0] * copy[1];
}
FUNCTIONAL(halves, 2)
#endif
