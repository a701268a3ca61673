#include "results/record/sample.h"

#include <algorithm>
#include <iterator>

#include "kernels/error.h"

namespace halcyon {
namespace {

constexpr std::string_view kGates[] = {"clock", "memory", "queue"};

}  // namespace

std::string_view to_text(Gate gate) { return kGates[static_cast<int>(gate)]; }

void from_text(std::string_view text, Gate& gate) {
  const auto found = std::find(std::begin(kGates), std::end(kGates), text);
  if (found == std::end(kGates))
    throw Error(Exit::data, "found '" + std::string(text) + "', allowed clock, memory, queue");
  gate = static_cast<Gate>(found - std::begin(kGates));
}

void Rejected::add(const Sample& s) {
  for (const Gate gate : s.refused_by)
    ++(gate == Gate::clock ? clock : gate == Gate::memory ? memory : queue);
}

std::string to_text(const Rejected& r) {
  std::string text;
  for (const auto& [gate, count] :
       {std::pair(Gate::clock, r.clock), {Gate::memory, r.memory}, {Gate::queue, r.queue}})
    if (count > 0)
      text += (text.empty() ? "" : ", ") + std::string(to_text(gate)) + " " + std::to_string(count);
  return text.empty() ? "no gate" : text;
}

std::optional<Rejected> rejected_of(const std::vector<Sample>& samples) {
  Rejected all;
  for (const Sample& s : samples) all.add(s);
  return all == Rejected() ? std::nullopt : std::optional(all);
}

}  // namespace halcyon
