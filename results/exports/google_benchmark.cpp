#include <cmath>
#include <nlohmann/json.hpp>

#include "results/exports/export.h"
#include "results/text/json_text.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// "2026-11-24T13:25:02Z" as it has times.
std::string local_date(const std::string& utc) { return utc.substr(0, utc.find('Z')) + "+00:00"; }

json cache(const char* type, int level, std::int64_t bytes, int sharing) {
  return {{"type", type}, {"level", level}, {"size", bytes}, {"num_sharing", sharing}};
}

/// Machine and run; what it has no member for are texts behind its own.
json context_of(const Document& d) {
  const Machine& m = d.machine;
  const Target* target = d.targets.empty() ? nullptr : &d.targets.front();
  json caches = json::array();
  if (target && target->l1d_bytes > 0)
    caches.push_back(cache("Data", 1, target->l1d_bytes, m.threads_per_core));
  if (target && target->l2_bytes > 0)
    caches.push_back(cache("Unified", 2, target->l2_bytes, m.threads_per_core));
  if (target && target->l3_bytes > 0)
    caches.push_back(cache("Unified", 3, target->l3_bytes, m.cores * m.threads_per_core));
  return {{"date", local_date(d.started_utc)},
          {"host_name", "unknown"},  // never recorded
          {"executable", "halcyon"},
          {"num_cpus", m.cores * m.threads_per_core},
          {"mhz_per_cpu", std::lround(1000 * m.ghz_before)},
          {"cpu_scaling_enabled", !m.governor.starts_with("none") && m.governor != "performance"},
          {"caches", std::move(caches)},
          {"load_avg", {m.load_1min}},
          {"library_build_type", d.toolchain.build_type == "Release" ? "release" : "debug"},
          {"json_schema_version", 1},
          {"halcyon_run", d.run},
          {"halcyon_command", d.command},
          {"halcyon_commit", d.toolchain.commit + (d.toolchain.dirty ? " (dirty)" : "")},
          {"halcyon_cpu", cpu_text(m)}};
}

/// What is the same of all rows of a figure.
json row_of(const NamedFigure& f, std::size_t family) {
  json row = {{"name", f.name},
              {"run_name", f.name},
              {"family_index", family},
              {"per_family_instance_index", 0},
              {"threads", f.record ? f.record->threads : f.network->threads},
              {"time_unit", "ns"},
              {"label", f.record ? f.record->problem : f.network->input_nhwc}};
  return row;
}

/// Each accepted sample is a repetition, so that its test of ranks has its values. Of its CPU time
/// nothing is known: a sample is accepted only where the thread waited for nothing, so that wall
/// time stands in its place.
void add_rows(json& rows, const NamedFigure& f, std::size_t family) {
  json row = row_of(f, family);
  std::vector<const Sample*> accepted;
  for (const Sample& s : *f.samples)
    if (s.accepted) accepted.push_back(&s);
  row["repetitions"] = accepted.size();
  for (std::size_t i = 0; i < accepted.size(); ++i) {
    json repetition = row;
    repetition["run_type"] = "iteration";
    repetition["repetition_index"] = i;
    repetition["iterations"] = accepted[i]->iterations;
    repetition["real_time"] = repetition["cpu_time"] = accepted[i]->ns_per_call();
    rows.push_back(std::move(repetition));
  }
  row["name"] = f.name + "_median";
  row["run_type"] = "aggregate";
  row["aggregate_name"] = "median";
  row["aggregate_unit"] = "time";
  row["iterations"] = accepted.size();
  row["real_time"] = row["cpu_time"] = f.figure;
  const auto& statistics = f.record ? f.record->statistics : f.network->statistics;
  row["halcyon_gflops"] = statistics->gflops;
  row["halcyon_percent_of_peak"] = statistics->percent_of_peak;
  rows.push_back(std::move(row));
}

std::string why_not(const std::vector<Document>& documents) {
  if (const std::string why = why_not_one_run(documents); !why.empty()) return why;
  for (const NamedFigure& f : named_figures(documents.front()))
    if (f.unit == FigureUnit::ns) return "";
  return "no record of this run has a time";
}

std::string render(const std::vector<Document>& documents) {
  json rows = json::array();
  std::size_t family = 0;
  for (const NamedFigure& f : named_figures(documents.front()))
    if (f.unit == FigureUnit::ns) add_rows(rows, f, family++);
  return indented_text({{"context", context_of(documents.front())}, {"benchmarks", rows}});
}

}  // namespace

// A row that failed is left out: its reader takes a time of 0 for the best.
extern const Export google_benchmark_export = {
    "google-benchmark", "google-benchmark.json",
    "as Google Benchmark writes it, for its compare.py, of one run", why_not, render};

}  // namespace halcyon
