#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace halcyon {

/// A signal that a kernel raised.
struct Fault {
  enum class Access { unknown, read, write };
  int signal = 0;
  std::uintptr_t address = 0;  // of SIGSEGV and SIGBUS
  Access access = Access::unknown;
};
/// A crash where the process can have no more memory is for want of it.
bool is_out_of_memory();
std::string to_text(const Fault&);  // "signal 11 (Segmentation fault), write at 0x10"

/// Runs `call`, and comes back when it raises SIGSEGV, SIGBUS, SIGFPE, SIGILL or SIGABRT, here or
/// in a helper. Handlers run on a stack of their own, so a stack overflow comes back, too. What
/// `call` held stays unreleased: report, then leave the process. Not reentrant; one thread.
std::optional<Fault> run_guarded(const std::function<void()>& call);

/// Runs `body` in a thread that works for the one in run_guarded(). When it raises one of those
/// signals, that is what run_guarded() will say, and `body` is run again from its beginning.
void run_as_helper(const std::function<void()>& body);

}  // namespace halcyon
