#pragma once
#include <string>
#include <vector>

#include "suites/protocol/protocol.h"
#include "suites/runner/bundle/bundled.h"
#include "suites/runner/bundle/call.h"
#include "suites/runner/process/fault.h"

namespace halcyon {

/// What is wrong with a case; nothing (ok) when all is well.
struct Finding {
  Outcome outcome = Outcome::ok;
  std::string detail;  // one line
  std::string where;   // "out at n0 h3 w1 c17"
  bool ok() const { return outcome == Outcome::ok; }
};

/// A crash that has no address inside an argument's guard pages.
Finding judge_crash(const Fault&);
/// Poisons the outputs that `call` is bound to.
void poison_outputs(const BundledCase&, const Call&, std::uint32_t pattern);
/// The outputs after a call against the references of an input set; errors are folded into `seen`.
Finding judge_outputs(const BundledCase&, const Call&, std::size_t set, std::uint32_t pattern,
                      Check& seen);
/// One output of an input set.
Finding judge_output(const BundledArgument&, TensorView found, std::size_t set,
                     std::uint32_t pattern, Check& seen);
/// What a call left beside its outputs: the code that it returned, what Halide's checks said, what
/// it did to its scratch memory.
Finding judge_end(int code);
/// The inputs after a call against what they were.
Finding judge_inputs(const BundledCase&, const Call&, std::size_t set);

/// The whole check of one case, to be run in a process of its own: Halide's own checks where the
/// bundle has them, then the timed object itself with every argument between guard pages, flush
/// with the end and with the start, on random and adversarial inputs, called twice.
Measured check_case(const BundledCase&);

}  // namespace halcyon
