// Particles in C++: a class with a std::vector of structs, forces in a buffer for each
// thread that is added up afterwards, reductions of a struct and of an array section,
// a lambda and a function object as the law of force, random numbers by index.
// RUN: %check %s %t -fopenmp

#define ROUNDING 1e-12
#include "../Inputs/check.h"
#include <array>
#include <vector>

namespace {
struct Vec {
  double x = 0, y = 0;
  Vec &operator+=(const Vec &o) {
    x += o.x, y += o.y;
    return *this;
  }
};
Vec operator*(double s, const Vec &v) { return {s * v.x, s * v.y}; }
Vec operator-(const Vec &a, const Vec &b) { return {a.x - b.x, a.y - b.y}; }
double norm2(const Vec &v) { return v.x * v.x + v.y * v.y; }

#pragma omp declare reduction(+ : Vec : omp_out += omp_in) initializer(omp_priv = Vec())

struct Particle {
  Vec position, velocity;
  double mass;
  int kind;
};

/// Between 0 and 1, whatever thread asks.
double noise(unsigned i) {
  i = i * 747796405u + 2891336453u;
  i = ((i >> ((i >> 28) + 4)) ^ i) * 277803737u;
  return ((i >> 22) ^ i) / 4294967296.0;
}

class System {
public:
  explicit System(const double *x) : softening(x[0]) {
    for (int i = 0; i < 6; ++i)
      particles.push_back({{i + x[1] * noise(i), x[2] * noise(i + 100)},
                           {x[3] * noise(i + 200), 0},
                           1 + x[4] * i,
                           i % 2});
  }

  template <class Law> void step(double dt, Law law) {
    const int n = particles.size();
    std::vector<Vec> forces(n);
#pragma omp parallel
    {
      std::vector<Vec> mine(n);
#pragma omp for schedule(dynamic)
      for (int i = 0; i < n; ++i)
        for (int j = 0; j < i; ++j) {
          Vec d = particles[j].position - particles[i].position;
          Vec f = law(particles[i], particles[j], norm2(d) + softening) * d;
          mine[i] += f;
          mine[j] += -1. * f;
        }
#pragma omp critical
      for (int i = 0; i < n; ++i)
        forces[i] += mine[i];
    }
#pragma omp parallel for
    for (int i = 0; i < n; ++i) {
      Particle &p = particles[i];
      p.velocity += dt / p.mass * forces[i];
      p.position += dt * p.velocity;
    }
  }

  double energy() const {
    double sum = 0;
#pragma omp parallel for reduction(+ : sum)
    for (size_t i = 0; i < particles.size(); ++i)
      sum += .5 * particles[i].mass * norm2(particles[i].velocity);
    return sum;
  }

  Vec momentum() const {
    Vec sum;
#pragma omp parallel for reduction(+ : sum)
    for (int i = 0; i < int(particles.size()); ++i)
      sum += particles[i].mass * particles[i].velocity;
    return sum;
  }

  /// The mass in each bin of the x axis, with weights that the place decides.
  std::array<double, 4> density(double width) const {
    double bins[4] = {};
#pragma omp parallel for reduction(+ : bins[ : 4])
    for (int i = 0; i < int(particles.size()); ++i) {
      double at = particles[i].position.x / width;
      int bin = at < 0 ? 0 : at >= 3 ? 2 : int(at);
      bins[bin] += particles[i].mass * (bin + 1 - at);
      bins[bin + 1] += particles[i].mass * (at - bin);
    }
    return {bins[0], bins[1], bins[2], bins[3]};
  }

private:
  std::vector<Particle> particles;
  double softening;
};

struct Screened {
  double length;
  double operator()(const Particle &a, const Particle &b, double r2) const {
    return (a.kind == b.kind ? -1 : 1) * std::exp(-std::sqrt(r2) / length) / r2;
  }
};
} // namespace

void run(const double *x, double *y) {
  System s(x);
  double g = x[5];
  for (int k = 0; k < 2; ++k)
    s.step(.01, [g](const Particle &a, const Particle &b, double r2) {
      return g * a.mass * b.mass / (r2 * std::sqrt(r2));
    });
  s.step(.02, Screened{x[6]});
  Vec p = s.momentum();
  auto bins = s.density(2.5);
  y[0] = s.energy();
  y[1] += p.x * p.y;
  y[2] = bins[0] * bins[1] + bins[2] * bins[3];
}
MAP(run, 7, 3, .precision = 1e-10)
