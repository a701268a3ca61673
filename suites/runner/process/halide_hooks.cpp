#include "suites/runner/process/halide_hooks.h"

#include <atomic>
#include <cstring>
#include <deque>
#include <memory>

#include "HalideRuntime.h"
#include "suites/runner/process/arena.h"

namespace halcyon {
namespace {

std::deque<Arena> arenas(1);  // by thread
std::unique_ptr<ThreadPool> threads = std::make_unique<ThreadPool>(std::vector<int>());
std::atomic<int> errors{0};
char first_error[1024];  // written while a kernel fails: no allocation

Arena& own_arena() { return arenas[static_cast<std::size_t>(ThreadPool::current())]; }

}  // namespace

ThreadPool& kernel_threads() { return *threads; }

void start_kernel_threads(const std::vector<int>& cpus) {
  arenas.resize(1 + cpus.size());
  threads = std::make_unique<ThreadPool>(cpus);
}

void distrust_kernel_memory(std::uint32_t pattern) {
  for (Arena& a : arenas) a.distrust(pattern);
}

std::optional<std::string> take_memory_complaint() {
  std::optional<std::string> first;
  for (Arena& a : arenas)
    if (const auto complaint = a.take_complaint(); complaint && !first) first = complaint;
  return first;
}

std::size_t kernel_scratch_bytes() {
  std::size_t bytes = 0;
  for (const Arena& a : arenas) bytes += a.peak_bytes();
  return bytes;
}

std::string take_halide_error() {
  if (errors.exchange(0) == 0) return "";
  std::string message = first_error;
  while (!message.empty() && message.back() == '\n') message.pop_back();
  return message;
}

}  // namespace halcyon

// These replace the weak definitions in Halide's runtime object.
extern "C" {
void* halide_malloc(void*, std::size_t bytes) { return halcyon::own_arena().take(bytes); }
void halide_free(void*, void* data) { halcyon::own_arena().give_back(data); }
// Halide's own pool would take every core, and needs 3 to 6 us a loop.
int halide_do_par_for(void* user, halide_task_t task, int min, int size, std::uint8_t* closure) {
  return halcyon::threads->run(user, task, min, size, closure);
}
void halide_error(void*, const char* message) {
  if (halcyon::errors++ == 0)
    std::strncpy(halcyon::first_error, message, sizeof halcyon::first_error - 1);
}
}
