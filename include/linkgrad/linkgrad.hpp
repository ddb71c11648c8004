//===- linkgrad.hpp - Derivatives for C++20 programs ------------*- C++ -*-===//
//
// Part of LinkGrad, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// A typed front over the magic calls (docs/abi.md) that LinkGrad answers at
// link time or as a compiler plugin:
//
//   double f(double x, double y);
//
//   auto [dx, dy] = linkgrad::gradient(f, x, y);
//   auto [v, g]   = linkgrad::valueAndGradient(f, x, y);    // g[0], g[1]
//
//   using namespace linkgrad;                     // loss(double *p, int n)
//   autodiff<Reverse>(loss, Duplicated{p, dp}, Const{n});   // dp += gradient
//   double dv = autodiff<Forward>(loss, Duplicated{p, dp}, Const{n});
//   auto [v, dv] = autodiff<Forward | WithPrimal>(loss, …);
//
// The function can be given in three ways:
//   - a function: `gradient(f, x)`. The call is answered where f is known,
//     which is after inlining; everything here is always inlined, so this works
//     at every optimisation level of a link with LinkGrad;
//   - a template argument, `gradient<f>(x)` or `autodiff<Reverse, f>(…)`: known
//     from the start;
//   - a lambda without captures: `gradient([](double x) { return x * x; }, x)`.
//     What it would capture goes in as an argument: Const{…} or Duplicated{…}.
//
// Results. Reverse returns the derivative with respect to each Active argument
// in order: nothing, one value, a std::array if all have one type, else a
// std::tuple. Forward returns the tangent of the result, if that is a floating
// point number. WithPrimal puts the function's own result in front, as
// {value, gradient}, or alone if nothing else is returned. Memory behind
// pointers and references is different: its derivative is *added* to the shadow
// in reverse mode, so clear it first.
//
// The magic calls also work bare, without this header:
//
//   extern int enzyme_dup;
//   template <class R, class... T> R __enzyme_autodiff(void *, T...);
//   __enzyme_autodiff<void>((void *)loss, enzyme_dup, p, dp, n);
//
//===----------------------------------------------------------------------===//

#ifndef LINKGRAD_LINKGRAD_HPP
#define LINKGRAD_LINKGRAD_HPP

#include <array>
#include <concepts>
#include <cstddef>
#include <memory>
#include <tuple>
#include <type_traits>
#include <utility>

