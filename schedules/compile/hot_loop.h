#pragma once
#include <string>

namespace halcyon {

/// The loop that a kernel spends its time in, as its assembly shows it: the innermost loop with the
/// most vector multiply-adds, of those that are at least half of them where there is one (what
/// Winograd's transforms unroll has more than the products that they are for); without any
/// multiply-adds, with the most vector instructions.
struct HotLoop {
  int instructions = 0;
  int fma = 0;              // vector multiply-adds of whole vectors
  int vector = 0;           // instructions on vector registers, those included
  int loads = 0;            // from memory, the stack included, also as an operand
  int stack_refs = 0;       // operands on the stack: what did not fit the registers
  int spilled = 0;          // of those, vectors that are stored there
  int register_bits = 0;    // width of the widest register in use: 128, 256, 512
  bool by_element = false;  // aarch64: multiply-adds by one element of a register

  bool operator==(const HotLoop&) const = default;
  /// Vectors put on the stack per multiply-add; 0 without multiply-adds. Reading constants back
  /// from it costs no more than reading them from memory; storing means that sums go through
  /// memory.
  double spills() const { return fma > 0 ? static_cast<double>(spilled) / fma : 0; }
};

/// Reads the assembly that LLVM prints for x86-64 (AT&T) and aarch64, by its comments on loops.
/// Without a loop that has a vector instruction: all zero.
HotLoop hot_loop_of(const std::string& assembly);

}  // namespace halcyon
