#pragma once
#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "results/files/temporary_folder.h"
#include "results/record/machine.h"
#include "suites/meters/meter.h"
#include "suites/request/request.h"
#include "suites/trials/trial_record.h"

namespace halcyon {

/// Where the time of trials went, in seconds by the clock.
struct TimeSpent {
  double compiling = 0, linking = 0, checking = 0, measuring = 0;
  void add(const TimeSpent& more) {
    compiling += more.compiling;
    linking += more.linking;
    checking += more.checking;
    measuring += more.measuring;
  }
};

/// What the trials of a tuning share.
struct Workplace {
  Request request;
  Target target;
  std::string run;  // id, for records
  Protocol protocol;
  MachineRates rates;
  Machine machine;  // whose trials these are
  const Meter& meter;
  Compiler& compiler;
  TimeSpent spent = {};

  RunFacts facts(CacheState state = CacheState::warm) const {
    return {request, "bench", run, meter.unit(), state};
  }
  /// Meter::time(), its time added up.
  std::vector<Measured> measure(const Bundle&, const std::vector<std::string>& ids,
                                const Protocol&);
};

/// Candidates of one problem on their way to being measured together: compiled, linked into one
/// bundle, checked in a process each.
class Lineup {
 public:
  /// `failed` for each that does not get so far, once its record says why.
  Lineup(Workplace&, std::vector<NamedCandidate>, const std::function<void(std::size_t)>& failed);

  const std::vector<NamedCandidate>& candidates() const { return candidates_; }
  const std::vector<Compiled>& compiled() const { return compiled_; }
  std::vector<Record>& records() { return records_; }
  const std::vector<std::size_t>& passed() const { return passed_; }
  const Bundle& bundle() const { return *bundle_; }  // where any passed

 private:
  void compile();
  void link();
  void check();

  Workplace& place_;
  const std::function<void(std::size_t)>& failed_;
  const std::vector<NamedCandidate> candidates_;
  std::vector<Compiled> compiled_;
  std::vector<Record> records_;
  std::vector<std::size_t> passed_;
  TemporaryFolder folder_;
  std::optional<Bundle> bundle_;
};

/// Runs `part` and adds its wall time to `seconds`.
template <class Part>
auto timed(double& seconds, Part&& part) {
  const auto begin = std::chrono::steady_clock::now();
  auto result = part();
  seconds += std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

}  // namespace halcyon