namespace linkgrad {

//===----------------------------------------------------------------------===//
// How to differentiate
//===----------------------------------------------------------------------===//

enum class Mode : unsigned {
  Reverse = 0,    ///< the gradient: one output, many inputs
  Forward = 1,    ///< a directional derivative: many outputs, one direction
  WithPrimal = 2, ///< and the function's own result
};

inline constexpr Mode Reverse = Mode::Reverse;
inline constexpr Mode Forward = Mode::Forward;
inline constexpr Mode WithPrimal = Mode::WithPrimal;

constexpr Mode operator|(Mode A, Mode B) {
  return Mode(unsigned(A) | unsigned(B));
}

/// A floating-point argument whose derivative is returned (reverse mode).
template <class T> struct Active {
  T Value;
};
template <class T> Active(T) -> Active<T>;

/// An argument that the derivative treats as a constant.
template <class T> struct Const {
  T Value;
};
template <class T> Const(T &&) -> Const<T>;

/// An argument with its shadow: a pointer or reference and the same for the
/// derivative of what is behind it (reverse: added to; forward: read and
/// written), or in forward mode a number and its tangent.
template <class T, class S = T> struct Duplicated {
  T Value;
  S Shadow;
};
template <class T, class S> Duplicated(T &&, S &&) -> Duplicated<T, S>;

/// The same for memory whose final primal value nobody reads, e.g. a buffer
/// for results when only their derivatives matter.
template <class T, class S = T> struct DuplicatedNoNeed {
  T Value;
  S Shadow;
};
template <class T, class S>
DuplicatedNoNeed(T &&, S &&) -> DuplicatedNoNeed<T, S>;

/// What WithPrimal returns.
template <class V, class G> struct ValueAndGradient {
  V Value;
  G Gradient;
};

/// A function as a constant: `gradient(fn<f>, x)` is `gradient<f>(x)`.
template <auto F> struct FunctionConstant {};
template <auto F> inline constexpr FunctionConstant<F> fn{};

namespace detail {

//===----------------------------------------------------------------------===//
// The magic names
//===----------------------------------------------------------------------===//

// Declared by assembler name, so that they do not clash with a program's own
// declarations of the bare markers.
extern int EnzymeOut __asm__("enzyme_out");
extern int EnzymeConst __asm__("enzyme_const");
extern int EnzymeDup __asm__("enzyme_dup");
extern int EnzymeDupNoNeed __asm__("enzyme_dupnoneed");
extern int EnzymePrimalReturn __asm__("enzyme_primal_return");

// Instantiated with pointers to void and arithmetic types only: an instance
// over a type without linkage could not be left undefined.
template <class R, class... T> R __enzyme_autodiff(void *, T...);
template <class R, class... T> R __enzyme_fwddiff(void *, T...);

#define LINKGRAD_INLINE [[gnu::always_inline]] inline

/// Values of several types, one after another as in a plain struct. Unlike
/// std::tuple this is nothing but memory, in code that is not optimised too.
template <std::size_t I, class T> struct Field {
  T Value;
};
template <std::size_t I, class T> LINKGRAD_INLINE T &field(Field<I, T> &F) {
  return F.Value;
}
template <std::size_t I, class T>
LINKGRAD_INLINE const T &field(const Field<I, T> &F) {
  return F.Value;
}

/// Several results of one call, in the order that LinkGrad stores them. The
/// destructor makes every C++ ABI return it through memory; otherwise
/// {float, float} travels as a vector.
template <class Indices, class... T> struct ResultsOf;
template <std::size_t... I, class... T>
struct ResultsOf<std::index_sequence<I...>, T...> : Field<I, T>... {
  LINKGRAD_INLINE ~ResultsOf() {}
};
template <class... T>
using Results = ResultsOf<std::index_sequence_for<T...>, T...>;

/// The arguments of one call.
template <class Indices, class... T> struct ArgumentsOf;
template <std::size_t... I, class... T>
struct ArgumentsOf<std::index_sequence<I...>, T...> : Field<I, T>... {};

template <class... T> struct List {};

template <class... L> struct Concat;
template <class... A> struct Concat<List<A...>> {
  using type = List<A...>;
};
template <class... A, class... B, class... Rest>
struct Concat<List<A...>, List<B...>, Rest...> {
  using type = typename Concat<List<A..., B...>, Rest...>::type;
};

//===----------------------------------------------------------------------===//
// The function
//===----------------------------------------------------------------------===//

template <class R, class... P> struct Signature {
  using Result = R;
  using Parameters = List<P...>;
  static constexpr std::size_t Arity = sizeof...(P);
};

template <class T> struct SignatureOf {};
template <class R, class... P> struct SignatureOf<R (*)(P...)> {
  using type = Signature<R, P...>;
};
template <class R, class... P>
struct SignatureOf<R (*)(P...) noexcept> : SignatureOf<R (*)(P...)> {};
template <class R, class C, class... P> struct SignatureOf<R (C::*)(P...)> {
  using type = Signature<R, P...>;
};
template <class R, class C, class... P>
struct SignatureOf<R (C::*)(P...) const> {
  using type = Signature<R, P...>;
};
template <class R, class C, class... P>
struct SignatureOf<R (C::*)(P...) const noexcept> {
  using type = Signature<R, P...>;
};
template <class R, class C, class... P>
struct SignatureOf<R (C::*)(P...) noexcept> {
  using type = Signature<R, P...>;
};

/// A plain function that calls a function object without state.
template <class F, class Sig> struct Thunk;
template <class F, class R, class... P> struct Thunk<F, Signature<R, P...>> {
  static R call(P... Args) { return F{}(static_cast<P &&>(Args)...); }
};

/// The plain type of what an argument wrapper holds.
template <class A> struct Payload {
  using type = std::decay_t<A>;
};
template <class T> struct Payload<Active<T>> : Payload<T> {};
template <class T> struct Payload<Const<T>> : Payload<T> {};
template <class T, class S> struct Payload<Duplicated<T, S>> : Payload<T> {};
template <class T, class S>
struct Payload<DuplicatedNoNeed<T, S>> : Payload<T> {};

template <class F>
concept HasOneCallOperator = requires { &F::operator(); };

template <class F>
constexpr bool IsFunctionPointer =
    std::is_pointer_v<F> && std::is_function_v<std::remove_pointer_t<F>>;

/// Signature and address of what the user gave as the function.
template <class F, class... A> struct Target {
  static_assert(!std::is_member_pointer_v<F>,
                "linkgrad: a member function cannot be differentiated "
                "directly; wrap it in a lambda that takes the object as an "
                "argument");
  static_assert(std::is_class_v<F>,
                "linkgrad: the first argument must be a function, a lambda "
                "without captures, or linkgrad::fn<f>");
  static_assert(!std::is_class_v<F> ||
                    (std::is_empty_v<F> && std::default_initializable<F>),
                "linkgrad: the lambda or function object has captures or "
                "state; pass that as a Const{...} or Duplicated{...} argument");

  static constexpr auto signature() {
    if constexpr (HasOneCallOperator<F>)
      return typename SignatureOf<decltype(&F::operator())>::type{};
    else // A generic lambda: the arguments decide.
      return Signature<std::invoke_result_t<F, typename Payload<A>::type...>,
                       typename Payload<A>::type...>{};
  }
  using Sig = decltype(signature());
  LINKGRAD_INLINE static void *address(F) {
    return reinterpret_cast<void *>(&Thunk<F, Sig>::call);
  }
};
template <class F, class... A>
  requires IsFunctionPointer<F>
struct Target<F, A...> {
  static_assert(
      requires { typename SignatureOf<F>::type; },
      "linkgrad: a C variadic function cannot be differentiated");
  using Sig = typename SignatureOf<F>::type;
  LINKGRAD_INLINE static void *address(F Pointer) {
    return reinterpret_cast<void *>(Pointer);
  }
};
template <auto F, class... A>
  requires IsFunctionPointer<decltype(F)>
struct Target<FunctionConstant<F>, A...> : Target<decltype(F), A...> {
  LINKGRAD_INLINE static void *address(FunctionConstant<F>) {
    return reinterpret_cast<void *>(F);
  }
};
template <auto F, class... A>
  requires(!IsFunctionPointer<decltype(F)>)
struct Target<FunctionConstant<F>, A...> : Target<decltype(F), A...> {
  LINKGRAD_INLINE static void *address(FunctionConstant<F>) {
    return Target<decltype(F), A...>::address(F);
  }
};

//===----------------------------------------------------------------------===//
// The arguments
//===----------------------------------------------------------------------===//

// The operands of the magic call, in order. Markers are constants even in code
// that is not optimised, which is why the call names each through a consteval
// function instead of passing it along.
template <int *Global> struct Marker {
  static consteval int *get(const auto &) { return Global; }
};
template <std::size_t I> struct Value {
  LINKGRAD_INLINE static auto get(const auto &Args) {
    return field<I>(Args).Value;
  }
};
template <std::size_t I> struct Shadow {
  LINKGRAD_INLINE static auto get(const auto &Args) {
    return field<I>(Args).Shadow;
  }
};

/// The form in which a parameter of type P travels: references and pointers as
/// void *, enumerations as integers.
template <class P, class T> LINKGRAD_INLINE auto lower(T &&Given) {
  if constexpr (std::is_reference_v<P>) {
    static_assert(std::is_convertible_v<T &&, P>,
                  "linkgrad: an argument cannot bind to the parameter's "
                  "reference type");
    P Bound = static_cast<P>(Given);
    return const_cast<void *>(
        static_cast<const volatile void *>(std::addressof(Bound)));
  } else {
    static_assert(std::is_convertible_v<T &&, P>,
                  "linkgrad: an argument cannot be converted to the "
                  "parameter's type");
    P Converted = std::forward<T>(Given);
    if constexpr (IsFunctionPointer<P>)
      return reinterpret_cast<void *>(Converted);
    else if constexpr (std::is_pointer_v<P>)
      return const_cast<void *>(static_cast<const volatile void *>(Converted));
    else if constexpr (std::is_enum_v<P>)
      return static_cast<std::underlying_type_t<P>>(Converted);
    else
      return Converted;
  }
}

template <class P>
constexpr bool Travels = std::is_arithmetic_v<P> || std::is_enum_v<P> ||
                         std::is_pointer_v<P> || std::is_reference_v<P>;

template <class P>
constexpr bool IsMemory = std::is_pointer_v<P> || std::is_reference_v<P>;

/// The lowered form of one argument.
template <class V> struct Single {
  V Value;
};
template <class V> struct Pair {
  V Value;
  V Shadow;
};

template <Mode M> constexpr bool IsForward = (unsigned(M) & 1) != 0;
template <Mode M> constexpr bool ReturnsPrimal = (unsigned(M) & 2) != 0;

// Argument<M, P, A> says for an argument A of a parameter P what goes into the
// call (Operands, given the argument's index) and the type of its derivative in
// the result (Gradient).

/// An argument without a wrapper.
template <Mode M, class P, class A> struct Argument {
  static_assert(!IsMemory<P>,
                "linkgrad: say what a pointer or reference argument is: "
                "Duplicated{p, shadow} or Const{p}");
  static_assert(!std::is_floating_point_v<P> || !IsForward<M>,
                "linkgrad: in forward mode a number needs its tangent: "
                "Duplicated{x, dx}, or Const{x} for none");
  static constexpr bool IsActive = std::is_floating_point_v<P>;
  template <std::size_t I>
  using Operands =
      std::conditional_t<IsActive, List<Marker<&EnzymeOut>, Value<I>>,
                         List<Marker<&EnzymeConst>, Value<I>>>;
  using Gradient = std::conditional_t<IsActive, List<P>, List<>>;
  static constexpr bool Varies = IsActive;
  LINKGRAD_INLINE static auto lowered(A &Arg) { return Single{lower<P>(Arg)}; }
};

template <Mode M, class P, class T> struct Argument<M, P, Active<T>> {
  static_assert(!IsForward<M>, "linkgrad: Active is for reverse mode; in "
                               "forward mode say Duplicated{x, dx}");
  static_assert(std::is_floating_point_v<P>,
                "linkgrad: Active needs a parameter that is a floating-point "
                "number by value; pointers and references are Duplicated");
  template <std::size_t I> using Operands = List<Marker<&EnzymeOut>, Value<I>>;
  using Gradient = List<P>;
  static constexpr bool Varies = true;
  LINKGRAD_INLINE static auto lowered(const Active<T> &Arg) {
    return Single{lower<P>(Arg.Value)};
  }
};

template <Mode M, class P, class T> struct Argument<M, P, Const<T>> {
  template <std::size_t I>
  using Operands = List<Marker<&EnzymeConst>, Value<I>>;
  using Gradient = List<>;
  static constexpr bool Varies = false;
  LINKGRAD_INLINE static auto lowered(const Const<T> &Arg) {
    return Single{lower<P>(Arg.Value)};
  }
};

template <Mode M, class P, class T, class S, int *MarkerGlobal>
struct DuplicatedArgument {
  static_assert(IsMemory<P> || IsForward<M>,
                "linkgrad: in reverse mode only pointers and references can be "
                "Duplicated; a number is Active{x}");
  static_assert(IsMemory<P> || std::is_floating_point_v<P>,
                "linkgrad: Duplicated needs a pointer, a reference or a "
                "floating-point number");
  // A reverse sweep adds to the shadow even if the primal is read only.
  using Pointee = std::remove_pointer_t<std::remove_reference_t<P>>;
  using ShadowPointee = std::remove_pointer_t<std::decay_t<S>>;
  static_assert(IsForward<M> || !std::is_pointer_v<P> ||
                    !std::is_const_v<ShadowPointee>,
                "linkgrad: reverse mode adds to the shadow, so it cannot be a "
                "pointer to const");
  static_assert(IsForward<M> || !std::is_reference_v<P> ||
                    (std::is_lvalue_reference_v<S> &&
                     !std::is_const_v<std::remove_reference_t<S>>),
                "linkgrad: reverse mode adds to the shadow, so it must be a "
                "variable that is not const");

