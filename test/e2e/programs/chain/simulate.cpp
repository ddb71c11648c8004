//===- simulate.cpp - A chain of rigid links ------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The chain as a whole: laid out, pushed, and let swing onto the floor.
//
//===----------------------------------------------------------------------===//

#include "chain.hpp"

namespace {

class Chain {
public:
  Chain(const double *masses, const double *lengths, const Parameters &p)
      : parameters(p), links(Links) {
    Vec end;
    for (int i = 0; i < Links; ++i) {
      Link &l = links[i];
      l.mass = masses[i];
      l.length = lengths[i];
      double across = l.mass * l.length * l.length / 12;
      l.inertia = {0.05 * across + 0.01, across + 0.01, across + 0.01};
      l.pose.turn({0.1 * i, -0.2 * i, -0.5});
      l.position = end + l.pose({l.length / 2, 0, 0});
      end = l.point(l.length / 2);
    }
    joints.push_back(makeAnchor(links[0], {}, parameters));
    for (int i = 0; i + 1 < Links; ++i)
      joints.push_back(makeHinge(links[i], links[i + 1], parameters));
    for (Link &l : links)
      joints.push_back(makeFloor(l, -0.9, parameters));
  }

  void push(double strength) {
    Link &last = links.back();
    last.velocity += Vec{0.2, -0.5, 1} * strength;
    last.spin += Vec{0, 1, 0.5} * strength;
  }

  void advance(double time) {
    for (Link &l : links)
      l.force += Vec{0, -parameters.gravity * l.mass, 0};
    for (auto &joint : joints)
      joint->act();
    for (Link &l : links)
      l.advance(time);
  }

  double energy() const {
    double sum = 0;
    for (const Link &l : links)
      sum += l.energy() + parameters.gravity * l.mass * l.position.y;
    for (const auto &joint : joints)
      sum += joint->energy();
    return sum;
  }

  Vec tip() const { return links.back().point(links.back().length / 2); }

private:
  const Parameters &parameters;
  std::vector<Link> links;
  std::vector<std::unique_ptr<Joint>> joints;
};

} // namespace

double program(const double *x) {
  const double *p = x + 2 * Links;
  Parameters parameters{p[0], p[1], p[2], p[3]};
  Chain chain(x, x + Links, parameters);
  chain.push(p[4]);
  double path = 0;
  Vec before = chain.tip();
  for (int step = 0; step < 40; ++step) {
    chain.advance(0.01);
    Vec now = chain.tip(), moved = now - before;
    path += std::sqrt(moved.dot(moved) + 1e-6);
    before = now;
  }
  return path + 0.1 * chain.energy() + before.x * before.y;
}
