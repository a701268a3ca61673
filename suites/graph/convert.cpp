#include "suites/graph/convert.h"

#include <algorithm>
#include <map>

namespace halcyon {
namespace {

class Converter {
 public:
  explicit Converter(Graph& graph) : graph_(graph) {}

  std::vector<Unit> operator()(std::vector<Unit> units) {
    if (stored(0).is_rounded()) take_input();
    for (Unit& unit : units) add(std::move(unit));
    for (int& output : graph_.outputs)
      if (stored(output).is_rounded()) output = in_f32(output);
    return std::move(units_);
  }

 private:
  const Stored& stored(int value) const { return graph_.values[value].stored; }

  /// The input is given in f32: what reads it reads a conversion of it.
  void take_input() {
    input_ = copy_of(0, stored_input_name(graph_), stored(0));
    graph_.values[0].stored = {};
    add_conversion(0, input_);
  }

  void add(Unit unit) {
    for (int& value : unit.inputs)
      if (value == 0 && input_ >= 0) value = input_;
    unit.dtype = dtype_of(unit);
    if (unit.dtype == DType::f32)
      for (int& value : unit.inputs)
        if (stored(value).is_rounded()) value = in_f32(value);
    const int result = unit.output;
    const bool rounds = unit.dtype == DType::f32 && stored(result).is_rounded();
    if (rounds)
      unit.output = unit.results.back() =
          copy_of(result, graph_.values[result].name + ":exact", {});
    const int exact = unit.output;
    units_.push_back(std::move(unit));
    if (rounds) add_conversion(exact, result);
  }

  DType dtype_of(const Unit& unit) const {
    const Stored& out = stored(unit.output);
    const auto agrees = [&](int value) { return stored(value).dtype == out.dtype; };
    const bool agree = std::all_of(unit.inputs.begin(), unit.inputs.end(), agrees);
    if (!agree || (out.dtype == DType::u8 && !is_quantised(unit))) return DType::f32;
    return out.problem_dtype();
  }

  bool is_quantised(const Unit& unit) const {
    const Op& op = unit.ops.front();
    if (op.kind->not_in_i8 || unit.sums >= 0) return false;
    if (!requantises(op)) return stored(unit.inputs.front()) == stored(unit.output);
    const int weight = unit.parameters.front();
    return weight < 0 || graph_.parameters[weight].is_quantised();
  }

  int in_f32(int value) {
    const auto [found, is_new] = in_f32_.try_emplace(value, 0);
    if (!is_new) return found->second;
    const int copy = copy_of(value, graph_.values[value].name + ":f32", {});
    add_conversion(value, copy);
    return in_f32_[value] = copy;
  }

  int copy_of(int value, const std::string& name, const Stored& how) {
    Value copy = graph_.values[value];
    copy.name = name;
    copy.stored = how;
    graph_.values.push_back(std::move(copy));
    return static_cast<int>(graph_.values.size()) - 1;
  }

  void add_conversion(int from, int to) {
    Unit unit;
    unit.dtype = stored(from).problem_dtype();
    unit.ops.emplace_back();
    unit.ops.front().kind = find_op_kind("to");
    unit.ops.front().to = stored(to).problem_dtype();
    unit.inputs = {from};
    unit.parameters = {-1, -1};
    unit.results = {to};
    unit.output = to;
    unit.name = graph_.values[to].name + ".to";
    unit.stage = units_.empty() ? "input" : units_.back().stage;
    units_.push_back(std::move(unit));
  }

  Graph& graph_;
  std::vector<Unit> units_;
  int input_ = -1;             // the value that holds the converted input
  std::map<int, int> in_f32_;  // copies, by value
};

}  // namespace

std::vector<Unit> convert(Graph& graph, std::vector<Unit> units) {
  return Converter(graph)(std::move(units));
}

std::string stored_input_name(const Graph& graph) {
  return graph.input().name + ":" + std::string(to_text(graph.input().stored.dtype));
}

}  // namespace halcyon
