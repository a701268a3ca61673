#pragma once
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "suites/runner/bundle/bundled_network.h"
#include "suites/runner/bundle/call.h"
#include "suites/runner/bundle/case_memory.h"

namespace halcyon {

/// A network ready to run: weights, arena, input and outputs in pages of its own, every call bound.
/// Running it allocates nothing (but a kernel's scratch, the first time) and looks nothing up.
class Network {
 public:
  explicit Network(const BundledNetwork&);  // throws std::bad_alloc
  Network(const Network&) = delete;         // calls point into its memory
  Network& operator=(const Network&) = delete;

  /// Runs the list of calls once for each image; `after(call)` follows each call. Returns the first
  /// code that is not 0, at once.
  template <class After>
  int run(After after) {
    for (std::size_t image = 0; image < images_; image++) {
      if (images_ > 1) bind(image);
      for (std::size_t call = 0; call < calls_.size(); call++) {
        at_ = call;
        if (const int code = calls_[call](); code != 0) return code;
        after(call);
      }
    }
    return 0;
  }
  int run() {
    return run([](std::size_t) {});
  }
  /// The call that runs, or ran last: who is to blame for a signal.
  const std::string& at() const { return network_.calls[at_].name; }

  TensorView output(std::size_t i) const { return network_.outputs[i].at(outputs_[i].data()); }
  void load(TensorView input);
  /// Fills the arena and the outputs with a NaN: what is read before it is written shows.
  void poison(std::uint32_t pattern);
  /// What a run changed of what it may only read: "weights that call 'stem' reads"; empty for
  /// nothing. `input`: what it was given.
  std::string changed(TensorView input) const;
  /// An argument of a call as it lies now, of the image that ran last.
  TensorView argument(std::size_t call, std::size_t argument) const;

  const BundledNetwork& bundled() const { return network_; }

 private:
  void bind(std::size_t image);
  std::byte* address(const BundledPlace&, std::size_t image) const;

  const BundledNetwork& network_;
  const std::size_t images_;
  Pages weights_, arena_, input_;
  std::deque<Pages> outputs_;
  std::deque<Call> calls_;
  struct Moving {
    std::size_t call, argument;  // that lies in the input or an output
  };
  std::vector<Moving> moving_;
  volatile std::size_t at_ = 0;  // read after a signal
};

}  // namespace halcyon
