#include "schedules/recipes/pass.h"
#include "schedules/recipes/sharing.h"

namespace halcyon {
namespace {

std::vector<Knob> knobs(const Site& site) { return vector_knobs(site, site.o().out.c); }

bool fits(const Site&, const Point& p) { return vectors_fit(p); }

Point start(const Site& site) { return vector_start(site, site.o().out.c, 8); }

void schedule(const Site& site, const Frame&, const Point& p, const std::vector<Piece>&, Steps& s) {
  map_sum_steps(site.result(), site.name("acc"), site.o().in, p, s);
}

std::vector<OuterLoop> outer_loops(const Site& site, const Frame&, const Point& p,
                                   const std::vector<Piece>&) {
  return {map_sum_loop(site.result(), site.o().out.c, p, op_cycles(site))};
}

}  // namespace

extern const OpRecipe gap_recipe{.word = "gap",
                                 .knobs = knobs,
                                 .fits = fits,
                                 .start = start,
                                 .schedule = schedule,
                                 .outer_loops = outer_loops};

}  // namespace halcyon
