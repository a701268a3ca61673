#include "suites/bundle/network_bundle.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "kernels/error.h"
#include "kernels/oracle/seeded_stream.h"
#include "suites/bundle/bundle_writer.h"

namespace halcyon {
namespace {

using nlohmann::json;

void require(bool holds, const std::string& what) {
  if (!holds) throw usage_error("a network for a bundle: " + what);
}

/// Values that are said to be those of `spec`.
void require_values_of(const TensorSpec& spec, const Tensor& values, const std::string& name) {
  require(values.dtype() == spec.dtype, "'" + name + "' has values of " +
                                            std::string(to_text(values.dtype())) +
                                            "; allowed: " + std::string(to_text(spec.dtype)));
  require(static_cast<std::int64_t>(values.size()) == spec.elements(),
          "'" + name + "' has " + std::to_string(values.size()) +
              " values; allowed: " + std::to_string(spec.elements()));
}

/// A tensor as a case's argument: NHWC, of the whole batch.
TensorSpec spec_of(const PlanTensor& tensor, Role role, int batch) {
  const Shape& s = tensor.shape;
  return {tensor.name, role, 0, {"c", "x", "y", "n"}, {s.c, s.w, s.h, batch}, tensor.dtype};
}

class NetworkWriter {
 public:
  NetworkWriter(BundleWriter& writer, const NetworkInBundle& network, const NetworkVariant& variant,
                const std::vector<BundleCase>& cases)
      : writer_(writer), network_(network), plan_(*variant.plan) {
    require(!network.sets.empty(), "no input");
    for (const BundleCase& c : cases) {
      const std::string problem = c.candidate.problem.text();
      const auto wanted = variant.kernels.find(problem);
      if (wanted == variant.kernels.end() || wanted->second == c.id)
        kernels_.try_emplace(problem, &c);
    }
  }

  json operator()() {
    json calls = json::array();
    for (const PlanCall& call : plan_.calls)
      calls.push_back(in_context("call '" + call.name + "'", [&] { return call_json(call); }));
    json outputs = json::array();
    for (std::size_t i = 0; i < plan_.outputs.size(); i++) outputs.push_back(output_json(i));
    return {{"name", plan_.network},
            {"batch", plan_.batch},
            {"weights", {{"offset", weights_begin_}, {"bytes", weights_bytes_}}},
            {"arena_bytes", plan_.arena_bytes},
            {"input", input_json()},
            {"outputs", std::move(outputs)},
            {"calls", std::move(calls)}};
  }

 private:
  json call_json(const PlanCall& call) {
    const auto kernel = kernels_.find(call.problem.text());
    require(kernel != kernels_.end(), "no case has '" + call.problem.text() + "'");
    const Compiled& compiled = kernel->second->timed;
    require(compiled.outcome == Outcome::ok, "'" + kernel->second->id + "': " + compiled.detail);
    const auto& specs = call.problem.tensors();
    require(call.arguments.size() == specs.size(), "arguments are missing");
    json arguments = json::array();
    for (std::size_t i = 0; i < specs.size(); i++)
      arguments.push_back(place_json(call.arguments[i], specs[i], *kernel->second));
    return {{"name", call.name}, {"case", kernel->second->id}, {"arguments", std::move(arguments)}};
  }

  /// Which memory an argument lies in, and where.
  json place_json(const PlanArgument& argument, const TensorSpec& spec, const BundleCase& kernel) {
    if (argument.from == PlanArgument::constant)
      return {{"weights", add_constant(plan_.constants.at(argument.index), spec, kernel)}};
    const PlanTensor& tensor = plan_.tensors.at(argument.index);
    require(tensor.shape.elements() == spec.elements() && tensor.dtype == spec.dtype,
            "tensor '" + tensor.name + "' is not of the size and dtype of '" + spec.name + "'");
    if (tensor.place == PlanTensor::arena) return {{"arena", tensor.offset}};
    if (tensor.place == PlanTensor::input) return {{"input", 0}};
    const auto found = std::find(plan_.outputs.begin(), plan_.outputs.end(), argument.index);
    require(found != plan_.outputs.end(), "'" + tensor.name + "' is no output");
    return {{"output", found - plan_.outputs.begin()}};
  }

