#include "kernels/interrupt.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

namespace halcyon {

volatile int interrupted_by = 0;

void catch_interrupts() {
  struct sigaction action = {};
  action.sa_sigaction = [](int signal, siginfo_t* info, void*) {
    if (signal == SIGPIPE && info->si_pid == getpid()) return;  // of our own write
    if (!interrupted_by) interrupted_by = signal;
  };
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
    struct sigaction before = {};
    sigaction(signal, nullptr, &before);
    if (before.sa_handler != SIG_IGN) sigaction(signal, &action, nullptr);
  }
}

void open_standard_descriptors() {
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
    if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDWR) < 0) _exit(4);  // no /dev: no children
}

}  // namespace halcyon
