#include <cstdio>
#include <linkgrad/linkgrad.hpp>

double model(double X, double Y);
double cubeSlope(double X);

int main() {
  auto [Value, Gradient] = linkgrad::valueAndGradient(model, 2.0, 3.0);
  std::printf("%.10g %.10g %.10g\n", Value, Gradient[0], Gradient[1]);
  std::printf("%.10g\n", cubeSlope(2));
}
