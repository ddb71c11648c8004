// Registrations that make no sense, each with the error that it ends in.
// DEFINE: %{way} =
// DEFINE: %{refused} = not %clang -O1 -w -c -fpass-plugin=%plugin -DWAY=%{way} %s -o %t.o 2>&1 \
// DEFINE:   | FileCheck --check-prefix=WAY%{way} %s
// REDEFINE: %{way} = 0
// RUN: %{refused}
// REDEFINE: %{way} = 1
// RUN: %{refused}
// REDEFINE: %{way} = 2
// RUN: %{refused}
// REDEFINE: %{way} = 3
// RUN: %{refused}
// REDEFINE: %{way} = 4
// RUN: %{refused}

double __enzyme_autodiff(void *, ...);

__attribute__((noinline)) double inner(double x);
#if WAY == 4
__attribute__((annotate("enzyme_mystery")))
#endif
double inner(double x) { return x * x; }

#if WAY == 0
// WAY0: error: '__enzyme_register_gradient_inner' must be initialised with {function, augmented primal, gradient} [bad-registration]
// WAY0: help: write the addresses of functions, as constants
int number;
void *__enzyme_register_gradient_inner[] = {(void *)inner, &number};
#elif WAY == 1
// WAY1: error: '__enzyme_register_splitderivative_inner' is not supported yet [bad-registration]
void *__enzyme_register_splitderivative_inner[] = {(void *)inner, (void *)inner};
#elif WAY == 2
// WAY2: error: 'inner' cannot be treated as 'mystery': there is no derivative of that name{{.*}} [bad-registration]
void *__enzyme_function_like[] = {(void *)inner, "mystery"};
#elif WAY == 3
// WAY3: error: the registered derivative of 'inner' {{.*}} [bad-registration]
void slope(int *x) {}
void *__enzyme_register_derivative_inner[] = {(void *)inner, (void *)slope};
#else
// WAY4: error: the annotation 'enzyme_mystery' of 'inner' is not known or not supported yet [bad-registration]
#endif

static double f(double x) { return inner(x) + x; }
#if WAY == 3
double __enzyme_fwddiff(void *, ...);
double d(double x) { return __enzyme_fwddiff((void *)f, x, 1.0); }
#else
double d(double x) { return __enzyme_autodiff((void *)f, x); }
#endif
