#pragma once
#include <vector>

#include "schedules/recipes/op_recipe.h"

/// How threads share out the work of a schedule: the iterations of the outermost loop of each nest
/// that is worth it, in equal contiguous parts. Which loop stands outermost is the op's own choice
/// ("order"): points or rows, or blocks of channels where those divide better or weights are heavy.
namespace halcyon {

/// Cycles of one core, roughly: for bytes read or written, at 16 a cycle; for an op, its products
/// and all that it moves.
double moving_cycles(double bytes);
double op_cycles(const Site&);

/// How much of the threads' time is work when each loop's iterations are dealt out: 1 when all
/// divide evenly, 1/threads when none does.
double balance(const std::vector<OuterLoop>&, int threads);

/// Whether a loop that a thread pool wakes up for gains more than it costs: about 0.2 us, and as
/// much again for lines that change their core. From 1 us of work, 50 to 100 kFLOP, it does.
bool pays_to_share(const std::vector<OuterLoop>&, int threads);

/// `order` or, where it divides the work among the threads by 5 % better, one of `others`.
/// `loops(order)` has the op's nests.
template <class Loops>
int balanced_order(int order, const std::vector<int>& others, int threads, Loops loops) {
  if (threads == 1) return order;
  constexpr double kBetter = 1.05;
  double best = kBetter * balance(loops(order), threads);
  for (const int other : others)
    if (const double b = balance(loops(other), threads); b > best) best = b, order = other;
  return order;
}

/// The loops that are shared: those that pay and, whatever it pays, the one with the most work.
/// Where `shift_inwards` lets the last two tiles overlap, two threads may write the same elements:
/// each computes them whole, so that both write the same.
void share_steps(const std::vector<OuterLoop>&, Steps&);

}  // namespace halcyon
