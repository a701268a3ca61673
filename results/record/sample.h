#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace halcyon {

/// A gate of the measuring protocol, by what it watches: the core's clock, by FMA probes; the
/// memory that the work reads from, by read probes; whether threads waited for a core.
enum class Gate { clock, memory, queue };
std::string_view to_text(Gate);
void from_text(std::string_view, Gate&);  // throws Error (exit 3) with what is allowed

/// One timed batch of calls and the probes around it.
struct Sample {
  std::int64_t ns = 0;  // wall time of all iterations together
  std::int64_t iterations = 1;
  // Of all threads of the case together, probed at the same moment.
  double probe_before = 0, probe_after = 0;  // FMA rate, GFLOP/s, of the candidate's ISA and dtype
  double read_before = 0, read_after = 0;    // read bandwidth, GB/s; 0 when not probed
  double queue_delay = 0;         // run-queue delay / wall time of the sample; 0 when not asked
  std::optional<double> loop_ns;  // of an empty loop that all threads share, just before; none of
                                  // one thread. A host that moves a core may quadruple it
  std::optional<int> process;     // which of its system's processes gave it, from 0; none where one
                                  // gave all, nor in documents before 1.6
  int order = 0;                  // position in the run's random order
  bool accepted = false;
  std::vector<Gate> refused_by;  // none when accepted, nor in documents before 1.5
  double ns_per_call() const { return static_cast<double>(ns) / static_cast<double>(iterations); }
  bool operator==(const Sample&) const = default;
};

/// How many samples each gate refused; one may be refused by several.
struct Rejected {
  int clock = 0, memory = 0, queue = 0;
  void add(const Sample&);
  bool operator==(const Rejected&) const = default;
};
/// "clock 12, queue 1"; "no gate" when all are 0.
std::string to_text(const Rejected&);
/// None where no sample was refused, or none says by what.
std::optional<Rejected> rejected_of(const std::vector<Sample>&);

/// Why there is no figure: "2 of 5 samples were undisturbed, 15 are needed".
std::string too_few_text(std::size_t undisturbed, std::size_t taken, int needed,
                         const std::string& of = "samples");

}  // namespace halcyon
