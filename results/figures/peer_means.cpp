#include "results/figures/peer_means.h"

#include <algorithm>

namespace halcyon {
namespace {

constexpr std::uint64_t kSeed = 1;  // of the intervals' draws

/// Of the best peer where none is named.
const PeerResult* timed_result(const Record& r, const std::string& peer) {
  const PeerResult* found = peer.empty() ? best_of(*r.peers) : result_of(r, peer);
  return found && found->ratio ? found : nullptr;
}

PeerMean mean_of(const std::vector<const Record*>& cases, const std::string& kernel_class,
                 const std::string& peer) {
  PeerMean mean{kernel_class, peer, {}, 0, {}};
  std::vector<double> ratios;
  for (const Record* r : cases) {
    if (r->odd || (!kernel_class.empty() && r->kernel_class != kernel_class)) continue;
    if (const PeerResult* result = timed_result(*r, peer))
      ratios.push_back(result->ratio->estimate);
    else
      mean.without.push_back(r->case_id);
  }
  mean.cases = static_cast<int>(ratios.size());
  if (!ratios.empty()) mean.ratio = geometric_mean_interval(ratios, kSeed);
  return mean;
}

template <class Words>
void add_new(Words& words, const std::string& word) {
  if (std::find(words.begin(), words.end(), word) == words.end()) words.push_back(word);
}

}  // namespace

std::vector<const Record*> cases_with_peers(const std::vector<Record>& records) {
  std::vector<const Record*> cases;
  for (const Record& r : records)
    if (r.peers) cases.push_back(&r);
  return cases;
}

std::vector<std::string> peers_of(const std::vector<const Record*>& cases) {
  std::vector<std::string> names;
  for (const Record* r : cases)
    for (const PeerResult& peer : r->peers->peers) add_new(names, peer.name);
  return names;
}

const PeerResult* result_of(const Record& r, const std::string& peer) {
  if (!r.peers) return nullptr;
  const auto& all = r.peers->peers;
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const PeerResult& p) { return p.name == peer; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<PeerMean> peer_means(const std::vector<const Record*>& cases) {
  std::vector<std::string> classes, peers = peers_of(cases);
  for (const Record* r : cases)
    if (!r->odd) add_new(classes, r->kernel_class);
  if (classes.empty()) return {};
  classes.emplace_back();
  peers.insert(peers.begin(), "");
  std::vector<PeerMean> means;
  for (const std::string& kernel_class : classes)
    for (const std::string& peer : peers) means.push_back(mean_of(cases, kernel_class, peer));
  return means;
}

std::string layouts_of_peers(const std::vector<const Record*>& cases) {
  std::string text;
  for (const std::string& peer : peers_of(cases)) {
    std::vector<std::string> layouts;
    for (const Record* r : cases)
      if (const PeerResult* result = timed_result(*r, peer); result && !result->layout.empty())
        add_new(layouts, result->layout.substr(0, result->layout.find(';')));
    if (layouts.empty()) continue;
    text += (text.empty() ? "" : "; ") + peer + ": ";
    for (std::size_t i = 0; i < layouts.size(); i++) text += (i ? " or " : "") + layouts[i];
  }
  return text;
}

}  // namespace halcyon
