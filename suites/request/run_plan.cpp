#include "suites/request/run_plan.h"

#include <algorithm>

#include "kernels/error.h"
#include "kernels/strict_json.h"
#include "schedules/targets/host.h"
#include "suites/meters/meter.h"

namespace halcyon {
namespace {

using What = NamedWord (*)(const std::string&, const Folders&);

std::vector<NamedWord> named(const std::vector<std::string>& words, What what,
                             const Folders& folders) {
  std::vector<NamedWord> all;
  for (const std::string& word : words) {
    if (std::count(words.begin(), words.end(), word) > 1)
      throw usage_error("'" + word + "' is asked for twice");
    all.push_back(what(word, folders));
  }
  return all;
}

void refuse_contradictions(const Request& r) {
  const auto* by = std::get_if<Autoscheduler>(&r.source);
  if (by && (!r.schedule_file.empty() || !r.point.empty()))
    throw usage_error("--source " + to_text(r.source) +
                      " makes the schedule; --schedule and --point name one");
  if (by && r.sweep != Sweep::start)
    throw usage_error("--sweep tries a recipe's points; --source " + to_text(r.source) +
                      " has none");
  if (r.full_search && !(by && by->name == "adams2019"))
    throw usage_error("--search full is of --source adams2019, which alone has a beam");
  if (!r.against.empty() && r.sweep != Sweep::start)
    throw usage_error("--against compares one candidate of a case; --sweep tries many");
}

/// What an autoscheduler is told beside its name.
void complete(Autoscheduler& by, const Request& request) {
  by.full_search = request.full_search;
  by.seed = request.seed;
  by.threads = request.threads;
}

void refuse_threads(const Request& request, const Target& target) {
  const std::string asked = "--threads " + std::to_string(request.threads) + ": ";
  if (request.threads < 1) throw usage_error(asked + "a kernel has at least one");
  if (request.threads > 1 && !target.measures_time())
    throw usage_error(asked + "target " + target.name + " is measured in " + target.meter() +
                      ", of one thread");
  const std::vector<int> allowed = open_device(target)->cpus();
  const auto cpus = static_cast<int>(allowed.size());
  if (request.threads > std::max(cpus, 1))
    throw usage_error(asked + "target " + target.name + " has " + std::to_string(cpus) +
                      " CPUs that programs may run on");
  if (request.cpu >= 0 && std::find(allowed.begin(), allowed.end(), request.cpu) == allowed.end())
    throw usage_error("--cpu " + std::to_string(request.cpu) + ": allowed on target " +
                      target.name + " are CPUs " + cpu_list_text(allowed));
}

Schedule read_schedule(const std::string& path) {
  const std::string text = in_context(
      "--schedule", [&] { return read_text_file(path, Exit::usage, JsonLimits{}.bytes); });
  return in_context(path, [&] { return parse_schedule(text); });
}

RunPlan plan_for(Request request, What what) {
  RunPlan plan;
  plan.what = named(request.what, what, request.folders);
  refuse_contradictions(request);
  plan.filter = Filter(request.filter);
  if (!request.schedule_file.empty()) plan.steps = read_schedule(request.schedule_file);
  if (!plan.what.empty() && plan.what.front().target)
    plan.target = *plan.what.front().target;
  else
    plan.target = find_target(request.target, request.folders.targets);
  refuse_threads(request, plan.target);
  plan.target.threads = request.threads;
  plan.cpu = timed_cpu(plan.target);
  if (auto* by = std::get_if<Autoscheduler>(&request.source)) complete(*by, request);
  for (Rival& rival : request.against)
    if (auto* by = std::get_if<Autoscheduler>(&rival)) complete(*by, request);
  plan.request = std::move(request);
  return plan;
}

}  // namespace

RunPlan run_plan(Request request) { return plan_for(std::move(request), what_is); }

RunPlan plan_to_show(Request request) { return plan_for(std::move(request), what_is_shown); }

}  // namespace halcyon
