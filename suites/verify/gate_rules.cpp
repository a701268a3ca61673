#include "suites/verify/gate_rules.h"

#include <algorithm>
#include <filesystem>

#include "results/figures/rivals.h"
#include "results/record/record_rules.h"
#include "results/text/format.h"
#include "suites/cases/goals.h"
#include "suites/protocol/gate.h"

namespace halcyon {
namespace {

constexpr int kWithRefusals = 5, kToldByGate = 8;  // minor versions

std::string at(const char* list, std::size_t index) {
  return "/" + std::string(list) + "/" + std::to_string(index);
}

/// None of a document whose protocol is older, or made up.
std::optional<Protocol> stated_protocol(const Document& d) {
  try {
    return protocol_from_json(d.protocol);
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

/// Two builds in turns: their samples are of many runs, and few of them are enough.
bool is_of_builds(const Document& d) {
  return std::any_of(d.records.begin(), d.records.end(),
                     [](const Record& r) { return is_of_build(r.rival); }) ||
         std::any_of(d.networks.begin(), d.networks.end(), [](const NetworkRecord& n) {
           return n.peers && halcyon::is_of_builds(*n.peers);
         });
}

class Gates {
 public:
  Gates(const Protocol& protocol, int minor, Flaws& found)
      : protocol_(protocol), minor_(minor), found_(found) {}

  void queue(const std::vector<Sample>& samples, const std::string& pointer) {
    if (minor_ < kWithRefusals) return;
    for (std::size_t i = 0; i < samples.size(); ++i) {
      const auto& by = samples[i].refused_by;
      const bool refused = std::find(by.begin(), by.end(), Gate::queue) != by.end();
      if (refused != (samples[i].queue_delay > protocol_.queue_delay_limit))
        found_.push_back({pointer + "/samples/" + std::to_string(i) + "/queue_delay",
                          "found " + significant(samples[i].queue_delay, 3) + " of a sample that " +
                              (refused ? "was" : "was not") + " refused by it, the limit is " +
                              significant(protocol_.queue_delay_limit, 3)});
    }
  }

  /// `whole`: all that decides is in the samples.
  template <class AnyRecord>
  void outcome(const AnyRecord& r, const std::string& pointer, bool whole) {
    if (r.unit != FigureUnit::ns || r.samples.empty()) return;
    const std::string why = why_noisy(tally_of(r.samples), protocol_);
    if (r.outcome == Outcome::ok && !why.empty())
      found_.push_back({pointer + "/outcome", "found 'ok', the gate says noisy: " + why});
    if (r.outcome != Outcome::noisy || !whole || minor_ < kToldByGate) return;
    if (why.empty())
      found_.push_back(
          {pointer + "/outcome", "found 'noisy' of samples that the gate lets state a time"});
    else if (r.detail != why)
      found_.push_back({pointer + "/detail", "found '" + r.detail + "', the gate says " + why});
  }

  void speed(const Record& r, const std::string& pointer) {
    if (!r.statistics || r.unit != FigureUnit::ns) return;
    double fastest = 0;
    for (const Sample& s : r.samples) fastest = std::max({fastest, s.probe_before, s.probe_after});
    if (is_impossible(r.statistics->median_ns, r.macs_inside, fastest))
      found_.push_back(
          {pointer + "/statistics/median_ns", "found " + significant(r.statistics->median_ns, 6) +
                                                  " ns, faster than any probe of the core"});
  }

 private:
  const Protocol& protocol_;
  const int minor_;
  Flaws& found_;
};

}  // namespace

void find_broken_gates(const Document& d, int minor, Flaws& found) {
  std::optional<Protocol> protocol = stated_protocol(d);
  if (!protocol || d.searches) return;  // a tuning's trials end early
  const bool builds = is_of_builds(d);
  if (builds) protocol->median_limit = 1e9;
  Gates gates(*protocol, minor, found);
  const auto peers = [&](const auto& r, const std::string& pointer) {
    if (!r.peers) return;
    gates.queue(r.peers->own.samples, pointer + "/peers/own");
    for (std::size_t p = 0; p < r.peers->peers.size(); ++p)
      gates.queue(r.peers->peers[p].samples, pointer + "/peers/peers/" + std::to_string(p));
  };
  for (std::size_t i = 0; i < d.records.size(); ++i) {
    const std::string pointer = at("records", i);
    gates.queue(d.records[i].samples, pointer);
    gates.outcome(d.records[i], pointer, !builds);
    gates.speed(d.records[i], pointer);
    peers(d.records[i], pointer);
  }
  for (std::size_t i = 0; i < d.networks.size(); ++i) {
    const std::string pointer = at("networks", i);
    gates.queue(d.networks[i].samples, pointer);
    gates.outcome(d.networks[i], pointer, false);  // its calls' series may be what was noisy
    peers(d.networks[i], pointer);
  }
}

DocumentRule goals_rule(const std::string& goals_file) {
  return [goals_file](const Document& d, int /*minor*/, Flaws& found) {
    if (!d.goals || !std::filesystem::exists(goals_file)) return;
    const std::vector<GoalReached> expected = goals_reached(d, read_count_goals(goals_file));
    for (std::size_t i = 0; i < d.goals->size(); ++i) {
      const GoalReached& g = d.goals->at(i);
      const auto same = std::find_if(expected.begin(), expected.end(), [&](const GoalReached& e) {
        return e.name == g.name && e.at_most == g.at_most;
      });
      if (same == expected.end()) continue;  // of another state of the file
      if (!agree(g.reached, same->reached) || g.cases != same->cases)
        found.push_back({at("goals", i), "found " + significant(g.reached, 6) + " of " +
                                             std::to_string(g.cases) + " cases, the records say " +
                                             significant(same->reached, 6) + " of " +
                                             std::to_string(same->cases)});
    }
  };
}

}  // namespace halcyon
