#include "schedules/recipes/window.h"

namespace halcyon {

extern const OpRecipe maxpool_recipe{.word = "maxpool",
                                     .reads = Reads::window,
                                     .knobs = window_knobs,
                                     .fits = window_fits,
                                     .start = window_start,
                                     .others = window_others,
                                     .schedule = window_steps,
                                     .outer_loops = window_loops};

}  // namespace halcyon
