#pragma once
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "kernels/oracle/reference.h"
#include "kernels/problem/op.h"

namespace halcyon {

/// A problem computed once more, for tests: every element of a result from its formula, in the
/// floating type T, sharing no loops or index arithmetic with the reference. In double it checks
/// the reference; in f32 it shows what rounding a right kernel has.
template <class T>
class SecondOpinion {
 public:
  SecondOpinion(const Problem& problem, const Tensors& arguments)
      : problem_(problem), arguments_(arguments) {}

  Tensors run() {
    Tensors outputs;
    Map current{problem_.input(), cast(arguments_.at("in"))};
    for (op_ = 0; op_ < static_cast<int>(problem_.ops().size()); ++op_) {
      current = epilogue(result(current));
      if (op().has(Epilogue::sums)) outputs[problem_.name("sums", op_)] = sums(current);
    }
    outputs["out"] = rounded(current.values);
    return outputs;
  }

 private:
  struct Map {
    Shape shape;
    std::vector<T> values;
    /// `outside` where (y, x) is no pixel.
    T at(int n, int y, int x, int c, T outside = 0) const {
      if (y < 0 || x < 0 || y >= shape.h || x >= shape.w) return outside;
      return values[((std::size_t(n) * shape.h + y) * shape.w + x) * shape.c + c];
    }
  };

  static std::vector<T> cast(const Tensor& v) { return numbers_of<T>(v); }
  Tensor rounded(const std::vector<T>& values) const {
    return Tensor::rounded(problem_.dtype(), std::vector<double>(values.begin(), values.end()));
  }
  const Op& op() const { return problem_.ops()[op_]; }
  std::vector<T> named(const char* base) const {
    return cast(arguments_.at(problem_.name(base, op_)));
  }
  std::vector<T> next_extra() { return cast(arguments_.at("x" + std::to_string(++extras_))); }

  /// A map of op().out whose element (n, y, x, c) is f(n, y, x, c).
  template <class F>
  Map each(F&& f) const {
    Map out{op().out, {}};
    for (int n = 0; n < out.shape.n; ++n)
      for (int y = 0; y < out.shape.h; ++y)
        for (int x = 0; x < out.shape.w; ++x)
          for (int c = 0; c < out.shape.c; ++c) out.values.push_back(f(n, y, x, c));
    return out;
  }

  static int from(const Window& w, int out, int tap) {
    return out * w.stride - w.pad_lo + tap * w.dilation;
  }

  Map result(const Map& in) {
    const std::string word(op().word());
    if (word == "conv" || word == "pw" || word == "linear") return convolution(in);
    if (word == "dw") return depthwise(in);
    if (word == "maxpool") return maximum(in);
    const int image = in.shape.h * in.shape.w;
    if (word == "gap") return weighted_sum(in, std::vector<T>(in.shape.n * image, 1), T(image));
    if (word == "tokensum") return weighted_sum(in, next_extra(), T(1));
    if (word == "s2d") return space_to_depth(in);
    if (word == "upsample2x") return upsampled(in);
    if (word == "se") return squeezed(in);
    return in;
  }

  Map convolution(const Map& in) {
    const Op& o = op();
    const std::vector<T> w = named("w"), b = named("b");
    const int k = in.shape.c / o.groups;
    return each([&](int n, int y, int x, int c) {
      const int first = c / (o.out.c / o.groups) * k;
      T sum = b[c];
      for (int i = 0; i < o.h.kernel * o.w.kernel * k; ++i) {
        const int tap = i / k, ky = tap / o.w.kernel, kx = tap % o.w.kernel;
        sum += in.at(n, from(o.h, y, ky), from(o.w, x, kx), first + i % k) *
               w[std::size_t(i) * o.out.c + c];
      }
      return sum;
    });
  }

  Map depthwise(const Map& in) {
    const std::vector<T> w = named("w"), b = named("b");
    const Window h = op().h, v = op().w;
    return each([&](int n, int y, int x, int c) {
      T sum = b[c];
      for (int tap = 0; tap < h.kernel * v.kernel; ++tap)
        sum += in.at(n, from(h, y, tap / v.kernel), from(v, x, tap % v.kernel), c) *
               w[std::size_t(tap) * in.shape.c + c];
      return sum;
    });
  }

