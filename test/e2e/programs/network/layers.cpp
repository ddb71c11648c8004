//===- layers.cpp - A neural network --------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Matrices and layers.
//
//===----------------------------------------------------------------------===//

#include "network.hpp"
#include <cmath>

Vector Matrix::times(const Vector &x) const {
  Vector y(rows());
  for (int i = 0; i < rows(); ++i)
    for (int j = 0; j < columns; ++j)
      y[i] += (*this)(i, j) * x[j];
  return y;
}

Vector Matrix::transposedTimes(const Vector &y) const {
  Vector x(columns);
  for (int i = 0; i < rows(); ++i)
    for (int j = 0; j < columns; ++j)
      x[j] += (*this)(i, j) * y[i];
  return x;
}

void Matrix::addOuter(const Vector &a, const Vector &b, double scale) {
  for (int i = 0; i < rows(); ++i)
    for (int j = 0; j < columns; ++j)
      (*this)(i, j) += scale * a[i] * b[j];
}

//===----------------------------------------------------------------------===//
// Dense
//===----------------------------------------------------------------------===//

Dense::Dense(int in, int out, const double *&start)
    : weights(out, in), bias(out) {
  for (int i = 0; i < out; ++i)
    for (int j = 0; j < in; ++j)
      weights(i, j) = *start++;
  for (double &b : bias)
    b = *start++;
}

Vector Dense::forward(const Vector &in) {
  last = in;
  Vector out = weights.times(in);
  for (size_t i = 0; i < out.size(); ++i)
    out[i] += bias[i];
  return out;
}

Vector Dense::backward(const Vector &slope, double rate) {
  Vector before = weights.transposedTimes(slope);
  weights.addOuter(slope, last, -rate);
  for (size_t i = 0; i < bias.size(); ++i)
    bias[i] -= rate * slope[i];
  return before;
}

//===----------------------------------------------------------------------===//
// Activation
//===----------------------------------------------------------------------===//

Vector Activation::forward(const Vector &in) {
  last = in;
  Vector out = in;
  for (double &v : out)
    switch (kind) {
    case Tanh:
      v = std::tanh(v);
      break;
    case Softplus:
      v = std::log1p(std::exp(v));
      break;
    case Leaky:
      v = v > 0 ? v : 0.1 * v;
      break;
    }
  return out;
}

Vector Activation::backward(const Vector &slope, double) {
  Vector before = slope;
  for (size_t i = 0; i < before.size(); ++i)
    switch (kind) {
    case Tanh: {
      double t = std::tanh(last[i]);
      before[i] *= 1 - t * t;
      break;
    }
    case Softplus:
      before[i] /= 1 + std::exp(-last[i]);
      break;
    case Leaky:
      before[i] *= last[i] > 0 ? 1 : 0.1;
      break;
    }
  return before;
}
