#pragma once
#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <thread>
#include <vector>

namespace halcyon {

/// Threads that share out the iterations of a loop: the caller and its workers. An empty loop takes
/// 0.2 us while the workers spin; one that has slept takes what the system needs to wake it.
///
/// Thread t of T runs iterations ceil(n*t/T) up to ceil(n*(t+1)/T): the same from call to call, so
/// that what one loop wrote is in the cache of the core that reads it in the next.
///
/// One caller at a time; a loop inside a task runs in that task's thread.
class ThreadPool {
 public:
  /// One iteration, as Halide's halide_task_t. What is not 0 is an error and ends the thread's
  /// share.
  using Task = int (*)(void* user, int index, std::uint8_t* closure);
  /// How long a worker waits for the next loop before it sleeps: between two loops of a kernel or
  /// a network it should not, between two samples it may.
  static constexpr std::chrono::microseconds kSpin{200};

  /// A worker on each of `cpus`; -1: wherever the system puts it. Without any, loops run in the
  /// caller. Throws std::runtime_error when a worker may not run on its CPU.
  explicit ThreadPool(const std::vector<int>& cpus, std::chrono::nanoseconds spin = kSpin);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;
  ThreadPool& operator=(const ThreadPool&) = delete;

  int threads() const { return 1 + static_cast<int>(workers_.size()); }
  /// Runs iterations min to min + size - 1 and returns when all have ended: 0, or the error of the
  /// first thread that had one.
  int run(void* user, Task, int min, int size, std::uint8_t* closure);
  /// Runs part(thread) once in each thread, all at the same time.
  template <class Part>
  void on_each(Part part) {
    const Task call = [](void* user, int thread, std::uint8_t*) {
      (*static_cast<Part*>(user))(thread);
      return 0;
    };
    run(&part, call, 0, threads(), nullptr);
  }
  /// Before the caller leaves run() by a jump: returns when the workers have ended their shares.
  /// May be called by the handler of a signal that run() raised.
  void settle();

  /// Returns when all workers sleep: from then on they take nothing from anybody else.
  void rest() const;

  /// Number of this thread in the pool that it works for; 0 in every other thread.
  static int current();
  int asleep() const { return asleep_.load(); }

 private:
  struct Loop {
    void* user = nullptr;
    Task task = nullptr;  // null: the workers leave
    int min = 0, size = 0;
    std::uint8_t* closure = nullptr;
    int run(int first, int last) const;
  };
  struct alignas(64) Worker {         // a cache line of its own: each is written by its thread
    std::atomic<std::uint32_t> done;  // the last loop whose share it has ended
    std::uint32_t begun = 0;
    int error = 0;
    std::thread thread;
  };
  void leave();
  int share(int thread) const;
  void announce();
  int wait_for_workers(int code);
  void work(int thread);
  std::uint32_t wait_after(std::uint32_t loop);

  alignas(64) std::atomic<std::uint32_t> loops_{0};  // announced so far; on one line with
  Loop loop_;                                        // the last of them
  const std::chrono::nanoseconds spin_;
  std::deque<Worker> workers_;
  alignas(64) std::atomic<int> asleep_{0};
};

}  // namespace halcyon
