// std::atomic of floating point: sums, which libstdc++ writes as loops that exchange
// bits, in all memory orders; loads and stores beside.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <atomic>

extern "C" double sums(const double *x) {
  std::atomic<double> total(x[0] * x[1]);
  double s = 0;
  for (int i = 0; i < 3; ++i)
    s += total.fetch_add(x[i % 2] * total.load(std::memory_order_acquire),
                         std::memory_order_relaxed);
  total -= s * x[0];
  return total * s;
}
FUNCTIONAL(sums, 2)

struct Meter {
  std::atomic<float> reading{0};
  std::atomic<long> count{0};
  std::atomic<double> *target = nullptr;
  void measure(double v) {
    reading.store(static_cast<float>(v) * 2);
    target->fetch_sub(v * v, std::memory_order_acq_rel);
    ++count;
  }
};
extern "C" void metered(const double *x, double *y) {
  std::atomic<double> lost{1};
  Meter meter;
  meter.target = &lost;
  for (int i = 0; i < 3; ++i) {
    meter.measure(x[i]);
    y[0] += (lost += 0.5) * meter.count;
  }
  y[1] = meter.reading * lost.load();
}
MAP(metered, 3, 2, .step = 1e-2, .tolerance = 1e-3, .precision = 1e-6)

static std::atomic<double> shared;
extern "C" double global(const double *x) {
  shared = 0.25;
  for (int i = 0; i < 2; ++i)
    shared += x[i] * shared.fetch_add(x[1 - i]);
  return shared;
}
FUNCTIONAL(global, 2)
