#pragma once
#include <functional>
#include <vector>

#include "kernels/oracle/tensor.h"
#include "suites/graph/graph.h"

namespace halcyon {

/// A graph run node by node in plain loops over numbers of one type: double is the oracle, that of
/// a dtype says what the dtype loses. What is held in less than f32 is rounded to it, which is all
/// that a quantised network means by QuantizeLinear and DequantizeLinear. Shares nothing with
/// Halide nor with the passes. Holds what later nodes still read and nothing more.
template <class T>
class PlainRun {
 public:
  /// `input`: NHWC, of the graph's shape. Keeps a reference to the graph.
  PlainRun(const Graph&, TensorView input);
  /// Computes a node, whose parameters must have their values by now; nodes in their order.
  void step(const Node&);
  /// Of a value that a later node reads, or an output.
  const std::vector<T>& result(int value) const { return results_[value]; }
  /// Goes on with other values in its place.
  void replace(int value, std::vector<T> values) { results_[value] = std::move(values); }

 private:
  void hold(int value, std::vector<T>);
  std::vector<T> result_of(const Node&);
  std::vector<T> run_op(const Node&) const;
  std::vector<T> run_batchnorm(const Node&);
  std::vector<T> take(const Node&);
  std::vector<T> values_of(const Node&, std::size_t index) const;
  bool is_last_reader(const Node&, int value) const;

  const Graph& graph_;
  std::vector<std::vector<T>> results_;   // by value; empty before it is computed and when nobody
                                          // reads it
  std::vector<const Node*> last_reader_;  // by value; null: none, or an output
};

/// The oracle of a network: runs the unfolded graph in double. `input`: NHWC. Every parameter must
/// have its values. Returns the outputs in the graph's order; `seen` is told each node's result.
std::vector<std::vector<double>> run_reference(
    const Graph&, TensorView input,
    const std::function<void(const Node&, const std::vector<double>&)>& seen = {});

/// Its outputs as their dtypes hold them.
std::vector<Tensor> reference_outputs(const Graph&, TensorView input);

/// The same in f32, each sum one term after the other: what anybody's f32 loses about as much as.
std::vector<Tensor> run_reference_in_f32(const Graph&, TensorView input);

}  // namespace halcyon
