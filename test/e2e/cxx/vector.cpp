// std::vector and array, grown, copied, sorted, transformed; unique_ptr to an array.
// RUN: %check %s %t

#include "../Inputs/check.h"
#include <vector>
#include <numeric>
#include <algorithm>
#include <array>
#include <memory>
#include <functional>
double growing(const double *x) { std::vector<double> v; for (int i=0;i<20;i++) v.push_back(x[i%3]*i); return std::accumulate(v.begin(), v.end(), 0.0)*v[3]; }
FUNCTIONAL(growing,3)
double sized(const double *x) { std::vector<double> v(5, x[0]), w(v); for (int i=0;i<5;i++) w[i]*=x[1]*i; return std::inner_product(v.begin(), v.end(), w.begin(), x[2]); }
FUNCTIONAL(sized,3)
double transformed(const double *x) { std::vector<double> v(x,x+3); std::transform(v.begin(),v.end(),v.begin(),[](double a){return sin(a)*a;}); return *std::max_element(v.begin(),v.end()); }
FUNCTIONAL(transformed,3)
double arr(const double *x) { std::array<double,3> a{x[0],x[1],x[2]}; std::sort(a.begin(),a.end()); return a[0]*a[1]-a[2]; }
FUNCTIONAL(arr,3)
double uniq(const double *x) { auto p = std::make_unique<double[]>(4); for(int i=0;i<4;i++) p[i]=x[i%3]*x[0]; return p[1]*p[2]+p[3]; }
FUNCTIONAL(uniq,3)
