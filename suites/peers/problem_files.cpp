#include "suites/peers/problem_files.h"

#include <cstring>
#include <nlohmann/json.hpp>

#include "kernels/oracle/fill.h"
#include "kernels/oracle/nchw.h"
#include "kernels/oracle/reference.h"
#include "kernels/oracle/tensor_file.h"
#include "kernels/problem/op.h"
#include "results/files/atomic_file.h"
#include "suites/onnx/writing/export.h"
#include "suites/peers/problem_graph.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// Of a tensor that is no parameter; a factor per channel is one pixel.
Shape shape_of(const TensorSpec& spec) {
  Shape shape;
  int* const places[] = {&shape.c, &shape.w, &shape.h, &shape.n};
  for (std::size_t i = 0; i < spec.extents.size(); ++i) *places[i] = spec.extents[i];
  return shape;
}

Tensor together(const std::vector<Tensor>& parts) {
  std::size_t elements = 0, at = 0;
  for (const Tensor& part : parts) elements += part.size();
  Tensor all(parts.front().dtype(), elements);
  for (const Tensor& part : parts) {
    std::memcpy(all.bytes().data() + at, part.bytes().data(), part.bytes().size());
    at += part.bytes().size();
  }
  return all;
}

std::vector<TensorSpec> inputs_of(const Problem& problem) {
  std::vector<TensorSpec> inputs;
  for (const TensorSpec& spec : problem.tensors())
    if (spec.role == Role::input || spec.role == Role::extra) inputs.push_back(spec);
  return inputs;
}

std::vector<int> nchw(const Shape& s) { return {s.n, s.c, s.h, s.w}; }

json op_json(const Op& op) {
  json acts = json::array(), epilogue = json::array();
  if (op.word() == "se") acts = {to_text(op.squeeze_act), to_text(op.gate)};
  for (const Epilogue& item : op.epilogue) epilogue.push_back(to_text(item));
  return {{"op", is_map(*op.kind) ? "map" : op.word()},
          {"in", nchw(op.in)},
          {"out", nchw(op.out)},
          {"kernel", {op.h.kernel, op.w.kernel}},
          {"stride", {op.h.stride, op.w.stride}},
          {"dilation", {op.h.dilation, op.w.dilation}},
          {"pad_low", {op.h.pad_lo, op.w.pad_lo}},
          {"pad_high", {op.h.pad_hi, op.w.pad_hi}},
          {"groups", op.word() == "dw" ? op.in.c : op.groups},
          {"block", op.block},
          {"acts", std::move(acts)},
          {"epilogue", std::move(epilogue)},
          {"parameters", json::object()}};
}

/// The description, and the parameters in the order of their places.
json description_of(const Problem& problem, const Tensors& values,
                    std::vector<Tensor>& parameters) {
  json inputs = json::array(), ops = json::array();
  for (const TensorSpec& spec : inputs_of(problem)) inputs.push_back(nchw(shape_of(spec)));
  for (const Op& op : problem.ops()) ops.push_back(op_json(op));
  std::size_t at = 0;
  for (const TensorSpec& spec : problem.tensors()) {
    if (spec.role != Role::weight && spec.role != Role::bias) continue;
    const Tensor& tensor = values.at(spec.name);
    const auto suffix = problem.name("", spec.op).size();
    ops[static_cast<std::size_t>(spec.op)]["parameters"]
       [spec.name.substr(0, spec.name.size() - suffix)] = {{"at", at}, {"elements", tensor.size()}};
    at += tensor.size();
    parameters.push_back(tensor);
  }
  return {{"problem", problem.text()},
          {"inputs", std::move(inputs)},
          {"ops", std::move(ops)},
          {"elements", at}};
}

void take_expected(const Problem& problem, const Tensors& values, ProblemFiles& files) {
  const Tensors outputs = reference(problem, values);
  bool sums = false;
  for (const TensorSpec& spec : problem.tensors()) {
    if (spec.role != Role::output) continue;
    files.own_expected.push_back(nhwc_to_nchw(outputs.at(spec.name), shape_of(spec)));
    files.expected.push_back(files.own_expected.back());
    if (spec.name == "out") continue;
    sums = true;
    const Shape& map = problem.ops()[spec.op].out;
    transform(files.expected.back(), [&](double sum, std::size_t) { return sum / map.h / map.w; });
  }
  if (!sums) files.own_expected.clear();
}

}  // namespace

ProblemFiles write_problem(const Problem& problem, std::uint64_t seed, const std::string& folder) {
  Tensors values;
  for (const TensorSpec& spec : problem.tensors())
    if (spec.role != Role::output) values[spec.name] = fill(spec, problem, Fill::random, seed);
  ProblemFiles files;
  files.model = folder + "/problem.onnx";
  files.description = folder + "/problem.json";
  write_onnx(graph_of(problem, values), files.model);
  std::vector<Tensor> parameters, inputs;
  json description = description_of(problem, values, parameters);
  const DType dtype = problem.dtype();
  const Tensor raw = parameters.empty() ? Tensor(dtype, 0) : together(parameters);
  const std::string path = tensor_path(folder, "problem", dtype);
  write_tensor(path, raw);
  description["parameters"] = path.substr(folder.size() + 1);
  write_file_atomically(files.description, description.dump(1) + "\n");
  for (const TensorSpec& spec : inputs_of(problem))
    inputs.push_back(nhwc_to_nchw(values.at(spec.name), shape_of(spec)));
  files.input = together(inputs);
  take_expected(problem, values, files);
  return files;
}

}  // namespace halcyon