  template <std::size_t I>
  using Operands = List<Marker<MarkerGlobal>, Value<I>, Shadow<I>>;
  using Gradient = List<>;
  static constexpr bool Varies = true;
  LINKGRAD_INLINE static auto lowered(const auto &Arg) {
    return Pair{lower<P>(Arg.Value), lower<P>(Arg.Shadow)};
  }
};
template <Mode M, class P, class T, class S>
struct Argument<M, P, Duplicated<T, S>>
    : DuplicatedArgument<M, P, T, S, &EnzymeDup> {};
template <Mode M, class P, class T, class S>
struct Argument<M, P, DuplicatedNoNeed<T, S>>
    : DuplicatedArgument<M, P, T, S, &EnzymeDupNoNeed> {};

//===----------------------------------------------------------------------===//
// The call
//===----------------------------------------------------------------------===//

template <Mode M, class R, class Arguments, class... Operand>
LINKGRAD_INLINE R callMagic(void *F, Arguments Args, List<Operand...>) {
  if constexpr (IsForward<M>)
    return __enzyme_fwddiff<R>(F, Operand::get(Args)...);
  else
    return __enzyme_autodiff<R>(F, Operand::get(Args)...);
}

/// What the magic call returns when it returns the listed values.
template <class L> struct Returned;
template <> struct Returned<List<>> {
  using type = void;
};
template <class T> struct Returned<List<T>> {
  using type = T;
};
template <class A, class B, class... T> struct Returned<List<A, B, T...>> {
  using type = Results<A, B, T...>;
};

/// What the user gets for the values from index First on.
template <std::size_t First, class A, class... T, class F>
LINKGRAD_INLINE auto pack(List<A, T...>, F &Result) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) {
    if constexpr (sizeof...(T) == 0)
      return field<First>(Result);
    else if constexpr ((std::is_same_v<A, T> && ...))
      return std::array<A, 1 + sizeof...(T)>{field<First + I>(Result)...};
    else
      return std::tuple<A, T...>{field<First + I>(Result)...};
  }(std::make_index_sequence<1 + sizeof...(T)>{});
}

