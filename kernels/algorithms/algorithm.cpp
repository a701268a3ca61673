#include "kernels/algorithms/algorithm.h"

#include <algorithm>

#include "kernels/algorithms/activation.h"
#include "kernels/algorithms/kernel.h"
#include "kernels/error.h"
#include "kernels/oracle/halide_type.h"

namespace halcyon {

using namespace Halide;

Func Algorithm::input(const TensorSpec& spec) {
  const ImageParam param(Type(halide_type(spec.dtype)), static_cast<int>(spec.axes.size()),
                         spec.name);
  inputs.push_back(param);
  const std::vector<Var> axes(spec.axes.begin(), spec.axes.end());
  Func f(spec.name + "_im");
  f(axes) = Internal::Call::make(param.parameter(), {axes.begin(), axes.end()});
  return f;
}

Func Algorithm::pad(const std::string& name, Func source, std::map<std::string, int> extent,
                    double value, const std::vector<std::string>& unguarded) {
  Expr outside = Internal::const_false();
  std::vector<Expr> inside;
  for (const Var& axis : source.args()) {
    const auto found = extent.find(axis.name());
    if (found == extent.end()) {
      inside.push_back(axis);
      continue;
    }
    const int last = found->second - 1;
    if (std::find(unguarded.begin(), unguarded.end(), axis.name()) != unguarded.end()) {
      inside.push_back(clamp(axis, 0, last));
    } else {
      outside = outside || axis < 0 || axis > last;
      inside.push_back(clamp(likely(axis), 0, last));
    }
  }
  Func f(name);
  f(source.args()) =
      select(outside, Internal::make_const(source.type(), value), likely(source(inside)));
  paddings[name] = {source, std::move(extent), value};
  return f;
}

std::vector<Argument> Algorithm::arguments() const { return {inputs.begin(), inputs.end()}; }

Pipeline Algorithm::pipeline() const {
  Pipeline all(outputs);
  for (const auto& pass : passes)  // its deleter keeps it alive as long as the pipeline
    all.add_custom_lowering_pass(pass.get(), [pass] {});
  return all;
}

RDom reduction(const std::vector<std::pair<std::string, int>>& loops) {
  std::vector<Internal::ReductionVariable> variables;
  for (const auto& [name, extent] : loops)
    variables.push_back({Internal::unique_name(name), 0, extent});
  return RDom(Internal::ReductionDomain(variables));
}

namespace {

/// The epilogue of an op applied to its value, in the order in which the line has it.
Expr with_epilogue(const Build& b, Expr value) {
  const auto reads_extra = [](const Epilogue& e) {
    return e.kind == Epilogue::scale || e.kind == Epilogue::add;
  };
  // The op's own further inputs (tokensum's weights) come before those of its epilogue.
  const std::vector<Epilogue>& epilogue = b.o().epilogue;
  const std::vector<Func> extras = b.extras();
  auto extra = extras.end() - std::count_if(epilogue.begin(), epilogue.end(), reads_extra);
  for (const Epilogue& e : epilogue) {
    switch (e.kind) {
      case Epilogue::act:
        value = activation_call(e.function, value);
        break;
      case Epilogue::scale:
        value = value * b.here(*extra++);
        break;
      case Epilogue::add:
        value = value + b.here(*extra++);
        break;
      case Epilogue::skip:
        value = value + b.here(b.arguments.at("in"));
        break;
      case Epilogue::sums:
        break;  // a second output, of the finished result
    }
  }
  return value;
}

/// The output sums<i>: the op's result summed over its map in a stage of its own, total<i>. Summed
/// in the output itself, Halide would take the output's memory for aligned where it reads it back.
Func sums_of(const Build& b, const Func& result) {
  const RDom r = reduction({{"rx", b.o().out.w}, {"ry", b.o().out.h}});
  const std::string name = b.name("sums");
  const auto& tensors = b.problem.tensors();
  const auto spec =
      std::find_if(tensors.begin(), tensors.end(), [&](const auto& t) { return t.name == name; });
  const std::vector<Var> axes(spec->axes.begin(), spec->axes.end());
  Func total(b.name("total")), sums(name);
  total(axes) = 0.f;
  total(axes) += b.at(result, b.c, r[0], r[1]);
  sums(axes) = total(axes);
  return sums;
}

}  // namespace

Algorithm build_algorithm(const Problem& problem) {
  if (problem.dtype() != DType::f32)
    throw usage_error("dtype " + std::string(to_text(problem.dtype())) +
                      ": kernels compute in f32 only");
  Algorithm a;
  std::map<std::string, Func> arguments;
  for (const TensorSpec& t : problem.tensors()) {
    a.extents[t.name] = t.extents;
    if (t.role != Role::output) arguments[t.name] = a.input(t);
  }
  std::vector<Func> sums;
  Func tensor = arguments.at("in");
  for (int op = 0; op < static_cast<int>(problem.ops().size()); ++op) {
    const Build b{a, problem, op, tensor, arguments};
    const std::string name = problem.result_name(op);
    Func result(name);
    result(b.axes()) = with_epilogue(b, kernel_of(b.o().word()).build(b));
    b.has_extents_of_result(name, b.axes());
    if (b.o().has(Epilogue::sums)) sums.push_back(sums_of(b, result));
    tensor = result;
  }
  a.outputs = {tensor};
  a.outputs.insert(a.outputs.end(), sums.begin(), sums.end());
  return a;
}

}  // namespace halcyon
