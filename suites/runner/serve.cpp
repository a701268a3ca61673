#include "suites/runner/serve.h"

#include <sched.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <iostream>
#include <memory>
#include <stdexcept>
#include <string>

#include "suites/runner/process/clock.h"
#include "suites/runner/process/cpu.h"
#include "suites/runner/process/halide_hooks.h"
#include "suites/runner/served_case.h"
#include "suites/runner/served_network.h"
#include "suites/runner/timing/probe.h"
#include "suites/runner/timing/team.h"

namespace halcyon {
namespace {

class Server {
 public:
  explicit Server(const OpenBundle& bundle) : bundle_(bundle), kind_(probe_kind(bundle.isa())) {}

  /// What follows "ok".
  std::string answer(const std::string& request, const std::string& argument) {
    if (request == "probe") return probe(argument.empty() ? 1 : std::stoi(argument));
    if (request == "threads") return take_threads(argument);
    if (request == "hello") return "halcyon - f32 isa=" + bundle_.isa() + " layout=nhwc";
    if (request == "dtype") return take_dtype(argument);
    if (request == "load") return load(argument);
    if (!served_) throw std::runtime_error("'" + request + "' before 'load'");
    if (request == "input") return std::to_string(served_->bind(argument));
    if (request == "run") return run(std::stoi(argument));
    if (request == "output") return std::to_string(served_->write_outputs(argument));
    throw std::runtime_error("no such request: '" + request + "'");
  }

 private:
  /// A core for each thread that the kernels are made for, among those that this process may use.
  std::string take_threads(const std::string& threads) const {
    const std::string allowed = std::to_string(bundle_.threads());
    if (threads != allowed)
      throw std::runtime_error("found " + threads + " threads, allowed " + allowed);
    if (bundle_.threads() > 1) take_cores(kind_, allowed_cpus().front(), bundle_.threads());
    return "";
  }

  /// Its kernels compute in one, and cannot be asked for another.
  std::string take_dtype(const std::string& dtype) const {
    if (bundle_.networks().empty()) throw std::runtime_error("each case has a dtype of its own");
    const std::string allowed(to_text(bundle_.network().input.spec.dtype));
    if (dtype != allowed) throw std::runtime_error("found dtype " + dtype + ", allowed " + allowed);
    return "";
  }

  /// What there is to load is part of this program: its network, else the case of that name.
  std::string load(const std::string& name) {
    served_.reset();
    if (bundle_.networks().empty())
      served_ = std::make_unique<ServedCase>(bundle_.find(name));
    else
      served_ = std::make_unique<ServedNetwork>(bundle_.network());
    return served_->dtypes() + " nhwc";
  }

  std::string probe(int times) {
    if (!fma_) {
      fma_ = std::make_unique<FmaProbe>(kind_);
      read_ = std::make_unique<ReadProbe>(kind_, 2 * cache_bytes(sched_getcpu()).l2);
    }
    // Others have pushed the set out of L3, which takes it back only bit by bit; a neighbour who
    // takes bandwidth does so for longer than these few walks.
    constexpr int kWalks = 8;
    double read = 0;
    for (int i = 0; i < kWalks; i++) read = std::max(read, read_->rate());
    return std::to_string(fma_->rate(times)) + " " + std::to_string(read);
  }

  std::string run(int times) {
    const long long waited = queue_delay_ns();
    const std::int64_t began = now_ns();
    for (int i = 0; i < times; i++) served_->infer();
    const std::int64_t ns = now_ns() - began;
    const long long waited_ns = queue_delay_ns() - waited;
    kernel_threads().rest();  // whoever comes next has the cores for itself
    return std::to_string(ns) + " " + std::to_string(waited_ns);
  }

  const OpenBundle& bundle_;
  const ProbeKind& kind_;
  std::unique_ptr<Served> served_;
  std::unique_ptr<FmaProbe> fma_;  // made when asked for: who only computes keeps the caches
  std::unique_ptr<ReadProbe> read_;
};

}  // namespace

void serve(const OpenBundle& bundle, int answers) {
  flush_denormals();
  Server server(bundle);
  for (std::string line; std::getline(std::cin, line) && line != "quit";) {
    const auto space = line.find(' ');
    std::string text;
    try {
      text = "ok " +
             server.answer(line.substr(0, space), space == line.npos ? "" : line.substr(space + 1));
    } catch (const std::exception& e) {
      text = std::string("error ") + e.what();
    }
    if (text == "ok ") text = "ok";
    dprintf(answers, "%s\n", text.c_str());
  }
}

}  // namespace halcyon
