#pragma once
#include <cstddef>
#include <string>

#include "suites/runner/probe.h"

namespace halcyon {

/// A network as whoever asks line by line sees it. All throw std::exception with the reason.
class ServedNetwork {
 public:
  virtual ~ServedNetwork() = default;
  virtual std::string options() const = 0;  // how it is set up, for the record: "threads=1"
  virtual std::size_t bind(const std::string& path) = 0;  // raw f32, NCHW; elements
  virtual void infer() = 0;
  virtual std::size_t write_outputs(const std::string& path) = 0;  // likewise, one after the other
};

/// Answers requests on standard input by the protocol of suites/peers/README.md until there are no
/// more, on the descriptor `answers`; also `probe`, for which no network is needed. `network`: null
/// where there is none. Whoever starts this process has pinned it.
void serve(const ProbeKind&, ServedNetwork* network, int answers);

}  // namespace halcyon
