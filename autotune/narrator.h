#pragma once
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "suites/progress.h"

namespace halcyon {

struct NamedCase;
struct SearchOptions;
struct SearchResult;

/// Tells how a tuning goes: to a person through progress, to a program as one JSON object per
/// event.
class Narrator {
 public:
  using Events = std::function<void(const nlohmann::json&)>;
  Narrator(Progress& progress, Events events) : progress_(progress), events_(std::move(events)) {}

  /// So many problems; each may take so many trials.
  void open(std::size_t problems, std::size_t trials_each);
  void begin(const NamedCase&, std::size_t points, const SearchOptions&);
  void tried(const SearchResult&);  // its last trial
  void drifted(const SearchResult&, double drift);
  void comparing(const SearchResult&);
  void decided(const SearchResult&);
  void say(const std::string& line) { progress_.say(line); }

 private:
  Progress& progress_;
  Events events_;
  std::size_t problems_ = 1, problem_ = 0, trials_each_ = 0;
  std::size_t expected_ = 0;  // trials of the problem at hand, its guests' included
};

}  // namespace halcyon
