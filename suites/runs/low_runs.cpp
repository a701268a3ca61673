#include "suites/runs/low_runs.h"

#include <map>

#include "kernels/oracle/tensor_file.h"
#include "results/files/atomic_file.h"
#include "results/files/temporary_folder.h"
#include "suites/graph/parallel.h"
#include "suites/graph/reference.h"
#include "suites/protocol/network_wire.h"

namespace halcyon {

LowRuns::LowRuns(const ReadyNetwork& network, const NetworkMeter& meter, const Bundle& bundle)
    : network_(network), meter_(meter), bundle_(bundle) {}

std::vector<Tensor> LowRuns::outputs_for(const Tensor& input, const std::string& calls,
                                         NetworkMeasured& ran) const {
  const TemporaryFolder folder;
  const Plan& plan = network_.plan();
  NetworkFiles files{tensor_path(folder.path(), "input", input.dtype()), {}, calls};
  write_tensor(files.input, input);
  for (const int t : plan.outputs)
    files.outputs.push_back(tensor_path(folder.path(), "output" + std::to_string(t),
                                        plan.tensors[static_cast<std::size_t>(t)].dtype));
  ran = meter_.run(bundle_, files);
  std::vector<Tensor> outputs;
  for (std::size_t i = 0; ran.outcome == Outcome::ok && i < plan.outputs.size(); ++i) {
    const PlanTensor& t = plan.tensors[static_cast<std::size_t>(plan.outputs[i])];
    outputs.push_back(read_whole_tensor(files.outputs[i], t.dtype,
                                        static_cast<std::size_t>(t.shape.elements() * plan.batch)));
  }
  return outputs;
}

LayerCheck LowRuns::check_layers(const Tensor& input, NetworkMeasured& ran) const {
  const TemporaryFolder folder;
  outputs_for(input, folder.path(), ran);
  if (ran.outcome != Outcome::ok) return {};
  const Plan& plan = network_.plan();
  std::map<std::string, std::pair<std::string, const PlanTensor*>> files;  // by value
  for (std::size_t c = 0; c < plan.calls.size(); ++c) {
    const auto& specs = plan.calls[c].problem.tensors();
    for (std::size_t a = 0; a < specs.size(); ++a) {
      if (specs[a].role != Role::output || specs[a].dtype == DType::f32) continue;
      const auto index = static_cast<std::size_t>(plan.calls[c].arguments[a].index);
      files[plan.tensors[index].name] = {wire::call_file(folder.path(), c, specs[a]),
                                         &plan.tensors[index]};
    }
  }
  return halcyon::check_layers(
      network_.graph(), input, [&](const std::string& name) -> std::optional<Tensor> {
        const auto found = files.find(name);
        if (found == files.end()) return std::nullopt;
        const auto& [path, tensor] = found->second;
        return read_whole_tensor(path, tensor->dtype,
                                 static_cast<std::size_t>(tensor->shape.elements() * plan.batch));
      });
}

Agreement LowRuns::agreement(std::uint64_t seed, Progress& progress, NetworkMeasured& ran) const {
  constexpr std::uint64_t kFirst = 1000;  // of inputs that nothing else here has seen
  std::vector<Tensor> inputs;
  for (std::uint64_t i = 0; i < kAccuracyInputs; ++i)
    inputs.push_back(seeded_input(network_.plan(), seed + kFirst + i));
  std::vector<std::vector<Tensor>> in_f32(inputs.size()), found;
  const Graph& graph = network_.in_f32();
  each_in_parallel(inputs.size(),
                   [&](std::size_t i) { in_f32[i] = run_reference_in_f32(graph, inputs[i]); });
  for (const Tensor& input : inputs) {
    found.push_back(outputs_for(input, "", ran));
    if (ran.outcome != Outcome::ok) return {};
    progress.step("one input");
  }
  return agreement_of(found, in_f32, network_.plan().batch);
}

}  // namespace halcyon
