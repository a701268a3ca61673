#include "schedules/recipes/window.h"

namespace halcyon {

extern const OpRecipe dw_recipe{.word = "dw",
                                .reads = Reads::window,
                                .knobs = window_knobs,
                                .fits = window_fits,
                                .start = window_start,
                                .others = window_others,
                                .pack = window_pack,
                                .schedule = window_steps,
                                .outer_loops = window_loops};

}  // namespace halcyon
