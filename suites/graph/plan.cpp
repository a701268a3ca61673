#include "suites/graph/plan.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "suites/graph/call_constants.h"
#include "suites/graph/convert.h"
#include "suites/graph/cut.h"
#include "suites/graph/fold.h"
#include "suites/graph/fuse.h"
#include "suites/graph/placement.h"

namespace halcyon {
namespace {

using nlohmann::json;

class Planner {
 public:
  Planner(const Graph& source, const CutChoice& how, int threads)
      : graph_(fold(source)), threads_(threads) {
    plan_.network = source.name;
    plan_.cut = to_text(how);
    plan_.batch = source.input().shape.n;
    units_ = cut(graph_, convert(graph_, fuse(graph_)), how);
  }

  Plan operator()() {
    plan_.input = tensor(0);
    plan_.tensors[plan_.input].place = PlanTensor::input;
    for (Unit& unit : units_) add_call(unit);
    for (const int value : graph_.outputs) add_output(value);
    place(plan_, threads_);
    return std::move(plan_);
  }

 private:
  /// The tensor that holds a value.
  int tensor(int value) {
    const auto [found, is_new] =
        tensors_.try_emplace(value, static_cast<int>(plan_.tensors.size()));
    if (is_new) {
      const Value& v = graph_.values[value];
      plan_.tensors.push_back(
          {.name = v.name, .shape = {1, v.shape.h, v.shape.w, v.shape.c}, .dtype = v.stored.dtype});
    }
    return found->second;
  }

  void add_output(int value) {
    const int index = tensor(value);
    PlanTensor& t = plan_.tensors[index];
    if (t.place != PlanTensor::arena)
      throw data_error("output '" + t.name +
                       "' is the input, or given twice; allowed: results of "
                       "nodes, each once");
    t.place = PlanTensor::output;
    plan_.outputs.push_back(index);
  }

  void add_call(Unit& unit) {
    PlanCall call{
        unit.name,
        unit.stage,
        unit.nodes,
        in_context(unit.name, [&] { return problem_of(unit, graph_.shape_of(unit.inputs[0])); }),
        {}};
    constants_ = call_constants(graph_, unit, call.problem);
    std::size_t input = 0;
    for (const TensorSpec& spec : call.problem.tensors())
      call.arguments.push_back(spec.is_parameter() ? constant(unit, spec)
                                                   : tensor_of(unit, spec, &input));
    plan_.calls.push_back(std::move(call));
  }

  PlanArgument tensor_of(const Unit& unit, const TensorSpec& spec, std::size_t* input) {
    if (spec.role == Role::output)
      return {PlanArgument::tensor, tensor(spec.name == "out" ? unit.output : unit.sums)};
    return {PlanArgument::tensor, tensor(unit.inputs.at((*input)++))};
  }

  PlanArgument constant(const Unit& unit, const TensorSpec& spec) {
    PlanConstant c{constant_name(unit, spec), std::move(constants_.at(spec.name))};
    if (static_cast<std::int64_t>(c.values.size()) != spec.elements())
      throw data_error("parameter '" + c.name + "' has " + std::to_string(c.values.size()) +
                       " values; allowed: " + std::to_string(spec.elements()));
    plan_.constants.push_back(std::move(c));
    return {PlanArgument::constant, static_cast<int>(plan_.constants.size()) - 1};
  }

  std::string constant_name(const Unit& unit, const TensorSpec& spec) const {
    if (spec.role == Role::scale) return unit.name + "." + spec.name;
    const std::size_t which = spec.role == Role::weight ? 0 : 1;
    const int parameter = unit.parameters.at(2 * static_cast<std::size_t>(spec.op) + which);
    return parameter >= 0 ? graph_.parameters[parameter].name : unit.name + ".zero";
  }

  Graph graph_;
  const int threads_;
  std::vector<Unit> units_;
  Plan plan_;
  std::map<int, int> tensors_;  // by value
  Tensors constants_;           // of the call in the making
};

json tensor_json(const PlanTensor& t) {
  static const std::map<PlanTensor::Place, const char*> kPlaces = {
      {PlanTensor::arena, "arena"}, {PlanTensor::input, "input"}, {PlanTensor::output, "output"}};
  json j = {{"name", t.name},
            {"shape", to_text(t.shape)},
            {"place", kPlaces.at(t.place)},
            {"bytes", t.bytes()}};
  if (t.place == PlanTensor::arena) j["offset"] = t.offset;
  return j;
}

json call_json(const Plan& plan, const PlanCall& call) {
  json arguments = json::array();
  for (std::size_t i = 0; i < call.arguments.size(); ++i) {
    const PlanArgument& a = call.arguments[i];
    const bool constant = a.from == PlanArgument::constant;
    arguments.push_back({{"argument", call.problem.tensors()[i].name},
                         {constant ? "constant" : "tensor",
                          constant ? plan.constants[a.index].name : plan.tensors[a.index].name}});
  }
  return {{"name", call.name},
          {"stage", call.stage},
          {"problem", call.problem.text()},
          {"nodes", call.nodes},
          {"arguments", std::move(arguments)}};
}

}  // namespace

const char* to_text(Cut cut) { return cut == Cut::ops ? "ops" : "blocks"; }

bool cut_from_text(std::string_view word, Cut* out) {
  for (const Cut c : {Cut::ops, Cut::blocks})
    if (word == to_text(c)) return *out = c, true;
  return false;
}

std::string to_text(const CutChoice& cut) {
  return to_text(cut.base) + (cut.fused.empty() ? "" : "+" + std::to_string(cut.fused.size()));
}

Plan plan_of(const Graph& graph, const CutChoice& how, int threads) {
  return Planner(graph, how, threads)();
}

bool has_problem(const Plan& plan, const std::string& line) {
  return std::any_of(plan.calls.begin(), plan.calls.end(),
                     [&](const PlanCall& call) { return call.problem.text() == line; });
}

json to_json(const Plan& plan) {
  json tensors = json::array(), calls = json::array(), outputs = json::array();
  for (const PlanTensor& t : plan.tensors) tensors.push_back(tensor_json(t));
  for (const PlanCall& c : plan.calls) calls.push_back(call_json(plan, c));
  for (const int t : plan.outputs) outputs.push_back(plan.tensors[t].name);
  return {{"network", plan.network},
          {"cut", plan.cut},
          {"batch", plan.batch},
          {"input", plan.tensors[plan.input].name},
          {"outputs", std::move(outputs)},
          {"arena_bytes", plan.arena_bytes},
          {"largest_live_bytes", plan.largest_live_bytes},
          {"tensors", std::move(tensors)},
          {"calls", std::move(calls)}};
}

}  // namespace halcyon
