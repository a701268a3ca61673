#include "results/record/peer_record.h"

#include <algorithm>

#include "results/record/peer_fields.h"
#include "results/record/record_rules.h"
#include "results/record/words.h"

namespace halcyon {
namespace {

constexpr std::uint64_t kSeed = 1;  // of the intervals' draws
constexpr std::string_view kOutcomes[] = {"ok", "noisy", "wrong", "failed", "absent"};

/// Their time over ours in the rounds where both counted; none where there is no such round.
std::optional<Interval> round_ratio(const std::vector<Sample>& own,
                                    const std::vector<Sample>& peer) {
  std::vector<double> ours, theirs;
  std::vector<int> processes;  // of the pair: one after the other, so that the sum tells them apart
  for (std::size_t round = 0; round < std::min(own.size(), peer.size()); round++) {
    if (!own[round].accepted || !peer[round].accepted) continue;
    ours.push_back(own[round].ns_per_call());
    theirs.push_back(peer[round].ns_per_call());
    processes.push_back(own[round].process.value_or(0) + peer[round].process.value_or(0));
  }
  if (ours.empty()) return std::nullopt;
  return paired_ratio(ours, theirs, processes, kSeed);
}

bool same(const std::optional<Interval>& a, const std::optional<Interval>& b) {
  if (!a || !b) return a.has_value() == b.has_value();
  return agree(a->low, b->low) && agree(a->estimate, b->estimate) && agree(a->high, b->high);
}

bool may_have_samples(PeerOutcome outcome) {
  return outcome == PeerOutcome::ok || outcome == PeerOutcome::noisy;
}

/// Less than f32 has no tolerance: what is lost follows the network and its quantiser, and is said.
bool is_within(const PeerResult& r, double tolerance) {
  return r.max_error && (r.precision != "f32" || *r.max_error <= tolerance);
}

/// Of those that `counts`, the one whose ratio is least.
template <class Counts>
const PeerResult* least_ratio(const PeerComparison& c, Counts counts) {
  const PeerResult* least = nullptr;
  for (const PeerResult& peer : c.peers)
    if (peer.ratio && !peer.doubtful && counts(peer) &&
        (!least || peer.ratio->estimate < least->ratio->estimate))
      least = &peer;
  return least;
}

std::string check_result(const PeerResult& r, MacCounts macs, double tolerance) {
  const std::string outcome(to_text(r.outcome));
  if (r.name.empty()) return "name: found nothing";
  if (r.precision.empty()) return "precision: found nothing";
  if (r.sqnr_db && !r.max_error) return "sqnr_db: found one without max_error";
  if (!may_have_samples(r.outcome) && !r.samples.empty())
    return "samples: found some with outcome " + outcome + ": such a row has no time";
  if (may_have_samples(r.outcome) && !is_within(r, tolerance))
    return "max_error: found none within the tolerance with outcome " + outcome;
  if (r.outcome == PeerOutcome::ok && r.samples.empty())
    return "samples: found none with outcome ok";
  if (const auto wrong = check_rejected(r.samples, r.rejected); !wrong.empty()) return wrong;
  const Outcome as_record = r.outcome == PeerOutcome::ok ? Outcome::ok : Outcome::infra;
  return check_statistics(r.samples, r.statistics, as_record, macs);
}

std::string check_marks(const PeerResult& found, const PeerResult& allowed) {
  if (found.mixed_precision != allowed.mixed_precision)
    return "mixed_precision: not as the precisions are";
  if (found.doubtful != allowed.doubtful) return "doubtful: not as precision and sqnr_db are";
  return "";
}

}  // namespace

std::string_view to_text(PeerOutcome outcome) { return kOutcomes[static_cast<int>(outcome)]; }

void from_text(std::string_view text, PeerOutcome& outcome) {
  outcome = value_called<PeerOutcome>(text, kOutcomes);
}

int shared_rounds(const std::vector<Sample>& own, const std::vector<Sample>& peer) {
  int rounds = 0;
  for (std::size_t i = 0; i < std::min(own.size(), peer.size()); i++)
    rounds += own[i].accepted && peer[i].accepted;
  return rounds;
}

PeerComparison derived(PeerComparison c, MacCounts macs) {
  const auto derive = [&](PeerResult& r) {
    const bool ok = r.outcome == PeerOutcome::ok;
    r.statistics = ok ? statistics_of(r.samples, macs) : std::nullopt;
    r.rejected = rejected_of(r.samples);
    r.ratio.reset();
    r.mixed_precision = false;
    r.doubtful = r.precision != "f32" && r.sqnr_db && *r.sqnr_db < c.sqnr_floor_db;
  };
  derive(c.own);
  for (PeerResult& peer : c.peers) {
    derive(peer);
    if (peer.statistics && c.own.statistics) peer.ratio = round_ratio(c.own.samples, peer.samples);
    peer.mixed_precision = peer.ratio && peer.precision != c.own.precision;
  }
  const PeerResult* best = least_ratio(c, [](const auto& peer) { return !peer.mixed_precision; });
  c.best = best ? best->name : "";
  return c;
}

const PeerResult* best_of(const PeerComparison& c) {
  const auto found = std::find_if(c.peers.begin(), c.peers.end(),
                                  [&](const PeerResult& r) { return r.name == c.best; });
  return found == c.peers.end() ? nullptr : &*found;
}

const PeerResult* fastest_mixed(const PeerComparison& c) {
  return least_ratio(c, [](const auto& peer) { return peer.mixed_precision; });
}

nlohmann::json to_json(const PeerComparison& c) { return write_fields(c); }

void renew_percents(PeerComparison& c, MacCounts macs) {
  renew_percent(c.own.statistics, macs);
  for (PeerResult& peer : c.peers) renew_percent(peer.statistics, macs);
}

PeerComparison peer_comparison_from_json(const nlohmann::json& value, MacCounts macs,
                                         const std::string& where, const std::string& pointer) {
  Reader in(value, where, pointer, Exit::data);
  auto c = read_fields<PeerComparison>(in);
  renew_percents(c, macs);
  if (const std::string wrong = check_peer_comparison(c, macs); !wrong.empty()) in.fail("", wrong);
  return c;
}

std::string check_peer_comparison(const PeerComparison& c, MacCounts macs) {
  if (const auto wrong = check_result(c.own, macs, c.error_tolerance); !wrong.empty())
    return "own: " + wrong;
  for (const PeerResult& peer : c.peers)
    if (const auto wrong = check_result(peer, macs, c.error_tolerance); !wrong.empty())
      return "peers: " + describe(peer.name) + ": " + wrong;
  const PeerComparison expected = derived(c, macs);
  if (c.own.ratio) return "own: ratio: found one of ours to ours";
  if (const auto wrong = check_marks(c.own, expected.own); !wrong.empty()) return "own: " + wrong;
  for (std::size_t i = 0; i < c.peers.size(); i++) {
    const PeerResult &found = c.peers[i], &allowed = expected.peers[i];
    const std::string wrong = same(found.ratio, allowed.ratio) ? check_marks(found, allowed)
                                                               : "ratio: not that of the samples";
    if (!wrong.empty()) return "peers: " + describe(found.name) + ": " + wrong;
  }
  if (c.best != expected.best)
    return "best: found " + describe(c.best) + ", allowed " + describe(expected.best);
  return "";
}

}  // namespace halcyon
