// Split forward mode through unions in the caller's memory that are a number and a
// pointer in turns: it gives what combined forward mode does, whether the tangents are
// there when the augmented primal runs, or come between it and the forward sweep, where
// the shadow pointers are that it has left.
// RUN: %clang -O0 -DNumber=float -fpass-plugin=%plugin %s -o %t.f0 && %t.f0
// RUN: %clang -O2 -DNumber=float -fpass-plugin=%plugin %s -o %t.f2 && %t.f2
// RUN: %clang -O1 -DNumber=double -fpass-plugin=%plugin %s -o %t.d1 && %t.d1
extern int enzyme_dup, enzyme_nofree;
void __enzyme_fwddiff(void *, ...);
void *__enzyme_augmentfwd(void *, ...);
void __enzyme_fwdsplit(void *, ...);

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
  setPlace(&out[0], &scratch[0]);
  setPlace(&out[1], &scratch[1]);
  setPlace(&in[0], &scratch[0]);
  Number s = getPlace(&out[0]) + getPlace(&out[1]) * getPlace(&in[0]) + getPlace(&in[1]);
  setNumber(&out[0], s * a); // out[1] and in[0] end as pointers.
  setNumber(&in[1], s);      // It was a pointer.
}

typedef struct {
  Number out, in;
} Result;
typedef enum { Combined, Before, Between, Twice } Way;

static int wrong;
static Result tangent(Way way) {
  Number x[2] = {1.5, 2}, dx[2] = {0.5, 0.25}, scratch[2], dscratch[2] = {7, 8};
  Number z = 4, dz = 0.125;
  Value in[2] = {{3}}, din[2] = {{0}}, out[2] = {{0}}, dout[2] = {{0}};
  in[1].place = &z, din[1].place = &dz;
#define ARGUMENTS                                                              \
  (void *)f, enzyme_dup, x, dx, enzyme_dup, in, din, enzyme_dup, out, dout,    \
      enzyme_dup, scratch, dscratch
#define SEED() (din[0].number = 2, dout[0].number = 3, dout[1].number = 5)
  if (way != Between)
    SEED();
  if (way == Combined) {
    __enzyme_fwddiff(ARGUMENTS);
  } else {
    void *tape = __enzyme_augmentfwd(ARGUMENTS);
    if (way == Twice)
      __enzyme_fwdsplit(ARGUMENTS, enzyme_nofree, tape);
    if (way != Before) {
      SEED();
      din[1].number = 11;
    }
    __enzyme_fwdsplit(ARGUMENTS, tape);
  }
  wrong |= dout[1].place != &dscratch[1] || din[0].place != &dscratch[0];
  return (Result){dout[0].number, din[1].number};
}

int main(void) {
  Result should = tangent(Combined); // 2 s + 3 ds
  const double x = 1.5, y = 2, dx = 0.5, dy = 0.25;
  double s = x * x + x * x * x * y + 4;
  double ds = 2 * x * dx + 3 * x * x * y * dx + x * x * x * dy + 0.125;
  wrong |= should.out != 2 * s + 3 * ds || should.in != ds;
  for (Way way = Before; way <= Twice; ++way) {
    Result is = tangent(way);
    wrong |= (is.out != should.out || is.in != should.in) << way;
  }
  return wrong;
}
