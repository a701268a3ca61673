#include "suites/runner/check/check.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <deque>

#include "kernels/oracle/tensor.h"
#include "suites/runner/check/trust.h"
#include "suites/runner/process/guarded_memory.h"
#include "suites/runner/process/halide_hooks.h"
#include "suites/runner/process/surroundings.h"

namespace halcyon {
namespace {

std::string at(const BundledArgument& a, std::int64_t index) {
  return a.spec.name + " at " + place_of(a.spec, index);
}

std::string number(double v) {
  if (std::isnan(v)) return "nan";  // printf tells their signs apart
  char text[32];
  std::snprintf(text, sizeof text, "%.7g", v);
  return text;
}

std::string count_of(std::size_t some, std::size_t all, const std::string& name) {
  return std::to_string(some) + " of " + std::to_string(all) + " elements of " + name;
}

/// Elements that still hold the pattern they were poisoned with: bit for bit, since arithmetic on a
/// signalling NaN makes it quiet.
Finding find_untouched(const BundledArgument& a, TensorView found, std::uint32_t pattern) {
  std::size_t untouched = 0, first = 0;
  with_values(found, [&](auto values) {
    for (std::size_t i = values.size(); i-- > 0;) {
      if (!is_poisoned(values, i, pattern)) continue;
      untouched++;
      first = i;
    }
  });
  if (untouched == 0) return {};
  const std::string where = at(a, static_cast<std::int64_t>(first));
  return {
      Outcome::wrong,
      count_of(untouched, found.size(), a.spec.name) + " were never written, the first " + where,
      where};
}

void fold(const Comparison& c, Check& seen) {
  seen.max_abs = std::max(seen.max_abs, c.max_abs);
  seen.max_rel = std::max(seen.max_rel, c.max_rel);
  seen.cosine = std::min(seen.cosine, c.cosine);
}

Finding find_mismatch(const BundledArgument& a, TensorView found, TensorView expected,
                      Check& seen) {
  const Comparison c = compare(found, expected, a.tolerance);
  fold(c, seen);
  if (c.equal) return {};
  const std::string where = at(a, c.first_bad);
  return {c.nonfinite ? Outcome::nonfinite : Outcome::wrong,
          where + ": found " + number(c.found) + ", expected " + number(c.expected) + " within " +
              number(a.tolerance.absolute) + " + " + number(a.tolerance.relative) +
              " * |expected|; largest error " + number(c.max_abs),
          where};
}

/// One case in memory between guard pages.
class Fenced {
 public:
  Fenced(const BundledCase& c, KernelEntry entry, Flush flush, std::size_t set,
         std::uint32_t pattern)
      : case_(c), set_(set), pattern_(pattern), call_(c, entry) {
    for (std::size_t i = 0; i < c.arguments.size(); i++) {
      const BundledArgument& a = c.arguments[i];
      memory_.emplace_back(a.bytes(), a.alignment, flush, pattern);
      call_.bind(i, memory_.back().data());
      if (!a.output()) std::memcpy(memory_.back().data(), a.sets[set].bytes.data(), a.bytes());
    }
  }

  /// Calls the kernel once on poisoned outputs and judges all that it touched.
  Finding call(Check& seen) {
    poison_outputs(case_, call_, pattern_);
    const Surroundings before = look_around();
    int code = 0;
    if (const auto fault = run_guarded([&] { code = call_(); })) return explain(*fault);
    if (const auto what = changed_since(before); !what.empty())
      return {Outcome::input_modified, "the call changed " + what, what};
    if (auto f = judge_end(code); !f.ok()) return f;
    if (auto f = damage(); !f.ok()) return f;
    if (auto f = judge_outputs(case_, call_, set_, pattern_, seen); !f.ok()) return f;
    return judge_inputs(case_, call_, set_);
  }

  std::vector<Tensor> outputs() const {
    std::vector<Tensor> copies;
    for (std::size_t i = 0; i < case_.arguments.size(); i++)
      if (case_.arguments[i].output()) copies.emplace_back(case_.arguments[i].at(call_.data(i)));
    return copies;
  }

 private:
  Finding stray(const BundledArgument& a, const std::string& verb, const Stray& s) const {
    const std::string where = a.spec.name + ", " + to_text(s);
    return {Outcome::out_of_bounds, verb + " " + a.spec.name + " " + to_text(s), where};
  }

  Finding explain(const Fault& fault) const {
    const char* verb = fault.access == Fault::Access::write  ? "wrote"
                       : fault.access == Fault::Access::read ? "read"
                                                             : "touched";
    for (std::size_t i = 0; i < memory_.size() && fault.address; i++)
      if (const auto s = memory_[i].stray(fault.address))
        return stray(case_.arguments[i], verb, *s);
    return judge_crash(fault);
  }

  Finding damage() const {
    for (std::size_t i = 0; i < memory_.size(); i++)
      if (const auto s = memory_[i].damage()) return stray(case_.arguments[i], "wrote", *s);
    return {};
  }

