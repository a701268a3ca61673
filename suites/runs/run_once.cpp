#include "suites/runs/run_once.h"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "kernels/error.h"
#include "kernels/oracle/nchw.h"
#include "kernels/oracle/tensor_file.h"
#include "kernels/strict_json.h"
#include "results/files/atomic_file.h"
#include "results/files/temporary_folder.h"
#include "results/text/json_text.h"
#include "suites/meters/network_meter.h"
#include "suites/networks/input_files.h"
#include "suites/networks/network_reference.h"
#include "suites/onnx/npy.h"
#include "suites/protocol/network_wire.h"
#include "suites/runs/ready_network.h"

namespace halcyon {
namespace {

/// As run() leaves them in `raw`, of the folder `calls` as run_once() describes it.
void write_calls(const Plan& plan, const std::string& raw, const std::string& calls) {
  nlohmann::json index = nlohmann::json::array();
  for (std::size_t c = 0; c < plan.calls.size(); ++c) {
    const PlanCall& call = plan.calls[c];
    const std::vector<TensorSpec> specs = call.problem.tensors();
    for (std::size_t a = 0; a < specs.size(); ++a) {
      if (specs[a].role != Role::output) continue;
      const PlanTensor& tensor = plan.tensors[call.arguments[a].index];
      const Shape shape{plan.batch, tensor.shape.h, tensor.shape.w, tensor.shape.c};
      const std::string from = wire::call_file(raw, c, specs[a]);
      const std::string file = std::filesystem::path(from).stem().string() + ".npy";
      write_npy(std::filesystem::path(calls) / file,
                {{shape.n, shape.c, shape.h, shape.w},
                 nhwc_to_nchw(read_whole_tensor(from, specs[a].dtype,
                                                static_cast<std::size_t>(shape.elements())),
                              shape)});
      index.push_back({{"call", call.name},
                       {"problem", call.problem.text()},
                       {"tensor", tensor.name},
                       {"file", file}});
    }
  }
  write_file_atomically(calls + "/calls.json", indented_text(index));
}

/// One file for each output, in a folder that is there.
void check_outputs(const RunFiles& files, const Graph& graph) {
  if (files.outputs.size() != graph.outputs.size())
    throw usage_error(graph.name + " has " + std::to_string(graph.outputs.size()) +
                      " outputs, and --output names " + std::to_string(files.outputs.size()));
  std::set<std::string> seen;
  for (const std::string& path : files.outputs) {
    const auto absolute = std::filesystem::absolute(path).lexically_normal();
    std::error_code ignored;  // then it is no folder
    if (!std::filesystem::is_directory(absolute.parent_path(), ignored))
      throw usage_error("--output " + path + ": its folder is not there");
    if (!seen.insert(absolute.string()).second)
      throw usage_error("--output " + path + ": is named twice");
  }
}

}  // namespace

void run_once(const RunPlan& asked, const RunFiles& files, Progress& progress) {
  PlannedNetwork planned =
      planned_network(asked.what.front().word, asked, dtypes_of_networks(asked.request).front());
  check_outputs(files, planned.graph);
  const Tensor input =
      in_context("--input", [&] { return read_input(files.input, planned.graph); });
  Compiler compiler(cache_folder(asked.request.folders.cache), jobs_of(asked.request));
  ReadyNetwork network(std::move(planned), asked, compiler, progress);
  const Graph& graph = network.graph();
  if (const auto failed = network.failed())
    throw Error(Exit::check_failed, network.candidates()[*failed].id + ": " +
                                        std::string(to_text(network.compiled()[*failed].outcome)) +
                                        ": " + network.compiled()[*failed].detail);
  NetworkSet set{input, {}};  // one: nothing is judged here: what the outputs must be is not known
  for (const int value : graph.outputs)
    set.outputs.emplace_back(graph.values[value].dtype,
                             static_cast<std::size_t>(graph.shape_of(value).elements()));
  const Bundle& bundle = network.bundle({std::move(set)}, kMostNetworkTolerance);
  const TemporaryFolder folder;
  NetworkFiles raw{tensor_path(folder.path(), "input", input.dtype()), {}, ""};
  write_tensor(raw.input, input);
  for (std::size_t i = 0; i < graph.outputs.size(); ++i)
    raw.outputs.push_back(tensor_path(folder.path(), "output" + std::to_string(i),
                                      graph.values[graph.outputs[i]].dtype));
  if (!files.calls.empty()) {
    raw.calls = folder.path() + "/calls";
    make_folder(raw.calls);
  }
  const NetworkMeasured ran = NetworkMeter(network.target()).run(bundle, raw);
  if (ran.outcome != Outcome::ok)
    throw Error(Exit::check_failed,
                graph.name + ": " + std::string(to_text(ran.outcome)) + ": " + ran.detail);
  for (std::size_t i = 0; i < graph.outputs.size(); ++i) {
    const int value = graph.outputs[i];
    const Shape& shape = graph.shape_of(value);
    Tensor values = read_whole_tensor(raw.outputs[i], graph.values[value].dtype,
                                      static_cast<std::size_t>(shape.elements()));
    const auto lost = with_values(values, [](auto all) {
      return std::count_if(all.begin(), all.end(), [](double v) { return !std::isfinite(v); });
    });
    if (lost > 0)
      progress.say(files.outputs[i] + ": " + std::to_string(lost) + " of " +
                   std::to_string(values.size()) + " values are not finite");
    if (!graph.values[value].channels_last) values = nhwc_to_nchw(values, shape);
    write_npy(files.outputs[i], {source_dims(graph.values[value]), values});
  }
  if (files.calls.empty()) return;
  make_folder(files.calls);
  write_calls(network.plan(), raw.calls, files.calls);
}

}  // namespace halcyon
