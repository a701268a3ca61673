#include "suites/graph/cut.h"

#include <algorithm>
#include <set>
#include <string_view>

#include "kernels/error.h"
#include "kernels/problem/problem_builder.h"

namespace halcyon {
namespace {

struct Pattern {
  Cut least;  // the first cut that has it
  std::vector<std::string_view> words;
};

/// Longest first. A gate goes to the product behind it, where it can be put on the weights; the two
/// layers of squeeze-and-excite are too small for a call each.
const std::vector<Pattern>& patterns() {
  static const std::vector<Pattern> all = {
      {Cut::blocks, {"dw", "pw", "pw"}}, {Cut::blocks, {"pw", "dw", "pw"}},
      {Cut::blocks, {"s2d", "pw"}},      {Cut::ops, {"map", "pw"}},
      {Cut::ops, {"linear", "linear"}},
  };
  return all;
}

bool is_scaling(const Op& op) {
  return op.word() == "map" && op.epilogue.size() == 1 && op.epilogue[0].kind == Epilogue::scale;
}

class Cutter {
 public:
  Cutter(const Graph& graph, std::vector<Unit> units, const CutChoice& cut)
      : graph_(graph), units_(std::move(units)), cut_(cut) {}

  std::vector<Unit> operator()() {
    for (const Pattern& pattern : patterns())
      if (pattern.least <= cut_.base || !cut_.fused.empty())
        for (std::size_t i = 0; i < units_.size(); ++i) join(i, pattern);
    return std::move(units_);
  }

 private:
  /// Joins the units from `first` on that match; the chain stands where its last unit stood, since
  /// that is where all its inputs are there.
  void join(std::size_t first, const Pattern& pattern) {
    std::vector<std::size_t> found = {first};
    const bool exception = pattern.least > cut_.base;
    while (matches(units_[found.back()], pattern.words[found.size() - 1])) {
      if (exception && left_apart_.count(units_[found.back()].output)) return;
      if (found.size() == pattern.words.size())
        return exception && !is_fused(found) ? leave_apart(found) : merge(found);
      const std::size_t next = only_reader(units_[found.back()]);
      if (next >= units_.size() || units_[next].dtype != units_[first].dtype) return;
      found.push_back(next);
    }
  }

  static bool matches(const Unit& unit, std::string_view word) {
    if (unit.ops.size() != 1 || unit.ops[0].word() != word) return false;
    return word != "map" || is_scaling(unit.ops[0]);
  }

  /// The one unit that reads this one's result, as its input; units_.size() when there is none.
  std::size_t only_reader(const Unit& unit) const {
    const auto& outputs = graph_.outputs;
    std::size_t found = units_.size();
    if (unit.sums >= 0 || std::count(outputs.begin(), outputs.end(), unit.output)) return found;
    for (std::size_t i = 0; i < units_.size(); ++i)
      for (std::size_t k = 0; k < units_[i].inputs.size(); ++k) {
        if (units_[i].inputs[k] != unit.output) continue;
        if (k > 0 || found < units_.size()) return units_.size();
        found = i;
      }
    return found;
  }

  bool is_fused(const std::vector<std::size_t>& parts) const {
    Unit chain = chain_of(parts);
    const std::string line = problem_of(chain, graph_.shape_of(chain.inputs[0])).text();
    return std::count(cut_.fused.begin(), cut_.fused.end(), line) > 0;
  }

  /// No other chain may have them: it would be one that `blocks` does not make.
  void leave_apart(const std::vector<std::size_t>& parts) {
    for (const std::size_t part : parts) left_apart_.insert(units_[part].output);
  }

  Unit chain_of(const std::vector<std::size_t>& parts) const {
    Unit chain = units_[parts.front()];
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const Unit& part = units_[parts[i]];
      chain.ops.insert(chain.ops.end(), part.ops.begin(), part.ops.end());
      chain.inputs.insert(chain.inputs.end(), part.inputs.begin() + 1, part.inputs.end());
      chain.parameters.insert(chain.parameters.end(), part.parameters.begin(),
                              part.parameters.end());
      chain.nodes.insert(chain.nodes.end(), part.nodes.begin(), part.nodes.end());
      chain.results.insert(chain.results.end(), part.results.begin(), part.results.end());
      chain.output = part.output;
      chain.sums = part.sums;
      chain.name = part.name;
      chain.stage = part.stage;
    }
    return chain;
  }

  void merge(const std::vector<std::size_t>& parts) {
    units_[parts.back()] = chain_of(parts);
    for (std::size_t i = parts.size() - 1; i-- > 0;)
      units_.erase(units_.begin() + static_cast<long>(parts[i]));
  }

  const Graph& graph_;
  std::vector<Unit> units_;
  const CutChoice& cut_;
  std::set<int> left_apart_;  // by output: units of chains that `blocks` has and this cut has not
};

}  // namespace

std::vector<Unit> cut(const Graph& graph, std::vector<Unit> units, const CutChoice& how) {
  return Cutter(graph, std::move(units), how)();
}

Problem problem_of(Unit& unit, const Shape& input) {
  // A conversion sees no pixels: rows of many elements are easier.
  const Shape image = unit.ops.front().kind->alone
                          ? checked_shape(1, input.h, 1, std::int64_t{input.w} * input.c)
                          : Shape{1, input.h, input.w, input.c};
  ProblemBuilder builder(unit.dtype, image);
  std::size_t extra = 1;
  for (Op& op : unit.ops) {
    for (const TensorSpec& spec : parameters_of(op)) extra += spec.role == Role::extra;
    for (Epilogue& item : op.epilogue) {
      if (item.kind == Epilogue::add && unit.inputs[extra] == unit.inputs[0] &&
          op.out.h == input.h && op.out.w == input.w && op.out.c == input.c) {
        item.kind = Epilogue::skip;
        unit.inputs.erase(unit.inputs.begin() + static_cast<long>(extra));
      } else {
        extra += item.kind == Epilogue::add || item.kind == Epilogue::scale;
      }
    }
    builder.add(op);
  }
  return builder.finish();
}

}  // namespace halcyon
