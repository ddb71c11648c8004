// deque, queue and priority_queue with active values: a moving window, a breadth-first
// walk, events by active time.
// RUN: %check %s %t -g --skip=-O0

#include "../Inputs/check.h"
#include <deque>
#include <queue>
#include <vector>

// The window moves over the series; its extremes come in and go out.
double window(const double *x) {
  std::deque<double> w;
  double s = 0;
  for (int i = 0; i < 7; ++i) {
    w.push_back(x[i] * x[0]);
    if (w.size() > 3)
      w.pop_front();
    double p = 1;
    for (double v : w)
      p *= v;
    s += p + w.front() * w.back();
  }
  return s;
}
FUNCTIONAL(window, 7)

// What happens first by an active time, and puts off others.
struct Event {
  double time;
  int what;
  bool operator<(const Event &o) const { return time > o.time; }
};
double events(const double *x) {
  std::priority_queue<Event, std::vector<Event>> q;
  for (int i = 0; i < 3; ++i)
    q.push({x[i], i});
  double now = 0, s = 0;
  for (int k = 0; k < 6; ++k) {
    Event e = q.top();
    q.pop();
    s += (e.time - now) * x[e.what];
    now = e.time;
    q.push({now + x[3] * x[e.what], (e.what + 1) % 3});
  }
  return s;
}
FUNCTIONAL(events, 4)
