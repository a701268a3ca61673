#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "kernels/problem/dtype.h"

namespace halcyon {

enum class Act { relu, relu6, hardswish, hardsigmoid, silu, sigmoid, gelu };
inline constexpr Act kAllActs[] = {Act::relu, Act::relu6,   Act::hardswish, Act::hardsigmoid,
                                   Act::silu, Act::sigmoid, Act::gelu};
std::string_view to_text(Act);
/// The activation called `word`; false when there is none.
bool act_from_text(std::string_view word, Act* out);

/// A dense NHWC tensor; extents in elements, each in 1 .. 2^31-1, product at most 2^40.
struct Shape {
  int n = 1, h = 1, w = 1, c = 1;
  bool operator==(const Shape&) const = default;
  std::int64_t elements() const { return std::int64_t{n} * h * w * c; }
};
std::string to_text(const Shape&);  // "1x14x14x192"

/// One spatial axis of a window op; lengths in elements.
struct Window {
  int kernel = 1, stride = 1, dilation = 1;  // dilation 1 is dense
  int pad_lo = 0, pad_hi = 0;
  bool operator==(const Window&) const = default;
  /// floor((in + pad_lo + pad_hi - dilation*(kernel-1) - 1) / stride) + 1.
  /// Throws Error when the dilated kernel does not fit into the padded input.
  int out(int in) const;
  /// The padding that the grammar takes by default: dilation*(kernel-1)/2 for odd kernels, else 0.
  int default_pad() const { return kernel % 2 ? dilation * (kernel - 1) / 2 : 0; }
  /// Where tap `tap` of output `o` reads; outside 0 .. in-1 it is padding.
  std::int64_t at(std::int64_t o, std::int64_t tap) const {
    return o * stride + tap * dilation - pad_lo;
  }
  /// Taps that fall inside an input of length `in`, over all outputs.
  std::int64_t taps_inside(int in) const;
};

/// What happens to an op's result before it is stored, in the order of the list.
struct Epilogue {
  enum Kind { act, scale, add, skip, sums } kind = act;
  Act function = Act::relu;  // of kind act
  bool operator==(const Epilogue&) const = default;
};

struct OpKind;  // what is the same for every op of one word: op.h

/// One op of a chain with its shapes resolved.
struct Op {
  const OpKind* kind = nullptr;  // one object per word, never null in a parsed problem
  Window h, w;                   // conv, dw, maxpool; else 1x1
  int groups = 1;                // conv, pw. Input channels are read in blocks of in.c / groups
  int channels = 0;              // conv, pw, linear: output channels as written
  int block = 0;                 // s2d
  int squeeze = 0;               // se: squeezed channels
  Act squeeze_act = Act::relu, gate = Act::sigmoid;  // se
  DType to = DType::f32;                             // to: what its result is stored in
  std::vector<Epilogue> epilogue;
  Shape in, out;  // resolved
  bool operator==(const Op&) const = default;
  std::string_view word() const;
  bool has(Epilogue::Kind) const;
};

enum class Role { input, weight, bias, scale, extra, output };
std::string_view to_text(Role);

/// One argument of a problem's kernel. Axes and extents innermost first, so NHWC is (c, x, y, n);
/// the batch axis n is left out where it is 1. Dense: the stride of an axis is the product of the
/// extents before it.
struct TensorSpec {
  std::string name;  // also the name of the stage that reads it
  Role role = Role::input;
  int op = 0;                     // index of the op it belongs to
  std::vector<std::string> axes;  // "c" "x" "y" "n"; weights: c (out), k (in), kx, ky
  std::vector<int> extents;       // logical, before any packing
  DType dtype = DType::f32;
  std::int64_t elements() const;
  std::int64_t bytes() const { return elements() * bytes_of(dtype); }
  /// Prepared before the first call, and so laid out as a schedule asks: weights, biases, scales.
  bool is_parameter() const {
    return role == Role::weight || role == Role::bias || role == Role::scale;
  }
};

/// One piece of work with fixed shapes: an input tensor and a chain of one or more ops.
///
/// Two problems are the same when their canonical lines are equal. Names of arguments and stages:
/// `in`, `w`, `b`, `acc`, `out` in a problem of one op; in a chain op i (from 1) has `w<i>`,
/// `b<i>`, `acc<i>`, `src<i>` and the tensor after it is `t<i>`, the last one `out`. Further inputs
/// are `x1`, `x2`, ... in order of appearance; the sums of op i are `sums<i>` (`sums` alone).
///
/// Shapes of the further tensors: `add` like the op's output; `scale` (c), the same for every
/// image; tokensum's weights NxHxWx1 as (c, x, y[, n]) with c = 1; `sums` Nx1x1xC as (c, x, y[,
/// n]), of the op's result after its whole epilogue, of which it is the last word. An op's own
/// further input stands before those of its epilogue.
///
/// Dtypes: input, weights, further inputs and `out` are of the problem's, biases and `sums` f32. In
/// i8 activations are u8, weights i8, biases i32, and an op that requantises has multipliers `m<i>`
/// (c) and constants `q<i>`: quantisation.h. `to` is the only op of its problem: `out` is of its
/// dtype, and to and from i8 it has a `q`.
class Problem {
 public:
  /// Reads a line of the grammar (design: "The line of a problem"). Throws Error (exit 2) with the
  /// place in the line, what was found and what is allowed.
  static Problem parse(std::string_view line);
  /// The canonical line.
  std::string text() const;

  /// Strict JSON: {"dtype": "f32", "input": [n,h,w,c], "ops": [{"op": "dw", ...}]}; unknown keys,
  /// missing keys and wrong types are Errors that name the JSON pointer.
  static Problem from_json(const nlohmann::json&);
  nlohmann::json to_json() const;

  DType dtype() const { return dtype_; }
  const Shape& input() const { return input_; }
  const Shape& output() const { return ops_.back().out; }
  const std::vector<Op>& ops() const { return ops_; }

  /// Every argument in the order of the kernel's C signature: inputs by op (in, then per op
  /// weights, biases, scales, further inputs), then outputs (out, then sums in order).
  const std::vector<TensorSpec>& tensors() const { return tensors_; }

  /// Multiply-accumulates of convolutions, linear layers and SE's, with padded taps (the field's
  /// convention; bias not counted). FLOPs are 2 * macs.
  std::int64_t macs() const;
  /// The same without the taps that fall outside the input.
  std::int64_t macs_inside() const;
  std::int64_t parameters() const;        // weights and biases
  std::int64_t weight_bytes() const;      // of them, and of scales
  std::int64_t activation_bytes() const;  // inputs, further inputs and outputs, each once; not the
                                          // tensors between ops
  bool operator==(const Problem& o) const { return text() == o.text(); }

  /// `w` + suffix of op i: "w" in a problem of one op, "w2" for the second op of a chain.
  std::string name(std::string_view base, int op) const;
  /// The tensor after op i: "out" for the last op, else "t<i+1>".
  std::string result_name(int op) const;

 private:
  friend class ProblemBuilder;
  DType dtype_ = DType::f32;
  Shape input_;
  std::vector<Op> ops_;
  std::vector<TensorSpec> tensors_;
};

}  // namespace halcyon