  const BundledCase& case_;
  std::size_t set_;
  std::uint32_t pattern_;
  Call call_;
  std::deque<GuardedMemory> memory_;
};

Finding find_difference(const BundledCase& c, const std::vector<Tensor>& first,
                        const std::vector<Tensor>& second) {
  std::size_t output = 0;
  for (const BundledArgument& a : c.arguments) {
    if (!a.output()) continue;
    const TensorView one = first[output], two = second[output];
    output++;
    std::size_t differing = 0, at_first = 0;
    with_values(one, [&]<class T>(std::span<const T> values) {
      const std::span<const T> others = two.as<T>();
      for (std::size_t i = values.size(); i-- > 0;)
        if (std::memcmp(&values[i], &others[i], sizeof(T)) != 0) {
          differing++;
          at_first = i;
        }
    });
    if (differing == 0) continue;
    const std::string where = at(a, static_cast<std::int64_t>(at_first));
    return {Outcome::nondeterministic,
            count_of(differing, one.size(), a.spec.name) + " differ between two calls, the first " +
                where,
            where};
  }
  return {};
}

Finding call_twice(const BundledCase& c, Flush flush, std::size_t set, Check& seen) {
  const std::string salt = c.id + (flush == Flush::end ? " end " : " start ") + std::to_string(set);
  const std::uint32_t pattern = poison_pattern(salt);
  distrust_kernel_memory(~pattern | 0x7f800001);  // another NaN than in the arguments
  Fenced fenced(c, c.timed, flush, set, pattern);
  if (auto f = fenced.call(seen); !f.ok()) return f;
  const auto first = fenced.outputs();
  if (auto f = fenced.call(seen); !f.ok()) return f;
  return find_difference(c, first, fenced.outputs());
}

Finding find_mistrust(const BundledCase& c) {
  for (const BundledArgument& a : c.arguments)
    if (a.output())
      if (const auto why = mistrust(a.sets))
        return {Outcome::mistrusted, "the reference of " + a.spec.name + " " + *why, ""};
  return {};
}

/// The steps of a check in order, until one finds something.
Finding first_finding(const BundledCase& c, Check& seen) {
  if (auto f = find_mistrust(c); !f.ok()) return f;
  if (c.checked) {
    seen.checked_build = true;
    Fenced fenced(c, c.checked, Flush::end, 0, poison_pattern(c.id));
    if (auto f = fenced.call(seen); !f.ok()) {
      f.detail = "with Halide's checks: " + f.detail;
      return f;
    }
  }
  seen.guard_pages = true;
  for (std::size_t set = 0; set < c.arguments.front().sets.size(); set++) {
    for (const Flush flush : {Flush::end, Flush::start})
      if (auto f = call_twice(c, flush, set, seen); !f.ok()) return f;
    seen.input_sets++;
  }
  return {};
}

}  // namespace

Finding judge_crash(const Fault& fault) {
  return {is_out_of_memory() ? Outcome::run_oom : Outcome::run_crash, to_text(fault), ""};
}

void poison_outputs(const BundledCase& c, const Call& call, std::uint32_t pattern) {
  for (std::size_t i = 0; i < c.arguments.size(); i++)
    if (c.arguments[i].output()) poison({call.data(i), c.arguments[i].bytes()}, pattern);
}

Finding judge_outputs(const BundledCase& c, const Call& call, std::size_t set,
                      std::uint32_t pattern, Check& seen) {
  for (std::size_t i = 0; i < c.arguments.size(); i++) {
    const BundledArgument& a = c.arguments[i];
    if (!a.output()) continue;
    if (auto f = judge_output(a, a.at(call.data(i)), set, pattern, seen); !f.ok()) return f;
  }
  return {};
}

Finding judge_output(const BundledArgument& a, TensorView found, std::size_t set,
                     std::uint32_t pattern, Check& seen) {
  if (auto f = find_untouched(a, found, pattern); !f.ok()) return f;
  return find_mismatch(a, found, a.sets[set], seen);
}

Finding judge_end(int code) {
  if (const std::string message = take_halide_error(); code != 0 || !message.empty()) {
    const std::string detail = message.empty() ? "returned " + std::to_string(code) : message;
    if (code == halide_error_code_access_out_of_bounds) return {Outcome::out_of_bounds, detail, ""};
    if (code == halide_error_code_out_of_memory) return {Outcome::run_oom, detail, ""};
    return {Outcome::wrong, detail, ""};
  }
  if (const auto complaint = take_memory_complaint())
    return {Outcome::out_of_bounds, *complaint, ""};
  return {};
}

Finding judge_inputs(const BundledCase& c, const Call& call, std::size_t set) {
  for (std::size_t i = 0; i < c.arguments.size(); i++) {
    const BundledArgument& a = c.arguments[i];
    if (a.output() || std::memcmp(call.data(i), a.sets[set].bytes.data(), a.bytes()) == 0) continue;
    return {Outcome::input_modified, "the call changed its input " + a.spec.name, a.spec.name};
  }
  return {};
}

Measured check_case(const BundledCase& c) {
  Measured m;
  m.id = c.id;
  for (const BundledArgument& a : c.arguments) {
    m.check.tolerance_abs = std::max(m.check.tolerance_abs, a.output() ? a.tolerance.absolute : 0);
    m.check.tolerance_rel = std::max(m.check.tolerance_rel, a.output() ? a.tolerance.relative : 0);
  }
  const Finding f = first_finding(c, m.check);
  m.outcome = f.outcome;
  m.detail = f.detail;
  m.check.where = f.where;
  m.check.passed = f.ok();
  return m;
}

}  // namespace halcyon
