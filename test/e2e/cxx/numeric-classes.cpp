// Classes that people write for numerical work: a matrix that is moved, an event
// queue, a filter with a history, a ray tracer with virtual calls.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <algorithm>
#include <array>
#include <cmath>
#include <deque>
#include <memory>
#include <queue>
#include <vector>

class Mat {
  int r, c;
  std::vector<double> v;

public:
  Mat(int r, int c) : r(r), c(c), v(r * c) {}
  double &operator()(int i, int j) { return v[i * c + j]; }
  double operator()(int i, int j) const { return v[i * c + j]; }
  int rows() const { return r; }
  int cols() const { return c; }
};
static Mat operator*(const Mat &a, const Mat &b) {
  Mat m(a.rows(), b.cols());
  for (int i = 0; i < a.rows(); i++)
    for (int j = 0; j < b.cols(); j++) {
      double s = 0;
      for (int k = 0; k < a.cols(); k++)
        s += a(i, k) * b(k, j);
      m(i, j) = s;
    }
  return m;
}
static Mat operator+(Mat a, const Mat &b) {
  for (int i = 0; i < a.rows(); i++)
    for (int j = 0; j < a.cols(); j++)
      a(i, j) += b(i, j);
  return a;
}
static Mat power(Mat a, int n) {
  if (n == 1)
    return a;
  Mat h = power(a, n / 2);
  Mat s = h * h;
  return n % 2 ? s * a : s;
}
double matrices(const double *x) {
  Mat m(3, 3);
  for (int i = 0; i < 3; i++)
    for (int j = 0; j < 3; j++)
      m(i, j) = x[(i + 2 * j) % 4] * 0.3 + (i == j);
  Mat s = power(m, 5) + m;
  std::swap(s, m);
  double t = 0;
  for (int i = 0; i < 3; i++)
    t += m(i, i) * s(i, 2 - i);
  return t;
}
FUNCTIONAL(matrices, 4)

struct Ev {
  double t;
  int k;
  bool operator<(const Ev &o) const { return t > o.t; }
};
double events(const double *x) {
  std::priority_queue<Ev> q;
  for (int i = 0; i < 4; i++)
    q.push({x[i] * x[i] + i, i});
  std::deque<double> h;
  double s = 0;
  int n = 0;
  while (!q.empty() && n++ < 9) {
    Ev e = q.top();
    q.pop();
    h.push_back(e.t * x[e.k]);
    if (h.size() > 3) {
      s += h.front();
      h.pop_front();
    }
    if (e.t < 6)
      q.push({e.t + x[(e.k + 1) % 4], (e.k + 1) % 4});
  }
  for (double d : h)
    s += d * d;
  return s;
}
FUNCTIONAL(events, 4)

