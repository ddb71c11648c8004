//===- network.hpp - A neural network ---------------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A neural network of layers, with a loss and a training loop.
//
//===----------------------------------------------------------------------===//

#ifndef NETWORK_HPP
#define NETWORK_HPP

#include <memory>
#include <vector>

using Vector = std::vector<double>;

/// A dense matrix by rows.
class Matrix {
public:
  Matrix(int rows, int columns) : columns(columns), values(rows * columns) {}
  double &operator()(int i, int j) { return values[i * columns + j]; }
  double operator()(int i, int j) const { return values[i * columns + j]; }
  int rows() const { return int(values.size()) / columns; }
  Vector times(const Vector &x) const;
  /// Adds a b^T.
  void addOuter(const Vector &a, const Vector &b, double scale);
  Vector transposedTimes(const Vector &y) const;

private:
  int columns;
  Vector values;
};

/// A layer remembers its last input, for its own hand-written backward pass,
/// by which the network is trained. The engine differentiates all of that.
class Layer {
public:
  virtual ~Layer() = default;
  virtual Vector forward(const Vector &in) = 0;
  virtual Vector backward(const Vector &slope, double rate) = 0;
};

class Dense : public Layer {
public:
  Dense(int in, int out, const double *&start);
  Vector forward(const Vector &in) override;
  Vector backward(const Vector &slope, double rate) override;

private:
  Matrix weights;
  Vector bias, last;
};

class Activation : public Layer {
public:
  enum Kind { Tanh, Softplus, Leaky };
  explicit Activation(Kind kind) : kind(kind) {}
  Vector forward(const Vector &in) override;
  Vector backward(const Vector &slope, double rate) override;

private:
  Kind kind;
  Vector last;
};

class Network {
public:
  /// Takes the weights to begin with from \p start.
  explicit Network(const double *start);
  Vector predict(const Vector &in);
  /// One step of gradient descent on an example. \returns the loss before it.
  double train(const Vector &in, int label, double rate);

  static constexpr int Inputs = 2, Hidden = 4, Outputs = 3;
  static constexpr int Weights =
      Hidden * (Inputs + 1) + Hidden * (Hidden + 1) + Outputs * (Hidden + 1);

private:
  std::vector<std::unique_ptr<Layer>> layers;
};

/// The probabilities of the classes.
Vector softmax(const Vector &scores);
double crossEntropy(const Vector &probabilities, int label);

/// The loss on the test data after training. x: the weights to begin with, then
/// the rate of learning and its decay.
double program(const double *x);
constexpr int ProgramInputs = Network::Weights + 2;

#endif
