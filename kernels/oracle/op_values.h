#pragma once
#include <span>
#include <string>
#include <vector>

#include "kernels/problem/op.h"

namespace halcyon {

/// What an op of a problem reads beside the tensor before it, in `values`, which have all of it.
class OpValues {
 public:
  OpValues(const Problem& problem, int op, const Values& values)
      : problem_(problem), op_(op), values_(values) {
    for (const TensorSpec& spec : problem.tensors())
      if (spec.role == Role::extra && spec.op == op) extras_.push_back(spec.name);
    for (const TensorSpec& spec : parameters_of(o())) next_ += spec.role == Role::extra;
  }
  const Op& o() const { return problem_.ops()[op_]; }
  /// Its parameter of that name without suffix; "x": its own further input.
  std::span<const double> argument(const char* base) const {
    const bool extra = base == std::string_view("x");
    return values_.at(extra ? extras_.front() : problem_.name(base, op_));
  }
  /// What a word of its epilogue reads, asked in the order of the epilogue: a further input, the
  /// problem's input, or nothing.
  std::span<const double> operand(const Epilogue& item) {
    if (item.kind == Epilogue::skip) return values_.at("in");
    if (item.kind != Epilogue::scale && item.kind != Epilogue::add) return {};
    return values_.at(extras_[next_++]);
  }

 private:
  const Problem& problem_;
  const int op_;
  const Values& values_;
  std::vector<std::string> extras_;  // its own, then those of its epilogue
  std::size_t next_ = 0;
};

/// An op of a problem in i8, as quantisation.h says: `in` and the result in steps, 0 .. 255.
std::vector<double> run_quantised(OpValues, std::span<const double> in);
/// A conversion of values of `from`, likewise.
std::vector<double> run_conversion(OpValues, DType from, std::span<const double> in);

}  // namespace halcyon
