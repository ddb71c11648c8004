// The derivatives that linkgrad.hpp delivers, in every form of request and
// result, are those of the closed forms; optimised or not.

// RUN: %clangxx -std=c++20 -I%include -O0 -fpass-plugin=%plugin %s -o %t0 && %t0
// RUN: %clangxx -std=c++20 -I%include -O2 -fpass-plugin=%plugin %s -o %t2 && %t2

#include <cmath>
#include <cstdio>
#include <linkgrad/linkgrad.hpp>
#include <vector>

using namespace linkgrad;

static int Failures = 0;

static void expect(int Line, double Is, double Should) {
  if (std::fabs(Is - Should) <= 1e-6 * std::fmax(1, std::fabs(Should)))
    return;
  std::printf("line %d: %.17g instead of %.17g\n", Line, Is, Should);
  ++Failures;
}
#define EXPECT(IS, SHOULD) expect(__LINE__, IS, SHOULD)

static double square(double X) { return X * X; }
static double product(double X, double Y) noexcept { return X * Y * Y; }
static double mixed(double X, float Y, int N) { return X * Y * N; }
static float floats(float X, float Y) { return X * Y; }
template <int N> double power(double X) { return X * power<N - 1>(X); }
template <> double power<0>(double) { return 1; }

struct Point {
  double X, Y;
};
static double area(const Point *P, int N) { return P->X * P->Y * N; }
static double first(const double &X, const double (&A)[2]) {
  return X * A[0] + A[1];
}
static void squares(const double *X, double *Y, int N) {
  for (int I = 0; I < N; ++I)
    Y[I] = X[I] * X[I];
}
enum class Kind : short { Sine, Cosine };
static double wave(Kind K, double X) {
  return K == Kind::Sine ? std::sin(X) : std::cos(X);
}
static double sum(const std::vector<double> &V, double Factor) {
  double Sum = 0;
  for (std::size_t I = 0; I < V.size(); ++I)
    Sum += Factor * V[I] * V[I];
  return Sum;
}

static void numbers() {
  EXPECT(gradient(square, 3.0), 6);
  EXPECT(gradient(square, 3), 6); // An int becomes what the parameter is.
  EXPECT(gradient(&square, Active{3.0}), 6);
  EXPECT(gradient<square>(3.0), 6);
  EXPECT(gradient(fn<square>, 3.0), 6);
  EXPECT(gradient(power<5>, 2.0), 80);
  EXPECT(gradient(wave, Kind::Cosine, 1.0), -std::sin(1));

  auto [DX, DY] = gradient(product, 2.0, 3.0);
  EXPECT(DX, 9);
  EXPECT(DY, 12);
  EXPECT(autodiff<Reverse>(product, Const{2.0}, Active{3.0}), 12);

  auto [Value, Gradient] = valueAndGradient(mixed, 2.0, 3.0f, 4);
  static_assert(std::is_same_v<decltype(Gradient), std::tuple<double, float>>);
  EXPECT(Value, 24);
  EXPECT(std::get<0>(Gradient), 12);
  EXPECT(std::get<1>(Gradient), 8);

  auto [FloatValue, FloatGradient] = valueAndGradient<floats>(2.0f, 3.0f);
  EXPECT(FloatValue, 6);
  EXPECT(FloatGradient[0], 3);
  EXPECT(FloatGradient[1], 2);
}

static void lambdas() {
  EXPECT(gradient([](double X) { return X * X * X; }, 2.0), 12);
  EXPECT(gradient([](auto X, auto N) { return X * N; }, 2.0, 7), 7);
  EXPECT(gradient<[](double X) { return std::exp(X); }>(0.5), std::exp(0.5));
  Point P{2, 3}, D{};
  const double DX = autodiff<Reverse>(
      [](const Point *P, double X) { return P->X * P->Y * X; },
      Duplicated{&P, &D}, 5.0);
  EXPECT(DX, 6);
  EXPECT(D.X, 15);
  EXPECT(D.Y, 10);
}

static void memory() {
  Point P{2, 3}, D{};
  autodiff<Reverse>(area, Duplicated{&P, &D}, Const{5});
  EXPECT(D.X, 15);
  EXPECT(D.Y, 10);
  // A second call adds.
  const double Value =
      autodiff<Reverse | WithPrimal, area>(Duplicated{&P, &D}, 5);
  EXPECT(Value, 30);
  EXPECT(D.X, 30);

  double X = 2, DX = 0, A[2] = {3, 4}, DA[2] = {};
  autodiff<Reverse>(first, Duplicated{X, DX}, Duplicated{A, DA});
  EXPECT(DX, 3);
  EXPECT(DA[0], 2);
  EXPECT(DA[1], 1);

  double In[3] = {1, 2, 3}, DIn[3] = {}, Out[3], DOut[3] = {1, 10, 100};
  autodiff<Reverse>(squares, Duplicated{In, DIn}, DuplicatedNoNeed{Out, DOut},
                    Const{3});
  EXPECT(DIn[0], 2);
  EXPECT(DIn[1], 40);
  EXPECT(DIn[2], 600);

  std::vector<double> V{1, 2}, DV{0, 0};
  EXPECT(autodiff<Reverse>(sum, Duplicated{V, DV}, Active{3.0}), 5);
  EXPECT(DV[0], 6);
  EXPECT(DV[1], 12);
}

static void forward() {
  EXPECT(autodiff<Forward>(square, Duplicated{3.0, 10.0}), 60);
  Point P{2, 3}, D{1, 10};
  EXPECT(autodiff<Forward>(area, Duplicated{&P, &D}, 5), 115);
  auto [Value, Tangent] =
      autodiff<Forward | WithPrimal>(area, Duplicated{&P, &D}, Const{5});
  EXPECT(Value, 30);
  EXPECT(Tangent, 115);

  double In[2] = {1, 2}, DIn[2] = {1, 10}, Out[2], DOut[2];
  autodiff<Forward, squares>(Duplicated{In, DIn}, Duplicated{Out, DOut}, 2);
  EXPECT(Out[1], 4);
  EXPECT(DOut[0], 2);
  EXPECT(DOut[1], 40);
}

int main() {
  numbers();
  lambdas();
  memory();
  forward();
  return Failures != 0;
}
