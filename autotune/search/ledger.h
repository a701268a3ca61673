#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "autotune/search/worker.h"
#include "results/document/document.h"
#include "results/document/journal.h"

namespace halcyon {

/// What is known of trials, on disk: each is written down when it starts and when it ends, and
/// whoever opens the journal again knows all of them. Lines of the journal: "run", "search" (what a
/// search was told at its beginning), "started", "trial", "window", "winner".
class Ledger {
 public:
  /// Opens or creates the journal; Error as Journal's.
  Ledger(const std::string& path, const std::string& run,
         const std::function<void(const std::string&)>& say);

  /// The trial of this key, when it has ended.
  const Tried* find(const std::string& key) const;
  /// Starts without an end that may have been the candidate's doing: the machine went down, or
  /// nothing kept the candidate from the tuner.
  int strikes(const std::string& key) const;
  void start(const std::string& key, bool fenced);
  void end(const std::string& key, const Tried&);

  /// The last line of a kind with this key, written with note(); null when there is none.
  const nlohmann::json* noted(const std::string& kind, const std::string& key) const;
  /// All lines of a kind, in order.
  std::vector<nlohmann::json> all(const std::string& kind) const;
  void note(const std::string& kind, const std::string& key, nlohmann::json body);
  void append(const Record&);
  /// What run this is, once for all that are done in this journal.
  void append_head(const Document&);

  std::size_t trials() const { return ended_.size(); }

 private:
  void take(const Journal::Line&);

  Journal journal_;
  std::string boot_;
  std::map<std::string, Tried> ended_;
  std::map<std::string, int> strikes_;
  std::map<std::string, std::vector<nlohmann::json>> notes_;  // by kind
};

}  // namespace halcyon
