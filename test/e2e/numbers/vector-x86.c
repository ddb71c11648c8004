// x86 intrinsics that clang leaves to the target, against central differences.
// Valgrind does not know all of these instructions.
// RUN: %check %s %t --skip=valgrind -mavx2 -mfma

#include "../Inputs/check.h"
#include <immintrin.h>

static double sum4(__m256d v) {
  double o[4];
  _mm256_storeu_pd(o, v);
  return o[0] + 2 * o[1] - 3 * o[2] + .5 * o[3];
}
static double sum2(__m128d v) {
  double o[2];
  _mm_storeu_pd(o, v);
  return o[0] - 2 * o[1];
}
static double sum4f(__m128 v) {
  float o[4];
  _mm_storeu_ps(o, v);
  return o[0] + 2.0 * o[1] - 3.0 * o[2] + .5 * o[3];
}
static __m128 single(const double *x) {
  return _mm_setr_ps(x[0], x[1], x[2], x[3]);
}

static double minmax(const double *x) {
  __m128d a = _mm_loadu_pd(x), b = _mm_loadu_pd(x + 2);
  __m128d c = _mm_max_pd(a, b), d = _mm_min_pd(a, b);
  __m128d e = _mm_min_sd(_mm_mul_pd(a, c), b), f = _mm_max_sd(d, a);
  __m256d g = _mm256_max_pd(_mm256_loadu_pd(x), _mm256_loadu_pd(x + 4));
  return sum2(_mm_mul_pd(c, d)) + sum2(_mm_mul_pd(e, f)) +
         sum4(_mm256_mul_pd(g, g));
}
FUNCTIONAL(minmax, 8)

static double horizontal(const double *x) {
  __m128d a = _mm_loadu_pd(x), b = _mm_loadu_pd(x + 2);
  __m256d c = _mm256_loadu_pd(x), d = _mm256_loadu_pd(x + 4);
  return sum2(_mm_mul_pd(_mm_hadd_pd(a, b), _mm_hsub_pd(b, a))) +
         sum2(_mm_mul_pd(_mm_addsub_pd(a, b), a)) +
         sum4(_mm256_mul_pd(_mm256_hadd_pd(c, d), c)) +
         sum4(_mm256_mul_pd(_mm256_hsub_pd(c, d), d)) +
         sum4(_mm256_mul_pd(_mm256_addsub_pd(c, d), c)) +
         sum4(_mm256_mul_pd(_mm256_fmaddsub_pd(c, d, d), c)) +
         sum4(_mm256_fmadd_pd(c, d, c));
}
FUNCTIONAL(horizontal, 8)

static double horizontalSingle(const double *x) {
  __m128 a = single(x), b = single(x + 4);
  return sum4f(_mm_mul_ps(_mm_hadd_ps(a, b), a)) +
         sum4f(_mm_mul_ps(_mm_hsub_ps(a, b), b)) +
         sum4f(_mm_mul_ps(_mm_addsub_ps(a, b), b)) +
         sum4f(_mm_mul_ps(_mm_dp_ps(a, b, 0x75), a)) +
         sum4f(_mm_mul_ps(_mm_insert_ps(a, b, 0x92), b));
}
FUNCTIONAL(horizontalSingle, 8, .step = 1e-2, .tolerance = 1e-3,
           .precision = 1e-5)

static double blended(const double *x) {
  __m128d a = _mm_loadu_pd(x), b = _mm_loadu_pd(x + 2);
  __m256d c = _mm256_loadu_pd(x), d = _mm256_loadu_pd(x + 4);
  __m128d less = _mm_cmplt_pd(a, b), first = _mm_cmpgt_sd(a, b);
  __m256d mask = _mm256_cmp_pd(c, d, _CMP_LT_OQ);
  return sum2(_mm_mul_pd(_mm_blendv_pd(a, b, less), a)) +
         sum2(_mm_mul_pd(_mm_blendv_pd(a, b, first), b)) +
         sum4(_mm256_mul_pd(_mm256_blendv_pd(c, d, mask), d)) +
         (_mm256_movemask_pd(mask) & 2 ? x[3] * x[4] : x[5]) +
         (_mm_comilt_sd(a, b) ? x[0] * x[7] : x[1] * x[6]);
}
FUNCTIONAL(blended, 8)

static double products(const double *x) {
  __m128d a = _mm_loadu_pd(x), b = _mm_loadu_pd(x + 2);
  __m256d r = _mm256_loadu_pd(x + 4);
  return sum2(_mm_dp_pd(a, b, 0x31)) * sum2(_mm_dp_pd(b, a, 0x13)) +
         sum4(_mm256_mul_pd(r, _mm256_sub_pd(r, _mm256_floor_pd(r)))) +
         sum2(_mm_mul_pd(a, _mm_ceil_sd(a, b))) + sum2(_mm_sqrt_sd(a, b));
}
FUNCTIONAL(products, 8)

