#include "results/record.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "results/fields.h"
#include "results/stats.h"

namespace halcyon {

template <class Visit, class T>
requires std::is_same_v<std::remove_const_t<T>, Sample>
void fields(Visit& visit, T& s) {
  visit("ns", s.ns);
  visit("iterations", s.iterations, 1);
  visit("probe_before", s.probe_before);
  visit("probe_after", s.probe_after);
  visit("read_before", s.read_before);
  visit("read_after", s.read_after);
  visit("queue_delay", s.queue_delay);
  visit("order", s.order);
  visit("accepted", s.accepted);
}

template <class Visit, class T>
requires std::is_same_v<std::remove_const_t<T>, Check>
void fields(Visit& visit, T& c) {
  visit("passed", c.passed);
  visit.finite_or_null("max_abs", c.max_abs);
  visit.finite_or_null("max_rel", c.max_rel);
  visit.finite_or_null("cosine", c.cosine);
  visit("tolerance_abs", c.tolerance_abs);
  visit("tolerance_rel", c.tolerance_rel);
  visit("where", c.where);
  visit("input_sets", c.input_sets);
  visit("checked_build", c.checked_build);
  visit("guard_pages", c.guard_pages);
}

template <class Visit, class T>
requires std::is_same_v<std::remove_const_t<T>, Statistics>
void fields(Visit& visit, T& s) {
  visit("median_ns", s.median_ns);
  visit("q25_ns", s.q25_ns);
  visit("min_ns", s.min_ns);
  visit("accepted", s.accepted);
  visit("taken", s.taken);
  visit("peak_gflops", s.peak_gflops);
  visit("gflops", s.gflops);
  visit("percent_of_peak", s.percent_of_peak);
}

template <class Visit, class T>
requires std::is_same_v<std::remove_const_t<T>, Bound>
void fields(Visit& visit, T& b) {
  visit("compute_ns", b.compute_ns);
  visit("memory_ns", b.memory_ns);
  visit("level", b.level);
  visit("limited_by", b.limited_by);
}

template <class Visit, class T>
requires std::is_same_v<std::remove_const_t<T>, Counts>
void fields(Visit& visit, T& c) {
  visit("calls", c.calls, 1);
  visit("lanes", c.lanes, 1);
  visit("fmla", c.fmla);
  visit("simd", c.simd);
  visit("load", c.load);
  visit("store", c.store);
  visit("branch", c.branch);
  visit("scalar", c.scalar);
}

template <class Visit, class T>
requires std::is_same_v<std::remove_const_t<T>, HotLoop>
void fields(Visit& visit, T& h) {
  visit("instructions", h.instructions);
  visit("fma", h.fma);
  visit("vector", h.vector);
  visit("loads", h.loads);
  visit("stack_refs", h.stack_refs);
  visit("spilled", h.spilled);
  visit("register_bits", h.register_bits);
  visit("by_element", h.by_element);
}

template <class Visit, class T>
requires std::is_same_v<std::remove_const_t<T>, Record>
void fields(Visit& visit, T& r) {
  visit("id", r.id);
  visit("suite", r.suite);
  visit("case_id", r.case_id);
  visit("rival", r.rival);
  visit("source_of_case", r.source_of_case);
  visit("kernel_class", r.kernel_class);
  visit("odd", r.odd);
  visit("problem", r.problem);
  visit("macs", r.macs);
  visit("macs_inside", r.macs_inside);
  visit("parameters", r.parameters);
  visit("weight_bytes", r.weight_bytes);
  visit("activation_bytes", r.activation_bytes);
  visit("dtype", r.dtype);
  visit("target", r.target);
  visit("family", r.family);
  visit("threads", r.threads, 1);
  visit("state", r.state);
  visit("schedule_source", r.schedule_source);
  visit("point", r.point);
  visit("schedule", r.schedule);
  visit("object_key", r.object_key);
  visit("object_sha256", r.object_sha256);
  visit("halide_target", r.halide_target);
  visit.if_there("hot_loop", r.hot_loop);
  visit("compile_seconds", r.compile_seconds);
  visit("outcome", r.outcome);
  visit("detail", r.detail);
  visit("repro", r.repro);
  visit("check", r.check);
  visit("unit", r.unit);
  visit("samples", r.samples);
  visit("statistics", r.statistics);
  visit("bound", r.bound);
  visit.if_there("counts", r.counts);
  visit("isolation", r.isolation);
  visit("seed", r.seed);
}

namespace {

bool close(double a, double b) {
  return std::abs(a - b) <= 1e-12 * std::max(std::abs(a), std::abs(b));
}

bool same(const Statistics& a, const Statistics& b) {
  return close(a.median_ns, b.median_ns) && close(a.q25_ns, b.q25_ns) &&
         close(a.min_ns, b.min_ns) && a.accepted == b.accepted && a.taken == b.taken &&
         close(a.peak_gflops, b.peak_gflops) && close(a.gflops, b.gflops) &&
         close(a.percent_of_peak, b.percent_of_peak);
}

/// Empty, or "found '...', allowed a, b".
template <std::size_t N>
std::string one_of(const std::string& word, const std::array<const char*, N>& words) {
  std::string all;
  for (const char* w : words) {
    if (word == w) return "";
    all += (all.empty() ? "" : ", ") + std::string(w);
  }
  return "found " + describe(word) + ", allowed " + all;
}

}  // namespace

nlohmann::json to_json(const Record& r) {
  nlohmann::json out = write_fields(r);
  out["schema"] = Record::kSchema;
  return out;
}

Record record_from_json(const nlohmann::json& value, const std::string& where,
                        const std::string& pointer) {
  Reader in(value, where, pointer, Exit::data);
  // Schemas below 1 were never written; a newer one may mean other things by the same names.
  const auto schema = in.integer("schema", 1, INT64_MAX);
  if (schema > Record::kSchema)
    in.fail("schema", "found " + std::to_string(schema) + ", this program reads up to " +
                          std::to_string(Record::kSchema) + ": use a newer Halcyon");
  const auto r = read_fields<Record>(in);
  const std::string wrong = check_record(r);
  if (!wrong.empty()) in.fail("", wrong);
  return r;
}

std::string check_record(const Record& r) {
  constexpr std::array kUnits = {"ns", "instructions", "model_cycles"};
  constexpr std::array kStates = {"warm", "cold-weights", "cold"};
  if (const auto wrong = one_of(r.unit, kUnits); !wrong.empty()) return "unit: " + wrong;
  if (const auto wrong = one_of(r.state, kStates); !wrong.empty()) return "state: " + wrong;
  const std::string outcome(to_text(r.outcome));
  if (r.counts && (r.unit != "instructions" || r.outcome != Outcome::ok || !r.samples.empty()))
    return "counts: found some with unit " + r.unit + ", outcome " + outcome + " and " +
           std::to_string(r.samples.size()) + " samples, allowed instructions, ok and none";
  const bool may_have_samples = r.outcome == Outcome::ok || r.outcome == Outcome::noisy;
  if (!may_have_samples && !r.samples.empty())
    return "samples: found " + std::to_string(r.samples.size()) + " with outcome " + outcome +
           ", allowed none: a failed row has no time";
  if ((r.outcome == Outcome::ok || !r.samples.empty()) && !r.check.passed)
    return "check: found outcome " + outcome + " without a passed check";
  for (const Sample& s : r.samples)
    if (s.accepted && s.ns <= 0) return "samples: found an accepted sample of 0 ns";
  if (r.outcome != Outcome::ok || r.samples.empty()) {
    if (r.statistics)
      return "statistics: found some with outcome " + outcome + " and " +
             std::to_string(r.samples.size()) + " samples, allowed null";
    return "";
  }
  const auto expected = statistics_of(r.samples, r.macs);
  if (!expected) return "samples: found outcome ok with no accepted sample";
  if (!r.statistics) return "statistics: found null, allowed those of the samples";
  if (!same(*r.statistics, *expected)) return "statistics: not those of the samples";
  return "";
}

}  // namespace halcyon