  Map maximum(const Map& in) const {
    const Window h = op().h, v = op().w;
    return each([&](int n, int y, int x, int c) {
      T most = -INFINITY;
      for (int tap = 0; tap < h.kernel * v.kernel; ++tap) {
        const T value =
            in.at(n, from(h, y, tap / v.kernel), from(v, x, tap % v.kernel), c, -INFINITY);
        if (value > most) most = value;
      }
      return most;
    });
  }

  Map weighted_sum(const Map& in, const std::vector<T>& weights, T divisor) const {
    const int image = in.shape.h * in.shape.w;
    return each([&](int n, int, int, int c) {
      T sum = 0;
      for (int p = 0; p < image; ++p)
        sum += weights[n * image + p] * in.at(n, p / in.shape.w, p % in.shape.w, c);
      return sum / divisor;
    });
  }

  Map space_to_depth(const Map& in) const {
    return each([&](int n, int y, int x, int c) {
      const int b = op().block, cell = c / in.shape.c;
      return in.at(n, y * b + cell / b, x * b + cell % b, c % in.shape.c);
    });
  }

  /// Bilinear by the textbook: a source coordinate, its two neighbours, their distances.
  Map upsampled(const Map& in) const {
    const auto source = [](int out, int extent) {
      return std::min(std::max((out + T(0.5)) / 2 - T(0.5), T(0)), T(extent - 1));
    };
    return each([&](int n, int y, int x, int c) {
      const T sy = source(y, in.shape.h), sx = source(x, in.shape.w);
      const int y0 = int(sy), x0 = int(sx), y1 = std::min(y0 + 1, in.shape.h - 1),
                x1 = std::min(x0 + 1, in.shape.w - 1);
      const T fy = sy - y0, fx = sx - x0;
      return (1 - fy) * ((1 - fx) * in.at(n, y0, x0, c) + fx * in.at(n, y0, x1, c)) +
             fy * ((1 - fx) * in.at(n, y1, x0, c) + fx * in.at(n, y1, x1, c));
    });
  }

  Map squeezed(const Map& in) const {
    const std::vector<T> wr = named("wr"), br = named("br"), we = named("we"), be = named("be");
    const int channels = in.shape.c, squeeze = op().squeeze;
    std::vector<T> gate;
    for (int n = 0; n < in.shape.n; ++n) {
      std::vector<T> mean(channels), hidden(br);
      for (int c = 0; c < channels; ++c) {
        for (int y = 0; y < in.shape.h; ++y)
          for (int x = 0; x < in.shape.w; ++x) mean[c] += in.at(n, y, x, c);
        mean[c] /= T(in.shape.h * in.shape.w);
      }
      for (int r = 0; r < squeeze; ++r) {
        for (int c = 0; c < channels; ++c) hidden[r] += mean[c] * wr[r + c * squeeze];
        hidden[r] = activate(op().squeeze_act, hidden[r]);
      }
      for (int c = 0; c < channels; ++c) {
        T sum = be[c];
        for (int r = 0; r < squeeze; ++r) sum += hidden[r] * we[c + r * channels];
        gate.push_back(activate(op().gate, sum));
      }
    }
    return each(
        [&](int n, int y, int x, int c) { return in.at(n, y, x, c) * gate[n * channels + c]; });
  }

  static T activate(Act act, T x) { return static_cast<T>(activation(act, x)); }

  Map epilogue(Map map) {
    for (const Epilogue& item : op().epilogue) {
      std::vector<T> operand = {T(0)};
      if (item.kind == Epilogue::scale || item.kind == Epilogue::add) operand = next_extra();
      if (item.kind == Epilogue::skip) operand = cast(arguments_.at("in"));
      for (std::size_t i = 0; i < map.values.size(); ++i) {
        const T value = operand[i % operand.size()];
        if (item.kind == Epilogue::act) map.values[i] = activate(item.function, map.values[i]);
        if (item.kind == Epilogue::scale) map.values[i] *= value;
        if (item.kind == Epilogue::add || item.kind == Epilogue::skip) map.values[i] += value;
      }
    }
    return map;
  }

  Tensor sums(const Map& map) const {
    std::vector<T> out;
    for (int n = 0; n < map.shape.n; ++n)
      for (int c = 0; c < map.shape.c; ++c) {
        T sum = 0;
        for (int y = 0; y < map.shape.h; ++y)
          for (int x = 0; x < map.shape.w; ++x) sum += map.at(n, y, x, c);
        out.push_back(sum);
      }
    return rounded(out);
  }

  const Problem& problem_;
  const Tensors& arguments_;
  int op_ = 0, extras_ = 0;
};

}  // namespace halcyon
