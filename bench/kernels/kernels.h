//===- kernels.h - What the driver and the kernels agree on -----*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Each kernel is one C file with the primal, the adjoint that a good engineer
// would write by hand, and the request to LinkGrad. Primal and adjoints have
// the same arguments behind a common face, so that the driver can call them in
// turns. Sizes are known at run time only.
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_BENCH_KERNELS_H
#define LINKGRAD_BENCH_KERNELS_H

#ifdef __cplusplus
extern "C" {
#endif

/// Inputs of a kernel. What N, M and Data mean is the kernel's business.
struct Problem {
  const double *X;    ///< active
  const double *Data; ///< not active
  int N;
  int M;
};

/// Primals return the objective. Gradients add d(objective)/dX to \p DX.
#define KERNEL(NAME)                                                           \
  double NAME##_primal(const struct Problem *P);                               \
  void NAME##_hand(const struct Problem *P, double *DX);                       \
  void NAME##_linkgrad(const struct Problem *P, double *DX);

KERNEL(dot)
KERNEL(horner)
KERNEL(stencil)
KERNEL(mlp)
KERNEL(nbody)
KERNEL(sort)
KERNEL(fft)
KERNEL(brusselator)
KERNEL(logsumexp)
KERNEL(matmul)

#undef KERNEL

/// LinkGrad's entry point and markers.
extern int enzyme_dup, enzyme_dupnoneed, enzyme_const, enzyme_out;
void __enzyme_autodiff(void *Primal, ...);

#ifdef __cplusplus
}
#endif

#endif // LINKGRAD_BENCH_KERNELS_H
