#include "suites/runs/run_document.h"

#include <ctime>
#include <random>

namespace halcyon {
namespace {

/// "20261124T132502Z-1f3a": sorts by time, unique on one machine.
std::string new_run_id() {
  std::string id;
  for (char c : utc_now())
    if (c != '-' && c != ':') id += c;
  char suffix[8];
  std::snprintf(suffix, sizeof suffix, "-%04x", std::random_device{}() & 0xffff);
  return id + suffix;
}

}  // namespace

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

Protocol protocol_of(const Request& request) {
  Protocol p;
  p.state = request.states.front();
  p.cpu = request.cpu;
  p.seed = request.seed;
  if (request.threads > 1) p.least_sample_us = Protocol::kTeamSampleUs;
  if (request.quick) {
    p.wanted_samples = 15;
    p.case_cap_seconds = 2;
  }
  return p;
}

Protocol protocol_of_run(const Request& request) {
  constexpr int kProcesses = 3;  // the fewest whose spread says something
  Protocol p = protocol_of(request);
  p.processes = kProcesses;
  return p;
}

Document begin_document(const Request& request, const Target& target, const Protocol& protocol) {
  Document d;
  d.run = new_run_id();
  d.command = request.command;
  d.started_utc = utc_now();
  d.protocol = to_json(protocol);
  d.machine = open_device(target)->machine(protocol.cpu);
  d.targets = {target};
  d.toolchain = toolchain();
  d.toolchain.halide = Compiler::halide_version();
  return d;
}

MachineRates measure_rates(const Meter& meter, Protocol& protocol, Document& d) {
  MachineRates rates = meter.rates(protocol.cpu);
  protocol.cpu = rates.cpu;  // the same core for everything that follows
  d.protocol = to_json(protocol);
  d.machine = meter.device().machine(rates.cpu);
  d.peak_gflops = rates.peak_gflops;
  d.read_gbs_l1 = rates.read_gbs_l1;
  d.read_gbs_l2 = rates.read_gbs_l2;
  d.read_gbs_l3 = rates.read_gbs_l3;
  d.read_gbs_dram = rates.read_gbs_dram;
  return rates;
}

void end_document(Document& d, const Protocol& protocol, double seconds) {
  d.complete = interrupted_by == 0;
  d.ended_utc = utc_now();
  d.seconds = seconds;
  d.machine.ghz_after = open_device(d.targets.front())->machine(protocol.cpu).ghz_after;
}

}  // namespace halcyon
