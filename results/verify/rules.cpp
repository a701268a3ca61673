#include "results/verify/rules.h"

#include <algorithm>
#include <map>
#include <tuple>

#include "kernels/strict_json.h"
#include "schedules/language/step.h"

namespace halcyon {
namespace {

constexpr int kAsToday = 8;  // minor version, from which on samples are in order, and say by what
                             // they were refused

std::string at(const char* list, std::size_t index) {
  return "/" + std::string(list) + "/" + std::to_string(index);
}

bool is_hex(const std::string& text, std::size_t digits) {
  return text.size() == digits && text.find_first_not_of("0123456789abcdef") == text.npos;
}

/// A tuning has many trials of a case.
bool is_of_a_tuning(const Document& d) { return d.searches.has_value(); }

// ---- Of the run ------------------------------------------------------------------------------

void check_times(const Document& d, int /*minor*/, Flaws& found) {
  const auto is_time = [](const std::string& text) {
    constexpr std::string_view kForm = "0000-00-00T00:00:00Z";
    return std::equal(text.begin(), text.end(), kForm.begin(), kForm.end(), [](char c, char form) {
      return form == '0' ? c >= '0' && c <= '9' : c == form;
    });
  };
  for (const auto& [name, text] :
       {std::pair("/started_utc", &d.started_utc), {"/ended_utc", &d.ended_utc}})
    if (!is_time(*text))
      found.push_back({name, "found " + describe(*text) + ", allowed 2026-11-24T13:25:02Z"});
  if (d.ended_utc < d.started_utc)
    found.push_back({"/ended_utc", "found " + describe(d.ended_utc) + ", before it started"});
}

void check_ids(const Document& d, int /*minor*/, Flaws& found) {
  std::map<std::string, std::string> seen;  // id: where
  const auto check = [&](const auto& records, const char* list) {
    for (std::size_t i = 0; i < records.size(); ++i) {
      const std::string pointer = at(list, i) + "/id", &id = records[i].id;
      if (!is_hex(id, 16))
        found.push_back({pointer, "found " + describe(id) + ", allowed 16 hex digits"});
      const auto [other, is_new] = seen.emplace(id, pointer);
      if (!is_new) found.push_back({pointer, "is that of " + other->second + ", too"});
    }
  };
  check(d.records, "records");
  check(d.networks, "networks");
}

/// A case stands once in each state; what it is compared with stands behind it.
void check_cases(const Document& d, int /*minor*/, Flaws& found) {
  if (is_of_a_tuning(d)) return;
  std::map<std::tuple<std::string, std::string, std::string, int, CacheState>, std::size_t> cases;
  for (std::size_t i = 0; i < d.records.size(); ++i) {
    const Record& r = d.records[i];
    const auto key = std::tuple(r.suite, r.case_id, r.target, r.threads, r.state);
    const auto own = cases.find(key);
    if (!r.rival.empty()) {
      // Two suites' cases of one name, and points of a sweep, have more in theirs.
      const bool there = std::any_of(cases.begin(), cases.end(), [&](const auto& c) {
        return std::get<0>(c.first) == r.suite &&
               std::get<1>(c.first).find(r.case_id) != std::string::npos;
      });
      if (!there && d.complete)
        found.push_back({at("records", i), "is beside case " + describe(r.case_id) +
                                               ", which stands nowhere before it"});
    } else if (own != cases.end()) {
      found.push_back({at("records", i),
                       "is case " + describe(r.case_id) + ", as is " + at("records", own->second)});
    } else {
      cases[key] = i;
    }
  }
}

void check_targets(const Document& d, int /*minor*/, Flaws& found) {
  const auto check = [&](const auto& records, const char* list) {
    for (std::size_t i = 0; i < records.size(); ++i) {
      const auto target = std::find_if(d.targets.begin(), d.targets.end(), [&](const Target& t) {
        return t.name == records[i].target;
      });
      if (target == d.targets.end())
        found.push_back({at(list, i) + "/target", "found " + describe(records[i].target) +
                                                      ", which is no target of the run"});
      else if (target->family != records[i].family)
        found.push_back({at(list, i) + "/family", "found " + describe(records[i].family) +
                                                      ", its target's is " +
                                                      describe(target->family)});
    }
  };
  if (d.targets.empty()) return;
  check(d.records, "records");
  check(d.networks, "networks");
}

void check_searches(const Document& d, int /*minor*/, Flaws& found) {
  if (!d.searches) return;
  for (std::size_t i = 0; i < d.searches->size(); ++i)
    for (std::size_t f = 0; f < d.searches->at(i).found.size(); ++f) {
      const std::string& id = d.searches->at(i).found[f].record;
      const bool there = id.empty() || std::any_of(d.records.begin(), d.records.end(),
                                                   [&](const Record& r) { return r.id == id; });
      if (!there)
        found.push_back({at("searches", i) + "/found/" + std::to_string(f) + "/record",
                         "found " + describe(id) + ", which is no record"});
    }
}

// ---- Of a record -----------------------------------------------------------------------------

void check_texts(const Document& d, int /*minor*/, Flaws& found) {
  for (std::size_t i = 0; i < d.records.size(); ++i) {
    const Record& r = d.records[i];
    const auto add = [&](const char* member, const std::string& text) {
      found.push_back({at("records", i) + "/" + member, text});
    };
    for (const auto& [name, text] :
         {std::pair("object_key", &r.object_key), {"object_sha256", &r.object_sha256}})
      if (!text->empty() && !is_hex(*text, 64))
        add(name, "found " + describe(*text) + ", allowed 64 hex digits");
    if (r.outcome == Outcome::ok && !r.detail.empty())
      add("detail", "found " + describe(r.detail) + " with outcome ok");
    if (r.check.passed && !r.check.where.empty())
      add("check/where", "found " + describe(r.check.where) + " in a check that passed");
    try {
      if (!r.schedule.empty() && to_text(parse_schedule(r.schedule)) != r.schedule)
        add("schedule", "not in the form in which schedules are written");
    } catch (const Error& e) {
      // What a person or a search wrote and no compiler took is told as it is.
      if (r.outcome == Outcome::ok) add("schedule", e.what());
    }
  }
}

/// Samples of one record, or of one system beside it.
void check_samples(const std::vector<Sample>& samples, const std::string& pointer, int minor,
                   bool cold, Flaws& found) {
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const Sample& s = samples[i];
    const auto add = [&](const char* member, const std::string& text) {
      found.push_back({pointer + "/samples/" + std::to_string(i) + "/" + member, text});
    };
    if (minor >= kAsToday && s.accepted != s.refused_by.empty())
      add("accepted", s.accepted ? "found true of one that gates refused"
                                 : "found false of one that no gate refused");
    if (s.accepted && !(s.probe_before > 0 && s.probe_after > 0))
      add("probe_before", "an accepted sample stands between two probes");
    if (cold && s.iterations != 1)
      add("iterations",
          "found " + std::to_string(s.iterations) + ", with cold caches allowed is 1");
    if (i == 0 || minor < kAsToday) continue;
    const Sample& before = samples[i - 1];
    const int process = s.process.value_or(0), last = before.process.value_or(0);
    if (process < last || s.process.has_value() != before.process.has_value())
      add("process", "samples stand in the order of their processes");
    if (process != last) continue;
    if (s.order <= before.order)
      add("order", "found " + std::to_string(s.order) + " behind " + std::to_string(before.order));
  }
}

template <class AnyRecord>
void check_all_samples(const AnyRecord& r, const std::string& pointer, int minor, bool cold,
                       Flaws& found) {
  check_samples(r.samples, pointer, minor, cold, found);
  if (!r.peers) return;
  check_samples(r.peers->own.samples, pointer + "/peers/own", minor, false, found);
  for (std::size_t p = 0; p < r.peers->peers.size(); ++p)
    check_samples(r.peers->peers[p].samples, pointer + "/peers/peers/" + std::to_string(p), minor,
                  false, found);
}

void check_series(const Document& d, int minor, Flaws& found) {
  if (is_of_a_tuning(d)) minor = std::min(minor, kAsToday - 1);  // of several measurements
  for (std::size_t i = 0; i < d.records.size(); ++i)
    check_all_samples(d.records[i], at("records", i), minor, d.records[i].state == CacheState::cold,
                      found);
  for (std::size_t i = 0; i < d.networks.size(); ++i)
    check_all_samples(d.networks[i], at("networks", i), minor, false, found);
}

constexpr void (*kRules[])(const Document&, int, Flaws&) = {
    check_times, check_ids, check_cases, check_targets, check_searches, check_texts, check_series};

}  // namespace

void find_broken_rules(const Document& d, int minor, Flaws& found) {
  for (const auto rule : kRules) rule(d, minor, found);
}

}  // namespace halcyon
