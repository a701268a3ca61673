#include "schedules/recipes/sweep.h"

#include <algorithm>
#include <random>
#include <set>
#include <sstream>

#include "kernels/error.h"

namespace halcyon {
namespace {

constexpr int kPairs = 8;  // seeded points that move two knobs at once

/// Points that fit, each once, and which values of which knobs they have shown.
class Collector {
 public:
  Collector(const Recipe& recipe, const Problem& problem, const Target& target)
      : recipe_(recipe), problem_(problem), target_(target) {}
  bool add(const Point& p) {
    if (!recipe_.fits(problem_, target_, p)) return false;
    if (seen_.insert(p).second) points.push_back(p);
    shown_.insert(p.begin(), p.end());
    return true;
  }
  bool shown(const std::string& knob, int value) const { return shown_.count({knob, value}) > 0; }
  std::vector<Point> points;

 private:
  const Recipe& recipe_;
  const Problem& problem_;
  const Target& target_;
  std::set<Point> seen_;
  std::set<std::pair<std::string, int>> shown_;
};

Point with(Point p, const std::string& knob, int value) {
  p[knob] = value;
  return p;
}

/// A value that does not fit beside the start's others: the first other knob that makes it fit.
void add_beside_another(Collector& collect, const std::vector<Knob>& knobs, const Point& from) {
  for (const auto& other : knobs)
    for (int value : other.values)
      if (collect.add(with(from, other.name, value))) return;
}

}  // namespace

std::vector<Point> sweep_points(const Recipe& recipe, const Problem& problem, const Target& target,
                                std::uint64_t seed) {
  const auto knobs = recipe.knobs(problem, target);
  const Point start = recipe.start(problem, target);
  Collector collect(recipe, problem, target);
  collect.add(start);
  if (problem.ops().size() == 1)  // other forms of it, which may differ in several knobs
    for (const Point& p : recipe.others(problem, target)) collect.add(p);
  for (const auto& knob : knobs)
    for (int value : knob.values) collect.add(with(start, knob.name, value));
  for (const auto& knob : knobs)
    for (int value : knob.values)
      if (!collect.shown(knob.name, value))
        add_beside_another(collect, knobs, with(start, knob.name, value));
  std::mt19937_64 random(seed);
  for (int i = 0; i < kPairs && knobs.size() > 1; i++) {
    Point p = start;
    for (int k = 0; k < 2; k++) {
      const auto& knob = knobs[random() % knobs.size()];
      p[knob.name] = knob.values[random() % knob.values.size()];
    }
    collect.add(p);
  }
  return collect.points;
}

Point parse_point(const std::string& text, const Recipe& recipe, const Problem& problem,
                  const Target& target) {
  const std::string where = "--point '" + text + "'";
  const auto knobs = recipe.knobs(problem, target);
  Point point;
  std::istringstream words(text);
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    const auto knob = std::find_if(knobs.begin(), knobs.end(),
                                   [&](const Knob& k) { return k.name == word.substr(0, equals); });
    if (equals == word.npos || knob == knobs.end())
      throw usage_error(where + ": '" + word + "' is not <knob>=<value>; knobs are " +
                        to_text(recipe.start(problem, target)));
    const std::string digits = word.substr(equals + 1);
    for (int value : knob->values)
      if (std::to_string(value) == digits) point[knob->name] = value;
    if (!point.count(knob->name))
      throw usage_error(where + ": '" + knob->name + "' has no value " + digits);
  }
  if (point.size() != knobs.size())
    throw usage_error(where + ": wants every knob, as in '" +
                      to_text(recipe.start(problem, target)) + "'");
  if (!recipe.fits(problem, target, point))
    throw usage_error(where + ": does not fit this problem");
  return point;
}

}  // namespace halcyon
