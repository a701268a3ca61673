#include "schedules/chain.h"

#include <algorithm>

#include "kernels/activation_form.h"
#include "schedules/gating.h"
#include "schedules/pass.h"
#include "schedules/placement.h"
#include "schedules/tile.h"

namespace halcyon {
namespace {

constexpr double kMostActivationError = 2e-6;

/// One problem's chain of ops, seen from a target.
struct Chain {
  const Problem& problem;
  const Target& target;
  int ops() const { return static_cast<int>(problem.ops().size()); }
  Site site(int op) const { return {problem, target, op}; }
  const OpRecipe& recipe(int op) const { return op_recipe(problem.ops()[op].word()); }
  std::string prefix(int op) const { return ops() == 1 ? "" : std::to_string(op + 1) + "."; }
};

/// The knobs of one op without their prefix.
Point own_point(const Chain& chain, int op, const Point& all) {
  const std::string prefix = chain.prefix(op);
  Point own;
  for (const auto& [name, value] : all)
    if (name.starts_with(prefix)) own[name.substr(prefix.size())] = value;
  return own;
}

Placement placement_of(const Chain& chain, const Point& point) {
  Placement p;
  for (int op = 0; op < chain.ops(); ++op) {
    const auto place = point.find(chain.prefix(op) + "place");
    p.places.push_back(place == point.end() ? Place::whole : static_cast<Place>(place->second));
  }
  const auto rows = point.find("rows");
  if (rows != point.end()) p.rows = rows->second;
  return p;
}

/// In a chain the first two extents of an op's tile move one value to either side of the start, all
/// else stays: the product of the ops' own spaces would be millions of points.
std::vector<int> around(const std::vector<int>& values, int start) {
  const auto at = std::find(values.begin(), values.end(), start);
  const auto first = at == values.begin() ? at : at - 1;
  const auto last = at + 1 == values.end() ? at + 1 : at + 2;
  return {first, last};
}

/// Values that fit beside the start.
void keep_what_fits(const Chain& chain, const Point& start, Knob& knob) {
  std::erase_if(knob.values, [&](int value) {
    Point p = start;
    p[knob.name] = value;
    return !chain_fits(chain.problem, chain.target, p);
  });
}

/// Whether the op's factor per channel goes onto the weights of its reader; then its result is no
/// tensor.
bool gates_weights(const Chain& chain, int op, const Point& all) {
  const auto gate = all.find(chain.prefix(op) + "gate");
  return gate != all.end() && gate->second == static_cast<int>(GateOn::weights);
}

void rewrite_activations(const Chain& chain, int op, Steps& s) {
  const auto form = [&](const std::string& stage, Act act) {
    for (const ActivationForm& f : activation_forms())
      if (f.function == act && f.level >= 0 && f.max_error <= kMostActivationError) {
        s(stage, "act", to_text(act), f.level);
        return;  // coarse to fine: the cheapest that is fine enough
      }
  };
  const Op& o = chain.problem.ops()[op];
  if (o.squeeze > 0) {
    form(chain.problem.name("red", op), o.squeeze_act);
    form(chain.problem.name("gate", op), o.gate);
  }
  std::vector<Act> done;
  for (const Epilogue& e : o.epilogue)
    if (e.kind == Epilogue::act && std::find(done.begin(), done.end(), e.function) == done.end()) {
      form(chain.problem.result_name(op), e.function);
      done.push_back(e.function);
    }
}

/// Flat ops see points; so do all tensors over the map that only they and their kind read.
void rewrite_views(const Chain& chain, const Point& point, Steps& s) {
  const auto flatten = [&](const std::string& stage) {
    if (chain.problem.input().n == 1)
      s(stage, "flatten", "x", "y", "p");
    else
      s(stage, "flatten", "y", "n", "yn")(stage, "flatten", "x", "yn", "p");
  };
  if (is_flat(chain.problem, -1)) flatten("in");
  for (int op = 0; op < chain.ops(); ++op) {
    if (!chain.recipe(op).flat || gates_weights(chain, op, point)) continue;
    for (const TensorSpec& t : chain.problem.tensors())
      if (t.op == op && t.role == Role::extra &&
          std::find(t.axes.begin(), t.axes.end(), "x") != t.axes.end())
        flatten(t.name);
    if (chain.recipe(op).divide_knob) flatten(chain.problem.name("acc", op));
    flatten(chain.problem.result_name(op));
  }
}

/// The tensor after op i: where it is computed, and the bands that it is cut into.
void place_steps(const Chain& chain, const Placement& placement, int op, Steps& s) {
  const std::string result = chain.problem.result_name(op);
  const Place place = placement.places[op];
  if (place == Place::sliding) s(result, "store_root");
  if (place != Place::whole)
    s(result, "compute_at", chain.problem.result_name(placement.head(op)), "band");
  else if (op + 1 < chain.ops())
    s(result, "compute_root");
  if (!placement.is_banded_head(op)) return;
  if (chain.recipe(op).flat)
    s(result, "split", "p", "band", "p", placement.rows * chain.problem.ops()[op].out.w);
  else
    s(result, "split", "y", "band", "y", placement.rows);
}

/// The ops' own starts, their results placed so.
Point start_with(const Chain& chain, const Placement& placement) {
  Point all;
  for (int op = 0; op < chain.ops(); ++op) {
    for (const auto& [name, value] : chain.recipe(op).start(chain.site(op)))
      all[chain.prefix(op) + name] = value;
    if (possible_places(chain.problem, op).size() > 1)
      all[chain.prefix(op) + "place"] = static_cast<int>(placement.places[op]);
    if (may_gate_weights(chain.problem, op)) {
      const bool weights = placement.places[op] == Place::whole &&
                           analytic_gate(chain.problem, op) == GateOn::weights;
      all[chain.prefix(op) + "gate"] = static_cast<int>(weights ? GateOn::weights : GateOn::map);
    }
  }
  if (!possible_rows(chain.problem).empty()) all["rows"] = placement.rows;
  return all;
}

/// The second output of an op, which sums its finished result.
void sums_steps(const Site& site, Steps& s) {
  const int channels = site.o().out.c;
  map_sum_steps(site.name("sums"), site.name("total"), channels, vector_start(site, channels, 4),
                s);
}

}  // namespace

Point chain_start(const Problem& problem, const Target& target) {
  return start_with({problem, target}, analytic_placement(problem, target));
}

std::vector<Arrangement> arrangements_of(const Problem& problem, const Target& target) {
  const Chain chain{problem, target};
  if (chain.ops() == 1) return {};
  std::vector<Arrangement> all = {{"root", {}}};
  std::vector<Placement> placements = {{std::vector<Place>(chain.ops(), Place::whole), 1}};
  for (int op = 0; op < chain.ops(); ++op) {
    const std::vector<int> places = possible_places(problem, op);
    if (places.size() == 1) continue;
    for (std::size_t i = 0, before = all.size(); i < before; ++i) {
      placements.push_back(placements[i]);
      placements.back().places[op] = static_cast<Place>(places.back());
      all.push_back({(i == 0 ? "fused " : all[i].name + "+") + std::to_string(op + 1), {}});
    }
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (i > 0) placements[i].rows = highest_rows(problem, target, placements[i]);
    all[i].point = start_with(chain, placements[i]);
  }
  std::erase_if(all, [&](const Arrangement& a) { return !chain_fits(problem, target, a.point); });
  return all;
}

std::vector<Knob> chain_knobs(const Problem& problem, const Target& target) {
  const Chain chain{problem, target};
  if (chain.ops() == 1) return chain.recipe(0).knobs(chain.site(0));
  const Point start = chain_start(problem, target);
  std::vector<Knob> all;
  for (int op = 0; op < chain.ops(); ++op) {
    int extents = 0;
    for (Knob knob : chain.recipe(op).knobs(chain.site(op))) {
      const bool varies = knob.name.starts_with("tile_") && ++extents <= 2;
      knob.name = chain.prefix(op) + knob.name;
      const int value = start.at(knob.name);
      knob.values = varies ? around(knob.values, value) : std::vector<int>{value};
      keep_what_fits(chain, start, knob);
      all.push_back(knob);
    }
    if (const auto places = possible_places(problem, op); places.size() > 1)
      all.push_back({chain.prefix(op) + "place", places,
                     "the op's result: 0 whole, 1 per band of its head, 2 kept from band to band"});
    if (may_gate_weights(problem, op))
      all.push_back({chain.prefix(op) + "gate",
                     {0, 1},
                     "the factor per channel: 0 on the map, 1 on its reader's weights"});
  }
  if (const auto rows = possible_rows(problem); !rows.empty())
    all.push_back({"rows", rows, "rows of a band"});
  return all;
}

bool chain_fits(const Problem& problem, const Target& target, const Point& point) {
  const Chain chain{problem, target};
  const Placement placement = placement_of(chain, point);
  if (!bands_are_equal(problem, placement)) return false;
  if (!placement.any_fused() && placement.rows != 1) return false;  // the same schedule as with 1
  for (int op = 0; op < chain.ops(); ++op) {
    if (!chain.recipe(op).fits(chain.site(op), own_point(chain, op, point))) return false;
    if (gates_weights(chain, op, point) && placement.is_fused(op)) return false;
  }
  return true;
}

Schedule chain_expand(const Problem& problem, const Target& target, const Point& point) {
  const Chain chain{problem, target};
  const Placement placement = placement_of(chain, point);
  std::vector<Point> own;
  for (int op = 0; op < chain.ops(); ++op) own.push_back(own_point(chain, op, point));
  Steps s;
  for (int op = 0; op < chain.ops(); ++op) {
    if (own[op].count("pad") && own[op].at("pad") == 1)
      s(problem.name("src", op), "pad", "where", "y");
    rewrite_activations(chain, op, s);
    if (gates_weights(chain, op, point)) gate_rewrite(chain.site(op), s);
  }
  rewrite_views(chain, point, s);
  std::vector<std::vector<Piece>> pieces(chain.ops());
  for (int op = 0; op < chain.ops(); ++op) {
    if (chain.recipe(op).pack) chain.recipe(op).pack(chain.site(op), own[op], s);
    if (gates_weights(chain, op, point)) gate_pack(chain.site(op), own[op + 1].at("tile_c"), s);
  }
  for (int op = 0; op < chain.ops(); ++op) {
    const OpRecipe& recipe = chain.recipe(op);
    const Frame frame = frame_of(problem, placement, op);
    if (!recipe.divide_knob || !frame.whole) continue;
    const Shape& out = problem.ops()[op].out;
    const int most = own[op].at(recipe.divide_knob);
    s(problem.result_name(op), "divide", recipe.divide_axis, most, problem.name("acc", op));
    pieces[op] = divide_evenly(recipe.flat ? frame.points(out) : out.w, most);
  }
  for (int op = chain.ops() - 1; op >= 0; --op) {
    Frame frame = frame_of(problem, placement, op);
    if (gates_weights(chain, op, point)) {
      frame.gone = true;
      gate_steps(chain.site(op), own[op + 1].at("tile_c"), s);
    } else {
      place_steps(chain, placement, op, s);
    }
    Site site = chain.site(op);
    site.past_gate = op > 0 && gates_weights(chain, op - 1, point);
    chain.recipe(op).schedule(site, frame, own[op], pieces[op], s);
    if (problem.ops()[op].has(Epilogue::sums)) sums_steps(chain.site(op), s);
  }
  return s.schedule();
}

}  // namespace halcyon
