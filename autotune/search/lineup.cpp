#include "autotune/search/lineup.h"

#include "suites/trials/trial_record.h"

namespace halcyon {
std::vector<Measured> Workplace::measure(const Bundle& bundle, const std::vector<std::string>& ids,
                                         const Protocol& how) {
  return timed(spent.measuring, [&] { return meter.time(bundle, ids, how, {}); });
}

Lineup::Lineup(Workplace& place, std::vector<NamedCandidate> candidates,
               const std::function<void(std::size_t)>& failed)
    : place_(place), failed_(failed), candidates_(std::move(candidates)) {
  compile();
  if (!passed_.empty()) link();
  if (!passed_.empty()) check();
}

void Lineup::compile() {
  std::vector<Candidate> plain;
  for (const NamedCandidate& c : candidates_) plain.push_back(c.candidate);
  CompileOptions options;
  options.keep_assembly = true;  // for the hot loop
  compiled_ =
      timed(place_.spent.compiling, [&] { return place_.compiler.compile_all(plain, options); });
  for (std::size_t i = 0; i < candidates_.size(); i++) {
    records_.push_back(record_of(candidates_[i], compiled_[i], place_.facts()));
    if (const auto spill = why_spilled(candidates_[i], records_[i]); !spill.empty())
      conclude(records_[i], Outcome::pruned, spill);
    if (records_[i].outcome == Outcome::ok)
      passed_.push_back(i);
    else
      failed_(i);
  }
}

void Lineup::link() {
  std::vector<BundleCase> cases;
  for (std::size_t i : passed_)
    cases.push_back({candidates_[i].id, candidates_[i].candidate, compiled_[i], Compiled(),
                     place_.request.seed});
  bundle_ = timed(place_.spent.linking, [&] {
    return make_bundle(folder_.path(), place_.target, cases, place_.compiler);
  });
}

void Lineup::check() {
  std::vector<std::size_t> right;
  for (std::size_t i : passed_) {
    const Measured m = timed(place_.spent.checking, [&] {
      return place_.meter.check(*bundle_, candidates_[i].id, kCheckLimits);
    });
    records_[i].check = m.check;
    conclude(records_[i], m.outcome, m.detail);
    if (m.outcome == Outcome::ok)
      right.push_back(i);
    else
      failed_(i);
  }
  passed_ = right;
}

}  // namespace halcyon
