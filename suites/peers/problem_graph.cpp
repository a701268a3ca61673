#include "suites/peers/problem_graph.h"

#include "kernels/error.h"
#include "kernels/problem/op.h"
#include "suites/graph/builder.h"

namespace halcyon {
namespace {

class ProblemGraph {
 public:
  ProblemGraph(const Problem& problem, const Tensors& arguments)
      : problem_(problem), arguments_(arguments), builder_("problem", problem.input(), "in") {
    builder_.graph().source = problem.text();
    for (const TensorSpec& spec : problem.tensors())
      if (spec.role == Role::extra) extras_.push_back(spec.name);
    // Else what takes it would be preceded by a node that nobody asked for.
    builder_.graph().values[0].flat = problem.ops().front().word() == "linear";
  }

  Graph operator()() {
    int x = 0;
    for (std::size_t i = 0; i < problem_.ops().size(); ++i) x = op(static_cast<int>(i), x);
    outputs_.insert(outputs_.begin(), x);
    Graph graph = builder_.finish(outputs_);
    for (const int factor : factors_) graph.values[factor].shape.n = 1;  // of all images
    return graph;
  }

 private:
  int op(int index, int x) {
    const Op& op = problem_.ops()[index];
    const std::string name = problem_.name(op.word(), index);
    int y = work(op, index, name, x);
    for (std::size_t i = 0; i < op.epilogue.size(); ++i)
      y = step(op.epilogue[i], name + "." + std::to_string(i + 1), y);
    return y;
  }

  int work(const Op& op, int index, const std::string& name, int x) {
    const std::string_view word = op.word();
    if (word == "conv" || word == "dw" || word == "pw") return convolution(op, index, name, x);
    if (word == "linear") {
      const int y = builder_.linear(name, x, op.channels);
      take(index, "w", "b");
      return y;
    }
    if (word == "se") return squeeze(op, index, name, x);
    if (word == "gap") return builder_.gap(name, x);
    if (word == "maxpool") return builder_.maxpool(name, x, op.h, op.w);
    if (word == "s2d") return builder_.s2d(name, x, op.block);
    if (word == "upsample2x") return builder_.upsample2x(name, x);
    if (word == "tokensum")
      return builder_.tokensum(name, x, further({op.in.n, op.in.h, op.in.w, 1}, x));
    if (is_map(*op.kind)) return x;
    throw Error(Exit::internal, "'" + std::string(word) + "' has no form as a model");
  }

  int convolution(const Op& op, int index, const std::string& name, int x) {
    const bool depthwise = op.word() == "dw";
    const int y = builder_.conv(
        name, x,
        {depthwise ? op.in.c : op.channels, op.h, op.w, depthwise ? op.in.c : op.groups, true});
    take(index, "w", "b");
    return y;
  }

  int squeeze(const Op& op, int index, const std::string& name, int x) {
    int gate = builder_.gap(name + ".mean", x);
    gate = builder_.conv(name + ".reduce", gate, square(op.squeeze, 1));
    take(index, "wr", "br");
    gate = builder_.act(name + ".act", gate, op.squeeze_act);
    gate = builder_.conv(name + ".expand", gate, square(op.in.c, 1));
    take(index, "we", "be");
    return builder_.scale(name, x, builder_.act(name + ".gate", gate, op.gate));
  }

  int step(const Epilogue& item, const std::string& name, int x) {
    const Shape& shape = builder_.shape(x);
    switch (item.kind) {
      case Epilogue::act:
        return builder_.act(name, x, item.function);
      case Epilogue::scale:
        factors_.push_back(further({shape.n, 1, 1, shape.c}, x));
        return builder_.scale(name, x, factors_.back());
      case Epilogue::add:
        return builder_.add(name, x, further(shape, x));
      case Epilogue::skip:
        return builder_.add(name, x, 0);
      case Epilogue::sums:
        outputs_.push_back(builder_.gap(name, x));
        return x;
    }
    throw Error(Exit::internal, "an epilogue that is none");
  }

  /// A further input, of the form of what it is joined with.
  int further(const Shape& shape, int beside) {
    const int value = builder_.further_input(extras_.at(next_extra_++), shape);
    builder_.graph().values[value].flat = builder_.graph().values[beside].flat;
    return value;
  }

  /// The values of the last node's parameters. Their order in memory is the same whatever the
  /// builder calls the op.
  void take(int index, const char* weight, const char* bias) {
    std::size_t next = 0;
    for (const char* base : {weight, bias}) {
      Parameter& p = builder_.graph().parameters[builder_.last().parameters.at(next++)];
      p.values = arguments_.at(problem_.name(base, index));
    }
  }

  const Problem& problem_;
  const Tensors& arguments_;
  GraphBuilder builder_;
  std::vector<std::string> extras_;
  std::size_t next_extra_ = 0;
  std::vector<int> factors_, outputs_;
};

}  // namespace

Graph graph_of(const Problem& problem, const Tensors& arguments) {
  return ProblemGraph(problem, arguments)();
}

}  // namespace halcyon
