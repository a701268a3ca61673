#pragma once
#include <cstring>
#include <string>

#include "kernels/oracle/arguments.h"
#include "kernels/oracle/compare.h"
#include "kernels/oracle/halide_type.h"
#include "kernels/oracle/reference.h"
#include "schedules/apply/apply.h"
#include "schedules/language/layout.h"

namespace halcyon {

// For tests: what a scheduled algorithm computes, against the plain loops. Compiled in this process
// with Halide's checks on; timing never goes this way.

/// The outputs of a problem under a schedule. Arguments are logical; they are laid out as the steps
/// say.
inline Tensors jit_run(const Problem& problem, const Schedule& schedule, const Tensors& arguments) {
  Algorithm a = build_algorithm(problem);
  apply_schedule(a, problem, schedule);
  const std::vector<Layout> memory = layouts(problem, schedule);
  std::vector<Halide::Buffer<>> outputs;
  for (std::size_t i = 0; i < memory.size(); ++i) {
    Halide::Buffer<> buffer(halide_type(memory[i].dtype), memory[i].extents, memory[i].name);
    if (i < a.inputs.size()) {
      const auto values = lay_out(problem.tensors()[i], schedule, arguments.at(memory[i].name));
      std::memcpy(buffer.data(), values.bytes().data(), values.bytes().size());
      a.inputs[i].set(buffer);
    } else {
      std::memset(buffer.data(), 0xff, buffer.size_in_bytes());  // NaN in f32
      outputs.push_back(buffer);
    }
  }
  a.pipeline().realize(Halide::Realization(outputs));
  Tensors results;
  for (std::size_t i = a.inputs.size(); i < memory.size(); ++i) {
    const Halide::Buffer<>& buffer = outputs[i - a.inputs.size()];
    const auto* begin = static_cast<const std::byte*>(buffer.data());
    results[memory[i].name] = Tensor({memory[i].dtype, {begin, buffer.size_in_bytes()}});
  }
  return results;
}

/// Empty when a schedule computes what the problem says; else what is wrong, with the seed.
inline std::string jit_mismatch(const std::string& line, const std::string& steps,
                                std::uint64_t seed = 1) {
  const Problem problem = Problem::parse(line);
  const Schedule schedule = parse_schedule(steps);
  const Tensors arguments = seeded_arguments(problem, Fill::random, seed);
  const Tensors expected = reference(problem, arguments);
  Tensors found;
  try {
    found = jit_run(problem, schedule, arguments);
  } catch (const Halide::Error& e) {
    return line + ": " + e.what();
  }
  for (const TensorSpec& t : problem.tensors()) {
    if (t.role != Role::output) continue;
    const auto c = compare(found.at(t.name), expected.at(t.name),
                           tolerance_for(problem, activation_error(problem, schedule)));
    if (!c.equal)
      return line + ", seed " + std::to_string(seed) + ": " + t.name + " at " +
             place_of(t, c.first_bad) + " is " + std::to_string(c.found) + ", expected " +
             std::to_string(c.expected);
  }
  return "";
}

}  // namespace halcyon
