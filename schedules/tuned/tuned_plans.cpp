#include "schedules/tuned/tuned_plans.h"

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <tuple>

#include "kernels/strict_json.h"
#include "schedules/tuned/tuned.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* kFile = "plans.json";
constexpr JsonLimits kLimits{.bytes = std::size_t{16} << 20};
constexpr double kMost = 1e6;  // of a speedup

const std::string kNone;

/// A brand counts where nothing better is known.
auto order_of(const TunedPlan& p) {
  return std::tuple(std::string_view(p.network), std::string_view(p.input),
                    std::string_view(p.cpu_id), std::string_view(p.cpu_id.empty() ? p.cpu : kNone),
                    p.threads);
}
bool before(const TunedPlan& a, const TunedPlan& b) { return order_of(a) < order_of(b); }

TunedChain read_chain(Reader in) {
  TunedChain c{read_problem_line(in), in.number("speedup", 1 / kMost, kMost),
               in.number("low", 1, kMost), in.number("high", 1, kMost),
               static_cast<int>(in.integer("pairs", 1, INT32_MAX))};
  in.finish();
  return c;
}

TunedPlan read_plan(Reader in) {
  TunedPlan p;
  p.network = in.string("network");
  p.input = in.string("input");
  p.threads = static_cast<int>(in.integer("threads", 2, 1024, 1));
  for (std::size_t i = 0; i < in.array("fused").size(); i++) {
    Reader element = in.element("fused", i);
    p.fused.push_back(read_chain(element));
    if (i > 0 && p.fused[i - 1].problem >= p.fused[i].problem)
      element.fail("problem", "chains are sorted, each once; found '" + p.fused[i].problem +
                                  "' behind '" + p.fused[i - 1].problem + "'");
  }
  if (p.fused.empty()) in.fail("fused", "found no chain, expected one or more");
  Reader evidence = in.object("evidence");
  p.cpu = evidence.string("cpu");
  p.cpu_id = evidence.string("cpu_id", "");
  p.halide = evidence.string("halide");
  p.run = evidence.string("run");
  evidence.finish();
  in.finish();
  return p;
}

json plan_to_json(const TunedPlan& p) {
  json fused = json::array();
  for (const TunedChain& c : p.fused)
    fused.push_back({{"problem", c.problem},
                     {"speedup", rounded_speedup(c.speedup)},
                     {"low", rounded_speedup(c.low)},
                     {"high", rounded_speedup(c.high)},
                     {"pairs", c.pairs}});
  json j = {{"network", p.network},
            {"input", p.input},
            {"fused", fused},
            {"evidence", {{"cpu", p.cpu}, {"halide", p.halide}, {"run", p.run}}}};
  if (!p.cpu_id.empty()) j["evidence"]["cpu_id"] = p.cpu_id;
  if (p.threads > 1) j["threads"] = p.threads;
  return j;
}

}  // namespace

std::vector<TunedPlan> read_tuned_plans(const std::string& path) {
  const json value = read_json_file(path, Exit::usage, kLimits);
  Reader in(value, path, "", Exit::usage);
  std::vector<TunedPlan> plans;
  for (std::size_t i = 0; i < in.array("plans").size(); i++) {
    Reader element = in.element("plans", i);
    plans.push_back(read_plan(element));
    if (i > 0 && !before(plans[i - 1], plans[i]))
      element.fail("network",
                   "entries are sorted by network, input, CPU and threads, each once; found '" +
                       plans[i].network + "' behind '" + plans[i - 1].network + "'");
  }
  in.finish();
  return plans;
}

void put_tuned_plan(std::vector<TunedPlan>& plans, TunedPlan plan) {
  const auto at = std::lower_bound(plans.begin(), plans.end(), plan, before);
  const bool known = at != plans.end() && !before(plan, *at);
  if (plan.fused.empty()) {
    if (known) plans.erase(at);
  } else if (known) {
    *at = std::move(plan);
  } else {
    plans.insert(at, std::move(plan));
  }
}

json to_json(const std::vector<TunedPlan>& plans) {
  json all = json::array();
  for (const TunedPlan& p : plans) all.push_back(plan_to_json(p));
  return {{"plans", all}};
}

std::string tuned_plans_path(const std::string& folder, const std::string& family) {
  return folder + "/" + family + "/" + kFile;
}

bool holds_plans(const std::string& path) { return fs::path(path).filename() == kFile; }

std::vector<OfferedPlan> tuned_plans_for(const std::string& folder, const std::string& family,
                                         const std::string& network, const std::string& input,
                                         int threads, const std::string& cpu) {
  const std::string file = tuned_plans_path(folder, family);
  const std::string of_this = file + " (this CPU)", of_family = file + " (family " + family + ")";
  std::vector<OfferedPlan> offers;
  if (!fs::exists(file)) return offers;
  for (TunedPlan& p : read_tuned_plans(file)) {
    if (p.network != network || p.input != input || p.threads != threads) continue;
    const bool same = !cpu.empty() && p.cpu_id == cpu;
    offers.insert(same ? offers.begin() : offers.end(), {std::move(p), same ? of_this : of_family});
  }
  return offers;
}

}  // namespace halcyon
