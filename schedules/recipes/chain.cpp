#include "schedules/recipes/chain.h"

#include <algorithm>

#include "kernels/problem/activation_form.h"
#include "schedules/recipes/gating.h"
#include "schedules/recipes/pass.h"
#include "schedules/recipes/placement.h"
#include "schedules/recipes/sharing.h"
#include "schedules/recipes/sums.h"
#include "schedules/recipes/tile.h"

namespace halcyon {
namespace {

// An error that alternates, a few times that of rounding, is lost among the roundings of sums; one
// of one sign adds up over pixels and layers, and 2e-7 of it puts EfficientNet-B0 at 50 times the
// error of plain f32. A test holds whole networks to 4 times ONNX Runtime's error.
constexpr double kMostActivationError = 2e-6, kMostMeanError = 3e-8;
constexpr const char* kShared = "parallel";  // the knob; only where there are several threads

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
      if (f.function == act && f.level >= 0 && f.max_error <= kMostActivationError &&
          f.mean_error <= kMostMeanError) {
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

/// A point as the ops see it.
struct Parts {
  Placement placement;
  std::vector<Point> own;                  // knobs, by op
  std::vector<std::vector<Piece>> pieces;  // of a divided result, by op
};
Parts parts_of(const Chain& chain, const Point& point) {
  Parts parts{placement_of(chain, point), {}, {}};
  for (int op = 0; op < chain.ops(); ++op) {
    const OpRecipe& recipe = chain.recipe(op);
    const Frame frame = frame_of(chain.problem, parts.placement, op);
    const Shape& out = chain.problem.ops()[op].out;
    parts.own.push_back(own_point(chain, op, point));
    parts.pieces.emplace_back();
    const bool divides = !recipe.divides || recipe.divides(parts.own.back());
    if (recipe.divide_knob && divides && frame.whole)
      parts.pieces[op] = divide_evenly(recipe.flat ? frame.points(out) : out.w,
                                       parts.own[op].at(recipe.divide_knob));
  }
  return parts;
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

/// Bands of a head: `rows` high, so many of them.
int bands_of(const Chain& chain, const Placement& placement, int head) {
  return chain.problem.ops()[head].out.h / placement.rows;
}

/// Whether tensors are kept from band to band of a head.
bool any_slides(const Placement& placement, int head) {
  for (int op = head - 1; placement.is_fused(op); --op)
    if (placement.places[op] == Place::sliding) return true;
  return false;
}

/// Then each thread has a run of bands of its own, where so many are equal.
bool has_runs(const Chain& chain, const Placement& placement, int head) {
  return any_slides(placement, head) &&
         bands_of(chain, placement, head) % chain.target.threads == 0;
}

/// The tensor after op i: where it is computed, and the bands that it is cut into. `shared`: among
/// threads.
void place_steps(const Chain& chain, const Placement& placement, int op, bool shared, Steps& s) {
  const std::string result = chain.problem.result_name(op);
  const Place place = placement.places[op];
  const int head_op = placement.head(op);
  const std::string head = chain.problem.result_name(head_op);
  if (place == Place::sliding && shared && has_runs(chain, placement, head_op))
    s(result, "store_at", head, "run");
  else if (place == Place::sliding)
    s(result, "store_root");
  if (place != Place::whole)
    s(result, "compute_at", head, "band");
  else if (op + 1 < chain.ops())
    s(result, "compute_root");
  if (!placement.is_banded_head(op)) return;
  if (chain.recipe(op).flat)
    s(result, "split", "p", "band", "p", placement.rows * chain.problem.ops()[op].out.w);
  else
    s(result, "split", "y", "band", "y", placement.rows);
  if (shared && has_runs(chain, placement, op))
    s(result, "split", "band", "run", "band",
      bands_of(chain, placement, op) / chain.target.threads);
}

/// The bands of a head, or runs of them, with the work of all ops in them.
std::vector<OuterLoop> band_loops(const Chain& chain, const Placement& placement, int head) {
  const std::string result = chain.problem.result_name(head);
  double cycles = op_cycles(chain.site(head));
  for (int op = head - 1; placement.is_fused(op); --op) cycles += op_cycles(chain.site(op));
  if (!any_slides(placement, head))
    return {{result, "band", bands_of(chain, placement, head), cycles}};
  if (!has_runs(chain, placement, head)) return {};
  return {{result, "run", chain.target.threads, cycles}};
}

/// The nests of an op that threads may share.
std::vector<OuterLoop> own_loops(const Chain& chain, const Parts& parts, int op, bool gone) {
  if (parts.placement.is_banded_head(op)) return band_loops(chain, parts.placement, op);
  if (parts.placement.is_fused(op)) return {};
  Frame frame = frame_of(chain.problem, parts.placement, op);
  frame.gone = gone;
  return chain.recipe(op).outer_loops(chain.site(op), frame, parts.own[op], parts.pieces[op]);
}

/// All that threads may share out of a point's schedule.
std::vector<OuterLoop> outer_loops(const Chain& chain, const Point& point) {
  const Parts parts = parts_of(chain, point);
  std::vector<OuterLoop> all;
  const auto append = [&](const std::vector<OuterLoop>& more) {
    all.insert(all.end(), more.begin(), more.end());
  };
  for (int op = 0; op < chain.ops(); ++op) {
    const Site site = chain.site(op);
    const bool gone = gates_weights(chain, op, point);
    if (gone) append({gate_loop(site, parts.own[op + 1].at("tile_c"))});
    const std::vector<OuterLoop> own = own_loops(chain, parts, op, gone);
    append(own);
    if (site.o().has(Epilogue::sums)) append({sums_loop(site, own)});
  }
  return all;
}

bool is_shared(const Chain& chain, const Point& point) {
  return chain.target.threads > 1 && point.at(kShared) == 1;
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
      const bool weights =
          placement.places[op] == Place::whole &&
          analytic_gate(chain.problem, op, chain.target.threads) == GateOn::weights;
      all[chain.prefix(op) + "gate"] = static_cast<int>(weights ? GateOn::weights : GateOn::map);
    }
  }
  if (!possible_rows(chain.problem).empty()) all["rows"] = placement.rows;
  if (chain.target.threads > 1)
    all[kShared] = pays_to_share(outer_loops(chain, all), chain.target.threads);
  return all;
}

/// Where any loop has two iterations.
void append_shared(const Chain& chain, std::vector<Knob>& knobs) {
  if (chain.target.threads == 1) return;
  const auto loops = outer_loops(chain, chain_start(chain.problem, chain.target));
  const bool any =
      std::any_of(loops.begin(), loops.end(), [](const OuterLoop& l) { return l.iterations > 1; });
  knobs.push_back({kShared, any ? std::vector<int>{0, 1} : std::vector<int>{0},
                   "1: threads share out the outermost loops that are worth it"});
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

std::vector<Point> chain_others(const Problem& problem, const Target& target) {
  const Chain chain{problem, target};
  const Point start = chain_start(problem, target);
  std::vector<Point> others;
  const auto add = [&](const Point& p) {
    const bool is_new = p != start && std::find(others.begin(), others.end(), p) == others.end();
    if (is_new && chain_fits(problem, target, p)) others.push_back(p);
  };
  for (const Arrangement& a : arrangements_of(problem, target)) add(a.point);
  if (chain.ops() > 1 || !chain.recipe(0).others) return others;
  for (const Point& own : chain.recipe(0).others(chain.site(0))) {
    Point p = start;
    for (const auto& [knob, value] : own) p[knob] = value;
    add(p);
  }
  return others;
}

std::vector<Knob> chain_knobs(const Problem& problem, const Target& target) {
  const Chain chain{problem, target};
  std::vector<Knob> all;
  if (chain.ops() == 1) {
    all = chain.recipe(0).knobs(chain.site(0));
    append_shared(chain, all);
    return all;
  }
  const Point start = chain_start(problem, target);
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
  append_shared(chain, all);
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
  const Parts parts = parts_of(chain, point);
  const auto& [placement, own, pieces] = parts;
  const bool shared = is_shared(chain, point);
  Steps s;
  for (int op = 0; op < chain.ops(); ++op) {
    if (own[op].count("pad") && own[op].at("pad") == 1)
      s(problem.name("src", op), "pad", "where", "y");
    rewrite_activations(chain, op, s);
    if (gates_weights(chain, op, point)) gate_rewrite(chain.site(op), s);
  }
  rewrite_views(chain, point, s);
  for (int op = 0; op < chain.ops(); ++op) {
    if (chain.recipe(op).pack) chain.recipe(op).pack(chain.site(op), own[op], s);
    if (gates_weights(chain, op, point)) gate_pack(chain.site(op), own[op + 1].at("tile_c"), s);
  }
  for (int op = 0; op < chain.ops(); ++op)
    if (!pieces[op].empty()) {
      const OpRecipe& recipe = chain.recipe(op);
      s(problem.result_name(op), "divide", recipe.divide_axis, own[op].at(recipe.divide_knob),
        problem.name("acc", op));
    }
  for (int op = chain.ops() - 1; op >= 0; --op) {
    Frame frame = frame_of(problem, placement, op);
    if (gates_weights(chain, op, point)) {
      frame.gone = true;
      gate_steps(chain.site(op), own[op + 1].at("tile_c"), s);
    } else {
      place_steps(chain, placement, op, shared, s);
    }
    Site site = chain.site(op);
    site.past_gate = op > 0 && gates_weights(chain, op - 1, point);
    chain.recipe(op).schedule(site, frame, own[op], pieces[op], s);
    if (problem.ops()[op].has(Epilogue::sums))
      sums_steps(site, shared ? own_loops(chain, parts, op, frame.gone) : std::vector<OuterLoop>(),
                 s);
  }
  if (shared) share_steps(outer_loops(chain, point), s);
  return s.schedule();
}

}  // namespace halcyon
