#include <linkgrad/linkgrad.hpp>

static double cube(double X) { return X * X * X; }

double cubeSlope(double X) { return linkgrad::gradient(cube, X); }
