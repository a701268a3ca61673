// Are a contest's verdicts to be trusted? MobileNetV3-S beside itself, and beside itself with every
// inference 3 % longer, as peers are timed. Statistics of this machine that take minutes, and so no
// part of `make test`: `make honesty`.
#include <gtest/gtest.h>

#include <iostream>

#include "results/figures/rivals.h"
#include "suites/networks/network_reference.h"
#include "suites/networks/planned_network.h"
#include "suites/peers/network_peers.h"
#include "suites/runs/ready_network.h"

namespace halcyon {
namespace {

class Honesty : public testing::TestWithParam<int> {  // threads
 protected:
  static RunPlan asked(int threads) {
    const std::string root = HALCYON_SOURCE_DIR;
    Request r;
    r.folders = {root, root + "/schedules/targets", root + "/suites/micro",
                 "",   root + "/schedules/tuned",   root + "/suites/networks"};
    r.threads = threads;
    return run_plan(r);
  }

  Honesty() {
    const NetworkReference reference = reference_of(network_.graph(), network_.plan(), 1, silent_);
    const Bundle& bundle = network_.bundle(reference.sets, reference.tolerance());
    task_ = peer_task(*device_, network_.graph(), bundle, reference.sets.front(),
                      reference.tolerance());
    task_.model = bundle.program;  // whatever: ours has its network in it
    task_.threads = GetParam();
    for (int cpu = 0; cpu < GetParam(); cpu++) task_.cpus.push_back(cpu);
  }

  /// So many, or HALCYON_CONTESTS.
  static int contests(int usual) {
    const char* wanted = std::getenv("HALCYON_CONTESTS");
    return wanted ? std::max(1, std::atoi(wanted)) : usual;
  }

  /// How many contests of so many call it another
  /// speed, by the rule `change`.
  int different(double factor, int contests) {
    task_.peers = {{"slowed", {"python3", HALCYON_SOURCE_DIR "/suites/runs/slowed_peer.py"}, ""}};
    auto& argv = task_.peers[0].argv;
    argv.push_back(std::to_string(factor));
    argv.insert(argv.end(), task_.own.argv.begin(), task_.own.argv.end());
    int found = 0;
    Rejected rejected;
    std::size_t taken = 0;
    for (int i = 1; i <= contests; i++) {
      task_.protocol.seed = static_cast<std::uint64_t>(i);
      const PeerResult r = compare_with_peers(task_).peers.at(0);
      taken += r.samples.size();
      for (const Sample& s : r.samples) rejected.add(s);
      const bool differs = r.ratio && verdict(*r.ratio, Rule::change) != Verdict::no_difference;
      found += differs;
      std::cout << i << ": " << (r.ratio ? ratio_text(*r.ratio) : r.detail)
                << (differs ? ", different" : "") << std::endl;
    }
    std::cout << found << " of " << contests << " different; of " << taken
              << " turns refused by: " << to_text(rejected) << std::endl;
    return found;
  }

  Progress silent_{Progress::Style::silent};
  const RunPlan asked_ = asked(GetParam());
  Compiler compiler_{cache_folder(""), 2};
  ReadyNetwork network_{planned_network("mobilenet_v3_small", asked_), asked_, compiler_, silent_};
  const std::unique_ptr<Device> device_ = open_device(network_.target());
  PeerTask task_;
};

TEST_P(Honesty, OfAHundredContestsAgainstItselfAtMostFiveCallItDifferent) {
  const int n = contests(100);
  EXPECT_LE(different(1, n), n / 20);
}

TEST_P(Honesty, ThreePercentAreFoundInEighteenOfTwenty) {
  const int n = contests(20);
  EXPECT_GE(different(1.03, n), n * 9 / 10);
}

INSTANTIATE_TEST_SUITE_P(Threads, Honesty, testing::Values(1, 2));

}  // namespace
}  // namespace halcyon
