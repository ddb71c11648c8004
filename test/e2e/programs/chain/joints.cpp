//===- joints.cpp - A chain of rigid links --------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// What acts on the links.
//
//===----------------------------------------------------------------------===//

#include "chain.hpp"

namespace {

class Anchor : public Joint {
public:
  Anchor(Link &link, const Vec &place, const Parameters &p)
      : link(link), place(place), p(p) {}

  void act() override {
    Vec end = link.point(-link.length / 2);
    link.apply((place - end) * p.stiffness - link.speedOf(end) * p.damping,
               end);
  }
  double energy() const override {
    Vec d = place - link.point(-link.length / 2);
    return 0.5 * p.stiffness * d.dot(d);
  }

private:
  Link &link;
  Vec place;
  const Parameters &p;
};

class Hinge : public Joint {
public:
  Hinge(Link &before, Link &after, const Parameters &p)
      : before(before), after(after), p(p) {}

  void act() override {
    Vec a = before.point(before.length / 2), b = after.point(-after.length / 2);
    Vec f = (b - a) * p.stiffness + (after.speedOf(b) - before.speedOf(a)) * p.damping;
    before.apply(f, a);
    after.apply(f * -1, b);
    Vec bend = before.pose({1, 0, 0}).cross(after.pose({1, 0, 0})) * p.bending;
    before.torque += bend;
    after.torque += bend * -1;
  }
  double energy() const override {
    Vec d = before.point(before.length / 2) - after.point(-after.length / 2);
    double straight = before.pose({1, 0, 0}).dot(after.pose({1, 0, 0}));
    return 0.5 * p.stiffness * d.dot(d) + p.bending * (1 - straight);
  }

private:
  Link &before, &after;
  const Parameters &p;
};

class Floor : public Joint {
public:
  Floor(Link &link, double height, const Parameters &p)
      : link(link), height(height), p(p) {}

  void act() override {
    for (double side : {-0.5, 0.5}) {
      Vec end = link.point(side * link.length);
      double deep = height - end.y;
      if (deep <= 0)
        continue;
      Vec speed = link.speedOf(end);
      // Friction grows with the pressure, up to a limit.
      double push = p.stiffness * deep * deep, grip = std::tanh(push);
      link.apply({-grip * speed.x, push, -grip * speed.z}, end);
    }
  }
  double energy() const override {
    double sum = 0;
    for (double side : {-0.5, 0.5}) {
      double deep = height - link.point(side * link.length).y;
      sum += deep > 0 ? p.stiffness * deep * deep * deep / 3 : 0;
    }
    return sum;
  }

private:
  Link &link;
  double height;
  const Parameters &p;
};

} // namespace

std::unique_ptr<Joint> makeAnchor(Link &link, const Vec &place,
                                  const Parameters &p) {
  return std::make_unique<Anchor>(link, place, p);
}

std::unique_ptr<Joint> makeHinge(Link &before, Link &after,
                                 const Parameters &p) {
  return std::make_unique<Hinge>(before, after, p);
}

std::unique_ptr<Joint> makeFloor(Link &link, double height,
                                 const Parameters &p) {
  return std::make_unique<Floor>(link, height, p);
}
