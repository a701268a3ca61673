#pragma once
#include "schedules/targets/target.h"

namespace halcyon {

/// For tests with kernels that no Halide made: what every machine here is.
inline Target any_host() {
  Target t;
  t.name = "host";
  t.arch = "x86_64";
  t.isa = "sse2";
  t.device = device_words().front();
  return t;
}

}  // namespace halcyon
