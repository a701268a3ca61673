#include "schedules/language/step.h"

namespace halcyon {

const std::vector<StepOp>& step_ops() {
  static const std::vector<StepOp> ops = {
      // Rewrites of the algorithm.
      {"pack", "L I I?",
       "store a weight or bias blocked along axis L: [L%I][the others][L/I]; with a second number "
       "L%I is two axes, vectors of so many and their place in the block: the same memory",
       true},
      {"interleave", "L I",
       "store I neighbours along axis L of a weight together: [L%I][the others, with L/I for L]",
       true},
      {"round", "L I", "a weight's or bias's axis L is padded with zeros to a multiple of I", true},
      {"flatten", "L L N", "view the neighbouring axes inner, outer as one axis N", true},
      {"pad", "W L+",
       "padding along L: exterior selects the padding value, where leaves the terms out of the sum",
       true},
      {"divide", "L I S*",
       "cut axis L into balanced tiles of at most I: updates of the stage; copies S_0 S_1 per "
       "piece",
       true},
      {"gate", "F",
       "the stage's factor per channel goes onto its reader's weights, as new stage F; the stage "
       "vanishes",
       true},
      {"fill", "L I F",
       "the sum over loop L of the input's channels goes on to a multiple of I; the new stage F "
       "has "
       "as many, the last ones for weights of zero",
       true},
      {"gather", "L I",
       "the sum over loop L of a window goes by groups of I taps, whose inputs are loaded as one "
       "vector and put side by side",
       true},
      {"signed", "F",
       "a sum of u8 times i8 as one of i8 times i8: new stages F, the input less 128, and F_w, "
       "sums "
       "of weights",
       true},
      {"winograd", "I F",
       "the windows of 3x3 that a weight is of go by tiles of I x I results, 2 or 4, whose inputs "
       "and "
       "weights are transformed: new stages F, F_rows, F_products, F_columns, F_result",
       true},
      {"act", "A V", "compute the stage's activation A in the form of level V (-1: precise)", true},
      // Loops.
      {"split", "L N N I T?", "old -> outer inner, inner of I iterations", false},
      {"fuse", "L L N", "inner outer -> one loop", false},
      {"rename", "L N", "old -> new", false},
      {"reorder", "L+", "the new order of these loops, innermost first", false},
      {"vectorize", "L I? T?", "vector lanes; with I, of an inner loop of I iterations", false},
      {"unroll", "L I? T?", "unroll all; with I, an inner loop of I iterations", false},
      {"parallel", "L I? T?", "threads; with I, over tasks of I iterations", false},
      {"serial", "L", "an ordinary loop again", false},
      {"always_partition", "L+", "split off the iterations where a likely() holds, or fail", false},
      {"never_partition", "L+", "keep one loop body, whatever likely() says", false},
      {"atomic", "", "the update may be vectorized or parallel over its reduction", false},
      {"prefetch", "S L L I", "producer, loop it stands in, loop it looks ahead in, distance",
       false},
      {"ahead", "S L I (S L)?",
       "weight, innermost loop that reads it, elements an iteration: prefetch the next panel of a "
       "stage's loop over panels, or what lies behind the weight",
       false},
      // Places in a loop nest; looked up when every nest is final.
      {"compute_root", "", "compute all of it before its consumers", false},
      {"compute_at", "S L", "compute what each iteration of the consumer's loop L needs", false},
      {"store_root", "", "its storage lives outside all loops", false},
      {"store_at", "S L", "its storage lives inside loop L of stage S", false},
      {"hoist_storage", "S L", "allocate once per iteration of an outer loop L of S", false},
      {"hoist_storage_root", "", "allocate once, outside all loops", false},
      {"compute_with", "S L", "share the loops of stage S from the outermost to L", false},
      // Storage.
      {"store_in", "M", "stack, heap or register", false},
      {"align_bounds", "L I", "compute a region whose start and extent along L are multiples of I",
       false},
      {"align_storage", "L I", "pad the storage along L to a multiple of I", false},
      {"bound_extent", "L I", "promise that I elements along L are computed", false},
      {"bound_storage", "L I", "promise that I elements along L suffice to store", false},
      {"fold_storage", "L I", "keep a ring of I elements along L", false},
      {"reorder_storage", "L+", "order of the axes in memory, innermost first", false},
      // New stages.
      {"in", "F S*", "new stage F: a staged copy, read by the consumers S (all if none)", false},
      {"clone", "F S+", "new stage F: computed a second time, for the consumers S", false},
      {"rfactor", "F (L N)+", "new stage F: partial results, loop L of the reduction as axis N",
       false},
  };
  return ops;
}

const StepOp* find_step_op(std::string_view word) {
  for (const StepOp& op : step_ops())
    if (word == op.word) return &op;
  return nullptr;
}

}  // namespace halcyon
