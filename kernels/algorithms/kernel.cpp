#include "kernels/algorithms/kernel.h"

#include <limits>
#include <stdexcept>

#include "kernels/problem/quantisation.h"

namespace halcyon {

using Halide::Expr;
using Halide::Func;
using Halide::Var;

Func Build::argument(const char* base) const { return arguments.at(name(base)); }

std::vector<Func> Build::extras() const {
  std::vector<Func> found;
  for (const TensorSpec& t : problem.tensors())
    if (t.role == Role::extra && t.op == op) found.push_back(arguments.at(t.name));
  return found;
}

std::vector<Var> Build::axes() const {
  return problem.input().n > 1 ? std::vector<Var>{c, x, y, n} : std::vector<Var>{c, x, y};
}

Expr Build::at(const Func& f, Expr channel, Expr column, Expr row) const {
  return problem.input().n > 1 ? f(channel, column, row, n) : f(channel, column, row);
}

Expr Build::here(const Func& f) const {
  const std::vector<Var> own = f.args();
  return f(std::vector<Expr>(own.begin(), own.end()));
}

Expr Build::constant(int place) const { return argument("q")(place); }

Expr Build::zero() const {
  return quantised() && requantises(o()) ? Halide::cast(in.type(), constant(quantised::in_zero))
                                         : Halide::Internal::make_zero(in.type());
}

Expr Build::least() const {
  return in.type().is_float()
             ? Halide::Internal::make_const(in.type(), -std::numeric_limits<double>::infinity())
             : in.type().min();
}

Expr Build::wide(Expr element) const {
  return Halide::cast(quantised() ? Halide::Int(32) : Halide::Float(32), std::move(element));
}

Expr Build::value(Expr element) const {
  Expr v = Halide::cast(Halide::Float(32), std::move(element));
  return quantised() ? v - constant(quantised::in_zero) : v;
}

Func Build::windowed(Expr outside) const {
  const auto leaves = [](const Window& w, int extent, int out) {
    const int last = (out - 1) * w.stride + (w.kernel - 1) * w.dilation - w.pad_lo;
    return w.pad_lo > 0 || last >= extent;
  };
  std::map<std::string, int> padded;
  if (leaves(o().w, o().in.w, o().out.w)) padded[x.name()] = o().in.w;
  if (leaves(o().h, o().in.h, o().out.h)) padded[y.name()] = o().in.h;
  return padded.empty() ? in : algorithm.pad(name("src"), in, padded, std::move(outside));
}

void Build::has_extents_of_result(const std::string& stage,
                                  const std::vector<Var>& stage_axes) const {
  const std::map<std::string, int> of = {
      {c.name(), o().out.c}, {x.name(), o().out.w}, {y.name(), o().out.h}, {n.name(), o().out.n}};
  std::vector<int>& extents = algorithm.extents[stage];
  extents.clear();
  for (const Var& v : stage_axes) extents.push_back(of.at(v.name()));
}

Expr Build::sum(Expr start, Expr term) const {
  Func acc(name("acc"));
  acc(axes()) = start;
  acc(axes()) += term;
  has_extents_of_result(name("acc"), axes());
  return acc(axes());
}

Expr Build::sum(Expr term) const {
  const Expr start = Halide::Internal::make_zero(term.type());
  return sum(start, std::move(term));
}

Expr tap(const Window& w, Expr o, Expr k) { return o * w.stride + k * w.dilation - w.pad_lo; }

#define HALCYON_KERNEL(word) extern const Kernel word##_kernel;
#include "kernels.inc"
#undef HALCYON_KERNEL

const Kernel& kernel_of(std::string_view word) {
#define HALCYON_KERNEL(word) &word##_kernel,
  static const Kernel* const kernels[] = {
#include "kernels.inc"
  };
#undef HALCYON_KERNEL
  for (const Kernel* kernel : kernels)
    if (kernel->word == word) return *kernel;
  throw std::logic_error("no kernel for the op '" + std::string(word) + "'");
}

}  // namespace halcyon
