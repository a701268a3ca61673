#pragma once
#include <deque>
#include <vector>

#include "suites/runner/timing/probe.h"

/// Cores and probes of all threads that kernels have; see kernel_threads().
namespace halcyon {

/// Pins this thread to `cpu`, or when that is -1 to the allowed core with the best median probe,
/// starts the kernels' other threads on cores beside it, and returns the core. Throws
/// std::runtime_error when it is not allowed here, or too few are.
int take_cores(const ProbeKind&, int cpu, int threads);

/// The cores that the kernels' threads are on, by thread.
std::vector<int> thread_cpus();

/// Readings at the same moment, by thread: what cores give while the others work, too.
using Readings = std::vector<double>;
double sum(const Readings&);
Readings fma_rates(const FmaProbe&, int times = 1);  // GFLOP/s

/// ns of an empty loop that all threads share: what they take to hear of it and to be done. Twice
/// the way between two cores, which is a matter of where they are: on one chip 80 ns, on two 350.
double empty_loop_ns();

/// A ReadProbe of each thread, with a set of its own.
class TeamReadProbe {
 public:
  TeamReadProbe(const ProbeKind&, std::size_t bytes_each);
  Readings rates(int times = 1) const;  // GB/s

 private:
  std::deque<ReadProbe> probes_;
};

/// GB/s of a slice of the set in each thread, from memory: see ReadProbe::slice_rate. `next` goes
/// on.
Readings memory_rates(const ReadProbe&, std::size_t& next);

/// Reads the set in each thread: where it is larger than caches, they are cold then.
void read_in_each(const ReadProbe&);

}  // namespace halcyon