struct V3 {
  double x, y, z;
  V3 operator+(V3 o) const { return {x + o.x, y + o.y, z + o.z}; }
  V3 operator-(V3 o) const { return {x - o.x, y - o.y, z - o.z}; }
  V3 operator*(double k) const { return {x * k, y * k, z * k}; }
  double dot(V3 o) const { return x * o.x + y * o.y + z * o.z; }
  V3 unit() const { return *this * (1 / std::sqrt(dot(*this))); }
};
struct Hit {
  double t;
  V3 n;
  int id;
};
struct Obj {
  virtual ~Obj() = default;
  virtual bool hit(V3 o, V3 d, Hit &h) const = 0;
  V3 color{1, 1, 1};
};
struct Sphere : Obj {
  V3 c;
  double r;
  Sphere(V3 c, double r) : c(c), r(r) {}
  bool hit(V3 o, V3 d, Hit &h) const override {
    V3 p = o - c;
    double b = p.dot(d), q = b * b - p.dot(p) + r * r;
    if (q < 0)
      return false;
    double t = -b - std::sqrt(q);
    if (t < 1e-6 || t > h.t)
      return false;
    h.t = t;
    h.n = (o + d * t - c).unit();
    return true;
  }
};
struct Plane : Obj {
  double y;
  Plane(double y) : y(y) {}
  bool hit(V3 o, V3 d, Hit &h) const override {
    if (d.y >= -1e-9)
      return false;
    double t = (y - o.y) / d.y;
    if (t > h.t || t < 1e-6)
      return false;
    h.t = t;
    h.n = {0, 1, 0};
    return true;
  }
};
static double trace(const std::vector<std::shared_ptr<Obj>> &s, V3 o, V3 d,
                    int depth) {
  Hit h{1e9, {}, -1};
  for (size_t i = 0; i < s.size(); i++)
    if (s[i]->hit(o, d, h))
      h.id = i;
  if (h.id < 0)
    return .2 + .1 * d.y;
  V3 p = o + d * h.t, l = V3{5, 8, -3} - p;
  double c = std::max(0., h.n.dot(l.unit())) * s[h.id]->color.x;
  if (depth)
    c += .4 * trace(s, p, (d - h.n * (2 * d.dot(h.n))).unit(), depth - 1);
  return c;
}
double ray(const double *x) {
  std::vector<std::shared_ptr<Obj>> s{
      std::make_shared<Sphere>(V3{x[0] * .1, 0, 4}, 1 + .1 * x[1]),
      std::make_shared<Sphere>(V3{1.5, .3 * x[2], 3}, .5),
      std::make_shared<Plane>(-1 + .05 * x[3])};
  s[0]->color.x = x[1];
  double e = 0;
  for (int i = -2; i < 3; i++)
    for (int j = -2; j < 3; j++)
      e += trace(s, {0, 0, -2}, V3{i * .2, j * .2, 1}.unit(), 2);
  return e;
}
FUNCTIONAL(ray, 4)

template <int R, int C> struct M : std::array<std::array<double, C>, R> {
  static M eye() {
    M m{};
    for (int i = 0; i < R; i++)
      m[i][i] = 1;
    return m;
  }
};
template <int R, int K, int C>
M<R, C> operator*(const M<R, K> &a, const M<K, C> &b) {
  M<R, C> m{};
  for (int i = 0; i < R; i++)
    for (int j = 0; j < C; j++)
      for (int k = 0; k < K; k++)
        m[i][j] += a[i][k] * b[k][j];
  return m;
}
template <int R, int C> M<R, C> operator+(M<R, C> a, const M<R, C> &b) {
  for (int i = 0; i < R; i++)
    for (int j = 0; j < C; j++)
      a[i][j] += b[i][j];
  return a;
}
template <int R, int C> M<C, R> tr(const M<R, C> &a) {
  M<C, R> m{};
  for (int i = 0; i < R; i++)
    for (int j = 0; j < C; j++)
      m[j][i] = a[i][j];
  return m;
}
struct Kalman {
  M<2, 1> s{};
  M<2, 2> P = M<2, 2>::eye();
  void predict(const M<2, 2> &F, double q) {
    s = F * s;
    P = F * P * tr(F) + M<2, 2>{{{{q, 0}, {0, q}}}};
  }
  void update(double z, double r) {
    double y = z - s[0][0], S = P[0][0] + r;
    M<2, 1> K{};
    K[0][0] = P[0][0] / S;
    K[1][0] = P[1][0] / S;
    s = s + K * M<1, 1>{{{{y}}}};
    M<2, 2> I = M<2, 2>::eye();
    I[0][0] -= K[0][0];
    I[1][0] -= K[1][0];
    P = I * P;
  }
};
double kalman(const double *x) {
  Kalman k;
  M<2, 2> F = M<2, 2>::eye();
  F[0][1] = x[0];
  std::vector<Kalman> hist;
  for (int i = 0; i < 8; i++) {
    k.predict(F, .1 + x[1] * x[1]);
    k.update(std::sin(i * x[2]), .5 + x[3] * x[3]);
    hist.push_back(k);
  }
  double s = 0;
  for (auto &h : hist)
    s += h.s[0][0] * h.P[1][0];
  return s;
}
FUNCTIONAL(kalman, 4)