template <Mode M, class Primal, class Gradients, class Arguments,
          class Operands>
LINKGRAD_INLINE auto call(void *F, const Arguments &Args, Operands) {
  constexpr bool WantsPrimal = ReturnsPrimal<M> && !std::is_void_v<Primal>;
  using PrimalList = std::conditional_t<WantsPrimal, List<Primal>, List<>>;
  using Values = typename Concat<PrimalList, Gradients>::type;
  using Markers = std::conditional_t<WantsPrimal,
                                     List<Marker<&EnzymePrimalReturn>>, List<>>;
  using Returns = typename Returned<Values>::type;
  using AllOperands = typename Concat<Markers, Operands>::type;
  if constexpr (WantsPrimal && !std::is_same_v<Gradients, List<>>) {
    Returns Result = callMagic<M, Returns>(F, Args, AllOperands{});
    auto Gradient = pack<1>(Gradients{}, Result);
    return ValueAndGradient<Primal, decltype(Gradient)>{field<0>(Result),
                                                        Gradient};
  } else if constexpr (std::is_class_v<Returns>) {
    Returns Result = callMagic<M, Returns>(F, Args, AllOperands{});
    return pack<0>(Gradients{}, Result);
  } else {
    return callMagic<M, Returns>(F, Args, AllOperands{});
  }
}

