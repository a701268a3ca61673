#include "schedules/recipes/placement.h"

#include <algorithm>
#include <set>

namespace halcyon {
namespace {

constexpr double kTimesL2 = 3.2;

int last_op(const Problem& problem) { return static_cast<int>(problem.ops().size()) - 1; }

Reads reads(const Op& op) { return op_recipe(op.word()).reads; }

bool is_local(const Op& op) { return reads(op) == Reads::window; }

/// The rows (or columns) of its input that an op reads for its own.
Window reach_of(const Op& op, const Window& window) {
  return op.block > 1 ? Window{.kernel = op.block, .stride = op.block} : window;
}

/// The fewest of `in` rows (or columns) that an op reads for any `count` neighbours of its `out`.
int fewest_read(const Op& reader, const Window& window, int in, int out, int count) {
  if (reads(reader) == Reads::all) return in;
  if (reads(reader) == Reads::half) return (count + 1) / 2;
  const Window w = reach_of(reader, window);
  int fewest = in;
  for (int start = 0; start + count <= out; ++start) {
    const int first = start * w.stride - w.pad_lo;
    const int last = first + (count - 1) * w.stride + (w.kernel - 1) * w.dilation;
    fewest = std::min(fewest, std::clamp(last, 0, in - 1) - std::clamp(first, 0, in - 1) + 1);
  }
  return fewest;
}

/// What a reader needs at once of its input when of its own result `part` is computed at once.
Frame read_for(const Op& reader, const Frame& part) {
  return {fewest_read(reader, reader.w, reader.in.w, reader.out.w, part.columns),
          fewest_read(reader, reader.h, reader.in.h, reader.out.h, part.rows), false};
}

/// What is computed of an op's result when every tensor is computed whole: a stride may leave the
/// last rows and columns unread.
Frame unfused_frame(const Problem& problem, int op) {
  const Shape& out = problem.ops()[op].out;
  Frame f{out.w, out.h, true};
  if (op < last_op(problem) && !problem.ops()[op].has(Epilogue::sums)) {
    f = read_for(problem.ops()[op + 1], unfused_frame(problem, op + 1));
    f.whole = f.columns == out.w && f.rows == out.h;
  }
  return f;
}

std::int64_t row_bytes(const Problem& problem, const Shape& s) {
  return std::int64_t{s.w} * s.c * bytes_of(problem.dtype());
}

/// Bytes of the tensors between the ops of a group, for one band of its head.
std::int64_t band_bytes(const Problem& problem, const Placement& placement, int head) {
  std::int64_t bytes = 0;
  for (int op = head - 1; placement.is_fused(op); --op)
    bytes += frame_of(problem, placement, op).rows * row_bytes(problem, problem.ops()[op].out);
  return bytes;
}

/// Whether it pays to keep the tensor after `op` in bands, whose points are found by division. It
/// must outgrow L2 by far, and writing and reading it (twice its bytes, at about 16 a cycle) must
/// be a tenth of the work around it. Measured: on Zen 4 (L2 1 MB) whole tensors win by 3 to 6 % up
/// to 3 times L2 and lose beyond; on Zen 3 (512 KB) bands won 8 % at 6 times L2.
bool pays(const Problem& problem, const Target& target, int op) {
  const Shape& out = problem.ops()[op].out;
  const std::int64_t bytes = out.elements() * bytes_of(problem.dtype());
  if (static_cast<double>(bytes) <= kTimesL2 * static_cast<double>(target.l2_bytes)) return false;
  std::int64_t macs = 0;
  for (const Op* o : {&problem.ops()[op], &problem.ops()[op + 1]})
    if (o->kind->macs) macs += o->kind->macs(*o, false);
  const double work = macs / (target.lanes() * target.fma_per_cycle);
  return 2 * bytes / 16.0 > 0.1 * work;
}

}  // namespace

int Placement::head(int op) const {
  while (is_fused(op)) ++op;
  return op;
}

bool Placement::any_fused() const {
  return std::any_of(places.begin(), places.end(), [](Place p) { return p != Place::whole; });
}

std::vector<int> possible_places(const Problem& problem, int op) {
  if (op == last_op(problem) || problem.input().n > 1) return {0};
  const Op &own = problem.ops()[op], &reader = problem.ops()[op + 1];
  const bool may_fuse = is_local(own) && is_local(reader) && !own.has(Epilogue::sums) &&
                        reader.out.h > 1 && unfused_frame(problem, op + 1).whole;
  if (!may_fuse) return {0};
  const Window w = reach_of(reader, reader.h);
  const bool overlap = (w.kernel - 1) * w.dilation + 1 > w.stride;
  // Of maps one column wide, flattened, Halide 21 slides past the end.
  return overlap && own.out.w > 1 ? std::vector<int>{0, 1, 2} : std::vector<int>{0, 1};
}

std::vector<int> possible_rows(const Problem& problem) {
  std::set<int> rows;
  for (int op = 1; op <= last_op(problem); ++op) {
    if (possible_places(problem, op - 1).size() == 1) continue;
    const int height = problem.ops()[op].out.h;
    for (int r : {1, 2, 3, 4, 7, 14})
      if (r < height && height % r == 0) rows.insert(r);
  }
  return {rows.begin(), rows.end()};
}

bool bands_are_equal(const Problem& problem, const Placement& placement) {
  for (int op = 1; op <= last_op(problem); ++op) {
    const int height = problem.ops()[op].out.h;
    if (placement.is_banded_head(op) && (placement.rows >= height || height % placement.rows != 0))
      return false;
  }
  return true;
}

Frame frame_of(const Problem& problem, const Placement& placement, int op) {
  if (placement.is_banded_head(op)) return {problem.ops()[op].out.w, placement.rows, false};
  if (!placement.is_fused(op)) return unfused_frame(problem, op);
  Frame f = read_for(problem.ops()[op + 1], frame_of(problem, placement, op + 1));
  if (placement.places[op] == Place::sliding) f.rows = 1;  // the least that a band adds
  return f;
}

int highest_rows(const Problem& problem, const Target& target, const Placement& placement) {
  int highest = 1;
  for (int rows : possible_rows(problem)) {  // ascending
    Placement higher = placement;
    higher.rows = rows;
    bool fits = bands_are_equal(problem, higher);
    for (int op = 1; op <= last_op(problem); ++op)
      fits &= !higher.is_banded_head(op) || band_bytes(problem, higher, op) <= target.l2_bytes / 2;
    if (fits) highest = rows;
  }
  return highest;
}

Placement analytic_placement(const Problem& problem, const Target& target) {
  Placement p;
  for (int op = 0; op <= last_op(problem); ++op) {
    const std::vector<int> places = possible_places(problem, op);
    const bool fuse = places.size() > 1 && pays(problem, target, op);
    p.places.push_back(fuse ? static_cast<Place>(places.back()) : Place::whole);
  }
  if (p.any_fused()) p.rows = highest_rows(problem, target, p);
  return p;
}

}  // namespace halcyon
