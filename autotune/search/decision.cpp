#include "autotune/search/decision.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "kernels/strict_json.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

using nlohmann::json;

constexpr std::size_t kLeastPairs = 15;
constexpr double kCountsBar = 1.03;

constexpr double kMost = 1e300;
constexpr std::pair<Verdict, const char*> kVerdicts[] = {{Verdict::better, "better"},
                                                         {Verdict::worse, "worse"},
                                                         {Verdict::no_difference, "no difference"}};

std::string to_text(Verdict verdict) {
  for (const auto& [value, word] : kVerdicts)
    if (value == verdict) return word;
  return "";
}

Verdict verdict_from_text(const std::string& text, const Reader& in) {
  for (const auto& [value, word] : kVerdicts)
    if (text == word) return value;
  in.fail("verdict", "found '" + text + "', allowed better, worse, no difference");
}

Verdict verdict_of(const Interval& speedup, std::size_t pairs, FigureUnit unit) {
  if (unit == FigureUnit::ns)
    return pairs < kLeastPairs ? Verdict::no_difference : verdict(speedup, Rule::winner);
  if (speedup.low > kCountsBar) return Verdict::better;
  return speedup.high < 1 / kCountsBar ? Verdict::worse : Verdict::no_difference;
}

/// Of candidate `b` over candidate `a`, by state.
std::vector<Evidence> against(const std::vector<Interleaved>& states, FigureUnit unit,
                              std::size_t a, std::size_t b, std::uint64_t seed) {
  std::vector<Evidence> all;
  all.reserve(states.size());
  for (const Interleaved& s : states)
    all.push_back(compare(s.state, unit, s.figures.at(a), s.figures.at(b), seed));
  return all;
}

bool better_everywhere(const std::vector<Evidence>& evidence) {
  return !evidence.empty() && std::all_of(evidence.begin(), evidence.end(), [](const Evidence& e) {
    return e.verdict == Verdict::better;
  });
}

double mean_speedup(const std::vector<Evidence>& evidence) {
  std::vector<double> speedups;
  speedups.reserve(evidence.size());
  for (const Evidence& e : evidence) speedups.push_back(e.speedup.estimate);
  return geometric_mean(speedups);
}

/// Why no leader won: what the best of them lacked.
std::string why_none(const std::vector<std::vector<Evidence>>& evidence) {
  if (evidence.empty()) return "nothing came before the start";
  const auto best = std::max_element(
      evidence.begin(), evidence.end(),
      [](const auto& a, const auto& b) { return mean_speedup(a) < mean_speedup(b); });
  std::string text = "no difference shown: the best leader is";
  for (const Evidence& e : *best)
    text += (e.state == best->front().state ? " " : ", ") + to_text(e);
  return text;
}

}  // namespace

Evidence compare(const std::string& state, FigureUnit unit, const std::vector<double>& slower,
                 const std::vector<double>& faster, std::uint64_t seed) {
  std::vector<double> a, b;
  for (std::size_t i = 0; i < std::min(slower.size(), faster.size()); i++) {
    if (!(slower[i] > 0) || !(faster[i] > 0)) continue;
    a.push_back(slower[i]);
    b.push_back(faster[i]);
  }
  Evidence e{state, {0, 1, kMost}, static_cast<int>(a.size()), Verdict::no_difference};
  if (a.empty()) return e;
  e.speedup = paired_ratio(b, a, seed);
  e.verdict = verdict_of(e.speedup, a.size(), unit);
  return e;
}

std::string to_text(const Evidence& e) {
  return e.state + " " + times_text(e.speedup.estimate, 3) + " (" + times_text(e.speedup.low, 3) +
         " to " + times_text(e.speedup.high, 3) + ")";
}

nlohmann::json to_json(const Evidence& e) {
  return {{"state", e.state},     {"speedup", e.speedup.estimate},
          {"low", e.speedup.low}, {"high", e.speedup.high},
          {"pairs", e.pairs},     {"verdict", to_text(e.verdict)}};
}

Evidence evidence_from_json(const json& value, const std::string& where) {
  Reader e(value, where, "/evidence", Exit::data);
  return {e.string("state"),
          {e.number("low", 0, kMost), e.number("speedup", 0, kMost), e.number("high", 0, kMost)},
          static_cast<int>(e.integer("pairs", 0, INT32_MAX)),
          verdict_from_text(e.string("verdict"), e)};
}

nlohmann::json to_json(const Decision& d) {
  json leaders = json::array();
  for (const auto& states : d.evidence) {
    json row = json::array();
    for (const Evidence& e : states) row.push_back(to_json(e));
    leaders.push_back(row);
  }
  return {{"winner", d.winner ? json(*d.winner) : json()}, {"evidence", leaders}, {"why", d.why}};
}

Decision decision_from_json(const json& value, const std::string& where) {
  Reader in(value, where, "", Exit::data);
  Decision d;
  d.why = in.string("why");
  for (const json& row : in.array("evidence")) {
    if (!row.is_array()) in.fail("evidence", "expected arrays, found " + describe(row));
    d.evidence.emplace_back();
    for (const json& item : row) d.evidence.back().push_back(evidence_from_json(item, where));
  }
  const auto leaders = static_cast<std::int64_t>(d.evidence.size());
  if (!in.is_null("winner"))
    d.winner = static_cast<std::size_t>(in.integer("winner", 0, leaders - 1));
  return d;
}

Decision decide(const std::vector<Interleaved>& states, FigureUnit unit,
                const std::vector<Simplicity>& simplicity, std::uint64_t seed) {
  Decision d;
  std::optional<std::size_t> fastest;
  for (std::size_t i = 0; i < simplicity.size(); i++) {
    d.evidence.push_back(against(states, unit, 0, i + 1, seed));
    if (!better_everywhere(d.evidence[i])) continue;
    if (!fastest || mean_speedup(d.evidence[i]) > mean_speedup(d.evidence[*fastest])) fastest = i;
  }
  if (!fastest) {
    d.why = why_none(d.evidence);
    return d;
  }
  d.winner = fastest;
  for (std::size_t i = 0; i < simplicity.size(); i++) {
    if (i == *fastest || !better_everywhere(d.evidence[i])) continue;
    const bool ties = !better_everywhere(against(states, unit, i + 1, *fastest + 1, seed));
    if (ties && simplicity[i] < simplicity[*d.winner]) d.winner = i;
  }
  d.why = *d.winner == *fastest ? "faster than the start in every state"
                                : "as fast as the fastest, and simpler";
  return d;
}

}  // namespace halcyon
