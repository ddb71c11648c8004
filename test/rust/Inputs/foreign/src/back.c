double in_rust(double);

double in_c(double x) { return in_rust(x * x) + x; }
