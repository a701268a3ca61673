// Depthwise 3x3 convolutions as a compiler would leave them, each but the first with a bug planted:
// the check is tested on them. Linked into a bundle in place of Halide's objects.
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstdint>

#include "suites/runner/check/planted.h"

using planted::Arguments;
using planted::compute;
using planted::compute_and;
using planted::pixel;

namespace {

void touch(const char* address) {
  const volatile char* there = address;
  static_cast<void>(*there);
}

int overflow_stack(int depth) {
  volatile char page[4096];
  page[0] = static_cast<char>(depth);
  return depth < 0 ? page[0] : overflow_stack(depth + 1) + page[0];
}

bool is_poisoned(float value) { return value != value; }

}  // namespace

extern "C" {

int bug_none_argv(void** args) {
  compute(Arguments(args));
  return 0;
}

// What a plan of tiles gets wrong.
int bug_dropped_column_argv(void** args) {
  const Arguments a(args);
  compute(a, a.out.extent(1) - 1);
  return 0;
}
int bug_zeroed_column_argv(void** args) {
  const Arguments a(args);
  compute(a);
  for (int y = 0; y < a.out.extent(2); y++)
    for (int c = 0; c < a.out.extent(0); c++) a.out.at(c, a.out.extent(1) - 1, y) = 0;
  return 0;
}
int bug_swapped_strides_argv(void** args) {
  const Arguments a(args);
  for (int y = 0; y < a.out.extent(2); y++)
    for (int x = 0; x < a.out.extent(1); x++)
      for (int c = 0; c < a.out.extent(0); c++)
        a.out.data()[c + a.out.extent(0) * (y + a.out.extent(2) * x)] = pixel(a, c, x, y, 1);
  return 0;
}
int bug_one_nan_argv(void** args) {
  const Arguments a(args);
  compute(a);
  a.out.at(a.out.extent(0) - 1, a.out.extent(1) - 1, a.out.extent(2) - 1) = __builtin_nanf("");
  return 0;
}
int bug_pad_side_argv(void** args) {
  const Arguments a(args);
  compute(a, a.out.extent(1), 0);
  return 0;
}
int bug_untouched_argv(void**) { return 0; }
int bug_zeros_argv(void** args) {
  const Arguments a(args);
  for (char* p = a.out.begin(); p < a.out.end(); p++) *p = 0;
  return 0;
}
int bug_one_element_off_argv(void** args) {
  const Arguments a(args);
  compute(a);
  a.out.at(2, 3, 4) += 1e-3f;
  return 0;
}

// What leaves its arguments, by a byte, a vector, a line, a row.
int bug_read_past_1_argv(void** args) {
  return compute_and(args, [](const Arguments& a) { touch(a.in.end()); });
}
int bug_read_past_16_argv(void** args) {
  return compute_and(args, [](const Arguments& a) { touch(a.in.end() + 15); });
}
int bug_read_past_64_argv(void** args) {
  return compute_and(args, [](const Arguments& a) { touch(a.weights.end() + 63); });
}
int bug_read_past_row_argv(void** args) {
  return compute_and(args, [](const Arguments& a) { touch(a.in.end() + 99999); });
}
int bug_read_before_1_argv(void** args) {
  return compute_and(args, [](const Arguments& a) { touch(a.in.begin() - 1); });
}
int bug_read_before_64_argv(void** args) {
  return compute_and(args, [](const Arguments& a) { touch(a.out.begin() - 64); });
}
int bug_write_past_1_argv(void** args) {
  return compute_and(args, [](const Arguments& a) { *a.out.end() = 1; });
}
int bug_write_past_64_argv(void** args) {
  return compute_and(args, [](const Arguments& a) { a.out.end()[63] = 1; });
}
int bug_write_before_1_argv(void** args) {
  return compute_and(args, [](const Arguments& a) { a.out.begin()[-1] = 1; });
}
int bug_write_before_16_argv(void** args) {
  return compute_and(args, [](const Arguments& a) { a.in.begin()[-16] = 1; });
}
int bug_modified_input_argv(void** args) {
  return compute_and(args, [](const Arguments& a) { a.in.at(1, 1, 1) += 1; });
}

// Scratch memory.
int bug_none_scratch_argv(void** args) {
  const Arguments a(args);
  auto* scratch = static_cast<float*>(halide_malloc(nullptr, 300));
  scratch[74] = 0;
  compute(a);
  a.out.at(0, 0, 0) += scratch[74];
  halide_free(nullptr, scratch);
  return 0;
}
int bug_unset_scratch_argv(void** args) {
  const Arguments a(args);
  auto* scratch = static_cast<float*>(halide_malloc(nullptr, 300));
  compute(a);
  a.out.at(0, 0, 0) += scratch[74] * 0;
  halide_free(nullptr, scratch);
  return 0;
}
int bug_scratch_overrun_argv(void** args) {
  compute(Arguments(args));
  auto* scratch = static_cast<float*>(halide_malloc(nullptr, 300));
  scratch[75] = 0;
  halide_free(nullptr, scratch);
  return 0;
}

// What is not the same every time.
int bug_second_call_differs_argv(void** args) {
  static int calls = 0;
  const Arguments a(args);
  compute(a);
  a.out.at(0, 0, 0) += calls++ % 2 ? 1e-6f : 0;
  return 0;
}
int bug_idle_when_timed_argv(void** args) {
  static int calls = 0;
  if (calls++ < 12) compute(Arguments(args));  // a check makes 8 calls
  return 0;
}
int bug_idle_unless_poisoned_argv(void** args) {
  const Arguments a(args);
  if (is_poisoned(a.out.at(0, 0, 0))) compute(a);
  return 0;
}
int bug_crash_when_timed_argv(void** args) {
  static int calls = 0;
  compute(Arguments(args));
  if (++calls > 20) __builtin_trap();
  return 0;
}
int bug_killed_when_timed_argv(void** args) {
  static int calls = 0;
  compute(Arguments(args));
  if (++calls > 20) kill(getpid(), SIGKILL);
  return 0;
}

// What does not come back.
int bug_sigsegv_argv(void**) {
  volatile std::uintptr_t nowhere = 16;
  *reinterpret_cast<volatile int*>(nowhere) = 1;
  return 0;
}
int bug_sigfpe_argv(void**) {
  volatile int one = 1, zero = 0;
  return one / zero;
}
int bug_sigill_argv(void**) { __builtin_trap(); }
int bug_abort_argv(void**) { abort(); }
int bug_stack_overflow_argv(void**) { return overflow_stack(0); }
int bug_hang_argv(void**) {
  for (volatile bool forever = true; forever;) {
  }
  return 0;
}
int bug_exit_argv(void**) { _exit(0); }
int bug_forged_result_argv(void**) {
  const char line[] = "{\"nonce\": \"0\", \"measured\": {\"id\": \"forged_result\"}}\n";
  for (int fd = 1; fd < 16; fd++)
    if (write(fd, line, sizeof line - 1) < 0) continue;
  _exit(0);
}

// What Halide's checks say.
int bug_halide_bounds_argv(void**) {
  halide_error(nullptr, "Input buffer in is accessed at 7, which is beyond the max (6)");
  return halide_error_code_access_out_of_bounds;
}
int bug_returns_error_argv(void**) { return -27; }

}  // extern "C"
