#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "kernels/problem/op.h"
#include "kernels/problem/problem.h"
#include "schedules/language/step.h"
#include "schedules/recipes/recipe.h"
#include "schedules/targets/target.h"

namespace halcyon {

/// The op that is scheduled, in its problem, for a target.
struct Site {
  const Problem& problem;
  const Target& target;
  int op = 0;              // index in problem.ops()
  bool past_gate = false;  // the op before is a factor that lies on this op's weights: what is read
                           // is that op's input

  const Op& o() const { return problem.ops()[op]; }
  std::string name(const char* base) const { return problem.name(base, op); }
  std::string result() const { return problem.result_name(op); }
};

/// The part of an op's result that is computed at once: all of it, or what a band of rows of a
/// later op needs.
struct Frame {
  int columns = 1, rows = 1;  // of the smallest part
  bool whole = true;          // all of it
  bool gone = false;          // none: it is no tensor (GateOn::weights); only what leads to it
  /// An extent of the whole result; 0 (unknown) for a part.
  int extent(int of_whole) const { return whole ? of_whole : 0; }
  /// Points of the smallest part where they are flattened in rows of `width`.
  int points(const Shape& result) const {
    return whole ? result.n * result.h * result.w : (rows - 1) * result.w + columns;
  }
};

/// What an op reads of its input for a part of its result: what its window covers, about half of
/// the part's extents (bilinear), or all.
enum class Reads { window, half, all };

/// The outermost loop of a nest that computes a stage whole: independent iterations, which threads
/// may share out. sharing.h
struct OuterLoop {
  std::string stage, loop;
  int iterations = 1;
  double cycles = 0;  // of one core for all of it, roughly; to weigh loops against each other
};

/// The recipe of one op word, alone or in a chain: schedules/recipes/<word>.cpp. Knobs have no
/// prefix here.
struct OpRecipe {
  const char* word;
  /// Works on flattened points p (batch, rows and columns as one axis) instead of (x, y[, n]).
  bool flat = false;
  Reads reads = Reads::all;
  /// The knob and axis of `divide`, which cuts a whole result into balanced tiles. Null: none.
  const char *divide_knob = nullptr, *divide_axis = nullptr;
  /// Whether a point does so. May be null: every one.
  bool (*divides)(const Point&) = nullptr;
  std::vector<Knob> (*knobs)(const Site&);
  bool (*fits)(const Site&, const Point&);
  Point (*start)(const Site&);
  /// Other points that an expert would try early, for where the rule behind the start errs; what
  /// does not fit, and repeats, are left out by who asks. May be null: none.
  std::vector<Point> (*others)(const Site&) = nullptr;
  /// Layouts of weights and biases. May be null: none.
  void (*pack)(const Site&, const Point&, Steps&);
  /// Loops of the result (of each piece of a divided one: update i with acc_i), and of the stages
  /// inside.
  void (*schedule)(const Site&, const Frame&, const Point&, const std::vector<Piece>& pieces,
                   Steps&);
  /// Of the nests that `schedule` makes; empty where none can be shared.
  std::vector<OuterLoop> (*outer_loops)(const Site&, const Frame&, const Point&,
                                        const std::vector<Piece>& pieces);
};

const OpRecipe& op_recipe(std::string_view word);

/// Whether the tensor after `op` (-1: the input) is seen as points: flat ops' results, and what
/// they read or add of the input.
bool is_flat(const Problem&, int op);

/// Whether a window reaches beyond the rows or columns of its input, so that it is padded there.
bool leaves_input(const Window&, int in, int out);

}  // namespace halcyon
