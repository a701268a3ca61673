#pragma once
#include <unistd.h>

namespace halcyon {

/// For tests of what must be stopped from outside.
[[noreturn]] inline void sleep_for_ever() {
  for (;;) pause();
}

/// Takes all of a core. A loop that a compiler may not leave out, nor take to end.
[[noreturn]] inline void spin() {
  for (volatile bool on = true; on;) {
  }
  sleep_for_ever();
}

}  // namespace halcyon
