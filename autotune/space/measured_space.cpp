#include "autotune/space/measured_space.h"

#include <algorithm>
#include <cmath>

#include "kernels/strict_json.h"
#include "results/files/atomic_file.h"
#include "results/text/json_text.h"

namespace halcyon {
namespace {

using nlohmann::json;

Knob read_knob(Reader in) {
  Knob knob{in.string("name"), {}, ""};
  for (std::int64_t value : in.integers("values", INT32_MIN, INT32_MAX))
    knob.values.push_back(static_cast<int>(value));
  in.finish();
  return knob;
}

/// The first values of a row; `which` names it in an error.
Point point_of(const std::vector<Knob>& knobs, const json& row, const Reader& in, const char* key,
               const std::string& which = "") {
  if (!row.is_array() || row.size() < knobs.size())
    in.fail(key, which + "expected a value for each of " + std::to_string(knobs.size()) + " knobs");
  Point point;
  for (std::size_t k = 0; k < knobs.size(); k++) {
    const auto& allowed = knobs[k].values;
    const bool known =
        row[k].is_number_integer() &&
        std::find(allowed.begin(), allowed.end(), row[k].get<std::int64_t>()) != allowed.end();
    if (!known) in.fail(key, which + "knob " + knobs[k].name + " has no value " + describe(row[k]));
    point[knobs[k].name] = row[k].get<int>();
  }
  return point;
}

json values_of(const std::vector<Knob>& knobs, const Point& point) {
  json values = json::array();
  for (const Knob& knob : knobs) values.push_back(point.at(knob.name));
  return values;
}

}  // namespace

double MeasuredSpace::optimum() const {
  double least = INFINITY;
  for (const auto& figure : figures) least = std::min(least, figure.value_or(INFINITY));
  return least;
}

std::string to_text(const MeasuredSpace& m) {
  const auto& knobs = m.space.knobs();
  json head = {{"problem", m.problem}, {"target", m.target}, {"unit", m.unit}};
  for (const Knob& knob : knobs)
    head["knobs"].push_back({{"name", knob.name}, {"values", knob.values}});
  head["start"] = values_of(knobs, m.space.point(m.space.start()));
  head["others"] = json::array();
  for (std::size_t other : m.space.others())
    head["others"].push_back(values_of(knobs, m.space.point(other)));
  std::string text = compact_text(head);
  text.pop_back();  // the closing brace
  text += ",\n\"points\":[";
  for (std::size_t i = 0; i < m.space.size(); i++) {
    json row = values_of(knobs, m.space.point(i));
    row.push_back(m.figures[i] ? json(*m.figures[i]) : json());
    text += (i ? ",\n" : "\n") + compact_text(row);
  }
  return text + "]}\n";
}

MeasuredSpace measured_space_from_json(const json& value, const std::string& path) {
  Reader in(value, path, "", Exit::data);
  std::vector<Knob> knobs;
  for (std::size_t k = 0; k < in.array("knobs").size(); k++)
    knobs.push_back(read_knob(in.element("knobs", k)));
  const json& rows = in.array("points");
  std::vector<Point> points;
  std::vector<std::optional<double>> figures;
  for (std::size_t i = 0; i < rows.size(); i++) {
    const std::string which = "row " + std::to_string(i + 1) + ": ";
    points.push_back(point_of(knobs, rows[i], in, "points", which));
    const json& figure = rows[i].size() == knobs.size() + 1 ? rows[i].back() : rows[i];
    const bool positive = figure.is_number() && figure.get<double>() > 0;
    if (!positive && !figure.is_null())
      in.fail("points", which + "expected a positive figure or null after its values");
    figures.push_back(positive ? std::optional(figure.get<double>()) : std::nullopt);
  }
  const Point start = point_of(knobs, in.array("start"), in, "start");
  if (std::find(points.begin(), points.end(), start) == points.end())
    in.fail("start", "is none of the points");
  std::vector<Point> others;
  for (const json& other : in.array("others")) {
    others.push_back(point_of(knobs, other, in, "others"));
    if (std::find(points.begin(), points.end(), others.back()) == points.end())
      in.fail("others", "'" + to_text(others.back()) + "' is none of the points");
  }
  MeasuredSpace out{in.string("problem"), in.string("target"), in.string("unit"),
                    Space(knobs, points, start, others), figures};
  in.finish();
  if (!out.figures[out.space.start()]) in.fail("start", "has no figure");
  return out;
}

void write_measured_spaces(const std::vector<MeasuredSpace>& spaces, const std::string& folder) {
  make_folder(folder);
  for (std::size_t i = 0; i < spaces.size(); i++)
    write_file_atomically(folder + "/space-" + std::to_string(i + 1) + ".json", to_text(spaces[i]));
}

}  // namespace halcyon
