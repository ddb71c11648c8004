; A vector whose elements are undefined in two ways is a vector like others.
; RUN: %opt -passes='linkgrad<no-optimize>' -S %s | FileCheck %s
; CHECK: insertelement <2 x double> splat (double 1.000000e+00), double %{{.*}}, i64 0

define double @f(double %x) {
  %v = insertelement <2 x double> <double undef, double poison>, double %x, i64 0
  %w = fmul <2 x double> %v, %v
  %y = extractelement <2 x double> %w, i64 0
  ret double %y
}

declare double @__enzyme_fwddiff(ptr, double, double)

define double @df(double %x) {
  %d = call double @__enzyme_fwddiff(ptr @f, double %x, double 1.0)
  ret double %d
}
