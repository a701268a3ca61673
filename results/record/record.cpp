#include "results/record/record.h"

#include "kernels/problem/problem.h"
#include "results/record/peer_fields.h"
#include "results/record/record_rules.h"
#include "results/record/stats.h"

namespace halcyon {

void fields(auto& visit, MaybeConst<HotLoop> auto& h) {
  visit("instructions", h.instructions);
  visit("fma", h.fma);
  visit("vector", h.vector);
  visit("loads", h.loads);
  visit("stack_refs", h.stack_refs);
  visit.added("spilled", h.spilled);
  visit("register_bits", h.register_bits);
  visit("by_element", h.by_element);
}

void fields(auto& visit, MaybeConst<Record> auto& r) {
  visit("id", r.id);
  visit("suite", r.suite);
  visit("case_id", r.case_id);
  visit.added("rival", r.rival);
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
  visit.if_there("rejected", r.rejected);
  visit("bound", r.bound);
  visit.if_there("counts", r.counts);
  visit.if_there("peers", r.peers);
  visit("isolation", r.isolation);
  visit("seed", r.seed);
}

nlohmann::json to_json(const Record& r) {
  nlohmann::json out = write_fields(r);
  out["schema"] = Record::kSchema;
  return out;
}

Record record_as_written(const nlohmann::json& value, const std::string& where,
                         const std::string& pointer) {
  Reader in(value, where, pointer, Exit::data);
  check_record_schema(in, Record::kSchema);
  auto r = read_fields<Record>(in);
  renew_percent(r.statistics, r.mac_counts());
  return r;
}

Record record_from_json(const nlohmann::json& value, const std::string& where,
                        const std::string& pointer) {
  Record r = record_as_written(value, where, pointer);
  const std::string wrong = check_record(r);
  if (!wrong.empty()) Reader(value, where, pointer, Exit::data).fail("", wrong);
  return r;
}

Record derived(Record r) {
  const Problem p = Problem::parse(r.problem);
  r.problem = p.text();
  r.dtype = to_text(p.dtype());
  r.macs = p.macs();
  r.macs_inside = p.macs_inside();
  r.parameters = p.parameters();
  r.weight_bytes = p.weight_bytes();
  r.activation_bytes = p.activation_bytes();
  r.rejected = rejected_of(r.samples);
  r.statistics.reset();
  if (r.outcome == Outcome::ok) r.statistics = statistics_of(r.samples, r.mac_counts());
  if (r.peers) r.peers = derived(*std::move(r.peers), r.mac_counts());
  return r;
}

std::string check_record(const Record& r) {
  if (auto wrong = check_figures(r, r.mac_counts()); !wrong.empty()) return wrong;
  if (!r.peers) return "";
  if (r.outcome != Outcome::ok || r.unit != FigureUnit::ns)
    return "peers: found some with unit " + std::string(to_text(r.unit)) + " and outcome " +
           std::string(to_text(r.outcome)) + ", allowed ns and ok";
  const std::string wrong = check_peer_comparison(*r.peers, r.mac_counts());
  return wrong.empty() ? "" : "peers: " + wrong;
}

}  // namespace halcyon
