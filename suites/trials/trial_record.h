#pragma once
#include <string>

#include "results/record/record.h"
#include "suites/meters/meter.h"
#include "suites/trials/named_candidate.h"

namespace halcyon {

/// What the records of a run have in common.
struct RunFacts {
  const Request& request;
  std::string verb;  // of the repro
  std::string run;   // id
  FigureUnit unit;
  CacheState state;
};

/// The record of a candidate's trial once it is compiled: all that is known of it, no figure, and
/// its outcome when that is not ok.
Record record_of(const NamedCandidate&, const Compiled&, const RunFacts&);

/// Why a point is not worth a measurement: its tile does not fit the registers. Empty when it is;
/// the recipe's start always is.
std::string why_spilled(const NamedCandidate&, const Record&);

/// Adds what a meter measured: samples, statistics, bound or counts, outcome.
void take_measured(Record&, const Measured&, const Target&, const MachineRates&);

/// Gives a record its outcome; a failed one keeps no figure.
void conclude(Record&, Outcome, const std::string& detail);

}  // namespace halcyon
