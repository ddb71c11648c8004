//===- driver.cpp - Checks and times the kernels --------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Prints one line of tab-separated numbers for each kernel: the primal's time
// in microseconds, hand-written adjoint / primal, LinkGrad / hand-written, and
// the most memory that either gradient had allocated at one time. Exits with 1
// if a gradient is wrong.
//
// The machine is noisy, so the three are run in turns and what is reported are
// medians of ratios of neighbours in time. For counting instructions, `driver
// KERNEL VARIANT` runs one function once and does nothing else of weight.
//
//===----------------------------------------------------------------------===//

#include "kernels.h"
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <malloc.h>
#include <string_view>
#include <time.h>
#include <vector>

//===----------------------------------------------------------------------===//
// Memory: the linker sends the kernels' calls here (--wrap)
//===----------------------------------------------------------------------===//

static size_t Live, Peak;
/// Off while times are taken.
static bool Counting;

static void *allocated(void *Memory) {
  if (Counting) {
    Live += malloc_usable_size(Memory);
    Peak = std::max(Peak, Live);
  }
  return Memory;
}

static void released(void *Memory) {
  if (Counting)
    Live -= malloc_usable_size(Memory);
}

extern "C" {
void *__real_malloc(size_t Bytes);
void *__real_calloc(size_t Count, size_t Bytes);
void *__real_realloc(void *Old, size_t Bytes);
void *__real_aligned_alloc(size_t Alignment, size_t Bytes);
void __real_free(void *Memory);

void *__wrap_malloc(size_t Bytes) { return allocated(__real_malloc(Bytes)); }
void *__wrap_calloc(size_t Count, size_t Bytes) {
  return allocated(__real_calloc(Count, Bytes));
}
void *__wrap_realloc(void *Old, size_t Bytes) {
  released(Old);
  return allocated(__real_realloc(Old, Bytes));
}
void *__wrap_aligned_alloc(size_t Alignment, size_t Bytes) {
  return allocated(__real_aligned_alloc(Alignment, Bytes));
}
void __wrap_free(void *Memory) {
  released(Memory);
  __real_free(Memory);
}
}

//===----------------------------------------------------------------------===//
// Kernels
//===----------------------------------------------------------------------===//

namespace {

/// The same numbers everywhere: splitmix64.
class Random {
public:
  explicit Random(uint64_t Seed) : State(Seed) {}
  double uniform(double Low, double High) {
    uint64_t Z = State += 0x9e3779b97f4a7c15;
    Z = (Z ^ (Z >> 30)) * 0xbf58476d1ce4e5b9;
    Z = (Z ^ (Z >> 27)) * 0x94d049bb133111eb;
    return Low + (High - Low) * ((Z ^ (Z >> 31)) >> 11) * 0x1p-53;
  }

private:
  uint64_t State;
};

struct Kernel {
  const char *Name;
  double (*Primal)(const Problem *);
  void (*Hand)(const Problem *, double *);
  void (*LinkGrad)(const Problem *, double *);
  int N, M;
  size_t Active, Inactive; ///< numbers in X and in Data
  double Low, High;        ///< range of both
};

std::vector<double> randomNumbers(size_t Count, const Kernel &K, int Seed) {
  Random R(Seed);
  std::vector<double> Numbers(Count);
  for (double &V : Numbers)
    V = R.uniform(K.Low, K.High);
  return Numbers;
}

/// A kernel with its inputs.
struct Instance {
  const Kernel &K;
  std::vector<double> X, Data, DX;
  Problem P;

