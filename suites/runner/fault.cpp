#include "suites/runner/fault.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/mman.h>
#include <ucontext.h>

#include <array>
#include <cstdio>
#include <cstring>

namespace halcyon {
namespace {

constexpr std::array<int, 5> kSignals = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

sigjmp_buf resume;
Fault seen;
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
  seen.signal = signal;
  const bool has_address = signal == SIGSEGV || signal == SIGBUS;
  seen.address = has_address ? reinterpret_cast<std::uintptr_t>(info->si_addr) : 0;
  seen.access = access_of(signal, context);
  siglongjmp(resume, 1);
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
  if (sigsetjmp(resume, 1) != 0) return seen;
  call();
  return std::nullopt;
}

}  // namespace halcyon
