#include "suites/graph/reference.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "kernels/error.h"
#include "kernels/interrupt.h"
#include "kernels/oracle/reference.h"

namespace halcyon {
namespace {

/// f(element, channel) of every element, where it lies.
template <class T, class Function>
void each(std::vector<T>& x, std::size_t channels, Function f) {
  for (std::size_t first = 0; first < x.size(); first += channels)
    for (std::size_t c = 0; c < channels; ++c) x[first + c] = f(x[first + c], c);
}

template <class T>
std::vector<std::vector<T>> run(
    const Graph& graph, TensorView input,
    const std::function<void(const Node&, const std::vector<T>&)>& seen) {
  PlainRun<T> plain(graph, input);
  for (const Node& node : graph.nodes) {
    plain.step(node);
    if (seen) seen(node, plain.result(node.output));
  }
  std::vector<std::vector<T>> outputs;
  for (const int v : graph.outputs) outputs.push_back(plain.result(v));
  return outputs;
}

}  // namespace

template <class T>
PlainRun<T>::PlainRun(const Graph& graph, TensorView input)
    : graph_(graph), results_(graph.values.size()), last_reader_(graph.values.size()) {
  if (static_cast<std::int64_t>(input.size()) != graph.input().shape.elements())
    throw data_error("input of " + std::to_string(input.size()) +
                     " elements; allowed: " + to_text(graph.input().shape));
  for (const Node& node : graph.nodes)
    for (const int v : node.inputs) last_reader_[v] = &node;
  for (const int v : graph.outputs) last_reader_[v] = nullptr;
  hold(0, numbers_of<T>(input));
}

template <class T>
void PlainRun<T>::hold(int value, std::vector<T> x) {
  const Stored& stored = graph_.values[value].stored;
  if (stored.is_rounded())
    for (T& v : x) v = static_cast<T>(stored.rounded(v));
  results_[value] = std::move(x);
}

template <class T>
void PlainRun<T>::step(const Node& node) {
  throw_if_interrupted();
  hold(node.output, result_of(node));
  for (const int v : node.inputs)
    if (is_last_reader(node, v)) std::vector<T>().swap(results_[v]);
}

template <class T>
bool PlainRun<T>::is_last_reader(const Node& node, int value) const {
  return last_reader_[value] == &node;
}

/// What a node reads first, to be changed in its place where nobody else reads it.
template <class T>
std::vector<T> PlainRun<T>::take(const Node& node) {
  const int v = node.inputs.front();
  const bool once = std::count(node.inputs.begin(), node.inputs.end(), v) == 1;
  return once && is_last_reader(node, v) ? std::move(results_[v]) : results_[v];
}

template <class T>
std::vector<T> PlainRun<T>::result_of(const Node& node) {
  if (node.kind == NodeKind::op) return run_op(node);
  if (node.kind == NodeKind::batchnorm) return run_batchnorm(node);
  std::vector<T> x = take(node);
  const Shape& shape = graph_.shape_of(node.output);
  const std::size_t channels = shape.c, image = x.size() / shape.n;
  switch (node.kind) {
    case NodeKind::act:
      for (T& v : x) v = static_cast<T>(activation(node.act, v));
      return x;
    case NodeKind::add: {
      const std::vector<T>& y = results_[node.inputs[1]];
      for (std::size_t i = 0; i < x.size(); ++i) x[i] += y[i];
      return x;
    }
    case NodeKind::scale: {
      const std::vector<T>& gate = results_[node.inputs[1]];
      for (std::size_t first = 0; first < x.size(); first += channels)
        for (std::size_t c = 0; c < channels; ++c)
          x[first + c] *= gate[first / image * channels + c];
      return x;
    }
    case NodeKind::channel_scale: {
      const auto factor = values_of(node, 0);
      each(x, channels, [&](T v, std::size_t c) { return v * factor[c]; });
      return x;
    }
    default:
      throw Error(Exit::internal, "node '" + node.name + "' of no kind");
  }
}

template <class T>
std::vector<T> PlainRun<T>::values_of(const Node& node, std::size_t index) const {
  const Parameter& p = graph_.parameters[node.parameters[index]];
  if (static_cast<std::int64_t>(p.values.size()) != p.elements())
    throw data_error("parameter '" + p.name + "' has " + std::to_string(p.values.size()) +
                     " values; allowed: " + std::to_string(p.elements()));
  return p.numbers<T>();
}

template <class T>
std::vector<T> PlainRun<T>::run_op(const Node& node) const {
  std::vector<T> weight, bias(node.op.out.c);
  if (!node.parameters.empty()) weight = values_of(node, 0);
  if (node.has_bias()) bias = values_of(node, 1);
  const Arguments<T> argument = [&](const char* base) -> std::span<const T> {
    if (*base == 'x') return results_[node.inputs[1]];
    return *base == 'w' ? weight : bias;
  };
  return node.op.kind->reference(node.op, results_[node.inputs.front()], argument);
}

template <class T>
std::vector<T> PlainRun<T>::run_batchnorm(const Node& node) {
  const auto scale = values_of(node, 0), shift = values_of(node, 1);
  const auto mean = values_of(node, 2), variance = values_of(node, 3);
  std::vector<T> deviation, x = take(node);
  for (const T v : variance) deviation.push_back(std::sqrt(v + static_cast<T>(node.eps)));
  each(x, scale.size(),
       [&](T v, std::size_t c) { return (v - mean[c]) / deviation[c] * scale[c] + shift[c]; });
  return x;
}

template class PlainRun<double>;
template class PlainRun<float>;

std::vector<std::vector<double>> run_reference(
    const Graph& graph, TensorView input,
    const std::function<void(const Node&, const std::vector<double>&)>& seen) {
  return run<double>(graph, input, seen);
}

std::vector<Tensor> reference_outputs(const Graph& graph, TensorView input) {
  std::vector<Tensor> outputs;
  for (const std::vector<double>& values : run_reference(graph, input))
    outputs.push_back(Tensor::rounded(graph.values[graph.outputs[outputs.size()]].dtype, values));
  return outputs;
}

std::vector<Tensor> run_reference_in_f32(const Graph& graph, TensorView input) {
  std::vector<Tensor> outputs;
  for (const std::vector<float>& values : run<float>(graph, input, {})) outputs.push_back(values);
  return outputs;
}

}  // namespace halcyon
