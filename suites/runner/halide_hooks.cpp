#include "suites/runner/halide_hooks.h"

#include <cstdint>
#include <cstring>

#include "HalideRuntime.h"

namespace halcyon {
namespace {

Arena arena;
char last_error[1024];  // written while a kernel fails: no allocation

}  // namespace

Arena& kernel_arena() { return arena; }
std::size_t kernel_scratch_bytes() { return arena.peak_bytes(); }

std::string take_halide_error() {
  std::string message = last_error;
  last_error[0] = 0;
  while (!message.empty() && message.back() == '\n') message.pop_back();
  return message;
}

}  // namespace halcyon

// These replace the weak definitions in Halide's runtime object.
extern "C" {
void* halide_malloc(void*, std::size_t bytes) { return halcyon::arena.take(bytes); }
void halide_free(void*, void* data) { halcyon::arena.give_back(data); }
// One thread is what a record says; Halide's own pool would take every core.
int halide_do_par_for(void* user, halide_task_t task, int min, int size, std::uint8_t* closure) {
  for (int i = min; i < min + size; i++)
    if (const int code = task(user, i, closure); code != 0) return code;
  return 0;
}
void halide_error(void*, const char* message) {
  std::strncpy(halcyon::last_error, message, sizeof halcyon::last_error - 1);
}
}
