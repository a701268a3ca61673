#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "results/record/record.h"

namespace halcyon {

/// Numbers of the measuring protocol; stored in the document. Design section 7.
struct Protocol {
  /// least_sample_us on several threads. A core whose thread slept between two samples comes back
  /// with cold caches, which a stream of calls does not see: 300 us of a network on two cores took
  /// 490 as a sample by itself.
  static constexpr double kTeamSampleUs = 5000;

  double probe_gate = 0.96;     // both probes at least this share of their level
  double read_gate = 0.9;       // likewise of the read bandwidth, for work that memory decides
  double level_quantile = 0.5;  // a level is this quantile of what the last 30 s gave
  double window_seconds = 30;
  int wanted_samples = 31, least_samples = 15;
  double least_sample_us = 80;      // work is repeated inside a sample up to this
  double median_limit = 0.05;       // half of the median's 95 % interval, at most, over it
  double case_cap_seconds = 6;      // of measuring; then noisy when short of the three above
  double queue_delay_limit = 0.01;  // of samples that took above 1 ms: they are longer by it
  double pause_ms = 10;             // after a rejected sample: what disturbed it lasts a while
  CacheState state = CacheState::warm;
  int cpu = -1;            // -1: the least disturbed allowed core
  int processes = 1;       // that a figure is from, one after the other; of a contest each system's
  std::uint64_t seed = 1;  // of the order
};
nlohmann::json to_json(const Protocol&);
/// Throws Error or nlohmann::json::exception for what to_json() never writes.
Protocol protocol_from_json(const nlohmann::json&);

/// What the check or the timing of one case gave.
struct Measured {
  std::string id;
  Outcome outcome = Outcome::infra;
  std::string detail;
  Check check;
  std::vector<Sample> samples;
  std::optional<Counts> counts;  // of a meter of instructions; never sent by the runner
};

/// Of a target of several threads: of their cores together, while all of them work.
struct MachineRates {      // measured in this run on the measuring core
  int cpu = -1;            // which one that is; with several threads the caller's
  std::vector<int> cpus;   // of all threads, that one first
  double peak_gflops = 0;  // best probe
  double read_gbs_l1 = 0, read_gbs_l2 = 0, read_gbs_l3 = 0, read_gbs_dram = 0;
  double probe_spread = 0;  // (best - median) / best over half a second
};
nlohmann::json to_json(const MachineRates&);
MachineRates rates_from_json(const nlohmann::json&);  // throws likewise

}  // namespace halcyon
