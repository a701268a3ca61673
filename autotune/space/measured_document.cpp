// Measured spaces from what `bench --sweep` leaves.
#include <algorithm>
#include <map>
#include <tuple>

#include "autotune/space/measured_space.h"
#include "kernels/error.h"
#include "kernels/strict_json.h"
#include "results/document/document.h"

namespace halcyon {
namespace {

std::optional<double> figure_of(const Record& r) {
  if (r.outcome != Outcome::ok) return std::nullopt;
  if (r.counts) return r.counts->per_call();
  if (r.statistics) return r.statistics->median_ns;
  return std::nullopt;
}

const Target& target_of(const Document& document, const std::string& name,
                        const std::string& where) {
  for (const Target& t : document.targets)
    if (t.name == name) return t;
  throw data_error(where + ": has no target '" + name + "'");
}

/// Whether a point has a value of each knob, and no other knob.
bool is_of(const std::vector<Knob>& knobs, const Point& point) {
  return point.size() == knobs.size() && std::ranges::all_of(knobs, [&](const Knob& knob) {
           const auto value = point.find(knob.name);
           return value != point.end() && std::ranges::count(knob.values, value->second) > 0;
         });
}

/// What the records of one problem, target and cache state say of its recipe's space.
MeasuredSpace space_from(const std::vector<const Record*>& records, const Target& target,
                         const std::string& where) {
  const Record& first = *records.front();
  MeasuredSpace m{first.problem,
                  first.target,
                  to_text(first.unit),
                  space_of(Problem::parse(first.problem), target),
                  {}};
  m.figures.resize(m.space.size());
  std::vector<bool> tried(m.space.size());
  for (const Record* r : records) {
    const auto number = is_of(m.space.knobs(), r->point) ? m.space.find(r->point) : std::nullopt;
    if (!number)
      throw data_error(where + ": point '" + to_text(r->point) +
                       "' is none of the recipe's, which has changed since");
    m.figures[*number] = figure_of(*r);
    tried[*number] = true;
  }
  if (const auto missing = std::count(tried.begin(), tried.end(), false))
    throw data_error(where + ": lacks " + std::to_string(missing) + " of the " +
                     std::to_string(tried.size()) + " points of the recipe's space");
  if (!m.figures[m.space.start()]) throw data_error(where + ": the start has no figure");
  return m;
}

}  // namespace

std::vector<MeasuredSpace> read_measured_spaces(const std::string& path) {
  const DocumentText text = read_document_text(path);
  if (text.value.is_object() && text.value.contains("knobs"))
    return {measured_space_from_json(text.value, path)};
  const Document document = document_from_text(text, path);
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<const Record*>> sweeps;
  for (const Record& r : document.records)
    if (!r.point.empty() && r.rival.empty())
      sweeps[{r.problem, r.target, to_text(r.state)}].push_back(&r);
  if (sweeps.empty()) throw data_error(path + ": no record has a recipe's point");
  std::vector<MeasuredSpace> spaces;
  for (const auto& [key, records] : sweeps) {
    const auto& [problem, target, state] = key;
    std::string where = path;
    where.append(": \"").append(problem).append("\", ").append(state);
    spaces.push_back(space_from(records, target_of(document, target, path), where));
  }
  return spaces;
}

}  // namespace halcyon
