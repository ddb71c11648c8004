//===- main.cpp - Fits a pendulum to observations -------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Reads observations from a file, checks the exact gradient of the loss against
// differences, and fits the model's parameters. Nothing here or in the other
// files of this directory was written with derivatives in mind, except for the
// calls of linkgrad::autodiff below.
//
//===----------------------------------------------------------------------===//

#include "loss.h"
#include "minimize.h"
#include "predict.h"
#include <chrono>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <linkgrad/linkgrad.hpp>
#include <sstream>
#include <string>

using linkgrad::Const, linkgrad::Duplicated, linkgrad::Forward,
    linkgrad::Reverse, linkgrad::WithPrimal;

static constexpr int Count = sizeof(Parameters) / sizeof(double);
static const char *const Names[Count] = {
    "stiffness", "damping", "drag", "drive", "lag", "angle", "speed"};

static Parameters fromVector(const std::vector<double> &V) {
  return {V[0], V[1], V[2], V[3], V[4], V[5], V[6]};
}

/// The loss and all its derivatives.
static double lossAndGradient(const Parameters &P, const Observations &Data,
                              std::vector<double> &Gradient) {
  Parameters D{};
  const double Value = linkgrad::autodiff<Reverse | WithPrimal, loss>(
      Duplicated{&P, &D}, Const{&Data});
  Gradient = {D.Stiffness, D.Damping, D.Drag, D.Drive, D.Lag, D.Angle, D.Speed};
  return Value;
}

/// The derivative of the loss in one direction, in forward mode.
static double slope(const Parameters &P, const Observations &Data,
                    const Parameters &Direction) {
  return linkgrad::autodiff<Forward, loss>(Duplicated{&P, &Direction},
                                           Const{&Data});
}

/// Compares the gradient at \p Point with central differences and with forward
/// mode. \returns whether they agree as well as each allows.
static bool checkGradient(const std::vector<double> &Point,
                          const Observations &Data) {
  std::vector<double> Gradient;
  lossAndGradient(fromVector(Point), Data, Gradient);
  std::printf("%-10s %20s %20s %9s\n", "", "reverse mode", "difference",
              "apart");
  bool Agree = true;
  for (int I = 0; I < Count; ++I) {
    const double Change = 1e-5;
    const auto At = [&](double Factor) {
      std::vector<double> Moved = Point;
      Moved[I] += Factor * Change;
      const Parameters P = fromVector(Moved);
      return loss(&P, &Data);
    };
    // Fourth order: its error is far below that of the usual two points.
    const double Difference =
        (8 * (At(1) - At(-1)) - (At(2) - At(-2))) / (12 * Change);
    const double Apart = std::fabs(Gradient[I] - Difference) /
                         std::fmax(1, std::fabs(Difference));
    std::printf("%-10s %20.12f %20.12f %9.1e\n", Names[I], Gradient[I],
                Difference, Apart);
    Agree &= Apart < 1e-7;
  }

  const std::vector<double> Direction = {1, -2, 3, 0.5, -1, 0.25, 2};
  double Product = 0;
  for (int I = 0; I < Count; ++I)
    Product += Gradient[I] * Direction[I];
  const double Tangent = slope(fromVector(Point), Data, fromVector(Direction));
  std::printf("%-10s %20.12f %20.12f %9.1e\n", "forward", Product, Tangent,
              std::fabs(Product - Tangent) / std::fabs(Tangent));
  Agree &= std::fabs(Product - Tangent) < 1e-11 * std::fabs(Tangent);
  return Agree;
}

/// How much longer the loss takes with its gradient, and how often each
/// evaluates the model, which is counted in a static variable of another file.
static bool compareCost(const Parameters &P, const Observations &Data) {
  using Clock = std::chrono::steady_clock;
  using Microseconds = std::chrono::duration<double, std::micro>;
  constexpr int Repetitions = 20;
  std::vector<double> Gradient;

  const long Before = evaluations();
  const Clock::time_point Start = Clock::now();
  for (int I = 0; I < Repetitions; ++I)
    loss(&P, &Data);
  const Clock::time_point Middle = Clock::now();
  const long Between = evaluations();
  for (int I = 0; I < Repetitions; ++I)
    lossAndGradient(P, Data, Gradient);
  const Clock::time_point End = Clock::now();
  const long After = evaluations();

  const double Primal = Microseconds(Middle - Start).count() / Repetitions;
  const double Both = Microseconds(End - Middle).count() / Repetitions;
  std::printf("loss alone %.0f us, with all %d derivatives %.0f us (%.1f x); "
              "%ld and %ld evaluations of the model\n",
              Primal, Count, Both, Both / Primal,
              (Between - Before) / Repetitions,
              (After - Between) / Repetitions);
  return Between - Before == After - Between;
}

static bool readObservations(const char *Path, std::vector<double> &Times,
                             std::vector<double> &Angles) {
  std::ifstream File(Path);
  std::string Line;
  while (std::getline(File, Line)) {
    double Time, Angle;
    if (!Line.empty() && Line[0] != '#' &&
        std::istringstream(Line) >> Time >> Angle) {
      Times.push_back(Time);
      Angles.push_back(Angle);
    }
  }
  return !Times.empty();
}

static bool fit(const std::vector<double> &Guess,
                const std::vector<double> &Times,
                const std::vector<double> &Angles) {
  const Observations Data{Times.data(), Angles.data(), int(Times.size())};
  int Calls = 0;
  const Minimum Found = minimize(
      [&](const std::vector<double> &Point, std::vector<double> &Gradient) {
        ++Calls;
        return lossAndGradient(fromVector(Point), Data, Gradient);
      },
      Guess, 1e-7, 500);

  const std::vector<double> Model = predict(fromVector(Found.Point), Times);
  double Worst = 0;
  for (std::size_t I = 0; I < Times.size(); ++I)
    Worst = std::fmax(Worst, std::fabs(Model[I] - Angles[I]));
  std::printf("%d iterations, %d gradients: loss %.6f, length of the gradient "
              "%.1e,\nfarthest observation %.3f rad from the model\n",
              Found.Iterations, Calls, Found.Value, Found.GradientNorm, Worst);
  for (int I = 0; I < Count; ++I)
    std::printf("%-10s %9.5f  (first guess %g)\n", Names[I], Found.Point[I],
                Guess[I]);
  return Found.GradientNorm < 1e-4;
}

int main(int ArgC, char **ArgV) {
  if (ArgC != 2) {
    std::fprintf(stderr, "usage: %s observations\n", ArgV[0]);
    return 2;
  }
  std::vector<double> Times, Angles;
  if (!readObservations(ArgV[1], Times, Angles)) {
    std::fprintf(stderr, "%s: no observations\n", ArgV[1]);
    return 2;
  }
  std::printf("%zu observations over %g s\n\n", Times.size(), Times.back());
  const std::vector<double> Guess = {8, 0.1, 0.1, 0.5, 0, 0.8, 0};
  const Observations Data{Times.data(), Angles.data(), int(Times.size())};

  if (!checkGradient(Guess, Data)) {
    std::fprintf(stderr, "the gradient is wrong\n");
    return 1;
  }
  std::printf("\n");
  if (!compareCost(fromVector(Guess), Data)) {
    std::fprintf(stderr, "the derivative has its own counter\n");
    return 1;
  }
  std::printf("\n");
  if (!fit(Guess, Times, Angles)) {
    std::fprintf(stderr, "the fit did not converge\n");
    return 1;
  }
  return 0;
}
