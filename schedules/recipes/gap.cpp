#include "schedules/recipes/map_sum.h"
#include "schedules/recipes/pass.h"

namespace halcyon {

extern const OpRecipe gap_recipe{.word = "gap",
                                 .knobs = map_sum_knobs,
                                 .fits = vectors_fit,
                                 .start = map_sum_start,
                                 .schedule = map_sum_op_steps,
                                 .outer_loops = map_sum_op_loops};

}  // namespace halcyon
