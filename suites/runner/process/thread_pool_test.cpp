#include "suites/runner/process/thread_pool.h"

#include <gtest/gtest.h>
#include <sched.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <set>

#include "suites/runner/process/clock.h"
#include "suites/runner/process/cpu.h"
#include "suites/runner/process/fault.h"
#include "suites/runner/process/halide_hooks.h"

namespace halcyon {
namespace {

constexpr int kAnywhere = -1;
const std::vector<int> kOneWorker = {kAnywhere}, kThreeWorkers(3, kAnywhere);

/// Runs f(index), which returns an error or 0.
template <class F>
int loop(ThreadPool& pool, int min, int size, F f) {
  const ThreadPool::Task task = [](void* user, int index, std::uint8_t*) {
    return (*static_cast<F*>(user))(index);
  };
  return pool.run(&f, task, min, size, nullptr);
}

/// The thread of each iteration.
std::vector<int> split(ThreadPool& pool, int size) {
  std::vector<int> threads(static_cast<std::size_t>(size), -1);
  loop(pool, 0, size, [&](int i) {
    threads[static_cast<std::size_t>(i)] = ThreadPool::current();
    return 0;
  });
  return threads;
}

TEST(ThreadPool, EveryIterationRunsOnce) {
  for (const auto& workers : {std::vector<int>(), kOneWorker, kThreeWorkers}) {
    ThreadPool pool(workers);
    for (int size = 0; size < 40; size++) {
      std::vector<std::atomic<int>> runs(static_cast<std::size_t>(size));
      EXPECT_EQ(loop(pool, 7, size, [&](int i) { return runs[i - 7]++, 0; }), 0);
      for (const auto& count : runs) EXPECT_EQ(count, 1) << "of " << size;
    }
    EXPECT_EQ(loop(pool, 0, -3, [](int) { return 1; }), 0);
  }
}

TEST(ThreadPool, EachThreadHasItsPartAndTheSameEveryTime) {
  ThreadPool two(kOneWorker), four(kThreeWorkers);
  EXPECT_EQ(split(two, 5), (std::vector<int>{0, 0, 0, 1, 1}));  // the worker comes later
  EXPECT_EQ(split(four, 3), (std::vector<int>{0, 1, 2}));
  EXPECT_EQ(split(four, 9), (std::vector<int>{0, 0, 0, 1, 1, 2, 2, 3, 3}));
  for (int i = 0; i < 200; i++) ASSERT_EQ(split(two, 5), (std::vector<int>{0, 0, 0, 1, 1}));
}

TEST(ThreadPool, WhatOneLoopWroteTheNextReads) {
  ThreadPool pool(kOneWorker);
  std::array<int, 64> one{}, two{};  // no atomics: run() itself must order them
  for (int round = 0; round < 1000; round++) {
    loop(pool, 0, 64, [&](int i) { return two[i] = one[63 - i] + 1, 0; });
    loop(pool, 0, 64, [&](int i) { return one[i] = two[63 - i], 0; });
  }
  for (const int value : one) ASSERT_EQ(value, 1000);
}

TEST(ThreadPool, AnErrorOfAnyThreadIsReturnedAndEndsItsShareOnly) {
  ThreadPool pool(kOneWorker);
  for (const int bad : {0, 3, 4, 7}) {
    std::vector<std::atomic<int>> runs(8);
    const int code = loop(pool, 0, 8, [&](int i) { return runs[i]++, i == bad ? 40 + bad : 0; });
    EXPECT_EQ(code, 40 + bad);
    for (int i = 0; i < 8; i++) EXPECT_EQ(runs[i], i / 4 == bad / 4 && i > bad ? 0 : 1) << i;
  }
  EXPECT_EQ(loop(pool, 0, 8, [](int) { return 0; }), 0);  // not kept
}

TEST(ThreadPool, ALoopInsideATaskRunsInItsThread) {
  ThreadPool pool(kOneWorker);
  std::array<std::array<int, 3>, 4> thread{};
  loop(pool, 0, 4, [&](int outer) {
    return loop(pool, 0, 3, [&](int inner) {
      thread[outer][inner] = ThreadPool::current();
      return 0;
    });
  });
  for (int outer = 0; outer < 4; outer++)
    for (int inner = 0; inner < 3; inner++) EXPECT_EQ(thread[outer][inner], outer / 2);
}

TEST(ThreadPool, SleepsAfterItsTimeAndWakesForTheNextLoop) {
  ThreadPool pool(kThreeWorkers, std::chrono::microseconds(50));
  for (int round = 0; round < 20; round++) {
    for (int i = 0; i < 10000 && pool.asleep() < 3; i++)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    EXPECT_EQ(pool.asleep(), 3);
    EXPECT_EQ(split(pool, 4), (std::vector<int>{0, 1, 2, 3}));
  }
}

// Between sleep and spin a wake-up is easily lost: then this hangs.
TEST(ThreadPool, NeverMissesALoopThatComesAsItFallsAsleep) {
  ThreadPool pool(kThreeWorkers, std::chrono::nanoseconds(1));
  for (int round = 0; round < 300; round++) ASSERT_EQ(split(pool, 4).back(), 3);
}

TEST(ThreadPool, WorkersStayOnTheirCpu) {
  const std::vector<int> cpus = allowed_cpus();
  ThreadPool pool({cpus.back()});
  std::atomic<int> at{-1};
  for (int i = 0; i < 100; i++) {
    pool.on_each([&](int thread) {
      if (thread == 1) at = sched_getcpu();
    });
    EXPECT_EQ(at, cpus.back());
  }
  EXPECT_THROW(ThreadPool({CPU_SETSIZE - 1}), std::runtime_error);
}

TEST(ThreadPool, EveryThreadFlushesDenormals) {
  flush_denormals();
  const unsigned long mode = float_mode();
  ThreadPool pool(kThreeWorkers);
  std::array<unsigned long, 4> found{};
  pool.on_each([&](int thread) { found[thread] = float_mode(); });
  EXPECT_EQ(found, (std::array<unsigned long, 4>{mode, mode, mode, mode}));
}

/// Touches what is not there, in one of two threads.
std::optional<Fault> fault_in(int thread, void* nowhere) {
  return run_guarded([&] {
    kernel_threads().on_each([&](int t) {
      if (t == thread) *static_cast<volatile int*>(nowhere) = 1;
    });
  });
}

TEST(ThreadPool, AFaultOfAnyThreadIsReportedAndLeavesThePoolUsable) {
  start_kernel_threads(kOneWorker);
  int* const nowhere = reinterpret_cast<int*>(0x10);
  for (const int thread : {1, 0, 1, 1, 0}) {
    const auto fault = fault_in(thread, nowhere);
    ASSERT_TRUE(fault) << thread;
    EXPECT_EQ(fault->signal, SIGSEGV);
    EXPECT_EQ(fault->address, reinterpret_cast<std::uintptr_t>(nowhere));
    EXPECT_EQ(split(kernel_threads(), 2), (std::vector<int>{0, 1}));
    EXPECT_FALSE(run_guarded([] {}));  // and is not reported again
  }
  start_kernel_threads({});
}

// Arguments of a parallel loop lie in the frame of the kernel that runs it.
TEST(ThreadPool, AGuardedCallThatFaultsKeepsItsFramesUntilTheOtherThreadsHaveEnded) {
  start_kernel_threads(kOneWorker);
  constexpr int kValues = 64;
  std::atomic<std::ptrdiff_t> kept{-1};
  const auto fault = run_guarded([&] {
    std::array<int, kValues> arguments;
    arguments.fill(7);
    kernel_threads().on_each([&](int thread) {
      if (thread == 0) *reinterpret_cast<volatile int*>(0x10) = 1;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      kept = std::count(arguments.begin(), arguments.end(), 7);
    });
  });
  EXPECT_TRUE(fault);
  EXPECT_EQ(kept, kValues);
  start_kernel_threads({});
}

TEST(ThreadPool, RestsUntilAllWorkersSleepAndWakesThemForTheNextLoop) {
  ThreadPool pool(kThreeWorkers);
  for (int i = 0; i < 3; i++) {
    EXPECT_EQ(split(pool, 3), (std::vector<int>{0, 1, 2}));
    pool.rest();
    EXPECT_EQ(pool.asleep(), 3);
  }
  ThreadPool({}).rest();
}

// For a look; nothing is asserted of a time.
TEST(ThreadPool, SaysWhatAnEmptyLoopTakes) {
  const std::vector<int> cpus = allowed_cpus();
  ThreadPool pool({cpus.back()});
  std::vector<double> ns;
  for (int batch = 0; batch < 50; batch++) {
    constexpr int kLoops = 100;
    const std::int64_t begin = now_ns();
    for (int i = 0; i < kLoops; i++) loop(pool, 0, 2, [](int) { return 0; });
    ns.push_back(static_cast<double>(now_ns() - begin) / kLoops);
  }
  std::sort(ns.begin(), ns.end());
  std::printf("an empty loop of 2 threads: median %.0f ns, least %.0f ns, on %zu CPUs\n",
              ns[ns.size() / 2], ns.front(), cpus.size());
}

}  // namespace
}  // namespace halcyon
