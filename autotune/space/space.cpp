#include "autotune/space/space.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

namespace halcyon {
namespace {

std::vector<int> place_of(const std::vector<Knob>& knobs, const Point& point) {
  std::vector<int> place;
  for (const Knob& knob : knobs) {
    const auto value = point.find(knob.name);
    const auto at = value == point.end()
                        ? knob.values.end()
                        : std::find(knob.values.begin(), knob.values.end(), value->second);
    if (at == knob.values.end())
      throw std::logic_error("point '" + to_text(point) + "' has no value of knob " + knob.name);
    place.push_back(static_cast<int>(at - knob.values.begin()));
  }
  return place;
}

/// How far a value lies from another one. Tiles and widths differ by their ratio: 4 and 8 are as
/// far apart as 8 and 16.
double apart(int a, int b) {
  if (a > 0 && b > 0) return std::abs(std::log2(static_cast<double>(a) / b));
  return std::abs(a - b);
}

}  // namespace

Space::Space(std::vector<Knob> knobs, std::vector<Point> points, const Point& start,
             const std::vector<Point>& others)
    : knobs_(std::move(knobs)), points_(std::move(points)) {
  for (const Point& point : points_) {
    places_.push_back(place_of(knobs_, point));
    numbers_.emplace(places_.back(), places_.size() - 1);
  }
  const auto number = find(start);
  if (!number) throw std::logic_error("start '" + to_text(start) + "' is no point of its space");
  start_ = *number;
  for (const Point& point : others) {
    const std::size_t other = nearest(point);
    if (other != start_ && std::find(others_.begin(), others_.end(), other) == others_.end())
      others_.push_back(other);
  }
}

std::optional<std::size_t> Space::find(const Point& point) const {
  return at(place_of(knobs_, point));
}

std::optional<std::size_t> Space::at(const std::vector<int>& place) const {
  const auto found = numbers_.find(place);
  if (found == numbers_.end()) return std::nullopt;
  return found->second;
}

int Space::distance(std::size_t a, std::size_t b) const {
  int knobs = 0;
  for (std::size_t k = 0; k < knobs_.size(); k++) knobs += places_[a][k] != places_[b][k];
  return knobs;
}

std::vector<std::size_t> Space::neighbours(std::size_t number) const {
  std::vector<std::size_t> found;
  for (std::size_t k = 0; k < knobs_.size(); k++)
    for (int step : {-1, 1}) add_beside(places_[number], k, step, found);
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

void Space::add_beside(const std::vector<int>& place, std::size_t knob, int step,
                       std::vector<std::size_t>& found) const {
  const int last = static_cast<int>(knobs_[knob].values.size()) - 1;
  std::vector<int> moved = place;
  for (moved[knob] += step; moved[knob] >= 0 && moved[knob] <= last; moved[knob] += step)
    if (const auto there = at(moved)) return found.push_back(*there);
  moved[knob] = place[knob] + step;
  if (moved[knob] < 0 || moved[knob] > last) return;
  for (std::size_t other = 0; other < knobs_.size(); other++) {
    if (other == knob) continue;
    for (int aside : {-1, 1}) {
      std::vector<int> both = moved;
      both[other] += aside;
      if (const auto there = at(both)) found.push_back(*there);
    }
  }
}

std::size_t Space::nearest(const Point& of) const {
  std::size_t best = start_;
  double least = INFINITY;
  for (std::size_t number = 0; number < points_.size(); number++) {
    double far = 1e-3 * distance(number, start_);  // decides ties only
    for (const Knob& knob : knobs_)
      if (const auto value = of.find(knob.name); value != of.end())
        far += apart(points_[number].at(knob.name), value->second);
    if (far < least) {
      least = far;
      best = number;
    }
  }
  return best;
}

Space space_of(const Problem& problem, const Target& target) {
  const Recipe& recipe = recipe_for(problem);
  return {recipe.knobs(problem, target), all_points(recipe, problem, target),
          recipe.start(problem, target), recipe.others(problem, target)};
}

}  // namespace halcyon
