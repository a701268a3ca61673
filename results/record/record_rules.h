#pragma once
#include <span>
#include <string>

#include "kernels/strict_json.h"
#include "results/record/record.h"

/// What holds of every record, be it of a case or of a network. Each is empty when it holds; else
/// one line that begins with the field.
namespace halcyon {

/// Empty, or "found '...', allowed a, b".
std::string one_of(const std::string& word, std::span<const char* const> words);

/// Refuses a record whose "schema" is newer than `known`.
void check_record_schema(Reader& in, int known);

/// To the last digits that a sum in another order may change.
bool agree(double a, double b);

/// A record's statistics are those of its samples, and there exactly when it is ok and timed.
std::string check_statistics(const std::vector<Sample>&, const std::optional<Statistics>&, Outcome,
                             MacCounts);

/// Older records count padded taps in the percent of peak, too. Makes it what it is today; false
/// when there was nothing to do.
bool renew_percent(std::optional<Statistics>&, MacCounts);

/// Counts by gate, where there are any, are those of the samples.
std::string check_rejected(const std::vector<Sample>&, const std::optional<Rejected>&);

/// A failed row has no time, a time has a passed check, counts are instructions and stand alone.
template <class AnyRecord>
std::string check_figures(const AnyRecord& r, MacCounts macs) {
  const std::string outcome(to_text(r.outcome));
  if (r.counts &&
      (r.unit != FigureUnit::instructions || r.outcome != Outcome::ok || !r.samples.empty()))
    return "counts: found some with unit " + std::string(to_text(r.unit)) + ", outcome " + outcome +
           " and " + std::to_string(r.samples.size()) +
           " samples, allowed instructions, ok and none";
  const bool may_have_samples = r.outcome == Outcome::ok || r.outcome == Outcome::noisy;
  if (!may_have_samples && !r.samples.empty())
    return "samples: found " + std::to_string(r.samples.size()) + " with outcome " + outcome +
           ", allowed none: a failed row has no time";
  if ((r.outcome == Outcome::ok || !r.samples.empty()) && !r.check.passed)
    return "check: found outcome " + outcome + " without a passed check";
  if (const auto wrong = check_rejected(r.samples, r.rejected); !wrong.empty()) return wrong;
  return check_statistics(r.samples, r.statistics, r.outcome, macs);
}

}  // namespace halcyon
