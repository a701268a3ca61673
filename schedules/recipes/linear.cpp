#include "schedules/recipes/product.h"

namespace halcyon {

extern const OpRecipe linear_recipe{.word = "linear",
                                    .flat = true,
                                    .divide_knob = "tile_p",
                                    .divide_axis = "p",
                                    .knobs = flat_product_knobs,
                                    .fits = flat_product_fits,
                                    .start = flat_product_start,
                                    .pack = flat_product_pack,
                                    .schedule = flat_product_steps,
                                    .outer_loops = flat_product_loops};

}  // namespace halcyon