  explicit Instance(const Kernel &K)
      : K(K), X(randomNumbers(K.Active, K, 1)),
        Data(randomNumbers(K.Inactive, K, 2)), DX(K.Active) {
    // The roots of unity are not random.
    if (std::string_view(K.Name) == "fft")
      for (int I = 0; I < K.N; ++I) {
        Data[2 * I] = std::cos(2 * M_PI * I / K.N);
        Data[2 * I + 1] = -std::sin(2 * M_PI * I / K.N);
      }
    P = {X.data(), Data.data(), K.N, K.M};
  }
};

constexpr int NDot = 4096, NPoints = 400, Degree = 64, NGrid = 64, NSteps = 200,
              NSamples = 64, NHidden = 32, NBodies = 100, NSort = 128,
              NSignal = 1024, NBruss = 64, NExp = 2048, NMatrix = 64;

#define FUNCTIONS(NAME) #NAME, NAME##_primal, NAME##_hand, NAME##_linkgrad
const Kernel Kernels[] = {
    {FUNCTIONS(dot), NDot, 0, 2 * NDot, 0, -1, 1},
    {FUNCTIONS(horner), Degree, NPoints, Degree + 1 + NPoints, 0, -0.6, 0.6},
    {FUNCTIONS(stencil), NGrid, NSteps, NGrid * NGrid, 0, 0, 1},
    {FUNCTIONS(mlp), NSamples, NHidden,
     17 * NHidden + (NHidden + 1) * NHidden + NHidden + 1, NSamples * 17, -0.3,
     0.3},
    {FUNCTIONS(nbody), NBodies, 0, 6 * NBodies, NBodies, 0.1, 1},
    {FUNCTIONS(sort), NSort, 0, NSort, 0, 0, 1},
    {FUNCTIONS(fft), NSignal, 0, 2 * NSignal, 2 * NSignal, -1, 1},
    {FUNCTIONS(brusselator), NBruss, 0, 2 * NBruss * NBruss,
     2 * NBruss * NBruss, 0.5, 2},
    {FUNCTIONS(logsumexp), NExp, 0, NExp, 0, -3, 3},
    {FUNCTIONS(matmul), NMatrix, 0, 2 * NMatrix * NMatrix, 0, -1, 1},
};
#undef FUNCTIONS

//===----------------------------------------------------------------------===//
// Checks
//===----------------------------------------------------------------------===//

using Gradient = void (*)(const Problem *, double *);

std::vector<double> gradient(Instance &I, Gradient G) {
  std::fill(I.DX.begin(), I.DX.end(), 0);
  G(&I.P, I.DX.data());
  return I.DX;
}

/// The most that \p G has allocated at one time.
size_t peakBytes(Instance &I, Gradient G) {
  Live = Peak = 0;
  Counting = true;
  G(&I.P, I.DX.data());
  Counting = false;
  if (Live)
    std::fprintf(stderr, "%s: %zu bytes are not freed\n", I.K.Name, Live);
  return Peak;
}

/// The derivative of the primal along \p Direction by central differences.
double difference(Instance &I, const std::vector<double> &Direction) {
  constexpr double Step = 1e-6;
  auto At = [&](double T) {
    std::vector<double> X = I.X;
    for (size_t K = 0; K < X.size(); ++K)
      X[K] += T * Direction[K];
    Problem P = I.P;
    P.X = X.data();
    return I.K.Primal(&P);
  };
  return (At(Step) - At(-Step)) / (2 * Step);
}

/// Both gradients agree to 1e-10 of the largest component, and with the
/// primal's own differences.
bool check(Instance &I) {
  std::vector<double> Hand = gradient(I, I.K.Hand);
  std::vector<double> Ours = gradient(I, I.K.LinkGrad);
  double Largest = 0, Error = 0, Slope = 0, Size = 0;
  std::vector<double> Direction(Hand.size());
  Random R(3);
  for (size_t K = 0; K < Hand.size(); ++K) {
    Largest = std::max(Largest, std::abs(Hand[K]));
    Error = std::max(Error, std::abs(Hand[K] - Ours[K]));
    Direction[K] = R.uniform(0, 1) * (Hand[K] < 0 ? -1 : 1);
    Slope += Hand[K] * Direction[K];
    Size += std::abs(Hand[K] * Direction[K]);
  }
  double Central = difference(I, Direction);
  bool Same = Error <= 1e-10 * Largest; // False for a NaN too.
  bool Right = std::abs(Slope - Central) <= 1e-5 * Size;
  if (!Same)
    std::fprintf(stderr, "%s: the gradients differ by %g of %g\n", I.K.Name,
                 Error, Largest);
  if (!Right)
    std::fprintf(stderr, "%s: slope by hand %.12g, by differences %.12g\n",
                 I.K.Name, Slope, Central);
  return Same && Right;
}

//===----------------------------------------------------------------------===//
// Times
//===----------------------------------------------------------------------===//

/// CPU time, so that what else runs on the machine matters less.
double now() {
  timespec T;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &T);
  return T.tv_sec + T.tv_nsec * 1e-9;
}

template <typename Callable> double seconds(int Calls, Callable F) {
  double Start = now();
  for (int I = 0; I < Calls; ++I)
    F();
  return now() - Start;
}

double median(std::vector<double> V) {
  std::nth_element(V.begin(), V.begin() + V.size() / 2, V.end());
  return V[V.size() / 2];
}

volatile double Sink;

void measure(Instance &I, int Repetitions, double BatchSeconds) {
  auto Primal = [&] { Sink = I.K.Primal(&I.P); };
  auto Hand = [&] { I.K.Hand(&I.P, I.DX.data()); };
  auto Ours = [&] { I.K.LinkGrad(&I.P, I.DX.data()); };
  int Calls = 1;
  while (seconds(Calls, Hand) < BatchSeconds / 2)
    Calls *= 2;
  std::vector<double> PrimalTime, HandRatio, OurRatio;
  for (int R = 0; R < Repetitions; ++R) {
    double P = seconds(Calls, Primal), H, O;
    // Whoever comes second finds the cache as the other left it.
    if (R % 2) {
      H = seconds(Calls, Hand);
      O = seconds(Calls, Ours);
    } else {
      O = seconds(Calls, Ours);
      H = seconds(Calls, Hand);
    }
    PrimalTime.push_back(P / Calls);
    HandRatio.push_back(H / P);
    OurRatio.push_back(O / H);
  }
  std::printf("%s\t%.3f\t%.3f\t%.3f\t%zu\t%zu\n", I.K.Name,
              median(PrimalTime) * 1e6, median(HandRatio), median(OurRatio),
              peakBytes(I, I.K.Hand), peakBytes(I, I.K.LinkGrad));
  std::fflush(stdout);
}

void runOnce(Instance &I, std::string_view Variant) {
  if (Variant == "primal")
    Sink = I.K.Primal(&I.P);
  else if (Variant == "hand")
    I.K.Hand(&I.P, I.DX.data());
  else if (Variant == "linkgrad")
    I.K.LinkGrad(&I.P, I.DX.data());
}

} // namespace

/// driver REPETITIONS BATCH-SECONDS [KERNEL...], or driver KERNEL VARIANT.
int main(int Argc, char **Argv) {
  if (Argc < 3)
    return 2;
  int Repetitions = std::atoi(Argv[1]);
  bool Correct = true;
  for (const Kernel &K : Kernels) {
    auto Names = [&](char *Arg) { return !std::strcmp(Arg, K.Name); };
    if (!Repetitions) {
      if (Names(Argv[1])) {
        Instance I(K);
        runOnce(I, Argv[2]);
      }
      continue;
    }
    if (Argc > 3 && std::none_of(Argv + 3, Argv + Argc, Names))
      continue;
    Instance I(K);
    Correct &= check(I);
    measure(I, Repetitions, std::atof(Argv[2]));
  }
  return !Correct;
}
