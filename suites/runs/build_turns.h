#pragma once
#include <string>
#include <vector>

#include "results/document/document.h"
#include "suites/request/progress.h"
#include "suites/runs/other_build.h"

namespace halcyon {

/// A comparison of two builds.
struct BuildTurns {
  std::vector<std::string> words;  // of `bench`, without those that say where results go
  bool says_cpu = false;           // the words name the core
  int rounds = 8;
  std::string command;  // as typed
};
/// Has another build and this program take turns, each a whole `bench` of the words, first the one,
/// then the other; on one core where the words leave that open. Each knows its own bundles, so that
/// any two states of the project that write results can meet. The result is one document: joined().
/// An interrupt ends it with the rounds that are whole, as not complete. Error as the first run
/// that has no result says it.
Document take_turns(const BuildTurns&, const OtherBuild&, Progress&);

}  // namespace halcyon
