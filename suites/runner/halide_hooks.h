#pragma once
#include <string>

#include "suites/runner/arena.h"

namespace halcyon {

/// What halide_malloc and halide_free use. Halide's hooks get no context of ours, so there is one
/// per program.
Arena& kernel_arena();
/// The most scratch memory that kernels have held at one time.
std::size_t kernel_scratch_bytes();

/// The last message of a kernel's own checks, and forgets it; empty when there was none.
std::string take_halide_error();

}  // namespace halcyon
