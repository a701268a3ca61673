#include "suites/networks/input_files.h"

#include <algorithm>
#include <filesystem>

#include "kernels/error.h"
#include "kernels/oracle/nchw.h"
#include "suites/onnx/npy.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> npy_files(const std::string& folder) {
  std::error_code error;
  std::vector<std::string> paths;
  for (const auto& entry : fs::directory_iterator(folder, error))
    if (entry.path().extension() == ".npy") paths.push_back(entry.path().string());
  if (error) throw usage_error("--calibrate '" + folder + "': " + error.message());
  if (paths.empty())
    throw usage_error("--calibrate '" + folder + "': found no .npy; allowed: one or more");
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

Tensor read_input(const std::string& path, const Graph& graph) {
  const Value& input = graph.input();
  Tensor values = read_npy(path, source_dims(input), input.dtype);
  return input.channels_last ? std::move(values) : nchw_to_nhwc(values, input.shape);
}

Calibration calibration_of(const Request& request, const Graph& graph) {
  Calibration calibration{request.range_method, {}};
  if (request.calibrate.empty()) {
    calibration.inputs = calibration_inputs(graph, request.seed);
    return calibration;
  }
  for (const std::string& path : npy_files(request.calibrate))
    calibration.inputs.push_back(read_input(path, graph));
  return calibration;
}

}  // namespace halcyon
