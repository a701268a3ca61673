#include "suites/runner/network_jobs.h"

#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "suites/protocol/wire.h"
#include "suites/runner/check/network_check.h"
#include "suites/runner/process/cpu.h"
#include "suites/runner/process/fault.h"
#include "suites/runner/timing/network_timing.h"

namespace halcyon {
namespace {

using nlohmann::json;

void read_floats(const std::string& path, std::span<float> values) {
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(values.data()),
            static_cast<std::streamsize>(values.size_bytes()));
  if (!file || file.peek() != std::ifstream::traits_type::eof())
    throw std::runtime_error(path + ": is no file of " + std::to_string(values.size()) + " floats");
}

void write_floats(std::ofstream& file, std::span<const float> values, const std::string& path) {
  file.write(reinterpret_cast<const char*>(values.data()),
             static_cast<std::streamsize>(values.size_bytes()));
  file.flush();
  if (!file) throw std::runtime_error(path + ": cannot be written");
}

/// Appends what a call gave to its files.
void write_results(const Network& network, std::size_t call, const std::string& folder) {
  const auto& arguments = network.bundled().calls[call].kernel->arguments;
  char number[16];
  std::snprintf(number, sizeof number, "%04zu-", call);
  for (std::size_t i = 0; i < arguments.size(); i++) {
    if (!arguments[i].output()) continue;
    const std::string path = folder + "/" + number + arguments[i].spec.name + ".f32";
    std::ofstream file(path, std::ios::binary | std::ios::app);
    write_floats(file, network.argument(call, i), path);
  }
}

/// How runs ended whose outputs nobody judges.
NetworkMeasured ended(const Network& network, const Finding& f) {
  NetworkMeasured m;
  m.outcome = f.outcome;
  m.detail = f.detail;
  if (!f.ok()) m.detail = in_call(network, f).detail;
  return m;
}

NetworkMeasured run_network(const BundledNetwork& bundled, const json& job) {
  flush_denormals();
  Network network(bundled);
  read_floats(job.at("input"), network.input());
  const std::string folder = job.at("calls");
  int code = 0;
  const auto fault = run_guarded([&] {
    code = folder.empty()
               ? network.run()
               : network.run([&](std::size_t call) { write_results(network, call, folder); });
  });
  const Finding f = fault ? judge_crash(*fault) : judge_end(code);
  if (!f.ok()) return ended(network, f);
  for (std::size_t i = 0; i < bundled.outputs.size(); i++) {
    const std::string path = job.at("outputs").at(i);
    std::ofstream file(path, std::ios::binary);
    write_floats(file, network.output(i), path);
  }
  return ended(network, f);
}

NetworkMeasured count_runs(const BundledNetwork& bundled, int runs) {
  flush_denormals();
  Network network(bundled);
  network.load(bundled.input.sets.front());
  Finding f;
  for (int i = 0; i < runs && f.ok(); i++) f = judge_end(network.run());
  return ended(network, f);
}

}  // namespace

bool do_network_job(const std::string& what, const OpenBundle& bundle, const json& job,
                    const Report& report) {
  if (what == "network_check") {
    flush_denormals();
    report.result(check_network(bundle.networks().at(job.at("network"))));
  } else if (what == "network_run") {
    report.result(run_network(bundle.network(), job));
  } else if (what == "network_count") {
    report.result(count_runs(bundle.networks().at(job.at("network")), job.at("runs")));
  } else if (what == "network_time") {
    for (const NetworkMeasured& m :
         time_networks(bundle, job.at("networks"), protocol_from_json(job.at("protocol"))))
      report.result(m);
  } else {
    return false;
  }
  return true;
}

}  // namespace halcyon
