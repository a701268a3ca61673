#include "schedules/recipes/elementwise.h"

namespace halcyon {

extern const OpRecipe map_recipe{.word = "map",
                                 .flat = true,
                                 .reads = Reads::window,
                                 .knobs = elementwise_knobs,
                                 .fits = elementwise_fits,
                                 .start = elementwise_start,
                                 .schedule = elementwise_steps,
                                 .outer_loops = elementwise_loops};

}  // namespace halcyon
