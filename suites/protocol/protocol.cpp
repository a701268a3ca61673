#include "suites/protocol/protocol.h"

#include <nlohmann/json.hpp>

#include "results/record/record_fields.h"

namespace halcyon {

/// But the seed.
void fields(auto& visit, MaybeConst<Protocol> auto& p) {
  visit("probe_gate", p.probe_gate);
  visit("read_gate", p.read_gate);
  visit("level_quantile", p.level_quantile);
  visit("window_seconds", p.window_seconds);
  visit("wanted_samples", p.wanted_samples);
  visit("least_samples", p.least_samples);
  visit("least_sample_us", p.least_sample_us);
  visit("median_limit", p.median_limit);
  visit("case_cap_seconds", p.case_cap_seconds);
  visit("queue_delay_limit", p.queue_delay_limit);
  visit("pause_ms", p.pause_ms);
  visit("state", p.state);
  visit("cpu", p.cpu, -1);
  visit.added("processes", p.processes);
}

void fields(auto& visit, MaybeConst<MachineRates> auto& r) {
  visit("cpu", r.cpu, -1);
  visit("cpus", r.cpus, -1);
  visit("peak_gflops", r.peak_gflops);
  visit("read_gbs_l1", r.read_gbs_l1);
  visit("read_gbs_l2", r.read_gbs_l2);
  visit("read_gbs_l3", r.read_gbs_l3);
  visit("read_gbs_dram", r.read_gbs_dram);
  visit("probe_spread", r.probe_spread);
}

namespace {

template <class T>
T read(const nlohmann::json& said) {
  return read_fields<T>(Reader(said, "what a bundle was told or says", "", Exit::internal));
}

}  // namespace

nlohmann::json to_json(const Protocol& p) {
  nlohmann::json out = write_fields(p);
  out["seed"] = p.seed;  // a number, where records have text: so it stands in documents
  return out;
}

Protocol protocol_from_json(const nlohmann::json& said) {
  auto p = read<Protocol>(said);
  said.at("seed").get_to(p.seed);
  return p;
}

nlohmann::json to_json(const MachineRates& r) { return write_fields(r); }
MachineRates rates_from_json(const nlohmann::json& said) { return read<MachineRates>(said); }

}  // namespace halcyon
