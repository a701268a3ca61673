#pragma once
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/problem/problem.h"

namespace halcyon {

/// Tensors of a problem by name, as plain doubles: what the reference reads and writes.
using Values = std::map<std::string, std::vector<double>>;

/// The values of an op's parameter by its name without suffix.
template <class T>
using Arguments = std::function<std::span<const T>(const char*)>;

/// Plain loops over numbers of any one type, NHWC, before the epilogue: in double they are what
/// everything is checked against; how far the same in f32 are from those says what f32 loses at
/// least. `arg(base)` is the parameter of that name (without suffix) in the axes order of
/// OpKind::parameters.
class PlainLoops {
 public:
  /// Of a lambda that has no captures, []<class T>(...), as an Of<T> is.
  template <class Loops>
  constexpr PlainLoops(Loops loops) : in_double_(loops), in_f32_(loops) {}  // NOLINT: it is them

  std::vector<double> operator()(const Op& op, std::span<const double> in,
                                 const Arguments<double>& arg) const {
    return in_double_(op, in, arg);
  }
  std::vector<float> operator()(const Op& op, std::span<const float> in,
                                const Arguments<float>& arg) const {
    return in_f32_(op, in, arg);
  }

 private:
  template <class T>
  using Of = std::vector<T> (*)(const Op&, std::span<const T> in, const Arguments<T>& arg);
  Of<double> in_double_;
  Of<float> in_f32_;
};

/// What is the same for every op of one word. One file in kernels/ops/ per word; the list of words
/// is HALCYON_KERNELS in kernels/CMakeLists.txt.
struct OpKind {
  const char* word;        // "dw"
  const char* arguments;   // positional, as the grammar writes them: "KHxKW CO", "R ACT GATE", ""
  const char* attributes;  // which of s p d g it takes: "spd"
  const char* help;        // one line for `halcyon list ops`
  bool moves = false;      // its results are elements of its input, in another order or fewer
  bool alone = false;      // it is the only op of its problem, without an epilogue
  const char* not_in_i8 = nullptr;  // why it cannot be quantised; null: it can
  /// Fills op.out from op.in and the attributes. Throws Error with the reason when impossible.
  void (*resolve)(Op&);
  /// Its weights, biases and own further inputs: name without suffix ("x" for a further input),
  /// role, axes, extents. Epilogue inputs are not its affair. May be null: none.
  std::vector<TensorSpec> (*parameters)(const Op&);
  /// Multiply-accumulates with and without padded taps. May be null: none.
  std::int64_t (*macs)(const Op&, bool inside_only);
  PlainLoops reference;
};

/// All words, in the order of the list. `map` (an epilogue with no op before it) is the last.
const std::vector<const OpKind*>& op_kinds();
const OpKind* find_op_kind(std::string_view word);  // null when there is none
/// `map`: an epilogue with no op before it, so only ever first and never written as a word.
bool is_map(const OpKind&);
/// What OpKind::parameters says; nothing where it is null.
std::vector<TensorSpec> parameters_of(const Op&);

std::string_view to_text(const Epilogue&);  // "gelu", "skip"
/// The epilogue item called `word`; false when there is none.
bool epilogue_from_text(std::string_view word, Epilogue* out);
/// Every word of an epilogue: activations first, then scale, add, skip, sums.
const std::vector<std::string>& epilogue_words();

/// The argument of op 0 called `name` that holds a tensor of this shape: (c, x, y[, n]).
TensorSpec tensor_spec(std::string name, Role, const Shape&);
/// The shape with these extents. Throws Error when one is outside 1 .. 2^31-1 or there are more
/// than 2^40 elements.
Shape checked_shape(std::int64_t n, std::int64_t h, std::int64_t w, std::int64_t c);
/// The product; factors are not negative. Throws Error when it exceeds 2^63-1.
std::int64_t checked_product(std::initializer_list<std::int64_t> factors);

}  // namespace halcyon
