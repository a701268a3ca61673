#include "suites/trials/trial_record.h"

#include "results/record/stats.h"
#include "schedules/compile/sha256.h"
#include "schedules/recipes/recipe.h"
#include "suites/trials/bound.h"

namespace halcyon {

Record record_of(const NamedCandidate& t, const Compiled& c, const RunFacts& facts) {
  const Problem& p = t.of.problem;
  const Target& target = t.candidate.target;
  Record r;
  r.id = sha256_hex(facts.run + "\n" + t.id + "\n" + to_text(facts.state) + "\n" + c.key)
             .substr(0, 16);
  r.suite = t.suite;
  r.case_id = t.rival.empty() ? t.id : t.of.id;
  r.rival = t.rival;
  r.source_of_case = t.of.source;
  r.kernel_class = t.of.kernel_class;
  r.odd = t.of.odd;
  r.problem = p.text();
  r.macs = p.macs();
  r.macs_inside = p.macs_inside();
  r.parameters = p.parameters();
  r.weight_bytes = p.weight_bytes();
  r.activation_bytes = p.activation_bytes();
  r.dtype = to_text(p.dtype());
  r.unit = facts.unit;
  r.target = target.name;
  r.family = target.family;
  r.threads = facts.request.threads;
  r.state = facts.state;
  r.schedule_source = t.schedule_source;
  r.point = t.point;
  r.schedule = to_text(t.candidate.schedule);
  r.object_key = c.key;
  r.object_sha256 = c.object_sha256;
  r.halide_target = target.halide;
  r.hot_loop = c.hot_loop;
  r.compile_seconds = c.seconds;
  r.outcome = c.outcome;
  r.detail = c.detail;
  r.repro = repro_of(t, facts.verb, facts.request);
  if (facts.state != CacheState::warm) r.repro += std::string(" --state ") + to_text(facts.state);
  r.isolation = isolation_level();
  r.seed = facts.request.seed;
  return r;
}

std::string why_spilled(const NamedCandidate& t, const Record& r) {
  if (r.outcome != Outcome::ok || !r.hot_loop || t.point.empty()) return "";
  const Recipe& recipe = recipe_for(t.of.problem);
  if (!(r.hot_loop->spills() > recipe.most_spills) ||
      t.point == recipe.start(t.of.problem, t.candidate.target))
    return "";
  return "the hot loop stores " + std::to_string(r.hot_loop->spilled) +
         " vectors on the stack beside " + std::to_string(r.hot_loop->fma) +
         " multiply-adds: its tile does not fit the registers";
}

void take_measured(Record& r, const Measured& m, const Target& target, const MachineRates& rates) {
  r.samples = m.samples;
  DType dtype{};
  dtype_from_text(r.dtype, &dtype);
  if (r.unit == FigureUnit::ns) {
    if (m.outcome == Outcome::ok) r.statistics = statistics_of(r.samples, r.mac_counts());
    MachineRates around = rates_around(r.samples, rates);
    // The rate at the start is that of FMAs; what sums products by fours has its own around it.
    if (r.statistics && target.dot_terms(dtype) > 1) around.peak_gflops = r.statistics->peak_gflops;
    r.bound = bound_of(r, target, around);
  } else if (m.outcome == Outcome::ok && m.counts) {
    r.counts = m.counts;
    // Of the instruction that the dtype could have: 4 products a lane, or twice the lanes.
    r.counts->lanes = dtype == DType::f16 && target.f16 ? target.lanes(bytes_of(dtype))
                                                        : target.lanes() * target.dot_terms(dtype);
  }
  conclude(r, m.outcome, m.detail);
}

void conclude(Record& r, Outcome outcome, const std::string& detail) {
  r.outcome = outcome;
  r.detail = detail;
  if (outcome != Outcome::ok && outcome != Outcome::noisy) r.samples.clear();
  r.rejected = rejected_of(r.samples);
  if (outcome != Outcome::ok) r.statistics.reset();
}

}  // namespace halcyon
