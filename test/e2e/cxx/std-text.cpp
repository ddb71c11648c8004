// Text in the middle of active code: strings beside numbers, streams that print
// them, names of things in a table, a parser that reads a formula.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

// Output of an iteration.
double shown(const double *x) {
  std::ofstream sink("/dev/null");
  double v = x[0];
  for (int i = 0; i < 4; ++i) {
    v = 0.5 * (v + x[1] / v);
    sink << "step " << i << ": " << v << '\n';
  }
  sink.flush();
  return v * x[0];
}
FUNCTIONAL(shown, 2)

// Parameters with names, in a table on the stack.
struct Parameter {
  const char *name;
  double value;
};
static double get(const Parameter *p, std::string_view name) {
  for (; p->name; ++p)
    if (name == p->name)
      return p->value;
  return 0;
}
double named(const double *x) {
  const Parameter table[] = {{"mass", x[0]}, {"length", x[1]}, {"damping", x[2]}, {nullptr, 0}};
  double angle = 0.5, speed = 0;
  for (int i = 0; i < 20; ++i) {
    double a = -9.81 / get(table, "length") * std::sin(angle) - get(table, "damping") * speed / get(table, "mass");
    speed += 0.02 * a;
    angle += 0.02 * speed;
  }
  return angle * get(table, "mass") + speed;
}
FUNCTIONAL(named, 3)

// A recipe as text decides what is done with the numbers.
double recipe(const double *x) {
  const std::string text = "aab+c-d*ab";
  double v = 1;
  char operation = '+';
  for (char c : text) {
    if (c < 'a') {
      operation = c;
      continue;
    }
    double operand = x[c - 'a'];
    v = operation == '+' ? v + operand : operation == '-' ? v - 0.5 * operand : v * operand;
  }
  std::string upper(text.rbegin(), text.rend());
  return v * v + upper.size() * x[0];
}
FUNCTIONAL(recipe, 4)

// An object with values in it and a name, of which the string is elsewhere.
struct Sensor {
  const std::string *name;
  double gain, offset;
  double read(double v) const { return gain * v + offset + (*name == "noisy" ? 0.1 * v * v : 0); }
};
double sensors(const double *x) {
  std::string quiet = "quiet", noisy = quiet.substr(0, 0) + "noisy";
  Sensor a{&quiet, x[0], x[1]}, b{&noisy, x[1], x[2]};
  return a.read(x[2]) * b.read(x[0]) + a.name->length();
}
FUNCTIONAL(sensors, 3)

// Numbers out of inactive text: a table in a string gives the coefficients.
static double digits(std::string_view s) {
  double v = 0, scale = 0;
  for (char c : s) {
    if (c == '.') {
      scale = 1;
      continue;
    }
    v = 10 * v + (c - '0');
    scale *= 10;
  }
  return scale ? v / scale : v;
}
double polynomial(const double *x) {
  std::string_view text = "0.5 2 1.25 3";
  double v = 0;
  while (!text.empty()) {
    size_t end = text.find(' ');
    v = v * x[0] + digits(text.substr(0, end)) * x[1];
    text.remove_prefix(end == text.npos ? text.size() : end + 1);
  }
  return v;
}
FUNCTIONAL(polynomial, 2)
