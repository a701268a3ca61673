#include "schedules/placement.h"

#include <algorithm>
#include <set>

namespace halcyon {
namespace {

int last_op(const Problem& problem) { return static_cast<int>(problem.ops().size()) - 1; }

bool is_local(const Problem& problem, int op) { return op_recipe(problem.ops()[op].word()).local; }

/// The rows (or columns) of its input that an op reads for its own.
Window reach_of(const Op& op, const Window& window) {
  return op.block > 1 ? Window{.kernel = op.block, .stride = op.block} : window;
}

struct Range {
  int first, last;
};

/// What of [0, in) is read for [start, start + count) of the result.
Range read_range(const Window& w, int in, int start, int count) {
  const int first = start * w.stride - w.pad_lo;
  const int last = (start + count - 1) * w.stride - w.pad_lo + (w.kernel - 1) * w.dilation;
  return {std::clamp(first, 0, in - 1), std::clamp(last, 0, in - 1)};
}

/// The smallest number of rows that `reader` needs of its input for any `rows` of its result.
int fewest_rows_read(const Op& reader, int rows) {
  const Window w = reach_of(reader, reader.h);
  int fewest = reader.in.h;
  for (int start = 0; start + rows <= reader.out.h; ++start) {
    const Range r = read_range(w, reader.in.h, start, rows);
    fewest = std::min(fewest, r.last - r.first + 1);
  }
  return fewest;
}

int columns_read(const Op& reader) {
  const Range r = read_range(reach_of(reader, reader.w), reader.in.w, 0, reader.out.w);
  return r.last - r.first + 1;
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

/// Whether it pays to keep the tensor after `op` in bands. Writing and reading it costs its bytes
/// twice, at about 16 a cycle from L3. Measured on Zen 4: 44 and 24 % of the work around it gain
/// 10 to 25 % (inverted residuals), 6 to 8 % tie or lose (DWCB, space-to-depth), because points of
/// a band are found by division.
bool pays(const Problem& problem, const Target& target, int op) {
  const Shape& out = problem.ops()[op].out;
  const std::int64_t bytes = out.elements() * bytes_of(problem.dtype());
  if (bytes <= target.l2_bytes / 2) return false;
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
  const bool may_fuse = op < last_op(problem) && is_local(problem, op) &&
                        is_local(problem, op + 1) && !problem.ops()[op].has(Epilogue::sums) &&
                        problem.input().n == 1 && problem.ops()[op + 1].out.h > 1;
  if (!may_fuse) return {0};
  const Op& reader = problem.ops()[op + 1];
  const Window w = reach_of(reader, reader.h);
  const bool overlap = (w.kernel - 1) * w.dilation + 1 > w.stride;
  return overlap ? std::vector<int>{0, 1, 2} : std::vector<int>{0, 1};
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
  const Shape& out = problem.ops()[op].out;
  if (placement.is_banded_head(op)) return {out.w, placement.rows, false};
  if (op == last_op(problem)) return {out.w, out.h, true};
  const Op& reader = problem.ops()[op + 1];
  if (!is_local(problem, op + 1)) return {out.w, out.h, true};
  // A band that slides adds few rows; one is the least.
  const int rows = placement.places[op] == Place::whole ? fewest_rows_read(reader, reader.out.h)
                   : placement.places[op] == Place::band
                       ? fewest_rows_read(reader, frame_of(problem, placement, op + 1).rows)
                       : 1;
  const int columns = columns_read(reader);
  const bool whole = placement.places[op] == Place::whole && rows == out.h && columns == out.w;
  return {columns, rows, whole};
}

Placement analytic_placement(const Problem& problem, const Target& target) {
  Placement p;
  const std::int64_t share = target.l2_bytes / 2;
  for (int op = 0; op <= last_op(problem); ++op) {
    const std::vector<int> places = possible_places(problem, op);
    const bool fuse = places.size() > 1 && pays(problem, target, op);
    p.places.push_back(fuse ? static_cast<Place>(places.back()) : Place::whole);
  }
  if (!p.any_fused()) return p;
  for (int rows : possible_rows(problem)) {  // ascending
    Placement higher = p;
    higher.rows = rows;
    bool fits = bands_are_equal(problem, higher);
    for (int op = 1; op <= last_op(problem); ++op)
      fits &= !higher.is_banded_head(op) || band_bytes(problem, higher, op) <= share;
    if (fits) p.rows = rows;
  }
  return p;
}

}  // namespace halcyon
