#include "suites/runner/network_jobs.h"

#include <nlohmann/json.hpp>

#include "kernels/oracle/tensor_file.h"
#include "suites/protocol/network_wire.h"
#include "suites/protocol/wire.h"
#include "suites/runner/check/network_check.h"
#include "suites/runner/process/cpu.h"
#include "suites/runner/process/fault.h"
#include "suites/runner/timing/network_timing.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// Appends what a call gave to its files.
void write_results(const Network& network, std::size_t call, const std::string& folder) {
  const auto& arguments = network.bundled().calls[call].kernel->arguments;
  for (std::size_t i = 0; i < arguments.size(); i++)
    if (const TensorSpec& spec = arguments[i].spec; spec.role == Role::output)
      write_tensor(wire::call_file(folder, call, spec), network.argument(call, i),
                   WriteMode::append);
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
  network.load(
      read_whole_tensor(job.at("input"), bundled.input.spec.dtype, bundled.input.elements));
  const std::string folder = job.at("calls");
  int code = 0;
  const auto fault = run_guarded([&] {
    code = folder.empty()
               ? network.run()
               : network.run([&](std::size_t call) { write_results(network, call, folder); });
  });
  const Finding f = fault ? judge_crash(*fault) : judge_end(code);
  if (!f.ok()) return ended(network, f);
  for (std::size_t i = 0; i < bundled.outputs.size(); i++)
    write_tensor(job.at("outputs").at(i), network.output(i));
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
