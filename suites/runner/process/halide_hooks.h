#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "suites/runner/process/thread_pool.h"

/// What kernels call of us. Halide's hooks get no context of ours, so there is one of each per
/// program.
namespace halcyon {

/// The threads behind the parallel loops of kernels. One, until start_kernel_threads().
ThreadPool& kernel_threads();
/// From now on also workers on `cpus`, as ThreadPool has them.
void start_kernel_threads(const std::vector<int>& cpus);

/// Scratch memory of kernels comes from an arena of each thread: no thread waits for another, and
/// blocks stay with their core. These are of all of them together; see Arena.
void distrust_kernel_memory(std::uint32_t pattern);
std::optional<std::string> take_memory_complaint();
std::size_t kernel_scratch_bytes();  // the most that each has held at one time

/// The first message of a kernel's own checks, and forgets all; empty when there was none.
std::string take_halide_error();

}  // namespace halcyon