template <class Result> constexpr void checkResult() {
  static_assert(std::is_void_v<Result> || std::is_arithmetic_v<Result> ||
                    std::is_enum_v<Result>,
                "linkgrad: the function's result must be a number or void; "
                "write other results through a pointer or reference argument");
}

template <Mode M, class T, class... P, class F, class... A, std::size_t... I>
LINKGRAD_INLINE auto differentiate(List<P...>, std::index_sequence<I...>,
                                   F Function, A &...Args) {
  using Result = typename T::Sig::Result;
  checkResult<Result>();
  static_assert((Travels<P> && ...),
                "linkgrad: a class cannot be passed by value; let the function "
                "take it by pointer or reference");
  static_assert((Argument<M, P, A>::Varies || ...),
                "linkgrad: nothing to differentiate: no argument is Active or "
                "Duplicated");
  using Operands = typename Concat<
      List<>, typename Argument<M, P, A>::template Operands<I>...>::type;
  using Tangent =
      std::conditional_t<IsForward<M> && std::is_floating_point_v<Result>,
                         List<Result>, List<>>;
  using Gradients =
      typename Concat<Tangent, typename Argument<M, P, A>::Gradient...>::type;
  using Arguments = ArgumentsOf<std::index_sequence<I...>,
                                decltype(Argument<M, P, A>::lowered(Args))...>;
  return call<M, Result, Gradients>(
      T::address(Function), Arguments{{Argument<M, P, A>::lowered(Args)}...},
      Operands{});
}

