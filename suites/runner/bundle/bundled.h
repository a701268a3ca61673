#pragma once
#include <cstddef>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <vector>

#include "kernels/oracle/compare.h"
#include "kernels/problem/problem.h"
#include "suites/runner/bundle/entry.h"

namespace halcyon {

/// One argument of a case as it lies in memory, with its values in every input set.
struct BundledArgument {
  TensorSpec spec;               // logical: name, role, axes, extents; dtype as in memory
  std::vector<int> extents;      // in memory, innermost first, dense; after packing
  std::size_t alignment = 4;     // bytes the kernel may assume of its address
  std::size_t elements = 0;      // of `extents`
  std::vector<TensorView> sets;  // values of an input, references of an output; none of a bare case
  Tolerance tolerance;           // of an output
  bool output() const { return spec.role == Role::output; }
  std::size_t bytes() const { return elements * static_cast<std::size_t>(bytes_of(spec.dtype)); }
  /// What lies at an address that the argument is bound to.
  TensorView at(const std::byte* address) const { return {spec.dtype, {address, bytes()}}; }
};

/// One case of a bundle.
struct BundledCase {
  std::string id;
  KernelEntry timed = nullptr;
  KernelEntry checked = nullptr;           // null when the bundle has no checked build
  std::int64_t macs = 0, macs_inside = 0;  // the second: that the schedule leaves, at least
  DType peak = DType::f32;  // whose probe says what the core could do: f32, or of its dot products
  std::vector<BundledArgument> arguments;
  bool bare = false;                // without data: it is only called by a network
  std::size_t working_set() const;  // bytes of all arguments
};

struct BundledNetwork;

/// The folder of the running program, read: manifest.json, and data.bin mapped.
class OpenBundle {
 public:
  /// Throws std::exception with the reason when a file is missing, cut short or names a symbol that
  /// the program does not have.
  OpenBundle(const std::string& folder, std::span<const BenchEntry> entries);
  const std::string& isa() const { return isa_; }
  int threads() const { return threads_; }                        // that its kernels are made for
  const std::vector<std::string>& sets() const { return sets_; }  // "random", "adversarial"
  const std::vector<BundledCase>& cases() const { return cases_; }
  const BundledCase& find(const std::string& id) const;  // throws when there is none
  const BundledNetwork& network() const;                 // throws when there is none
  /// The network, then the variants that are timed beside it.
  const std::vector<BundledNetwork>& networks() const { return *networks_; }

  /// For those who read a part of the manifest. They throw when the data is shorter.
  std::span<const std::byte> data(std::size_t offset, std::size_t bytes) const;
  BundledArgument argument_of(const nlohmann::json&) const;

 private:
  struct Unmap {
    std::size_t bytes;
    void operator()(const std::byte*) const;
  };
  std::string isa_;
  int threads_ = 1;
  std::vector<std::string> sets_;
  std::unique_ptr<const std::byte, Unmap> data_;
  std::vector<BundledCase> cases_;
  std::shared_ptr<const std::vector<BundledNetwork>> networks_;  // none in a bundle of cases alone
};

}  // namespace halcyon
