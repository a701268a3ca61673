#include "schedules/recipes/sharing.h"

#include <algorithm>

namespace halcyon {
namespace {

constexpr double kLeastCycles = 3000;  // 1 us

}  // namespace

double moving_cycles(double bytes) {
  constexpr double kBytesPerCycle = 16;
  return bytes / kBytesPerCycle;
}

double op_cycles(const Site& site) {
  const Op& o = site.o();
  const std::int64_t macs = o.kind->macs ? o.kind->macs(o, false) : 0;
  std::int64_t elements = o.in.elements() + o.out.elements();
  for (const TensorSpec& t : site.problem.tensors())
    if (t.op == site.op && t.role == Role::weight) elements += t.elements();
  return static_cast<double>(macs) / (site.target.lanes() * site.target.fma_per_cycle) +
         moving_cycles(static_cast<double>(elements * bytes_of(site.problem.dtype())));
}

double balance(const std::vector<OuterLoop>& loops, int threads) {
  double work = 0, longest = 0;
  for (const OuterLoop& l : loops) {
    work += l.cycles;
    const int of_one = (l.iterations + threads - 1) / threads;
    longest += l.cycles * of_one / l.iterations;
  }
  return work > 0 ? work / (threads * longest) : 1.0 / threads;
}

bool pays_to_share(const std::vector<OuterLoop>& loops, int threads) {
  return std::any_of(loops.begin(), loops.end(), [&](const OuterLoop& l) {
    return l.cycles >= kLeastCycles && balance({l}, threads) > 1.0 / threads;
  });
}

void share_steps(const std::vector<OuterLoop>& loops, Steps& s) {
  double most = 0;
  for (const OuterLoop& l : loops)
    if (l.iterations > 1) most = std::max(most, l.cycles);
  for (const OuterLoop& l : loops)
    if (l.iterations > 1 && l.cycles >= std::min(most, kLeastCycles))
      s(l.stage, "parallel", l.loop);
}

}  // namespace halcyon
