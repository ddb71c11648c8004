#include <stdio.h>

double slope(double);

int main(void) { printf("in C %g\n", slope(3.0)); }
