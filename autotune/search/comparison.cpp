#include "autotune/search/comparison.h"

#include "autotune/search/halving.h"
#include "suites/trials/trial_record.h"

namespace halcyon {
namespace {

constexpr int kProcesses = 3;

/// The records of what is measured in a state: as in the line-up, under names of their own.
std::vector<Record> records_in(CacheState state, const Workplace& place, Lineup& lineup) {
  std::vector<Record> records;
  for (std::size_t i = 0; i < lineup.candidates().size(); i++) {
    NamedCandidate named = lineup.candidates()[i];
    named.id += std::string(".") + to_text(state);
    records.push_back(record_of(named, lineup.compiled()[i], place.facts(state)));
    records[i].check = lineup.records()[i].check;
    conclude(records[i], lineup.records()[i].outcome, lineup.records()[i].detail);
  }
  return records;
}

Interleaved compare_in(CacheState state, Workplace& place, Lineup& lineup) {
  Interleaved out{to_text(state), std::vector<std::vector<double>>(lineup.candidates().size()),
                  records_in(state, place, lineup)};
  const auto& passed = lineup.passed();
  std::vector<std::string> ids;
  for (std::size_t i : passed) ids.push_back(lineup.candidates()[i].id);
  std::vector<Measured> sums(ids.size());
  std::vector<std::vector<double>> figures(ids.size());
  const int processes = place.meter.measures_time() ? kProcesses : 1;
  for (int process = 0; process < processes; process++) {
    Protocol protocol = place.protocol;
    protocol.state = state;
    protocol.seed += static_cast<std::uint64_t>(process);
    const auto measured = place.measure(lineup.bundle(), ids, protocol);
    append_rounds(measured, figures);
    for (std::size_t i = 0; i < ids.size(); i++) add_process(measured[i], sums[i]);
  }
  for (std::size_t i = 0; i < passed.size(); i++) {
    out.figures[passed[i]] = figures[i];
    take_measured(out.records[passed[i]], sums[i], place.target, place.rates);
  }
  return out;
}

}  // namespace

std::vector<Interleaved> compare_thoroughly(Workplace& place,
                                            const std::vector<NamedCandidate>& candidates) {
  Lineup lineup(place, candidates, [](std::size_t) {});
  std::vector<Interleaved> all;
  if (lineup.passed().empty()) return all;
  std::vector<CacheState> states = {CacheState::warm};
  if (place.meter.measures_time() && candidates.front().of.problem.weight_bytes() > 0)
    states.push_back(CacheState::cold_weights);
  for (const CacheState state : states) all.push_back(compare_in(state, place, lineup));
  return all;
}

}  // namespace halcyon
