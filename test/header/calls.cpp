// What linkgrad.hpp turns into, in code that is not optimised: markers are
// constants, several results come back through memory, and no type of the
// program is part of a magic name (it might have no linkage).

// RUN: %clangxx -std=c++20 -I%include -Wall -Wextra -Wpedantic -Werror -O0 -S -emit-llvm -o - %s | FileCheck %s
// RUN: g++ -std=c++20 -I%include -Wall -Wextra -Wpedantic -Werror -O2 -c -o /dev/null %s

#include <linkgrad/linkgrad.hpp>
#include <vector>

// A program that also declares the bare names.
extern int enzyme_dup;
template <class R, class... T> R __enzyme_autodiff(void *, T...);

using namespace linkgrad;

namespace {
struct Hidden {
  double A, B;
};
enum class Kind { One };
} // namespace

double plain(double X) noexcept;
double mixed(double X, float Y);
static double loss(const Hidden *P, int N) { return P->A * P->B * N; }
static double refs(const std::vector<double> &V, double X, Kind) {
  return V[0] * X;
}
static void square(const double *X, double *Y) { *Y = *X * *X; }

// CHECK-LABEL: define{{.*}}@test1
// CHECK: call noundef double @{{.*}}__enzyme_autodiff{{[^(]*}}(ptr noundef %{{[^,]*}}, ptr noundef @enzyme_out, double
extern "C" double test1(double X) { return gradient(plain, X); }

// CHECK-LABEL: define{{.*}}@test2
// CHECK: call void @{{.*}}__enzyme_autodiff{{[^(]*}}(ptr {{[^,]*}}sret(%{{[^,]*}}, ptr noundef %{{[^,]*}}, ptr noundef @enzyme_primal_return, ptr noundef @enzyme_out, double {{[^,]*}}, ptr noundef @enzyme_out, float {{[^,]*}})
extern "C" double test2(double X, float Y) {
  auto [V, G] = valueAndGradient<mixed>(X, Y);
  static_assert(std::is_same_v<decltype(G), std::tuple<double, float>>);
  return V;
}

// CHECK-LABEL: define{{.*}}@test3
// CHECK: call void @{{.*}}__enzyme_autodiffIvJPiPvS3_S2_iEEET_S3_DpT0_(ptr noundef %{{[^,]*}}, ptr noundef @enzyme_dup, ptr noundef %{{[^,]*}}, ptr noundef %{{[^,]*}}, ptr noundef @enzyme_const, i32 noundef %{{[^,]*}})
// CHECK: call noundef double @{{.*}}__enzyme_fwddiff{{[^(]*}}(ptr noundef %{{[^,]*}}, ptr noundef @enzyme_dup, ptr {{[^,]*}}, ptr {{[^,]*}}, ptr noundef @enzyme_const, i32
// CHECK: call void @{{.*}}__enzyme_fwddiff{{[^(]*}}(ptr {{[^,]*}}sret({{[^,]*}}, ptr noundef %{{[^,]*}}, ptr noundef @enzyme_primal_return, ptr noundef @enzyme_dup
extern "C" double test3() {
  Hidden S{1, 2}, D{};
  autodiff<Reverse>(loss, Duplicated{&S, &D}, Const{3});
  double T = autodiff<Forward>(fn<loss>, Duplicated{&S, &D}, 3);
  auto [V, DV] = autodiff<Forward | WithPrimal, loss>(Duplicated{&S, &D}, 3);
  return T + V + DV;
}

// CHECK-LABEL: define{{.*}}@test4
// CHECK: call noundef double @{{.*}}__enzyme_autodiffIdJPiPvS3_S2_dS2_iEEET_S3_DpT0_(
extern "C" double test4(std::vector<double> &V, std::vector<double> &D) {
  return autodiff<Reverse>(refs, Duplicated{V, D}, Active{3.0},
                           Const{Kind::One});
}

// CHECK-LABEL: define{{.*}}@test5
// CHECK: call void @{{.*}}__enzyme_autodiff{{[^(]*}}(ptr noundef %{{[^,]*}}, ptr noundef @enzyme_dup, ptr {{[^,]*}}, ptr {{[^,]*}}, ptr noundef @enzyme_dupnoneed, ptr {{[^,]*}}, ptr
extern "C" double test5(double X) {
  double Y, DY = 1, DX = 0;
  autodiff<Reverse, square>(Duplicated{&X, &DX}, DuplicatedNoNeed{&Y, &DY});
  return DX;
}

// CHECK-LABEL: define{{.*}}@test6
// CHECK: call noundef double @{{.*}}__enzyme_autodiff
// CHECK: call noundef double @{{.*}}__enzyme_autodiff
// CHECK: call noundef double @{{.*}}__enzyme_autodiff
extern "C" double test6(double X) {
  return gradient([](double X) { return X * X; }, X) +
         gradient([](auto X, auto N) { return X * N; }, X, 3) +
         gradient<[](double X) { return X * X; }>(X);
}

// CHECK-LABEL: define{{.*}}@test7
// CHECK: call noundef double @_Z17__enzyme_autodiff{{[^(]*}}(ptr noundef @_ZL4loss{{[^,]*}}, i32
extern "C" double test7(double *P, double *DP) {
  return __enzyme_autodiff<double>((void *)loss, enzyme_dup, P, DP, 3);
}