template <Mode M, class F, class... A>
LINKGRAD_INLINE auto checkAndDifferentiate(F Function, A &...Args) {
  using T = Target<F, std::remove_const_t<A>...>;
  constexpr std::size_t Arity = T::Sig::Arity;
  static_assert(sizeof...(A) == Arity,
                "linkgrad: the number of arguments differs from the "
                "function's parameters");
  if constexpr (sizeof...(A) == Arity)
    return differentiate<M, T>(typename T::Sig::Parameters{},
                               std::index_sequence_for<A...>{}, Function,
                               Args...);
}

#undef LINKGRAD_INLINE

} // namespace detail

//===----------------------------------------------------------------------===//
// What users call
//===----------------------------------------------------------------------===//

/// The derivative of \p Function, as the mode and the arguments say. Arguments
/// without a wrapper: a floating-point number is Active (reverse mode only), an
/// integer is Const.
template <Mode M, class F, class... A>
[[gnu::always_inline]] inline auto autodiff(F Function, A &&...Args) {
  return detail::checkAndDifferentiate<M>(Function, Args...);
}
template <Mode M, auto F, class... A>
[[gnu::always_inline]] inline auto autodiff(A &&...Args) {
  return detail::checkAndDifferentiate<M>(fn<F>, Args...);
}

/// The gradient of \p Function with respect to all its floating-point
/// arguments: autodiff<Reverse>.
template <class F, class... A>
[[gnu::always_inline]] inline auto gradient(F Function, A &&...Args) {
  return detail::checkAndDifferentiate<Reverse>(Function, Args...);
}
template <auto F, class... A>
[[gnu::always_inline]] inline auto gradient(A &&...Args) {
  return detail::checkAndDifferentiate<Reverse>(fn<F>, Args...);
}

/// {value, gradient}: autodiff<Reverse | WithPrimal>.
template <class F, class... A>
[[gnu::always_inline]] inline auto valueAndGradient(F Function, A &&...Args) {
  return detail::checkAndDifferentiate<Reverse | WithPrimal>(Function, Args...);
}
template <auto F, class... A>
[[gnu::always_inline]] inline auto valueAndGradient(A &&...Args) {
  return detail::checkAndDifferentiate<Reverse | WithPrimal>(fn<F>, Args...);
}

} // namespace linkgrad

#endif // LINKGRAD_LINKGRAD_HPP
