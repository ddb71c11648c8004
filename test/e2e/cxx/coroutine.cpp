// A coroutine that the optimiser resolves: a generator of active values whose frame
// is inlined. (Where it is not, its frame is memory reached by function pointers.)
// RUN: %check %s %t --skip=-O0 -g

#include "../Inputs/check.h"
#include <coroutine>
#include <exception>
#include <utility>

struct Sequence {
  struct promise_type {
    double value;
    Sequence get_return_object() { return Sequence{std::coroutine_handle<promise_type>::from_promise(*this)}; }
    std::suspend_always initial_suspend() noexcept { return {}; }
    std::suspend_always final_suspend() noexcept { return {}; }
    std::suspend_always yield_value(double v) noexcept {
      value = v;
      return {};
    }
    void return_void() noexcept {}
    void unhandled_exception() noexcept { std::terminate(); }
  };
  std::coroutine_handle<promise_type> handle;
  ~Sequence() { handle.destroy(); }
  bool next() {
    handle.resume();
    return !handle.done();
  }
  double value() const { return handle.promise().value; }
};

static Sequence geometric(double start, double factor, int n) {
  for (int i = 0; i < n; ++i) {
    co_yield start;
    start *= factor;
  }
}
double generated(const double *x) {
  double s = 0;
  Sequence terms = geometric(x[0], x[1], 5);
  while (terms.next())
    s = s * 0.5 + terms.value() * terms.value();
  return s;
}
FUNCTIONAL(generated, 2)
