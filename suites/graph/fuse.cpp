#include "suites/graph/fuse.h"

#include <algorithm>
#include <set>

#include "kernels/error.h"
#include "kernels/problem/problem_builder.h"

namespace halcyon {
namespace {

class Fuser {
 public:
  Fuser(Graph& graph, bool with_sums)
      : graph_(graph), with_sums_(with_sums), taken_(graph.nodes.size()) {
    ready_.insert(0);
  }

  std::vector<Unit> operator()() {
    std::vector<Unit> units;
    for (std::size_t i = 0; i < graph_.nodes.size(); ++i)
      if (!taken_[i]) units.push_back(unit_from(i));
    return units;
  }

 private:
  Unit unit_from(std::size_t index) {
    Unit unit;
    const Node& node = graph_.nodes[index];
    unit.inputs = node.inputs;
    unit.parameters = {-1, -1};
    if (node.kind == NodeKind::op) {
      unit.ops = {bare_op(node)};
      std::copy(node.parameters.begin(), node.parameters.end(), unit.parameters.begin());
    } else {
      unit.ops = {map_op(node)};
    }
    take(unit, index);
    while (extend(unit)) {
    }
    unit.results = {unit.output};
    ready_.insert(unit.output);
    return unit;
  }

  static Op bare_op(const Node& node) {
    Op op = node.op;
    if (op.word() == "pw" && op.groups == 1 && op.in.h == 1 && op.in.w == 1)
      op.kind = find_op_kind("linear");  // the same weights; recipes of matrix-vector products
    return op;
  }

  static Op map_op(const Node& node) {
    Op op;
    op.kind = find_op_kind("map");
    op.epilogue = {epilogue_of(node)};
    return op;
  }

  static Epilogue epilogue_of(const Node& node) {
    switch (node.kind) {
      case NodeKind::act:
        return {Epilogue::act, node.act};
      case NodeKind::add:
        return {Epilogue::add};
      case NodeKind::scale:
        return {Epilogue::scale};
      default:
        throw Error(Exit::internal, "node '" + node.name + "' fuses with nothing");
    }
  }

  void take(Unit& unit, std::size_t index) {
    const Node& node = graph_.nodes[index];
    taken_[index] = true;
    unit.output = node.output;
    unit.name = node.name;
    unit.stage = node.stage;
    unit.nodes.push_back(node.name);
  }

  bool is_output(int value) const {
    return std::count(graph_.outputs.begin(), graph_.outputs.end(), value) > 0;
  }

  /// Takes one more node into the unit; false when nothing fits.
  bool extend(Unit& unit) {
    if (unit.sums >= 0) return false;  // the last word of an op
    if (unit.ops.back().epilogue.size() == kMostEpilogue) return false;
    const std::vector<int> readers = graph_.readers(unit.output);
    const Stored& stored = graph_.values[unit.output].stored;
    if (readers.size() == 1 && !is_output(unit.output))
      return !stored.is_rounded() && take_next(unit, readers.front());
    return with_sums_ && stored.dtype != DType::u8 && take_average(unit, readers);
  }

  bool take_next(Unit& unit, std::size_t index) {
    const Node& next = graph_.nodes[index];
    if (next.kind == NodeKind::op || taken_[index]) return false;
    // A product by a gate stays out: its consumer puts the gate on the smaller operand.
    if (next.kind == NodeKind::scale) return false;
    if (next.kind == NodeKind::add) {
      const int other = next.inputs[next.inputs[0] == unit.output ? 1 : 0];
      if (other == unit.output || !is_ready(other)) return false;
      unit.inputs.push_back(other);
    }
    unit.ops.back().epilogue.push_back(epilogue_of(next));
    take(unit, index);
    return true;
  }

  bool is_ready(int value) const { return ready_.count(value) > 0; }

  /// A global average of the unit's result that stands beside other readers, when linear layers
  /// alone read it.
  bool take_average(Unit& unit, const std::vector<int>& readers) {
    static constexpr std::string_view kCanSum[] = {"conv", "dw", "pw"};
    if (std::count(std::begin(kCanSum), std::end(kCanSum), unit.ops.back().word()) == 0)
      return false;
    for (const int r : readers) {
      Node& gap = graph_.nodes[r];
      if (!is_word(gap, "gap") || taken_[r] || is_output(gap.output) ||
          graph_.values[gap.output].stored.is_rounded())
        continue;
      const std::vector<int> behind = graph_.readers(gap.output);
      const auto is_layer = [&](int n) {
        const Node& layer = graph_.nodes[n];
        return (is_word(layer, "pw") || is_word(layer, "linear")) &&
               !graph_.parameters[layer.parameters[0]].is_quantised();
      };
      if (behind.empty() || !std::all_of(behind.begin(), behind.end(), is_layer)) continue;
      const double pixels = static_cast<double>(gap.op.in.h) * gap.op.in.w;
      for (const int n : behind)
        transform(graph_.parameters[graph_.nodes[n].parameters[0]].values,
                  [&](double w, std::size_t) { return w / pixels; });
      unit.ops.back().epilogue.push_back({Epilogue::sums});
      unit.sums = gap.output;
      graph_.values[gap.output].name += ":sum";  // no longer the source's value
      unit.nodes.push_back(gap.name);
      taken_[r] = true;
      ready_.insert(gap.output);
      return true;
    }
    return false;
  }

  Graph& graph_;
  const bool with_sums_;
  std::vector<char> taken_;  // by node
  std::set<int> ready_;      // values that earlier units yield
};

}  // namespace

std::vector<Unit> fuse(Graph& graph, bool with_sums) { return Fuser(graph, with_sums)(); }

}  // namespace halcyon
