// Instructions that kernels themselves execute, on a device that counts them from outside.
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "suites/meters/kernel_ranges.h"
#include "suites/meters/meter_kind.h"
#include "suites/meters/run_job.h"

namespace halcyon {
namespace {

using nlohmann::json;

// Two, so that a kernel that goes another way when called again shows in the counts of its calls.
constexpr int kCalls = 2;
constexpr const char* kNothingCounted = "the counting plugin saw none of its instructions";

/// What `nm -S` says of a bundle's program. Error (exit 5) when it cannot be read.
std::string symbols_in(const Bundle& bundle) {
  const Ended ended = run_program({.wall_seconds = 60, .processes = 0, .output_bytes = 64 << 20},
                                  {"aarch64-linux-gnu-nm", "-S", bundle.program});
  if (ended.how == Ended::exited && ended.code == 0) return ended.output;
  throw Error(Exit::infrastructure, bundle.program + ": nm failed (" + describe(ended) + ")");
}

json manifest_of(const Bundle& bundle) {
  std::ifstream file(bundle.manifest);
  return json::parse(file);
}

/// Kernel symbols of a bundle by case.
std::map<std::string, std::string> symbols_of(const json& manifest) {
  std::map<std::string, std::string> symbols;
  for (const json& c : manifest.at("cases")) symbols[c.at("id")] = c.at("symbol");
  return symbols;
}

Measured count_case(const Device& device, const Bundle& bundle, const std::string& id,
                    const std::string& ranges) {
  Counting counting{ranges, {}};
  const JobRun run = run_job(device, bundle, {{"do", "count"}, {"case", id}, {"calls", kCalls}},
                             {.wall_seconds = 60, .file_bytes = 1 << 20}, {.counting = &counting});
  Measured m = check_result(id, run.ended, run.answers);
  if (m.outcome != Outcome::ok) return m;
  if (counting.counts.empty()) {
    m.outcome = Outcome::no_result;
    m.detail = kNothingCounted;
    return m;
  }
  m.counts = counting.counts.front();
  m.counts->calls = kCalls;
  return m;
}

std::vector<Measured> count_cases(const Device& device, const Bundle& bundle,
                                  const std::vector<std::string>& ids, const Protocol&,
                                  const std::function<void(const Measured&)>& done) {
  const auto symbols = symbols_of(manifest_of(bundle));
  const std::string nm = symbols_in(bundle);
  std::vector<Measured> measured;
  for (const std::string& id : ids) {
    measured.push_back(count_case(device, bundle, id, kernel_ranges(nm, {symbols.at(id)})));
    if (done) done(measured.back());
  }
  return measured;
}

/// The kernels of a network, each once, and which of them each call has.
struct Kernels {
  std::vector<std::string> symbols;
  std::vector<std::size_t> of_call;
  int batch = 1;

  /// `network`: 0, or one of the variants behind it.
  Kernels(const json& manifest, std::size_t network) {
    const std::map<std::string, std::string> symbol_of = symbols_of(manifest);
    const json& plan =
        network == 0 ? manifest.at("network") : manifest.at("variants").at(network - 1);
    std::map<std::string, std::size_t> number_of;
    batch = plan.at("batch");
    for (const json& call : plan.at("calls")) {
      const std::string& symbol = symbol_of.at(call.at("case"));
      const auto [found, is_new] = number_of.try_emplace(symbol, symbols.size());
      if (is_new) symbols.push_back(symbol);
      of_call.push_back(found->second);
    }
  }
};

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

NetworkMeasured count_network(const Device& device, const Bundle& bundle, std::size_t network,
                              const Limits& limits) {
  const Kernels kernels(manifest_of(bundle), network);
  Counting counting{kernel_ranges(symbols_in(bundle), kernels.symbols), {}};
  const JobRun run =
      run_job(device, bundle, {{"do", "network_count"}, {"network", network}, {"runs", kCalls}},
              limits, {.counting = &counting});
  NetworkMeasured m = network_result(run.ended, run.answers);
  if (m.outcome != Outcome::ok) return m;
  const std::vector<Counts>& counts = counting.counts;
  if (counts.size() != kernels.symbols.size()) {
    m.outcome = Outcome::no_result;
    m.detail = kNothingCounted;
    return m;
  }
  m.counts = sum_of(counts);
  m.counts->calls = kCalls;
  std::vector<int> calls(kernels.symbols.size(), 0);
  for (const std::size_t kernel : kernels.of_call) calls[kernel] += kCalls * kernels.batch;
  for (const std::size_t kernel : kernels.of_call) {
    m.call_counts.push_back(counts[kernel]);
    m.call_counts.back().calls = calls[kernel];
  }
  return m;
}

std::vector<NetworkMeasured> count_networks(const Device& device, const Bundle& bundle,
                                            const std::vector<std::size_t>& networks,
                                            const Protocol&, const Limits& limits) {
  std::vector<NetworkMeasured> measured;
  for (const std::size_t network : networks)
    measured.push_back(count_network(device, bundle, network, limits));
  return measured;
}

}  // namespace

extern const MeterKind instructions_meter{FigureUnit::instructions, count_cases, count_networks};

}  // namespace halcyon
