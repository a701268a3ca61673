#include "results/record/sample.h"

#include <utility>

#include "results/record/words.h"

namespace halcyon {
namespace {

constexpr std::string_view kGates[] = {"clock", "memory", "queue"};

}  // namespace

std::string_view to_text(Gate gate) { return kGates[static_cast<int>(gate)]; }

void from_text(std::string_view text, Gate& gate) { gate = value_called<Gate>(text, kGates); }

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

std::string too_few_text(std::size_t undisturbed, std::size_t taken, int needed,
                         const std::string& of) {
  return std::to_string(undisturbed) + " of " + std::to_string(taken) + " " + of +
         " were undisturbed, " + std::to_string(needed) + " are needed";
}

std::optional<Rejected> rejected_of(const std::vector<Sample>& samples) {
  Rejected all;
  for (const Sample& s : samples) all.add(s);
  return all == Rejected() ? std::nullopt : std::optional(all);
}

}  // namespace halcyon
