// Masked loads and stores, gathers and compressions, as AVX2 and AVX-512 programs
// write them; run only where the processor has them, which Valgrind's has not.
// RUN: %check %s %t --skip=valgrind -mavx2

#include "../Inputs/check.h"
#include <immintrin.h>

static int able(void) { return __builtin_cpu_supports("avx2"); }

// The tail of an array, without reading past its end.
double tails(const double *x) {
  if (!able())
    return x[0];
  __m256i tail = _mm256_setr_epi64x(-1, -1, -1, 0);
  __m256d s = _mm256_mul_pd(_mm256_loadu_pd(x), _mm256_set1_pd(2));
  __m256d t = _mm256_maskload_pd(x + 4, tail);
  s = _mm256_add_pd(s, _mm256_mul_pd(t, t));
  double out[4] = {0, 0, 0, x[1]};
  _mm256_maskstore_pd(out, tail, s);
  return out[0] * out[1] + out[2] * out[3];
}
FUNCTIONAL(tails, 7)

// Sparse rows by gathers.
double gathered(const double *x) {
  if (!able())
    return x[0];
  __m128i at = _mm_setr_epi32(5, 0, 3, 3);
  __m256d v = _mm256_i32gather_pd(x, at, 8);
  __m256d m = _mm256_mask_i32gather_pd(v, x, _mm_setr_epi32(1, 2, 4, 0), _mm256_cmp_pd(v, _mm256_set1_pd(1), _CMP_GT_OQ), 8);
  __m256d r = _mm256_mul_pd(v, m);
  __m128d low = _mm_add_pd(_mm256_castpd256_pd128(r), _mm256_extractf128_pd(r, 1));
  return _mm_cvtsd_f64(low) * _mm_cvtsd_f64(_mm_unpackhi_pd(low, low));
}
FUNCTIONAL(gathered, 6)

// Blends and rounding beside each other.
void selected(const double *x, double *y) {
  if (!able())
    return;
  __m256d a = _mm256_loadu_pd(x), b = _mm256_loadu_pd(x + 4);
  __m256d whole = _mm256_floor_pd(_mm256_mul_pd(a, _mm256_set1_pd(3)));
  __m256d less = _mm256_cmp_pd(a, b, _CMP_LT_OQ);
  __m256d r = _mm256_blendv_pd(_mm256_mul_pd(a, whole), _mm256_div_pd(b, a), less);
  r = _mm256_permute4x64_pd(_mm256_hadd_pd(r, b), 0xd8);
  _mm256_storeu_pd(y, _mm256_sqrt_pd(r));
}
MAP(selected, 8, 4)
