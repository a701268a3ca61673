#include "suites/protocol/wire.h"

#include <limits>
#include <nlohmann/json.hpp>

namespace halcyon {

using nlohmann::json;

json to_json(const Protocol& p) {
  return {{"probe_gate", p.probe_gate},
          {"read_gate", p.read_gate},
          {"level_quantile", p.level_quantile},
          {"window_seconds", p.window_seconds},
          {"wanted_samples", p.wanted_samples},
          {"least_samples", p.least_samples},
          {"least_sample_us", p.least_sample_us},
          {"median_limit", p.median_limit},
          {"case_cap_seconds", p.case_cap_seconds},
          {"queue_delay_limit", p.queue_delay_limit},
          {"pause_ms", p.pause_ms},
          {"state", p.state},
          {"cpu", p.cpu},
          {"seed", p.seed}};
}

namespace wire {
double number_of(const json& j) {
  return j.is_null() ? std::numeric_limits<double>::infinity() : j.get<double>();
}

json check_json(const Check& c) {
  return {{"passed", c.passed},
          {"max_abs", c.max_abs},
          {"max_rel", c.max_rel},
          {"cosine", c.cosine},
          {"tolerance_abs", c.tolerance_abs},
          {"tolerance_rel", c.tolerance_rel},
          {"where", c.where},
          {"input_sets", c.input_sets},
          {"checked_build", c.checked_build},
          {"guard_pages", c.guard_pages}};
}

Check check_of(const json& j) {
  Check c;
  c.passed = j.at("passed");
  c.max_abs = number_of(j.at("max_abs"));
  c.max_rel = number_of(j.at("max_rel"));
  c.cosine = number_of(j.at("cosine"));
  c.tolerance_abs = j.at("tolerance_abs");
  c.tolerance_rel = j.at("tolerance_rel");
  c.where = j.at("where");
  c.input_sets = j.at("input_sets");
  c.checked_build = j.at("checked_build");
  c.guard_pages = j.at("guard_pages");
  return c;
}

json sample_json(const Sample& s) {
  json j = {{"ns", s.ns},
            {"iterations", s.iterations},
            {"probe_before", s.probe_before},
            {"probe_after", s.probe_after},
            {"read_before", s.read_before},
            {"read_after", s.read_after},
            {"queue_delay", s.queue_delay},
            {"order", s.order},
            {"accepted", s.accepted}};
  if (s.loop_ns) j["loop_ns"] = *s.loop_ns;
  for (const Gate gate : s.refused_by) j["refused_by"].push_back(to_text(gate));
  return j;
}

Sample sample_of(const json& j) {
  Sample s;
  s.ns = j.at("ns");
  s.iterations = j.at("iterations");
  s.probe_before = j.at("probe_before");
  s.probe_after = j.at("probe_after");
  s.read_before = j.at("read_before");
  s.read_after = j.at("read_after");
  s.queue_delay = j.at("queue_delay");
  if (j.contains("loop_ns")) s.loop_ns = j["loop_ns"];
  s.order = j.at("order");
  s.accepted = j.at("accepted");
  if (j.contains("refused_by"))
    for (const json& word : j["refused_by"])
      from_text(word.get<std::string>(), s.refused_by.emplace_back());
  return s;
}

json measured_json(const Measured& m) {
  json samples = json::array();
  for (const Sample& s : m.samples) samples.push_back(sample_json(s));
  return {{"id", m.id},
          {"outcome", to_text(m.outcome)},
          {"detail", m.detail},
          {"check", check_json(m.check)},
          {"samples", std::move(samples)}};
}

Measured measured_of(const json& j) {
  Measured m;
  m.id = j.at("id");
  m.outcome = outcome_from_text(j.at("outcome").get<std::string>());
  m.detail = j.at("detail");
  m.check = check_of(j.at("check"));
  for (const json& s : j.at("samples")) m.samples.push_back(sample_of(s));
  return m;
}

json rates_json(const MachineRates& r) {
  return {{"cpu", r.cpu},
          {"cpus", r.cpus},
          {"peak_gflops", r.peak_gflops},
          {"read_gbs_l1", r.read_gbs_l1},
          {"read_gbs_l2", r.read_gbs_l2},
          {"read_gbs_l3", r.read_gbs_l3},
          {"read_gbs_dram", r.read_gbs_dram},
          {"probe_spread", r.probe_spread}};
}

MachineRates rates_of(const json& j) {
  MachineRates r;
  r.cpu = j.at("cpu");
  j.at("cpus").get_to(r.cpus);
  r.peak_gflops = j.at("peak_gflops");
  r.read_gbs_l1 = j.at("read_gbs_l1");
  r.read_gbs_l2 = j.at("read_gbs_l2");
  r.read_gbs_l3 = j.at("read_gbs_l3");
  r.read_gbs_dram = j.at("read_gbs_dram");
  r.probe_spread = j.at("probe_spread");
  return r;
}

Protocol protocol_of(const json& j) {
  Protocol p;
  p.probe_gate = j.at("probe_gate");
  p.read_gate = j.at("read_gate");
  p.level_quantile = j.at("level_quantile");
  p.window_seconds = j.at("window_seconds");
  p.wanted_samples = j.at("wanted_samples");
  p.least_samples = j.at("least_samples");
  p.least_sample_us = j.at("least_sample_us");
  p.median_limit = j.at("median_limit");
  p.case_cap_seconds = j.at("case_cap_seconds");
  p.queue_delay_limit = j.at("queue_delay_limit");
  p.pause_ms = j.at("pause_ms");
  p.state = j.at("state");
  p.cpu = j.at("cpu");
  p.seed = j.at("seed");
  return p;
}

}  // namespace wire
}  // namespace halcyon
