#pragma once
#include <map>
#include <optional>
#include <vector>

#include "schedules/recipes/recipe.h"

namespace halcyon {

/// The points that may be tried for one problem on one target, by number, and which lie beside each
/// other. A value: it comes from a recipe or from a file.
class Space {
 public:
  /// `points` in the order that numbers them. `start` and each point have every knob once, with one
  /// of its values; the start is one of the points. std::logic_error when not. `others`, or
  /// the points nearest to them, are worth an early trial.
  Space(std::vector<Knob> knobs, std::vector<Point> points, const Point& start,
        const std::vector<Point>& others = {});

  const std::vector<Knob>& knobs() const { return knobs_; }
  std::size_t size() const { return points_.size(); }
  const Point& point(std::size_t number) const { return points_[number]; }
  std::size_t start() const { return start_; }
  /// Best guess first, without repeats and the start.
  const std::vector<std::size_t>& others() const { return others_; }
  std::optional<std::size_t> find(const Point&) const;

  /// Where each knob stands: the index of its value, in the order of knobs().
  const std::vector<int>& place(std::size_t number) const { return places_[number]; }
  /// Knobs in which two points differ.
  int distance(std::size_t a, std::size_t b) const;
  /// The nearest points to either side along each knob; where no value of a knob fits on one side,
  /// its next value there with one step of another knob that makes it fit. Ascending.
  std::vector<std::size_t> neighbours(std::size_t number) const;
  /// The point most like one of another problem's space: by knobs of the same name and, on a tie,
  /// nearest to the start.
  std::size_t nearest(const Point&) const;

 private:
  std::optional<std::size_t> at(const std::vector<int>& place) const;
  void add_beside(const std::vector<int>& place, std::size_t knob, int step,
                  std::vector<std::size_t>& found) const;

  std::vector<Knob> knobs_;
  std::vector<Point> points_;
  std::vector<std::vector<int>> places_;
  std::map<std::vector<int>, std::size_t> numbers_;  // by place
  std::size_t start_ = 0;
  std::vector<std::size_t> others_;
};

/// Every point of the recipe's space that fits.
Space space_of(const Problem&, const Target&);

}  // namespace halcyon
