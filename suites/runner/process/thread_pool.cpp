#include "suites/runner/process/thread_pool.h"

#include <stdexcept>

#include "suites/runner/process/clock.h"
#include "suites/runner/process/cpu.h"
#include "suites/runner/process/fault.h"

namespace halcyon {
namespace {

constexpr int kFaulted = -1;          // the error of a share that a signal ended
constexpr int kPausesPerLook = 64;    // at the clock: about 1 us
constexpr int kPausesToYield = 1024;  // 10 us: the other thread may have no core at the moment

thread_local int number = 0;
thread_local bool in_task = false;

void pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#else
  asm volatile("yield");
#endif
}

}  // namespace

ThreadPool::ThreadPool(const std::vector<int>& cpus, std::chrono::nanoseconds spin) : spin_(spin) {
  for (std::size_t i = 0; i < cpus.size(); i++) workers_.emplace_back();
  for (std::size_t i = 0; i < cpus.size(); i++)
    workers_[i].thread =
        std::thread([this, i] { run_as_helper([&] { work(static_cast<int>(i) + 1); }); });
  std::atomic<int> refused{-1};
  on_each([&](int thread) {
    const int cpu = thread == 0 ? -1 : cpus[static_cast<std::size_t>(thread) - 1];
    if (cpu >= 0 && !pin_to(cpu)) refused = cpu;
  });
  if (refused < 0) return;
  leave();
  throw std::runtime_error("cpu " + std::to_string(refused) + " is not allowed here");
}

ThreadPool::~ThreadPool() { leave(); }

void ThreadPool::leave() {
  settle();
  loop_ = {};
  announce();
  for (Worker& w : workers_) w.thread.join();
}

int ThreadPool::Loop::run(int first, int last) const {
  for (int i = first; i < last; i++)
    if (const int code = task(user, min + i, closure); code != 0) return code;
  return 0;
}

int ThreadPool::share(int thread) const {
  const auto begin = [&](std::int64_t t) {
    return static_cast<int>((loop_.size * t + threads() - 1) / threads());
  };
  in_task = true;
  const int code = loop_.run(begin(thread), begin(thread + 1));
  in_task = false;
  return code;
}

int ThreadPool::run(void* user, Task task, int min, int size, std::uint8_t* closure) {
  const Loop loop{user, task, min, size, closure};
  if (in_task || size < 2 || workers_.empty()) return loop.run(0, size);
  loop_ = loop;
  announce();
  return wait_for_workers(share(0));
}

/// Sequentially consistent, as is wait_after(): either the worker that falls asleep sees the loop,
/// or we see that it sleeps.
void ThreadPool::announce() {
  loops_.store(loops_.load(std::memory_order_relaxed) + 1);
  if (asleep_.load() > 0) loops_.notify_all();
}

int ThreadPool::wait_for_workers(int code) {
  const std::uint32_t loop = loops_.load(std::memory_order_relaxed);
  for (Worker& w : workers_) {
    for (int i = 0; w.done.load(std::memory_order_acquire) != loop; i++)
      i < kPausesToYield ? pause() : std::this_thread::yield();
    if (code == 0) code = w.error;
  }
  return code;
}

void ThreadPool::settle() {
  in_task = false;
  wait_for_workers(0);
}

void ThreadPool::rest() const {
  while (asleep_.load() < static_cast<int>(workers_.size())) std::this_thread::sleep_for(spin_ / 4);
}

/// Entered anew when a fault has ended a share.
void ThreadPool::work(int thread) {
  number = thread;
  Worker& w = workers_[static_cast<std::size_t>(thread) - 1];
  if (w.begun != w.done.load(std::memory_order_relaxed)) {
    in_task = false;
    w.error = kFaulted;
    w.done.store(w.begun, std::memory_order_release);
  }
  while (true) {
    w.begun = wait_after(w.begun);
    if (!loop_.task) return;
    flush_denormals();  // whatever the task before did to the mode
    w.error = share(thread);
    w.done.store(w.begun, std::memory_order_release);
  }
}

/// The number of the loop that comes after `loop`.
std::uint32_t ThreadPool::wait_after(std::uint32_t loop) {
  std::int64_t until = 0;
  for (int i = 0;; i++) {
    if (const std::uint32_t next = loops_.load(std::memory_order_acquire); next != loop)
      return next;
    pause();
    if (i % kPausesPerLook != 0) continue;
    const std::int64_t now = now_ns();
    if (i == 0) until = now + spin_.count();
    if (now < until) continue;
    asleep_++;
    loops_.wait(loop);
    asleep_--;
  }
}

int ThreadPool::current() { return number; }

}  // namespace halcyon