  /// The offset in the block of weights. Nothing else may be written to the data meanwhile.
  std::size_t add_constant(const PlanConstant& constant, const TensorSpec& spec,
                           const BundleCase& kernel) {
    require_values_of(spec, constant.values, constant.name);
    const Tensor packed = lay_out(spec, kernel.candidate.schedule, constant.values);
    const std::size_t at = writer_.data().append(packed);
    if (weights_bytes_ == 0) weights_begin_ = at;
    weights_bytes_ = at - weights_begin_ + packed.bytes().size();
    return at - weights_begin_;
  }

  json input_json() {
    std::vector<std::size_t> offsets;
    const TensorSpec spec = spec_of(plan_.tensors.at(plan_.input), Role::input, plan_.batch);
    for (const NetworkSet& set : network_.sets) offsets.push_back(add_values(spec, set.input));
    return tensor_json(spec, offsets);
  }

  json output_json(std::size_t output) {
    std::vector<std::size_t> offsets;
    const TensorSpec spec =
        spec_of(plan_.tensors.at(plan_.outputs[output]), Role::output, plan_.batch);
    double low = 0, high = 0;
    for (const NetworkSet& set : network_.sets) {
      require(set.outputs.size() == plan_.outputs.size(), "references are missing");
      const Tensor& values = set.outputs[output];
      offsets.push_back(add_values(spec, values));
      const auto [least, most] = range_of(values);
      low = offsets.size() == 1 ? least : std::min(low, least);
      high = offsets.size() == 1 ? most : std::max(high, most);
    }
    json tensor = tensor_json(spec, offsets);
    const double range = high - low;
    require(std::isfinite(range), "output '" + spec.name + "' has values that are not finite");
    tensor["range"] = range;
    tensor["tolerance_abs"] = network_.tolerance * range;
    tensor["tolerance_rel"] = 0;
    return tensor;
  }

  std::size_t add_values(const TensorSpec& spec, const Tensor& values) {
    require_values_of(spec, values, spec.name);
    return writer_.data().add(values);
  }

  /// Dense, as it is.
  json tensor_json(const TensorSpec& spec, const std::vector<std::size_t>& offsets) {
    const Layout layout{.name = spec.name,
                        .role = spec.role,
                        .dtype = spec.dtype,
                        .axes = spec.axes,
                        .extents = spec.extents};
    return argument_json(spec, layout, offsets);
  }

  BundleWriter& writer_;
  const NetworkInBundle& network_;
  const Plan& plan_;
  std::map<std::string, const BundleCase*> kernels_;  // by problem
  std::size_t weights_begin_ = 0, weights_bytes_ = 0;
};

}  // namespace

Tensor seeded_input(const Plan& plan, std::uint64_t seed) {
  const PlanTensor& input = plan.tensors.at(plan.input);
  SeededStream random("input", seed);
  Tensor values(input.dtype, static_cast<std::size_t>(input.shape.elements() * plan.batch));
  transform(values, [&](double, std::size_t) { return random.normal(); });
  return values;
}

Bundle make_network_bundle(const std::string& folder, const Target& target,
                           const NetworkInBundle& network, const std::vector<BundleCase>& cases,
                           const std::string& runtime_object) {
  BundleWriter writer(folder, target);
  writer.add(cases);
  writer.set("network", NetworkWriter(writer, network, {&network.plan, {}}, cases)());
  json variants = json::array();
  for (const NetworkVariant& variant : network.variants)
    variants.push_back(NetworkWriter(writer, network, variant, cases)());
  if (!variants.empty()) writer.set("variants", std::move(variants));
  return writer.finish(runtime_object);
}

}  // namespace halcyon
