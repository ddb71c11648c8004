"""Prints a request for a function of one block: x = x * x + 0.001, repeated."""
import sys

print("declare double @__enzyme_autodiff(ptr, ...)")
print("define double @f(double %x) {")
x = "%x"
for i in range(int(sys.argv[1])):
    print(f"  %square{i} = fmul double {x}, {x}")
    print(f"  %next{i} = fadd double %square{i}, 1.0e-3")
    x = f"%next{i}"
print(f"  ret double {x}")
print("}")
print("define double @df(double %x) {")
print("  %r = call double (ptr, ...) @__enzyme_autodiff(ptr @f, double %x)")
print("  ret double %r")
print("}")
