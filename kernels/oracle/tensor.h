#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "kernels/oracle/half.h"
#include "kernels/problem/problem.h"

namespace halcyon {

/// The dtype whose elements are of a C++ type: a row for each, and a case in with_type();
/// everything else moves bytes.
template <class T>
struct DTypeOf {};
template <DType kDType>
struct IsDType {
  static constexpr DType value = kDType;
};
template <>
struct DTypeOf<float> : IsDType<DType::f32> {};
template <>
struct DTypeOf<Float16> : IsDType<DType::f16> {};
template <>
struct DTypeOf<BFloat16> : IsDType<DType::bf16> {};
template <>
struct DTypeOf<std::int8_t> : IsDType<DType::i8> {};
template <>
struct DTypeOf<std::uint8_t> : IsDType<DType::u8> {};
template <>
struct DTypeOf<std::int32_t> : IsDType<DType::i32> {};
template <class T>
concept Element = requires {
  DTypeOf<T>::value;
};

[[noreturn]] void no_values_of(DType);  // a bug of ours: whoever reads a problem refuses its dtype

/// f(std::type_identity<T>()) with the C++ type of a dtype.
template <class F>
decltype(auto) with_type(DType dtype, F&& f) {
  switch (dtype) {
    case DType::f32:
      return std::forward<F>(f)(std::type_identity<float>());
    case DType::f16:
      return std::forward<F>(f)(std::type_identity<Float16>());
    case DType::bf16:
      return std::forward<F>(f)(std::type_identity<BFloat16>());
    case DType::i8:
      return std::forward<F>(f)(std::type_identity<std::int8_t>());
    case DType::u8:
      return std::forward<F>(f)(std::type_identity<std::uint8_t>());
    case DType::i32:
      return std::forward<F>(f)(std::type_identity<std::int32_t>());
  }
  no_values_of(dtype);
}

/// The largest number of a type.
template <Element T>
constexpr double largest() {
  if constexpr (std::is_arithmetic_v<T>)
    return std::numeric_limits<T>::max();
  else
    return T::largest();
}

/// The nearest number of a type, ties to even; integers end at their range, and none is NaN.
template <Element T>
T nearest(double value) {
  if constexpr (std::is_integral_v<T>) {
    const double least = std::numeric_limits<T>::min();
    return static_cast<T>(
        std::clamp(std::isnan(value) ? 0 : std::nearbyint(value), least, largest<T>()));
  } else {
    return static_cast<T>(value);
  }
}

/// A number as a dtype holds it; its largest finite one.
inline double rounded_to(DType dtype, double value) {
  return with_type(dtype,
                   [&]<class T>(std::type_identity<T>) -> double { return nearest<T>(value); });
}
inline double largest_of(DType dtype) {
  return with_type(dtype, []<class T>(std::type_identity<T>) -> double { return largest<T>(); });
}

class Tensor;

/// What a tensor holds, in memory of somebody else: dense elements of one dtype. Its shape stands
/// with what names it (TensorSpec, PlanTensor, Value, a file's dims).
struct TensorView {
  DType dtype = DType::f32;
  std::span<const std::byte> bytes;

  TensorView() = default;
  TensorView(DType of, std::span<const std::byte> memory) : dtype(of), bytes(memory) {}
  TensorView(const Tensor&);  // NOLINT: of one that lives on
  template <Element T>
  TensorView(std::span<const T> values) : dtype(DTypeOf<T>::value), bytes(std::as_bytes(values)) {}
  template <Element T>
  TensorView(const std::vector<T>& values) : TensorView(std::span<const T>(values)) {}

