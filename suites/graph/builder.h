#pragma once
#include <string>

#include "suites/graph/graph.h"

namespace halcyon {

/// A convolution as sources write it; square unless said.
struct Convolution {
  int channels = 0;
  Window h, w;  // kernel, stride, dilation, padding
  int groups = 1;
  bool bias = true;
};
/// kernel x kernel, padding dilation*(kernel-1)/2 for odd kernels and none for even ones.
Convolution square(int channels, int kernel, int stride = 1, int groups = 1, bool bias = true);

/// Makes a graph node by node; every method returns the value that the node yields. `name` is of
/// the node and the stem of its parameters' names ("<name>.weight"). Throws Error (exit 2) with the
/// node's name when the shapes do not allow it.
class GraphBuilder {
 public:
  GraphBuilder(std::string name, const Shape& input, std::string input_name = "input");

  /// Nodes from now on are counted under this.
  void stage(std::string name) { stage_ = std::move(name); }

  /// As dw, pw or conv, whichever says it.
  int conv(const std::string& name, int x, const Convolution&);
  int linear(const std::string& name, int x, int channels, bool bias = true);  // wants a 1x1 map
  int batchnorm(const std::string& name, int x, double eps);
  int channel_scale(const std::string& name, int x);
  int act(const std::string& name, int x, Act);
  int add(const std::string& name, int x, int y);
  int scale(const std::string& name, int x, int gate);  // gate: Nx1x1xC
  int gap(const std::string& name, int x);
  int maxpool(const std::string& name, int x, const Window& h, const Window& w);
  int s2d(const std::string& name, int x, int block);
  int upsample2x(const std::string& name, int x);
  int tokensum(const std::string& name, int x, int weights);
  /// Something else that the graph is given.
  int further_input(const std::string& name, const Shape&);

  const Shape& shape(int value) const { return graph_.values[value].shape; }
  /// The node that was made last, to give it values or other names of parameters.
  Node& last() { return graph_.nodes.back(); }
  Graph& graph() { return graph_; }
  /// The finished graph. Nodes that no output needs are an Error of the caller's.
  Graph finish(std::vector<int> outputs);

 private:
  int node(const std::string& name, NodeKind, Op, std::vector<int> inputs, const Shape& out);
  int op_node(const std::string& name, Op, std::vector<int> inputs, bool bias);
  int parameter(const std::string& name, ParameterRole, std::vector<int> extents);

  Graph graph_;
  std::string stage_;
};

}  // namespace halcyon
