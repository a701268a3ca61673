#include "suites/graph/placement.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

namespace halcyon {
namespace {

constexpr std::size_t kAlignment = 64;

struct Life {
  int tensor, first, last;  // calls
  std::size_t bytes;        // rounded up
  std::size_t offset = 0;
  bool meets(const Life& other) const { return first <= other.last && other.first <= last; }
};

std::vector<Life> lives_of(const Plan& plan) {
  std::vector<Life> lives;
  for (std::size_t t = 0; t < plan.tensors.size(); ++t) {
    const PlanTensor& tensor = plan.tensors[t];
    if (tensor.place != PlanTensor::arena) continue;
    Life life{static_cast<int>(t), std::numeric_limits<int>::max(), -1,
              (tensor.bytes() + kAlignment - 1) / kAlignment * kAlignment};
    for (std::size_t c = 0; c < plan.calls.size(); ++c)
      for (const PlanArgument& a : plan.calls[c].arguments)
        if (a.from == PlanArgument::tensor && a.index == life.tensor) {
          life.first = std::min(life.first, static_cast<int>(c));
          life.last = static_cast<int>(c);
        }
    if (life.last >= 0) lives.push_back(life);
  }
  return lives;
}

/// Gives each in turn the lowest offset that is free for its whole life; returns the end of all.
std::size_t place_in_order(std::vector<Life>& lives, const std::vector<std::size_t>& order) {
  std::vector<const Life*> placed;  // by offset
  std::size_t end = 0;
  for (const std::size_t i : order) {
    Life& life = lives[i];
    life.offset = 0;
    for (const Life* other : placed)
      if (life.meets(*other) && life.offset + life.bytes > other->offset)
        life.offset = std::max(life.offset, other->offset + other->bytes);
    placed.insert(
        std::upper_bound(placed.begin(), placed.end(), &life,
                         [](const Life* a, const Life* b) { return a->offset < b->offset; }),
        &life);
    end = std::max(end, life.offset + life.bytes);
  }
  return end;
}

std::size_t largest_live(const Plan& plan, const std::vector<Life>& lives) {
  std::size_t most = 0;
  for (int call = 0; call < static_cast<int>(plan.calls.size()); ++call) {
    std::size_t live = 0;
    for (const Life& life : lives)
      if (life.first <= call && call <= life.last) live += life.bytes;
    most = std::max(most, live);
  }
  return most;
}

/// Gives lives offsets by trying orders: by size, by first call, and the best one so far with two
/// tensors swapped, until the bound is met or nothing has helped for a while. The same every time.
std::size_t place_well(std::vector<Life>& lives, std::size_t bound) {
  constexpr int kPatience = 2000;
  std::vector<std::size_t> order(lives.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return lives[a].first < lives[b].first; });
  std::vector<std::size_t> best = order;
  std::size_t least = place_in_order(lives, order);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return lives[a].bytes > lives[b].bytes; });
  std::minstd_rand random(1);
  for (int tries = 0; tries < kPatience && least > bound; ++tries) {
    if (const std::size_t end = place_in_order(lives, order); end <= least) {
      if (end < least) tries = 0;
      least = end;
      best = order;
    }
    order = best;
    std::swap(order[random() % order.size()], order[random() % order.size()]);
  }
  return place_in_order(lives, best);
}

/// Largest first, each into the first strip where it meets nobody; the first one of a strip is its
/// width. Returns the end of all.
std::size_t place_centred(std::vector<Life>& lives) {
  std::vector<Life*> order;
  order.reserve(lives.size());
  for (Life& life : lives) order.push_back(&life);
  std::stable_sort(order.begin(), order.end(),
                   [](const Life* a, const Life* b) { return a->bytes > b->bytes; });
  std::vector<std::vector<Life*>> strips;
  for (Life* life : order) {
    const auto strip = std::find_if(strips.begin(), strips.end(), [&](const auto& others) {
      return std::none_of(others.begin(), others.end(),
                          [&](const Life* other) { return life->meets(*other); });
    });
    if (strip == strips.end())
      strips.push_back({life});
    else
      strip->push_back(life);
  }
  const auto half = [](const Life& life) { return life.bytes / 2 / kAlignment * kAlignment; };
  std::size_t begin = 0;
  for (const auto& strip : strips) {
    const std::size_t middle = begin + half(*strip.front());
    for (Life* life : strip) life->offset = middle - half(*life);
    begin += strip.front()->bytes;
  }
  return begin;
}

}  // namespace

void place(Plan& plan, int threads) {
  std::vector<Life> lives = lives_of(plan);
  plan.largest_live_bytes = largest_live(plan, lives);
  plan.arena_bytes =
      threads > 1 ? place_centred(lives) : place_well(lives, plan.largest_live_bytes);
  for (const Life& life : lives) plan.tensors[life.tensor].offset = life.offset;
}

}  // namespace halcyon