  std::size_t size() const {  // elements
    return bytes.size() / static_cast<std::size_t>(bytes_of(dtype));
  }
  bool empty() const { return bytes.empty(); }
  /// The elements, whose dtype must be that of T.
  template <Element T>
  std::span<const T> as() const {
    if (dtype != DTypeOf<T>::value) no_values_of(dtype);
    return {reinterpret_cast<const T*>(bytes.data()), size()};
  }
  double at(std::size_t i) const;  // for a look at one; loops go by with_values()
};

/// The same, in memory of its own.
class Tensor {
 public:
  Tensor() = default;
  Tensor(DType dtype, std::size_t elements)  // zeros
      : dtype_(dtype), bytes_(elements * static_cast<std::size_t>(bytes_of(dtype))) {}
  explicit Tensor(TensorView v) : dtype_(v.dtype), bytes_(v.bytes.begin(), v.bytes.end()) {}
  template <Element T>
  Tensor(const std::vector<T>& values) : Tensor(TensorView(values)) {}
  /// Each number as the dtype holds it.
  static Tensor rounded(DType, std::span<const double>);

  DType dtype() const { return dtype_; }
  std::span<const std::byte> bytes() const { return bytes_; }
  std::span<std::byte> bytes() { return bytes_; }
  std::size_t size() const { return TensorView(*this).size(); }
  bool empty() const { return bytes_.empty(); }
  double at(std::size_t i) const { return TensorView(*this).at(i); }
  template <Element T>
  std::span<const T> as() const {
    return TensorView(*this).as<T>();
  }
  template <Element T>
  std::span<T> as() {
    const auto values = TensorView(*this).as<T>();
    return {const_cast<T*>(values.data()), values.size()};
  }
  /// Bit for bit.
  bool operator==(const Tensor&) const = default;

 private:
  DType dtype_ = DType::f32;
  std::vector<std::byte> bytes_;
};

inline TensorView::TensorView(const Tensor& t) : dtype(t.dtype()), bytes(t.bytes()) {}

/// f(std::span<const T>) on the elements: the dtype is looked at once for all of them, so that
/// loops over them run as over any array.
template <class F>
decltype(auto) with_values(TensorView v, F&& f) {
  return with_type(v.dtype, [&]<class T>(std::type_identity<T>) -> decltype(auto) {
    return std::forward<F>(f)(v.as<T>());
  });
}

inline double TensorView::at(std::size_t i) const {
  return with_values(*this, [&](auto values) -> double { return values[i]; });
}

/// The elements as numbers of a type that loops compute with.
template <class To>
std::vector<To> numbers_of(TensorView v) {
  return with_values(v, [](auto values) {
    std::vector<To> numbers(values.size());
    std::transform(values.begin(), values.end(), numbers.begin(),
                   [](auto value) { return static_cast<To>(value); });
    return numbers;
  });
}

/// The least and the most of some elements, not none; where one is NaN they mean nothing.
std::pair<double, double> range_of(TensorView);

/// Makes each element f(element, its index), in double, and as the dtype holds it.
template <class F>
void transform(Tensor& tensor, F&& f) {
  with_type(tensor.dtype(), [&]<class T>(std::type_identity<T>) {
    std::size_t i = 0;
    for (T& value : tensor.as<T>()) value = nearest<T>(f(static_cast<double>(value), i++));
  });
}

/// Elements in another order, whatever they are. `moves(move)` calls move(to, from) for each: the
/// element at `from` then stands at `to` of the result, whose other elements are zero.
template <class Moves>
Tensor rearranged(TensorView v, std::size_t elements, Moves&& moves) {
  Tensor result(v.dtype, elements);
  const auto by = [&]<std::size_t kBytes>(std::integral_constant<std::size_t, kBytes>) {
    moves([begin = v.bytes.data(), out = result.bytes().data()](std::size_t to, std::size_t from) {
      std::memcpy(out + to * kBytes, begin + from * kBytes, kBytes);
    });
  };
  switch (bytes_of(v.dtype)) {
    case 1:
      by(std::integral_constant<std::size_t, 1>());
      break;
    case 2:
      by(std::integral_constant<std::size_t, 2>());
      break;
    case 4:
      by(std::integral_constant<std::size_t, 4>());
      break;
    default:
      no_values_of(v.dtype);
  }
  return result;
}

/// "n h w c" of the element at `index` of a dense tensor: for messages. "n0 h3 w1 c17".
std::string place_of(const TensorSpec&, std::int64_t index);

}  // namespace halcyon
