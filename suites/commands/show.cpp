#include "suites/commands/show.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "kernels/error.h"
#include "kernels/strict_json.h"
#include "kernels/text_file.h"
#include "results/text/columns.h"
#include "schedules/compile/compile.h"
#include "schedules/recipes/recipe.h"
#include "suites/cases/suite.h"
#include "suites/commands/show_network.h"
#include "suites/trials/candidates.h"

namespace halcyon {
namespace {

using nlohmann::json;

const std::vector<std::string> kParts = {"counts", "algorithm", "schedule",
                                         "nest",   "stmt",      "assembly"};

/// What the compiler left in the cache; Error (exit 4) where it is gone.
std::string left_in(const std::string& path) {
  return read_text_file(path, Exit::environment, std::size_t{1} << 30);
}

std::string number(double value, const char* format) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

/// "c 384, k 192": extents beside their axes, innermost first.
std::string shape_text(const std::vector<std::string>& axes, const std::vector<int>& extents) {
  std::string text;
  for (std::size_t i = 0; i < axes.size(); i++)
    text += (i ? ", " : "") + axes[i] + " " + std::to_string(extents[i]);
  return text;
}

json counts_json(const NamedCandidate& shown) {
  const Problem& p = shown.of.problem;
  const Target& t = shown.candidate.target;
  const double flops_per_cycle = 2.0 * t.lanes(bytes_of(p.dtype())) * t.fma_per_cycle;
  json j = {{"problem", p.text()},
            {"output", to_text(p.output())},
            {"class", shown.of.kernel_class},
            {"macs", p.macs()},
            {"macs_inside", p.macs_inside()},
            {"parameters", p.parameters()},
            {"weight_bytes", p.weight_bytes()},
            {"activation_bytes", p.activation_bytes()},
            {"target", t.name},
            {"least_cycles", 2.0 * static_cast<double>(p.macs_inside()) / flops_per_cycle},
            {"macs_per_byte", static_cast<double>(p.macs()) /
                                  static_cast<double>(p.weight_bytes() + p.activation_bytes())}};
  for (const auto& layout : layouts(p, shown.candidate.schedule))
    j["arguments"].push_back({{"name", layout.name},
                              {"role", to_text(layout.role)},
                              {"axes", layout.axes},
                              {"extents", layout.extents},
                              {"packed", layout.packed}});
  return j;
}

std::string counts_text(const NamedCandidate& shown) {
  const json j = counts_json(shown);
  const Problem& p = shown.of.problem;
  std::vector<std::vector<std::string>> rows = {
      {"problem", p.text()},
      {"output", to_text(p.output())},
      {"class", shown.of.kernel_class},
      {"MACs",
       std::to_string(p.macs()) + ", of them inside the input " + std::to_string(p.macs_inside())},
      {"parameters",
       std::to_string(p.parameters()) + " (" + std::to_string(p.weight_bytes()) + " bytes)"},
      {"activations", std::to_string(p.activation_bytes()) + " bytes in and out"},
      {"intensity", number(j["macs_per_byte"], "%.1f MACs per byte")},
      {"bound", number(j["least_cycles"], "%.0f cycles of FMA on ") + shown.candidate.target.name}};
  for (const auto& layout : layouts(p, shown.candidate.schedule))
    rows.push_back({"argument", layout.name + "  " + std::string(to_text(layout.role)) + "  (" +
                                    shape_text(layout.axes, layout.extents) + ")" +
                                    (layout.packed ? "  packed" : "")});
  return columns(rows);
}

std::string schedule_text(const NamedCandidate& shown) {
  std::string text = "# from " + shown.schedule_source;
  if (!shown.schedule_why.empty()) text += ", " + shown.schedule_why;
  if (!shown.point.empty()) text += "\n# point " + to_text(shown.point);
  return text + "\n" + to_text(shown.candidate.schedule);
}

/// A part that only the compiler can tell.
std::string compiled_part(const Compiled& c, const std::string& part) {
  if (part == "algorithm") return left_in(c.algorithm);
  if (part == "nest") return left_in(c.loop_nest);
  if (part == "stmt") return left_in(c.stmt);
  return left_in(c.assembly);
}

std::string show_problem(const RunPlan& asked, std::vector<std::string> parts, bool as_json) {
  if (parts.empty()) parts = {"counts", "algorithm", "schedule", "nest"};
  for (const auto& part : parts)
    if (std::find(kParts.begin(), kParts.end(), part) == kParts.end()) {
      const std::string near = nearest(part, kParts);
      throw usage_error("--part '" + part +
                        "': allowed are counts, algorithm, schedule, nest, stmt, assembly" +
                        (near.empty() ? "" : ". Did you mean '" + near + "'?"));
    }
  const NamedCandidate shown = candidates_of(asked).front();
  if (shown.search != Outcome::ok)
    throw Error(Exit::partial, std::string(to_text(shown.search)) + ": " + shown.search_detail);
  Compiler compiler(cache_folder(asked.request.folders.cache));
  CompileOptions options;
  options.keep_text = true;
  const Compiled compiled = compiler.compile(shown.candidate, options);
  if (compiled.outcome != Outcome::ok)
    throw Error(asked.request.schedule_file.empty() ? Exit::partial : Exit::usage,
                std::string(to_text(compiled.outcome)) + ": " + compiled.detail);
  json object;
  std::string text;
  for (const auto& part : parts) {
    const std::string body = part == "counts"     ? counts_text(shown)
                             : part == "schedule" ? schedule_text(shown)
                                                  : compiled_part(compiled, part);
    if (part == "counts")
      object[part] = counts_json(shown);
    else
      object[part] = body;
    if (parts.size() > 1 && part != "counts") text += "\n-- " + part + "\n";
    text += body;
  }
  return as_json ? object.dump(2) + "\n" : text;
}

std::string show_suite(const Suite& suite, bool as_json) {
  json array = json::array();
  std::vector<std::vector<std::string>> rows = {{"case", "problem", "MACs", "class", "source"}};
  for (const auto& c : suite.cases) {
    array.push_back({{"id", c.id},
                     {"problem", c.problem.text()},
                     {"macs", c.problem.macs()},
                     {"class", c.kernel_class},
                     {"source", c.source},
                     {"odd", c.odd},
                     {"count", c.count}});
    rows.push_back(
        {c.id, c.problem.text(), std::to_string(c.problem.macs()), c.kernel_class, c.source});
  }
  if (as_json) return array.dump(2) + "\n";
  return suite.description + "\n\n" + columns(rows);
}

}  // namespace

std::string show(const RunPlan& asked, const std::vector<std::string>& parts, bool as_json) {
  const NamedWord& what = asked.what.front();
  if (what.named == Named::problem) return show_problem(asked, parts, as_json);
  if (what.named == Named::network) return show_network(asked, parts, as_json);
  if (!parts.empty())
    throw usage_error("--part is of a problem or a network, and '" + what.word + "' is neither");
  if (what.named == Named::target) return to_json(asked.target).dump(2) + "\n";
  return show_suite(find_suite(what.word, asked.request.folders.suites), as_json);
}

}  // namespace halcyon
