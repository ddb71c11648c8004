// A network whose layers call BLAS: matrices as a C++ class that owns its memory and
// moves, batches by gemm, a virtual activation, gradient steps inside the
// differentiated function, strides other than 1, and Fortran's names.
// RUN: %check %s %t -lblas

#include "../Inputs/check.h"
extern "C" {
#include "blas.h"
}
#include <memory>
#include <utility>
#include <vector>

namespace {
class Matrix {
public:
  Matrix(int rows, int columns)
      : rows(rows), columns(columns), values(size_t(rows * columns)) {}
  double &operator()(int i, int j) { return values[i + j * rows]; }
  double operator()(int i, int j) const { return values[i + j * rows]; }
  double *data() { return values.data(); }
  const double *data() const { return values.data(); }
  int size() const { return rows * columns; }

  int rows, columns;

private:
  std::vector<double> values;
};

Matrix multiply(const Matrix &a, const Matrix &b, bool transposeA = false,
                bool transposeB = false) {
  int m = transposeA ? a.columns : a.rows, n = transposeB ? b.rows : b.columns;
  int k = transposeA ? a.rows : a.columns;
  Matrix c(m, n);
  double one = 1, zero = 0;
  dgemm_(transposeA ? "T" : "N", transposeB ? "T" : "N", &m, &n, &k, &one, a.data(),
         &a.rows, b.data(), &b.rows, &zero, c.data(), &m);
  return c;
}

struct Activation {
  virtual ~Activation() = default;
  virtual double value(double v) const = 0;
  virtual double slope(double r) const = 0; ///< by the result
};
struct Tanh : Activation {
  double value(double v) const override { return std::tanh(v); }
  double slope(double r) const override { return 1 - r * r; }
};
struct Leaky : Activation {
  double negative;
  explicit Leaky(double n) : negative(n) {}
  double value(double v) const override { return v > 0 ? v : negative * v; }
  double slope(double r) const override { return r > 0 ? 1 : negative; }
};

struct Layer {
  Matrix weights;
  std::vector<double> bias;
  std::unique_ptr<Activation> activation;

  Layer(int in, int out, const double *x, std::unique_ptr<Activation> a)
      : weights(out, in), bias(out), activation(std::move(a)) {
    for (int i = 0; i < weights.size(); ++i)
      weights.data()[i] = x[i % 5] * (i % 3 - .7) / in;
    for (int i = 0; i < out; ++i)
      bias[i] = x[i % 5] * .1;
  }

  Matrix forwards(const Matrix &in) const {
    Matrix out = multiply(weights, in);
    int one = 1;
    double unit = 1;
    for (int j = 0; j < out.columns; ++j)
      daxpy_(&out.rows, &unit, bias.data(), &one, &out(0, j), &one);
    for (int i = 0; i < out.size(); ++i)
      out.data()[i] = activation->value(out.data()[i]);
    return out;
  }

  /// A step against the gradient; gives the error of what came in.
  Matrix learn(const Matrix &in, const Matrix &out, Matrix error, double rate) {
    for (int i = 0; i < error.size(); ++i)
      error.data()[i] *= activation->slope(out.data()[i]);
    Matrix back = multiply(weights, error, true);
    Matrix gradient = multiply(error, in, false, true);
    int n = gradient.size(), one = 1;
    double step = -rate;
    daxpy_(&n, &step, gradient.data(), &one, weights.data(), &one);
    for (int i = 0; i < error.rows; ++i) { // Rows: strides.
      std::vector<double> ones(error.columns, 1.);
      bias[i] -= rate * ddot_(&error.columns, &error(i, 0), &error.rows, ones.data(), &one);
    }
    return back;
  }
};
} // namespace

// x: 5 numbers that the weights are made of, the rate of learning, a slope, 4 inputs.
void train(const double *x, double *y) {
  std::vector<Layer> layers;
  layers.emplace_back(2, 3, x, std::make_unique<Tanh>());
  layers.emplace_back(3, 2, x + 1, std::make_unique<Leaky>(x[6]));
  Matrix in(2, 3);
  for (int i = 0; i < in.size(); ++i)
    in.data()[i] = x[7 + i % 4] * (i - 2.2);
  for (int epoch = 0; epoch < 3; ++epoch) {
    std::vector<Matrix> values{in};
    for (const Layer &l : layers)
      values.push_back(l.forwards(values.back()));
    Matrix error = values.back();
    for (int j = 0; j < error.columns; ++j)
      for (int i = 0; i < error.rows; ++i)
        error(i, j) -= .3 * i - .1 * j;
    for (size_t k = layers.size(); k-- > 0;)
      error = layers[k].learn(values[k], values[k + 1], std::move(error), x[5] * .1);
    int n = error.size(), one = 1;
    y[epoch] = dnrm2_(&n, error.data(), &one);
  }
  y[3] += layers[0].weights(2, 1) * layers[1].bias[1];
}
MAP(train, 11, 4, .precision = 1e-10)
