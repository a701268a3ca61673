#include "suites/verify/rebuild.h"

#include <algorithm>
#include <map>

#include "kernels/strict_json.h"
#include "results/files/temporary_folder.h"
#include "schedules/compile/compile.h"

namespace halcyon {
namespace {

/// What a record says was compiled.
Candidate candidate_of(const Record& r, const Document& d) {
  const auto target = std::find_if(d.targets.begin(), d.targets.end(),
                                   [&](const Target& t) { return t.name == r.target; });
  if (target == d.targets.end()) throw data_error("no target " + r.target);
  Candidate c{Problem::parse(r.problem), parse_schedule(r.schedule), *target};
  c.target.halide = r.halide_target;
  c.target.threads = r.threads;
  return c;
}

}  // namespace

Flaws find_other_objects(const Document& d, int jobs, Progress& progress) {
  Flaws found;
  std::vector<Candidate> candidates;
  std::vector<std::vector<std::size_t>> records;  // of each candidate
  std::map<std::string, std::size_t> by_object;
  for (std::size_t i = 0; i < d.records.size(); ++i) {
    const Record& r = d.records[i];
    if (r.object_sha256.empty()) continue;
    const auto [at, is_new] =
        by_object.emplace(r.object_key + "\n" + r.object_sha256, candidates.size());
    if (is_new) {
      try {
        candidates.push_back(candidate_of(r, d));
        records.emplace_back();
      } catch (const Error& e) {
        found.push_back(
            {"/records/" + std::to_string(i), std::string("cannot be compiled: ") + e.what()});
        by_object.erase(at);
        continue;
      }
    }
    records[at->second].push_back(i);
  }
  const TemporaryFolder cache;
  Compiler compiler(cache.path(), jobs);
  progress.begin("compiling again", candidates.size());
  const std::vector<Compiled> again = compiler.compile_all(
      candidates, {},
      [&](std::size_t i, const Compiled&) { progress.step(candidates[i].problem.text()); });
  for (std::size_t c = 0; c < again.size(); ++c)
    for (const std::size_t i : records[c]) {
      const Record& r = d.records[i];
      if (again[c].object_sha256 == r.object_sha256) continue;
      const bool same_code = again[c].key == r.object_key;
      found.push_back(
          {"/records/" + std::to_string(i) + "/object_sha256",
           "found " + r.object_sha256.substr(0, 16) + "..., compiled again it is " +
               (again[c].outcome == Outcome::ok ? again[c].object_sha256.substr(0, 16) + "..."
                                                : std::string(to_text(again[c].outcome))) +
               (same_code ? ""
                          : "; this program makes objects otherwise than commit " +
                                d.toolchain.commit.substr(0, 12) + " did")});
    }
  return found;
}

}  // namespace halcyon
