#include "suites/meters/network_meter.h"

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "suites/meters/emulator.h"
#include "suites/meters/kernel_ranges.h"

namespace halcyon {
namespace {

using nlohmann::json;

json manifest_of(const Bundle& bundle) {
  std::ifstream file(bundle.manifest);
  return json::parse(file);
}

/// The kernels of a network, each once, and which of them each call has.
struct Kernels {
  std::vector<std::string> symbols;
  std::vector<std::size_t> of_call;
  int batch = 1;
};
Kernels kernels_of(const json& manifest) {
  std::map<std::string, std::string> symbol_of;
  for (const json& c : manifest.at("cases")) symbol_of[c.at("id")] = c.at("symbol");
  Kernels kernels;
  std::map<std::string, std::size_t> number_of;
  kernels.batch = manifest.at("network").at("batch");
  for (const json& call : manifest.at("network").at("calls")) {
    const std::string& symbol = symbol_of.at(call.at("case"));
    const auto [found, is_new] = number_of.try_emplace(symbol, kernels.symbols.size());
    if (is_new) kernels.symbols.push_back(symbol);
    kernels.of_call.push_back(found->second);
  }
  return kernels;
}

Counts sum_of(const std::vector<Counts>& all) {
  Counts sum;
  for (const Counts& c : all) {
    sum.fmla += c.fmla;
    sum.simd += c.simd;
    sum.load += c.load;
    sum.store += c.store;
    sum.branch += c.branch;
    sum.scalar += c.scalar;
  }
  return sum;
}

}  // namespace

std::string call_file(const std::string& folder, std::size_t call, const std::string& argument) {
  char number[16];
  std::snprintf(number, sizeof number, "%04zu", call);
  return folder + "/" + number + "-" + argument + ".f32";
}

NetworkMeter::NetworkMeter(const Target& target) : emulated_(target.meter == "qemu") {
  if (!emulated_ && target.meter != "local")
    throw usage_error("target " + target.name + ": meter '" + target.meter +
                      "' runs no network; allowed: local, qemu");
}

NetworkMeasured NetworkMeter::job(const Bundle& bundle, const json& job, Limits limits) const {
  const JobRun run = emulated_ ? run_job(emulator(), bundle, job, emulated(limits))
                               : run_job({}, bundle, job, limits);
  return network_result(run.ended, run.answers);
}

NetworkMeasured NetworkMeter::check(const Bundle& bundle, const Limits& limits) const {
  return check_one(bundle, 0, limits);
}

NetworkMeasured NetworkMeter::check_one(const Bundle& bundle, std::size_t network,
                                        const Limits& limits) const {
  return job(bundle, {{"do", "network_check"}, {"network", network}}, limits);
}

NetworkMeasured NetworkMeter::measure(const Bundle& bundle, const Protocol& protocol,
                                      const Limits& limits) const {
  if (emulated_) return count(bundle, limits);
  return measure_together(bundle, {0}, protocol, limits).front();
}

std::vector<NetworkMeasured> NetworkMeter::measure_together(
    const Bundle& bundle, const std::vector<std::size_t>& networks, const Protocol& protocol,
    const Limits& limits) const {
  Limits longer = limits;  // two series each, which may reach their cap and overrun it by a slow
                           // sample
  longer.wall_seconds += 4 * protocol.case_cap_seconds * static_cast<double>(networks.size());
  const JobRun run = run_job(
      {}, bundle, {{"do", "network_time"}, {"networks", networks}, {"protocol", to_json(protocol)}},
      longer);
  return network_results(networks.size(), run.ended, run.answers);
}

NetworkMeasured NetworkMeter::run(const Bundle& bundle, const NetworkFiles& files,
                                  const Limits& limits) const {
  const auto absolute = [](const std::string& path) {
    return path.empty() ? path : std::filesystem::absolute(path).string();
  };
  json outputs = json::array();
  for (const std::string& path : files.outputs) outputs.push_back(absolute(path));
  Limits writing = limits;
  writing.file_bytes = 0;
  return job(bundle,
             {{"do", "network_run"},
              {"input", absolute(files.input)},
              {"outputs", std::move(outputs)},
              {"calls", absolute(files.calls)}},
             writing);
}

NetworkMeasured NetworkMeter::count(const Bundle& bundle, const Limits& limits) const {
  constexpr int kRuns = 2;  // so that a kernel that goes another way when run again shows
  const Kernels kernels = kernels_of(manifest_of(bundle));
  const CountedRun run = run_counted(bundle, {{"do", "network_count"}, {"runs", kRuns}},
                                     kernel_ranges(symbols_in(bundle), kernels.symbols), limits);
  NetworkMeasured m = network_result(run.job.ended, run.job.answers);
  if (m.outcome != Outcome::ok) return m;
  if (run.counts.size() != kernels.symbols.size()) {
    m.outcome = Outcome::no_result;
    m.detail = kNothingCounted;
    return m;
  }
  m.counts = sum_of(run.counts);
  m.counts->calls = kRuns;
  std::vector<int> calls(kernels.symbols.size(), 0);
  for (const std::size_t kernel : kernels.of_call) calls[kernel] += kRuns * kernels.batch;
  for (const std::size_t kernel : kernels.of_call) {
    m.call_counts.push_back(run.counts[kernel]);
    m.call_counts.back().calls = calls[kernel];
  }
  return m;
}

}  // namespace halcyon