static double approximate(const double *x) {
  __m128 a = single(x);
  return sum4f(_mm_rcp_ps(a)) + sum4f(_mm_rsqrt_ps(a)) +
         sum4f(_mm_rsqrt_ss(a)) + sum4f(_mm_rcp_ss(a));
}
// The values have twelve bits; the slopes are the exact functions'.
FUNCTIONAL(approximate, 4, .low = 1, .high = 2, .step = 5e-2, .tolerance = 4e-2,
           .precision = 1e-5)

static double converted(const double *x) {
  __m128d a = _mm_loadu_pd(x), b = _mm_loadu_pd(x + 2);
  __m256d c = _mm256_loadu_pd(x + 4);
  __m128 s = _mm_cvtsd_ss(_mm_cvtpd_ps(_mm_mul_pd(a, b)), b);
  __m128 t = _mm256_cvtpd_ps(_mm256_mul_pd(c, c));
  return sum4f(_mm_mul_ps(s, t)) + sum2(_mm_cvtss_sd(a, t)) +
         sum2(_mm_cvtps_pd(t)) + _mm_cvttsd_si32(a) * x[3];
}
FUNCTIONAL(converted, 8, .step = 1e-2, .tolerance = 1e-3, .precision = 1e-5)

static double permuted(const double *x) {
  __m256d c = _mm256_loadu_pd(x), d = _mm256_loadu_pd(x + 4);
  __m256i which = _mm256_set_epi64x(0, 2, 2, x[0] > x[1] ? 2 : 0);
  __m256 f = _mm256_setr_ps(x[0], x[1], x[2], x[3], x[4], x[5], x[6], x[7]);
  __m256i order = _mm256_setr_epi32(7, 1, 3, 3, 0, x[2] > x[3] ? 2 : 4, 5, 6);
  return sum4(_mm256_mul_pd(_mm256_permutevar_pd(c, which), d)) +
         sum4(_mm256_mul_pd(_mm256_permute2f128_pd(c, d, 0x21), c)) +
         1e-3 * sum4f(_mm256_castps256_ps128(
                    _mm256_mul_ps(_mm256_permutevar8x32_ps(f, order), f)));
}
FUNCTIONAL(permuted, 8, .step = 1e-3, .tolerance = 1e-5, .precision = 1e-8)

// Lanes that are masked out do not touch memory: x and y end there.
static void masked(const double *x, double *y) {
  __m256i three = _mm256_setr_epi64x(-1, -1, -1, 0);
  __m256d a = _mm256_maskload_pd(x, three);
  __m256d b = _mm256_maskload_pd(
      x + 1, _mm256_setr_epi64x(-1, x[0] > x[1] ? -1 : 0, 0, 0));
  _mm256_maskstore_pd(y, three, _mm256_add_pd(_mm256_mul_pd(a, a), b));
}
MAP(masked, 3, 3)

static double gathered(const double *x) {
  __m128i index = _mm_setr_epi32(7, 0, 3, x[0] > x[1] ? 3 : 5);
  __m256d a = _mm256_i32gather_pd(x, index, 8);
  __m256d some = _mm256_castsi256_pd(_mm256_setr_epi64x(-1, 0, -1, 0));
  __m256d b = _mm256_mask_i64gather_pd(
      a, x, _mm256_setr_epi64x(1, 99999999, 2, 99999999), some, 8);
  __m128d c = _mm_i64gather_pd(x + 1, _mm_set_epi64x(2, -1), 8);
  return sum4(_mm256_mul_pd(a, b)) + sum2(_mm_mul_pd(c, c));
}
FUNCTIONAL(gathered, 8)

static double state(const double *x) {
  unsigned csr = _mm_getcsr();
  _mm_setcsr(csr);
  _mm_prefetch((const char *)x, _MM_HINT_T0);
  _mm_pause();
  _mm_sfence();
  double copy[2];
  __m128i bits = _mm_lddqu_si128((const __m128i *)x);
  _mm_storeu_si128((__m128i *)copy, bits);
  return copy[0] * copy[1];
}
FUNCTIONAL(state, 2)

// In assembler, as Eigen has it for processors with AVX.
static double assembler(const double *x) {
  __m256d a = _mm256_loadu_pd(x), b = _mm256_loadu_pd(x + 4), low, high;
  __asm__("vminpd %1, %2, %0" : "=x"(low) : "x"(a), "x"(b));
  __asm__("vmaxpd %1, %2, %0" : "=x"(high) : "x"(a), "x"(b));
  __asm__("vfmadd231pd %1, %2, %0" : "+x"(low) : "x"(a), "x"(high));
  return sum4(_mm256_mul_pd(low, a)) + sum4(_mm256_mul_pd(high, high));
}
FUNCTIONAL(assembler, 8)
