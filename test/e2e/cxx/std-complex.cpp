// std::complex: arithmetic, functions, a filter in a transform, a
// conformal map.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <array>
#include <complex>
#include <vector>

using Complex = std::complex<double>;

void arithmetic(const double *x, double *y) {
  Complex a(x[0], x[1]), b(x[2], x[3]), c = a * b + 2.0 * a - b / (a + 3.0);
  c *= std::conj(a);
  c += Complex(0, 1) * b;
  c /= 1.0 + std::norm(b);
  y[0] = c.real(), y[1] = c.imag(), y[2] = std::abs(c), y[3] = std::arg(c + 4.0);
}
MAP(arithmetic, 4, 4)

void functions(const double *x, double *y) {
  Complex z(x[0], x[1]);
  Complex w = std::exp(Complex(0, 1) * z) + std::sqrt(z) * std::log(z + 1.0) + std::exp(-z) / std::sqrt(z * z + 2.0);
  y[0] = w.real(), y[1] = w.imag();
  w = std::polar(x[0], x[1]) * std::pow(z, 3);
  y[2] = w.real(), y[3] = w.imag();
}
MAP(functions, 2, 4)

// Discrete Fourier transform, a filter in between, and back.
static std::vector<Complex> transform(const std::vector<Complex> &v, double sign) {
  size_t n = v.size();
  std::vector<Complex> out(n);
  for (size_t k = 0; k < n; ++k)
    for (size_t j = 0; j < n; ++j)
      out[k] += v[j] * std::polar(1.0, sign * 2 * M_PI * double(j * k) / n);
  return out;
}
void filter(const double *x, double *y) {
  std::vector<Complex> v(x, x + 6);
  v = transform(v, -1);
  for (size_t k = 0; k < v.size(); ++k)
    v[k] *= 1.0 / (1.0 + x[6] * std::norm(v[k])) + Complex(0, 0.1 * k);
  v = transform(v, 1);
  for (size_t k = 0; k < v.size(); ++k)
    y[k] = std::abs(v[k]) / 6;
}
MAP(filter, 7, 6)

// Flow around a cylinder, mapped to an aerofoil; circulation from the angle.
double aerofoil(const double *x) {
  Complex centre(-0.1 * x[0], 0.1 * x[1]);
  double radius = std::abs(1.0 - centre), angle = 0.2 * x[2], lift = 0;
  double circulation = 4 * M_PI * radius * std::sin(angle + std::asin(centre.imag() / radius));
  for (int i = 1; i < 6; ++i) {
    Complex z = centre + std::polar(radius * 1.3, 1.1 * i), s = z - centre;
    Complex speed = std::polar(1.0, -angle) - radius * radius * std::polar(1.0, angle) / (s * s) +
                    Complex(0, circulation / (2 * M_PI)) / s;
    speed /= 1.0 - 1.0 / (z * z);
    lift += std::norm(speed) * (z + 1.0 / z).imag();
  }
  return lift;
}
FUNCTIONAL(aerofoil, 3)
