#include "kernels/algorithms/activation.h"
#include "kernels/algorithms/kernel.h"

namespace halcyon {

using namespace Halide;

/// Squeeze and excitation: the mean over the map goes through two small layers (reduce, with an
/// activation; expand, with the gate), whose result scales each channel.
static Expr build(const Build& b) {
  const Op& o = b.o();
  std::vector<Var> channel = b.axes();  // (c) or (c, n)
  channel.erase(channel.begin() + 1, channel.begin() + 3);

  const auto stage = [&](const char* base, Expr value, int channels) {
    Func f(b.name(base));
    f(channel) = value;
    b.has_extents_of_result(b.name(base), channel);
    b.algorithm.extents[b.name(base)][0] = channels;
    return f;
  };
  const auto layer = [&](const char* base, Func from, const char* weights, const char* bias, int in,
                         int out) {
    const RDom k = reduction({{"k", in}});
    std::vector<Expr> source(channel.begin(), channel.end());
    source[0] = k;
    Func acc = stage(base, b.argument(bias)(b.c), out);
    acc(channel) += from(source) * b.wide(b.argument(weights)(b.c, k));
    return acc;
  };

  const RDom r = reduction({{"rx", o.in.w}, {"ry", o.in.h}});
  const float points = static_cast<float>(o.in.w) * static_cast<float>(o.in.h);
  Func sum = stage("sum", 0.f, o.in.c);
  sum(channel) += b.wide(b.at(b.in, b.c, r[0], r[1]));
  Func mean = stage("mean", sum(channel) * (1.f / points), o.in.c);
  Func accr = layer("accr", mean, "wr", "br", o.in.c, o.squeeze);
  Func red = stage("red", activation_call(o.squeeze_act, accr(channel)), o.squeeze);
  Func acce = layer("acce", red, "we", "be", o.squeeze, o.in.c);
  Func gate = stage("gate", activation_call(o.gate, acce(channel)), o.in.c);
  return b.wide(b.here(b.in)) * gate(channel);
}

extern const Kernel se_kernel{.word = "se", .build = build};

}  // namespace halcyon
