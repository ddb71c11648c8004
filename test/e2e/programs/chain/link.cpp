//===- link.cpp - A chain of rigid links ----------------------------------===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Rotations and single links.
//
//===----------------------------------------------------------------------===//

#include "chain.hpp"

Rotation Rotation::operator*(const Rotation &o) const {
  return {w * o.w - x * o.x - y * o.y - z * o.z,
          w * o.x + x * o.w + y * o.z - z * o.y,
          w * o.y - x * o.z + y * o.w + z * o.x,
          w * o.z + x * o.y - y * o.x + z * o.w};
}

Vec Rotation::operator()(const Vec &v) const {
  Vec axis{x, y, z}, twice = axis.cross(v) * 2;
  return v + twice * w + axis.cross(twice);
}

Vec Rotation::inverse(const Vec &v) const {
  return Rotation{w, -x, -y, -z}(v);
}

void Rotation::turn(const Vec &by) {
  Rotation r = Rotation{1, by.x / 2, by.y / 2, by.z / 2} * *this;
  double size = std::sqrt(r.w * r.w + r.x * r.x + r.y * r.y + r.z * r.z);
  *this = {r.w / size, r.x / size, r.y / size, r.z / size};
}

void Link::apply(const Vec &f, const Vec &at) {
  force += f;
  torque += (at - position).cross(f);
}

/// Semi-implicit Euler, with the gyroscopic torque in the link's own frame.
void Link::advance(double time) {
  velocity += force * (time / mass);
  position += velocity * time;
  Vec own = pose.inverse(spin), momentum{own.x * inertia.x, own.y * inertia.y,
                                         own.z * inertia.z};
  Vec t = pose.inverse(torque) - own.cross(momentum);
  own += Vec{t.x / inertia.x, t.y / inertia.y, t.z / inertia.z} * time;
  spin = pose(own);
  pose.turn(spin * time);
  force = torque = Vec{};
}

double Link::energy() const {
  Vec own = pose.inverse(spin);
  return 0.5 * mass * velocity.dot(velocity) +
         0.5 * (own.x * own.x * inertia.x + own.y * own.y * inertia.y +
                own.z * own.z * inertia.z);
}
