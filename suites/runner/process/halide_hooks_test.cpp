#include "suites/runner/process/halide_hooks.h"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include "HalideRuntime.h"

namespace halcyon {
namespace {

/// Two threads for kernels as long as it lives.
struct TwoThreads {
  TwoThreads() { start_kernel_threads({-1}); }
  ~TwoThreads() { start_kernel_threads({}); }
};

constexpr int kTasks = 4;

int run_tasks(halide_task_t task, void* closure = nullptr) {
  return halide_do_par_for(nullptr, task, 0, kTasks, static_cast<std::uint8_t*>(closure));
}

TEST(HalideHooks, LoopsAreSharedOutAmongTheKernelsThreads) {
  const TwoThreads two;
  std::array<int, kTasks> threads{};
  run_tasks(
      [](void*, int i, std::uint8_t* closure) {
        (*reinterpret_cast<std::array<int, kTasks>*>(closure))[i] = ThreadPool::current();
        return 0;
      },
      &threads);
  EXPECT_EQ(threads, (std::array<int, kTasks>{0, 0, 1, 1}));
}

TEST(HalideHooks, TasksHaveScratchMemoryOfTheirOwn) {
  const TwoThreads two;
  const auto fill_and_look = [](void*, int i, std::uint8_t*) {
    constexpr std::size_t kBytes = 4096;
    for (int round = 0; round < 2000; round++) {
      auto* bytes = static_cast<unsigned char*>(halide_malloc(nullptr, kBytes));
      std::memset(bytes, i, kBytes);
      for (std::size_t b = 0; b < kBytes; b += 64)
        if (bytes[b] != i) return 1;
      halide_free(nullptr, bytes);
    }
    return 0;
  };
  EXPECT_EQ(run_tasks(fill_and_look), 0);
  EXPECT_EQ(take_memory_complaint(), std::nullopt);
}

TEST(HalideHooks, AWritePastScratchMemoryOfAnyThreadIsFound) {
  const TwoThreads two;
  distrust_kernel_memory(0x7fa12345);
  for (int bad = 0; bad < kTasks; bad++) {
    const auto write_past = [](void*, int i, std::uint8_t* closure) {
      auto* bytes = static_cast<char*>(halide_malloc(nullptr, 400));
      if (i == *reinterpret_cast<int*>(closure)) bytes[401] = 1;
      halide_free(nullptr, bytes);
      return 0;
    };
    EXPECT_EQ(run_tasks(write_past, &bad), 0);
    EXPECT_EQ(take_memory_complaint(), "wrote 2 bytes past a scratch block of 400 bytes") << bad;
    EXPECT_EQ(take_memory_complaint(), std::nullopt);
  }
}

TEST(HalideHooks, TheFirstMessageIsKeptUntilItIsTaken) {
  const TwoThreads two;
  EXPECT_EQ(take_halide_error(), "");
  const auto complain = [](void*, int i, std::uint8_t*) {
    halide_error(nullptr, i < 2 ? "from the caller\n" : "from the worker\n");
    return 1;
  };
  EXPECT_EQ(run_tasks(complain), 1);
  const std::string message = take_halide_error();
  EXPECT_TRUE(message == "from the caller" || message == "from the worker") << message;
  EXPECT_EQ(take_halide_error(), "");
}

}  // namespace
}  // namespace halcyon
