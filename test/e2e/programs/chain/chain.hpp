//===- chain.hpp - A chain of rigid links -----------------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A chain of rigid links in space, joined by joints with springs.
//
//===----------------------------------------------------------------------===//

#ifndef CHAIN_HPP
#define CHAIN_HPP

#include <array>
#include <cmath>
#include <memory>
#include <vector>

struct Vec {
  double x = 0, y = 0, z = 0;
  Vec operator+(const Vec &o) const { return {x + o.x, y + o.y, z + o.z}; }
  Vec operator-(const Vec &o) const { return {x - o.x, y - o.y, z - o.z}; }
  Vec operator*(double s) const { return {x * s, y * s, z * s}; }
  Vec &operator+=(const Vec &o) { return *this = *this + o; }
  double dot(const Vec &o) const { return x * o.x + y * o.y + z * o.z; }
  Vec cross(const Vec &o) const {
    return {y * o.z - z * o.y, z * o.x - x * o.z, x * o.y - y * o.x};
  }
};

/// A rotation as a unit quaternion.
struct Rotation {
  double w = 1, x = 0, y = 0, z = 0;
  Rotation operator*(const Rotation &o) const;
  Vec operator()(const Vec &v) const;
  Vec inverse(const Vec &v) const;
  void turn(const Vec &by); ///< by a small angle
};

struct Link {
  Vec position, velocity, spin; ///< of the centre; spin in the world's frame
  Rotation pose;
  double mass, length;
  Vec inertia; ///< about the principal axes
  Vec force, torque;

  Vec point(double along) const { return position + pose({along, 0, 0}); }
  Vec speedOf(const Vec &at) const {
    return velocity + spin.cross(at - position);
  }
  void apply(const Vec &f, const Vec &at);
  void advance(double time);
  double energy() const;
};

/// What acts on the links.
class Joint {
public:
  virtual ~Joint() = default;
  virtual void act() = 0;
  virtual double energy() const = 0;
};

struct Parameters {
  double stiffness, damping, bending, gravity;
};

/// Holds an end of a link at a place.
std::unique_ptr<Joint> makeAnchor(Link &link, const Vec &place,
                                  const Parameters &p);
/// Holds two ends together, and straightens them.
std::unique_ptr<Joint> makeHinge(Link &before, Link &after,
                                 const Parameters &p);
/// Pushes a link out of the floor.
std::unique_ptr<Joint> makeFloor(Link &link, double height,
                                 const Parameters &p);

/// x: a mass and a length for each link, then the parameters, then a push.
constexpr int Links = 4, Inputs = 2 * Links + 5;
double program(const double *x);

#endif
