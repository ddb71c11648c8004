//===- train.cpp - A neural network ---------------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The network as a whole and its training on three spiral arms.
//
//===----------------------------------------------------------------------===//

#include "network.hpp"
#include <cmath>

Vector softmax(const Vector &scores) {
  double largest = scores[0];
  for (double s : scores)
    largest = s > largest ? s : largest;
  Vector p;
  double sum = 0;
  for (double s : scores) {
    p.push_back(std::exp(s - largest));
    sum += p.back();
  }
  for (double &v : p)
    v /= sum;
  return p;
}

double crossEntropy(const Vector &probabilities, int label) {
  return -std::log(probabilities[label] + 1e-9);
}

Network::Network(const double *start) {
  layers.push_back(std::make_unique<Dense>(Inputs, Hidden, start));
  layers.push_back(std::make_unique<Activation>(Activation::Tanh));
  layers.push_back(std::make_unique<Dense>(Hidden, Hidden, start));
  layers.push_back(std::make_unique<Activation>(Activation::Softplus));
  layers.push_back(std::make_unique<Dense>(Hidden, Outputs, start));
  layers.push_back(std::make_unique<Activation>(Activation::Leaky));
}

Vector Network::predict(const Vector &in) {
  Vector v = in;
  for (auto &layer : layers)
    v = layer->forward(v);
  return softmax(v);
}

double Network::train(const Vector &in, int label, double rate) {
  Vector p = predict(in);
  double loss = crossEntropy(p, label);
  p[label] -= 1; // The slope of the loss after the softmax.
  Vector slope = p;
  for (size_t i = layers.size(); i-- > 0;)
    slope = layers[i]->backward(slope, rate);
  return loss;
}

namespace {

struct Example {
  double at[2];
  int label;
};

/// Points on the arms, the same in every run.
class Data {
public:
  Example next() {
    int label = count % 3;
    double t = 0.3 + 0.05 * (count * 7 % 13), angle = 2.1 * label + 2 * t;
    ++count;
    return {{t * std::cos(angle), t * std::sin(angle)}, label};
  }

private:
  int count = 0;
};

} // namespace

double program(const double *x) {
  Network network(x);
  double rate = x[Network::Weights], decay = x[Network::Weights + 1];
  Data data;
  double history = 0;
  for (int step = 0; step < 15; ++step) {
    Example e = data.next();
    double loss = network.train({e.at[0], e.at[1]}, e.label, rate);
    history = 0.9 * history + 0.1 * loss;
    rate *= decay;
    // Slower when it gets worse.
    if (loss > 1.5 * history)
      rate *= 0.8;
  }
  double total = 0;
  for (int i = 0; i < 6; ++i) {
    Example e = data.next();
    total += crossEntropy(network.predict({e.at[0], e.at[1]}), e.label);
  }
  return total + 0.1 * history;
}
