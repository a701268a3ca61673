#include "schedules/autoschedulers/autoschedule.h"

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>

#include "kernels/strict_json.h"
#include "schedules/autoschedulers/import.h"
#include "schedules/autoschedulers/plugin.h"
#include "schedules/compile/compile.h"
#include "schedules/compile/emit.h"
#include "schedules/compile/sha256.h"

namespace halcyon {

const char* code_version();  // schedules/compile/code_version.cmake

namespace {

using nlohmann::json;

constexpr const char *kFound = "search.json", *kFailed = "failed.json", *kWith = "+llvm_loop_opt",
                     *kWithout = "+no_llvm_loop_opt";

json made_of(const Autoscheduler& a, const Problem& problem, const Target& target,
             const Limits& limits) {
  return {{"autoscheduler", a.name},
          {"parameters", parameters_of(a)},
          {"problem", problem.text()},
          {"target", target.halide},
          {"halide", emit_version()},
          {"code", code_version()},
          {"wall_seconds", limits.wall_seconds},
          {"memory_bytes", limits.memory_bytes}};
}

json read_json(const std::string& path) { return json::parse(std::ifstream(path)); }

/// Reads what a search printed; a text that the importer does not know is a search without use.
void take_found(Search& s, const json& found) {
  try {
    s.source = found.at("source");
    s.schedule = import_schedule(
        s.source, {found.at("stages"), found.at("args"), found.at("dims"), found.at("rvars")});
    s.outcome = Outcome::ok;
    s.detail.clear();
  } catch (const Error& e) {
    s.outcome = Outcome::compile_error;
    s.detail = e.what();
  }
}

bool take_cached(Search& s, const Cache& cache, const std::string& key) {
  if (const auto entry = cache.find(key, {kFound})) {
    take_found(s, read_json(entry->folder + "/" + kFound));
  } else if (const auto failed = cache.find(key, {kFailed})) {
    const json j = read_json(failed->folder + "/" + kFailed);
    s.outcome = outcome_from_text(j.at("outcome").get<std::string>());
    s.detail = j.at("detail");
  } else {
    return false;
  }
  return s.from_cache = true;
}

}  // namespace

const std::vector<std::string>& autoscheduler_names() {
  static const std::vector<std::string> names = {"mullapudi2016", "adams2019", "li2018"};
  return names;
}

Autoscheduler autoscheduler_from_text(const std::string& source) {
  const std::size_t end = std::min(source.find('+'), source.size());
  const std::string suffix = source.substr(end);
  const Autoscheduler a{.name = source.substr(0, end),
                        .loop_opt = suffix == kWith      ? LoopOpt::on
                                    : suffix == kWithout ? LoopOpt::off
                                                         : LoopOpt::unsaid};
  const bool known = suffix.empty() || a.loop_opt != LoopOpt::unsaid;
  const auto& names = autoscheduler_names();
  if (known && std::find(names.begin(), names.end(), a.name) != names.end()) return a;
  std::vector<std::string> all = {"tuned", "recipe"};
  all.insert(all.end(), names.begin(), names.end());
  const std::string near = nearest(a.name, all);
  throw usage_error(
      "--source '" + source +
      "': allowed are tuned, recipe, mullapudi2016, adams2019, li2018, and these three with " +
      kWith + " or " + kWithout + (near.empty() ? "" : ". Did you mean '" + near + "'?"));
}

std::string to_text(const Autoscheduler& a) {
  return a.name + (a.loop_opt == LoopOpt::on ? kWith : a.loop_opt == LoopOpt::off ? kWithout : "");
}

std::string describe(const Autoscheduler& a) {
  if (a.name != "adams2019") return to_text(a);
  return to_text(a) +
         (a.full_search ? ", full search" : ", greedy, seed " + std::to_string(a.seed));
}

Target target_for(const Autoscheduler& a, Target target) {
  if (a.loop_opt == LoopOpt::on) target.halide += "-enable_llvm_loop_opt";
  return target;
}

std::vector<Search> search_all(const std::vector<SearchTask>& tasks, const Target& target,
                               const Cache& cache, int jobs, const Limits& limits) {
  struct Job {
    std::size_t index;
    json parts;
    std::string key;
    Cache::Scratch scratch;
  };
  std::vector<Search> results(tasks.size());
  std::vector<Job> waiting;
  std::vector<Body> bodies;
  for (std::size_t i = 0; i < tasks.size(); i++) {
    const SearchTask& task = tasks[i];
    const json parts = made_of(task.by, task.problem, target, limits);
    const std::string key = sha256_hex(parts.dump());
    if (take_cached(results[i], cache, key)) continue;
    waiting.push_back({i, parts, key, cache.scratch()});
    const std::string file = waiting.back().scratch.folder() + "/" + kFound;
    bodies.push_back([&task, &target, file](int result_fd) {
      return run_plugin(task.by, task.problem, target, file, result_fd);
    });
  }
  if (waiting.empty()) return results;
  warm_up();
  run_all(limits, bodies, jobs, [&](std::size_t j, Ended ended) {
    Search& s = results[waiting[j].index];
    s.seconds = ended.wall_seconds;
    s.outcome = compile_outcome(ended, &s.detail);
    if (s.outcome == Outcome::infra) return;  // says nothing of the search
    const std::string found = waiting[j].scratch.folder() + "/" + kFound;
    if (s.outcome == Outcome::ok) {
      take_found(s, read_json(found));
    } else {
      std::remove(found.c_str());
      std::ofstream(waiting[j].scratch.folder() + "/" + kFailed)
          << json{{"outcome", to_text(s.outcome)}, {"detail", s.detail}}.dump(2);
    }
    cache.publish(waiting[j].scratch, waiting[j].key, waiting[j].parts);
  });
  return results;
}

}  // namespace halcyon
