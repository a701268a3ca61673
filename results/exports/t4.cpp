#include <nlohmann/json.hpp>

#include "results/exports/export.h"
#include "results/text/json_text.h"

namespace halcyon {
namespace {

using nlohmann::json;

constexpr double kNsPerMs = 1e6;

/// Its six words for how a configuration ended.
const char* invalidity_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return "correct";
    case Outcome::compile_timeout:
    case Outcome::run_timeout:
      return "timeout";
    case Outcome::compile_error:
    case Outcome::compile_crash:
    case Outcome::compile_oom:
      return "compile";
    case Outcome::pruned:
    case Outcome::constraint:
    case Outcome::quarantined:
    case Outcome::not_runnable:
      return "constraints";
    case Outcome::wrong:
    case Outcome::nonfinite:
    case Outcome::out_of_bounds:
    case Outcome::input_modified:
    case Outcome::nondeterministic:
    case Outcome::mistrusted:
    case Outcome::impossible:
      return "correctness";
    case Outcome::run_crash:
    case Outcome::run_oom:
    case Outcome::no_result:
    case Outcome::noisy:
    case Outcome::infra:
      break;
  }
  return "runtime";
}

/// The knobs of the recipe; of other schedules who made it.
json configuration_of(const Record& r) {
  json configuration = {{"problem", r.problem},
                        {"target", r.target},
                        {"threads", r.threads},
                        {"state", to_text(r.state)},
                        {"schedule_source", r.schedule_source}};
  for (const auto& [knob, value] : r.point) configuration[knob] = value;
  return configuration;
}

json measurement(const char* name, double value, const char* unit) {
  return {{"name", name}, {"value", value}, {"unit", unit}};
}

/// What compiling took has two names: that of the schema, and that of Kernel Tuner's own files.
json result_of(const Document& d, const Record& r) {
  json runtimes = json::array(), measurements = json::array();
  double measuring = 0;
  for (const Sample& s : r.samples) {
    measuring += static_cast<double>(s.ns) / kNsPerMs;
    if (s.accepted) runtimes.push_back(s.ns_per_call() / kNsPerMs);
  }
  if (r.statistics) {
    measurements.push_back(measurement("time", r.statistics->median_ns / kNsPerMs, "milliseconds"));
    measurements.push_back(measurement("GFLOP/s", r.statistics->gflops, "GFLOP/s"));
    measurements.push_back(measurement("of peak", r.statistics->percent_of_peak, "percent"));
  }
  if (r.counts) measurements.push_back(measurement("instructions", r.counts->per_call(), "count"));
  const double compiling = 1e3 * r.compile_seconds;
  return {{"timestamp", d.started_utc},
          {"configuration", configuration_of(r)},
          {"objectives", {r.counts ? "instructions" : "time"}},
          {"times",
           {{"compilation_time", compiling},
            {"compilation", compiling},
            {"benchmark", measuring},
            {"runtimes", std::move(runtimes)},
            {"framework", 0},
            {"search_algorithm", 0},
            {"validation", 0}}},
          {"invalidity", invalidity_of(r.outcome)},
          {"correctness", r.check.passed ? 1 : 0},
          {"measurements", std::move(measurements)},
          {"halcyon", {{"run", d.run}, {"record", r.id}, {"object_sha256", r.object_sha256}}}};
}

std::string why_not(const std::vector<Document>& documents) {
  for (const Document& d : documents)
    if (!d.records.empty()) return "";
  return "none of these runs holds a case";
}

std::string render(const std::vector<Document>& documents) {
  json results = json::array();
  for (const Document& d : documents)
    for (const Record& r : d.records) results.push_back(result_of(d, r));
  return indented_text({{"schema_version", "1.0.0"},
                        {"metadata", {{"timeunit", "milliseconds"}}},
                        {"results", std::move(results)}});
}

}  // namespace

extern const Export t4_export = {
    "t4", "t4.json", "each trial in the autotuning community's results schema, T4 1.0.0", why_not,
    render};

}  // namespace halcyon
