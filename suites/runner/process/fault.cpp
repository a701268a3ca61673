#include "suites/runner/process/fault.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstring>

#include "suites/runner/process/halide_hooks.h"

namespace halcyon {
namespace {

constexpr std::array<int, 5> kSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// Where this thread goes on after a fault; none: it is not ours, and the process dies.
thread_local sigjmp_buf* resume = nullptr;
thread_local bool helps = false;
Fault seen;            // by the thread in run_guarded()
Fault seen_by_helper;  // the first
std::atomic<int> faults_of_helpers{0};
alignas(16) char handler_stack[64 << 10];

Fault::Access access_of(int signal, void* context) {
#if defined(__x86_64__)
  constexpr long kPageFaultOfWrite = 2;
  if (signal != SIGSEGV) return Fault::Access::unknown;
  const auto* machine = &static_cast<const ucontext_t*>(context)->uc_mcontext;
  return machine->gregs[REG_ERR] & kPageFaultOfWrite ? Fault::Access::write : Fault::Access::read;
#else
  static_cast<void>(signal), static_cast<void>(context);
  return Fault::Access::unknown;
#endif
}

void on_signal(int signal, siginfo_t* info, void* context) {
  if (!resume) {
    ::signal(signal, SIG_DFL);  // and it is raised again
    return;
  }
  const bool has_address = signal == SIGSEGV || signal == SIGBUS;
  const Fault fault{signal, has_address ? reinterpret_cast<std::uintptr_t>(info->si_addr) : 0,
                    access_of(signal, context)};
  if (!helps) {
    seen = fault;
    // What the other threads still work on may lie in frames that the jump takes away.
    kernel_threads().settle();
  } else if (faults_of_helpers++ == 0) {
    seen_by_helper = fault;
  }
  siglongjmp(*resume, 1);
}

/// The handlers, for as long as it lives.
class Handlers {
 public:
  Handlers() {
    stack_t stack{};
    stack.ss_sp = handler_stack;
    stack.ss_size = sizeof handler_stack;
    sigaltstack(&stack, &old_stack_);
    struct sigaction action {};
    action.sa_sigaction = on_signal;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (std::size_t i = 0; i < kSignals.size(); i++) sigaction(kSignals[i], &action, &old_[i]);
  }
  ~Handlers() {
    for (std::size_t i = 0; i < kSignals.size(); i++) sigaction(kSignals[i], &old_[i], nullptr);
    sigaltstack(&old_stack_, nullptr);
  }
  Handlers(const Handlers&) = delete;
  Handlers& operator=(const Handlers&) = delete;

 private:
  std::array<struct sigaction, kSignals.size()> old_{};
  stack_t old_stack_{};
};

}  // namespace

std::string to_text(const Fault& fault) {
  std::string text =
      "signal " + std::to_string(fault.signal) + " (" + strsignal(fault.signal) + ")";
  if (!fault.address && fault.signal != SIGSEGV) return text;
  char address[64];
  std::snprintf(address, sizeof address, ", %s at 0x%llx",
                fault.access == Fault::Access::write  ? "write"
                : fault.access == Fault::Access::read ? "read"
                                                      : "access",
                static_cast<unsigned long long>(fault.address));
  return text + address;
}

bool is_out_of_memory() {
  constexpr std::size_t kSome = std::size_t{64} << 20;
  void* some = mmap(nullptr, kSome, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (some == MAP_FAILED) return true;
  munmap(some, kSome);
  return false;
}

std::optional<Fault> run_guarded(const std::function<void()>& call) {
  const Handlers handlers;
  sigjmp_buf here;
  resume = &here;
  const bool faulted = sigsetjmp(here, 1) != 0;
  if (!faulted) call();
  resume = nullptr;
  const bool helper_faulted = faults_of_helpers.exchange(0) > 0;
  if (faulted) return seen;
  if (helper_faulted) return seen_by_helper;
  return std::nullopt;
}

void run_as_helper(const std::function<void()>& body) {
  alignas(16) char stack[32 << 10];
  stack_t own{};
  own.ss_sp = stack;
  own.ss_size = sizeof stack;
  sigaltstack(&own, nullptr);
  helps = true;
  sigjmp_buf here;
  resume = &here;
  sigsetjmp(here, 1);  // comes back with each fault
  body();
  own.ss_flags = SS_DISABLE;
  sigaltstack(&own, nullptr);
}

}  // namespace halcyon
