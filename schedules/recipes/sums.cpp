#include "schedules/recipes/sums.h"

#include "schedules/recipes/map_sum.h"
#include "schedules/recipes/pass.h"
#include "schedules/recipes/sharing.h"
#include "schedules/recipes/tile.h"

namespace halcyon {
namespace {

double cycles_of(const Site& site) {
  const Shape& out = site.o().out;
  return moving_cycles(static_cast<double>(out.elements() * bytes_of(site.problem.dtype())));
}

/// Rows that a thread writes of a result; 0 where it does not write whole rows, or where summing
/// them is no work to share.
int rows_of_a_thread(const Site& site, const std::vector<OuterLoop>& nests) {
  const int threads = site.target.threads, rows = site.o().out.h;
  if (nests.size() != 1 || !nests[0].loop.starts_with('y') || nests[0].iterations < threads)
    return 0;
  if (!pays_to_share({{"", "", rows, cycles_of(site)}}, threads)) return 0;
  const int tile = (rows - 1) / nests[0].iterations + 1;
  return ((nests[0].iterations - 1) / threads + 1) * tile;
}

/// part(c, p): what the `rows` that a thread wrote sum up to, of a large map each row by itself.
constexpr int kMostOfAThread = 1000;
void part_steps(const Site& site, int rows, int lanes, Steps& s) {
  const std::string total = site.name("total") + ".update", part = site.name("part");
  int vectors = 4;  // sums at once, to hide an addition's latency
  while (vectors > 1 && site.o().out.c % (lanes * vectors) != 0) --vectors;
  const int together = rows * site.o().out.w > kMostOfAThread ? 1 : rows;
  s(total, "split", "ry", "ryo", "ryi", together);
  s(total, "rfactor", part, "ryo", "p");
  s(part, "compute_root");
  vector_steps(part, "c", lanes, lanes, s);
  const std::string update = part + ".update";
  s(update, "split", "c", "co", "ci", lanes * vectors, "guard_with_if");
  s(update, "split", "p", "t", "po", rows / together, "guard_with_if");
  s(update, "reorder", "ci", "rx", "ryi", "co");
  vector_steps(update, "ci", lanes * vectors, lanes, s);
}

}  // namespace

void sums_steps(const Site& site, const std::vector<OuterLoop>& nests, Steps& s) {
  const Point block = vector_start(site, site.o().out.c, 4);
  std::string over;
  if (const int rows = rows_of_a_thread(site, nests); rows > 0) {
    part_steps(site, rows, block.at("lanes"), s);
    over = "ryo";
  }
  map_sum_steps(site.name("sums"), site.name("total"), site.o().out, block, s, over);
}

OuterLoop sums_loop(const Site& site, const std::vector<OuterLoop>& nests) {
  if (rows_of_a_thread(site, nests) > 0)
    return {site.name("part") + ".update", "t", site.target.threads, cycles_of(site)};
  return map_sum_loop(site.name("sums"), site.o().out.c, vector_start(site, site.o().out.c, 4),
                      cycles_of(site));
}

}  // namespace halcyon
