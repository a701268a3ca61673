#include "kernels/problem/problem_builder.h"

#include "kernels/error.h"
#include "kernels/problem/op.h"
#include "kernels/problem/quantisation.h"

namespace halcyon {
namespace {

constexpr std::size_t kMostOps = 32;

void check_epilogue(const Op& op, const Shape& input) {
  if (op.epilogue.size() > kMostEpilogue)
    throw usage_error(std::to_string(op.epilogue.size()) +
                      " words after one op; allowed: at most " + std::to_string(kMostEpilogue));
  if (op.has(Epilogue::skip) && op.out != input)
    throw usage_error("'skip' adds the problem's input " + to_text(input) + " to a result of " +
                      to_text(op.out) + "; allowed: the same shape");
  for (std::size_t i = 0; i + 1 < op.epilogue.size(); ++i)
    if (op.epilogue[i].kind == Epilogue::sums)
      throw usage_error("'" + std::string(to_text(op.epilogue[i + 1])) +
                        "' after 'sums'; allowed: 'sums' as the last word of its op, once");
}

/// A conversion: between f32 and another dtype.
void check_conversion(DType from, const Op& op, bool first) {
  if (!first || !op.epilogue.empty())
    throw usage_error("'" + std::string(op.word()) +
                      "' beside other words; allowed: as all that a problem does");
  if (from == op.to || (from != DType::f32 && op.to != DType::f32))
    throw usage_error("'to " + std::string(to_text(op.to)) + "' of " + std::string(to_text(from)) +
                      "; allowed: from f32 to another dtype, or back");
}

/// Whether an op can be computed in a dtype.
void check_dtype(DType dtype, const Op& op) {
  if (dtype != DType::i8) return;
  if (op.kind->not_in_i8)
    throw usage_error("'" + std::string(op.word()) + "' in i8: " + op.kind->not_in_i8 +
                      "; allowed: f32, f16, bf16");
  if (op.has(Epilogue::sums))
    throw usage_error("'sums' in i8: sums have no scale; allowed: gap as an op of its own");
}

/// The dtype of a tensor in a problem of `dtype`.
DType dtype_of(DType dtype, const TensorSpec& spec, bool sums) {
  if (spec.role == Role::scale || sums) return DType::f32;
  if (spec.role == Role::bias) return dtype == DType::i8 ? DType::i32 : DType::f32;
  return dtype == DType::i8 && spec.role != Role::weight ? DType::u8 : dtype;
}

void check_parameters(const Op& op) {
  constexpr std::int64_t kMostElements = std::int64_t{1} << 40;
  for (const TensorSpec& spec : parameters_of(op)) {
    std::int64_t elements = 1;
    for (int extent : spec.extents)
      if (__builtin_mul_overflow(elements, std::int64_t{extent}, &elements) ||
          elements > kMostElements)
        throw usage_error("too many weights; allowed: at most 2^40 elements of '" + spec.name +
                          "'");
  }
}

}  // namespace

ProblemBuilder::ProblemBuilder(DType dtype, const Shape& input) {
  problem_.dtype_ = dtype;
  problem_.input_ = checked_shape(input.n, input.h, input.w, input.c);
}

void ProblemBuilder::add(Op op) {
  std::vector<Op>& ops = problem_.ops_;
  if (ops.size() == kMostOps)
    throw usage_error("too many ops; allowed: at most " + std::to_string(kMostOps));
  if (is_map(*op.kind) && !ops.empty())
    throw usage_error("map after another op; allowed: its words in the epilogue of that op");
  if (!ops.empty() && ops.back().kind->alone)
    throw usage_error("an op behind '" + std::string(ops.back().word()) + "'; allowed: none");
  if (op.kind->alone) check_conversion(problem_.dtype_, op, ops.empty());
  if (is_map(*op.kind) && op.epilogue.empty())
    throw usage_error("map without an epilogue; allowed: one word or more");
  op.in = ops.empty() ? problem_.input_ : ops.back().out;
  op.kind->resolve(op);
  check_epilogue(op, problem_.input_);
  check_dtype(problem_.dtype_, op);
  check_parameters(op);
  const std::int64_t macs = op.kind->macs ? op.kind->macs(op, false) : 0;
  if (__builtin_add_overflow(macs_, macs, &macs_))
    throw usage_error("multiply-accumulates overflow; allowed: at most 2^63-1 in all");
  ops.push_back(std::move(op));
}

Problem ProblemBuilder::finish() {
  std::vector<TensorSpec>& tensors = problem_.tensors_;
  std::vector<TensorSpec> outputs;
  int op = 0, extras = 0;
  const auto append = [&](std::vector<TensorSpec>& list, TensorSpec spec) {
    if (spec.role == Role::extra) spec.name = "x" + std::to_string(++extras);
    spec.op = op;
    spec.dtype = dtype_of(problem_.dtype_, spec, &list == &outputs);
    list.push_back(std::move(spec));
  };
  append(tensors, tensor_spec("in", Role::input, problem_.input_));
  for (; op < static_cast<int>(problem_.ops_.size()); ++op) {
    const Op& o = problem_.ops_[op];
    const auto append_named = [&](TensorSpec spec) {
      spec.name = problem_.name(spec.name, op);
      append(tensors, std::move(spec));
    };
    const auto parameters = parameters_of(o);
    for (const TensorSpec& spec : parameters)
      if (spec.is_parameter()) append_named(spec);
    if (has_constants(problem_.dtype_, o)) {
      if (!parameters.empty()) append_named({"m", Role::scale, op, {"c"}, {o.out.c}});
      append_named({"q", Role::scale, op, {"k"}, {quantised_constants(o)}});
    }
    for (const TensorSpec& spec : parameters)
      if (!spec.is_parameter()) append_named(spec);
    for (const Epilogue& item : o.epilogue) {
      if (item.kind == Epilogue::add) append(tensors, tensor_spec("", Role::extra, o.out));
      if (item.kind == Epilogue::scale) append(tensors, {"", Role::extra, op, {"c"}, {o.out.c}});
      if (item.kind == Epilogue::sums)
        append(outputs,
               tensor_spec(problem_.name("sums", op), Role::output, {o.out.n, 1, 1, o.out.c}));
    }
  }
  --op;  // the last one
  append(tensors, tensor_spec("out", Role::output, problem_.output()));
  if (problem_.ops_[op].kind->alone)
    tensors.back().dtype = dtype_of(problem_.ops_[op].to, tensors.back(), false);
  tensors.insert(tensors.end(), outputs.begin(), outputs.end());
  return std::move(problem_);
}

Problem with_dtype(const Problem& problem, DType dtype) {
  ProblemBuilder builder(dtype, problem.input());
  for (const Op& op : problem.ops()) builder.add(op);
  return builder.finish();
}

}  // namespace halcyon
