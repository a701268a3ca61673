#include "schedules/language/layout.h"

#include <algorithm>
#include <map>

#include "kernels/problem/activation_form.h"
#include "schedules/language/winograd.h"

namespace halcyon {
namespace {

/// Halide indexes the bytes of a buffer with 32 bits.
std::int64_t most_elements(DType dtype) { return (std::int64_t{1} << 31) / bytes_of(dtype) - 1; }

std::int64_t product(const std::vector<int>& extents, std::size_t begin, std::size_t end) {
  std::int64_t n = 1;
  for (std::size_t i = begin; i < end; ++i) n *= extents[i];
  return n;
}

int number(const Step& step, std::size_t i) { return std::stoi(step.args[i]); }

int blocks(int extent, int block) { return (extent - 1) / block + 1; }

std::size_t axis(const Layout& l, const Step& step, const std::string& name) {
  const auto found = std::find(l.axes.begin(), l.axes.end(), name);
  if (found != l.axes.end()) return found - l.axes.begin();
  std::string all;
  for (const auto& a : l.axes) all += " " + a;
  throw step_error(step,
                   "'" + l.name + "' has no axis '" + name + "'; innermost first it has" + all);
}

void must_be_ours_to_lay_out(const Layout& l, const Step& step) {
  if (l.role != Role::weight && l.role != Role::bias && l.role != Role::scale)
    throw step_error(step, "'" + l.name + "' is an argument of role " +
                               std::string(to_text(l.role)) +
                               ": only weights, biases and scales are laid out ahead of time");
}

/// Blocks of an axis: what is inside of one becomes the innermost axis, their number takes `place`
/// among the others.
void block_axis(Layout& l, std::size_t i, int block, std::size_t place) {
  const std::string by = std::to_string(block), name = l.axes[i], index = l.index[i];
  const int count = blocks(l.extents[i], block);
  const auto move = [&](auto& list, auto inside, auto outside) {
    list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
    list.insert(list.begin() + static_cast<std::ptrdiff_t>(place), outside);
    list.insert(list.begin(), inside);
  };
  move(l.axes, name + "%" + by, name + "/" + by);
  move(l.extents, block, count);
  move(l.index, "(" + index + " % " + by + ")", "(" + index + " / " + by + ")");
  l.packed = true;
}

void pack(Layout& l, const Step& step) {
  must_be_ours_to_lay_out(l, step);
  const int block = number(step, 1);
  block_axis(l, axis(l, step, step.args[0]), block, l.axes.size() - 1);
  if (step.args.size() < 3) return;
  if (const int vector = number(step, 2); block % vector == 0)
    block_axis(l, 0, vector, 0);
  else
    throw step_error(step, "vectors of " + step.args[2] + " do not divide the block");
}

void interleave(Layout& l, const Step& step) {
  must_be_ours_to_lay_out(l, step);
  const std::size_t i = axis(l, step, step.args[0]);
  block_axis(l, i, number(step, 1), i);
}

void round(Layout& l, const Step& step) {
  must_be_ours_to_lay_out(l, step);
  int& extent = l.extents[axis(l, step, step.args[0])];
  const std::int64_t rounded = std::int64_t{blocks(extent, number(step, 1))} * number(step, 1);
  if (rounded > most_elements(l.dtype)) throw step_error(step, "makes '" + l.name + "' too large");
  extent = static_cast<int>(rounded);
  l.packed = true;
}

void flatten(Layout& l, const Step& step) {
  if (l.packed) throw step_error(step, "flatten stands before pack and round of the same argument");
  const std::size_t i = axis(l, step, step.args[0]), j = axis(l, step, step.args[1]);
  if (j != i + 1)
    throw step_error(step, "the axes must be neighbours in memory, the inner one first");
  const std::int64_t length = std::int64_t{l.extents[i]} * l.extents[j];
  if (length > most_elements(l.dtype)) throw step_error(step, "makes an axis too long for Halide");
  l.axes[i] = step.args[2];
  l.index[i] = "(" + l.index[i] + " + " + std::to_string(l.extents[i]) + " * " + l.index[j] + ")";
  l.index.erase(l.index.begin() + j);
  l.extents[i] = static_cast<int>(length);
  l.axes.erase(l.axes.begin() + j);
  l.extents.erase(l.extents.begin() + j);
}

void winograd(Layout& l, const Step& step) {
  must_be_ours_to_lay_out(l, step);
  const Winograd* form = find_winograd(number(step, 0));
  if (!form) throw step_error(step, "tiles have 2 x 2 or 4 x 4 results");
  if (l.packed || l.dtype != DType::f32 ||
      l.axes != std::vector<std::string>{"c", "k", "kx", "ky"} || l.extents[2] != 3 ||
      l.extents[3] != 3)
    throw step_error(
        step,
        "'" + l.name + "' is no weight of windows of 3x3 in f32, or has been laid out before");
  l.extents[2] = l.extents[3] = form->inputs();
  l.winograd = form->results;
  l.packed = true;
}

struct Transform {
  const char* op;
  void (*change)(Layout&, const Step&);
};
constexpr Transform kTransforms[] = {{"winograd", winograd},
                                     {"pack", pack},
                                     {"interleave", interleave},
                                     {"round", round},
                                     {"flatten", flatten}};

/// Calls visit(before, step, after) for each step that changes how an argument lies in memory.
template <class Visit>
Layout derive(const TensorSpec& spec, const Schedule& schedule, Visit visit) {
  Layout l{spec.name, spec.role, spec.dtype, spec.axes, spec.extents, false, spec.axes};
  for (const Step& step : schedule) {
    if (step.stage != spec.name) continue;
    for (const Transform& t : kTransforms) {
      if (step.op != t.op) continue;
      const Layout before = l;
      t.change(l, step);
      if (l.elements() > most_elements(l.dtype))
        throw step_error(step, "makes '" + l.name + "' " + std::to_string(l.elements()) +
                                   " elements large; Halide addresses " +
                                   std::to_string(most_elements(l.dtype)));
      visit(before, step, l);
    }
  }
  return l;
}

/// Moves dense values from one layout to the next; the elements that the new one adds are zero.
Tensor repack(const Layout& from, std::size_t i, int block, bool in_place, const Tensor& v) {
  const std::int64_t inner = product(from.extents, 0, i);
  const std::int64_t outer = product(from.extents, i + 1, from.extents.size());
  const int extent = from.extents[i], count = blocks(extent, block);
  const std::int64_t elements = inner * outer * count * block;
  return rearranged(v, static_cast<std::size_t>(elements), [&](auto move) {
    for (std::int64_t o = 0; o < outer; ++o)
      for (int x = 0; x < extent; ++x)
        for (std::int64_t n = 0; n < inner; ++n) {
          const std::int64_t row = in_place ? o * count + x / block : x / block * outer + o;
          move((row * inner + n) * block + x % block, (o * extent + x) * inner + n);
        }
  });
}

Tensor widen(const Layout& from, std::size_t i, int extent, const Tensor& v) {
  const std::int64_t inner = product(from.extents, 0, i);
  const std::int64_t old_row = inner * from.extents[i], row = inner * extent;
  const std::int64_t rows = product(from.extents, i + 1, from.extents.size());
  return rearranged(v, static_cast<std::size_t>(rows * row), [&](auto move) {
    for (std::int64_t r = 0; r < rows; ++r)
      for (std::int64_t n = 0; n < old_row; ++n) move(r * row + n, r * old_row + n);
  });
}

/// Windows of 3x3 as Winograd's products take them, in double and rounded once.
Tensor transformed(const Layout& from, const Winograd& form, const Tensor& v) {
  const std::int64_t plane = product(from.extents, 0, 2);
  const auto windows = numbers_of<double>(v);
  std::vector<double> all;
  for (const auto& column : form.of_weights)
    for (const auto& row : form.of_weights)
      for (std::int64_t i = 0; i < plane; ++i) {
        double sum = 0;
        for (std::size_t y = 0; y < 3; ++y)
          for (std::size_t x = 0; x < 3; ++x)
            sum += column[y] * row[x] * windows[(y * 3 + x) * plane + i];
        all.push_back(sum);
      }
  return Tensor::rounded(from.dtype, all);
}

/// How often each activation function stands in the problem.
std::map<Act, int> activations(const Problem& problem) {
  std::map<Act, int> uses;
  for (const Op& op : problem.ops()) {
    for (const Epilogue& e : op.epilogue)
      if (e.kind == Epilogue::act) ++uses[e.function];
    if (op.squeeze > 0) {
      ++uses[op.squeeze_act];
      ++uses[op.gate];
    }
  }
  return uses;
}

}  // namespace

int Layout::alignment() const { return packed ? 64 : bytes_of(dtype); }

std::int64_t Layout::elements() const { return product(extents, 0, extents.size()); }

std::vector<Layout> layouts(const Problem& problem, const Schedule& schedule) {
  std::vector<Layout> all;
  for (const TensorSpec& spec : problem.tensors())
    all.push_back(derive(spec, schedule, [](const Layout&, const Step&, const Layout&) {}));
  return all;
}

Tensor lay_out(const TensorSpec& spec, const Schedule& schedule, Tensor laid) {
  derive(spec, schedule, [&](const Layout& before, const Step& step, const Layout& after) {
    if (step.op == "flatten") return;  // the same memory
    if (step.op == "winograd") {
      laid = transformed(before, *find_winograd(after.winograd), laid);
      return;
    }
    const std::size_t i = axis(before, step, step.args[0]);
    laid = step.op == "round" ? widen(before, i, after.extents[i], laid)
                              : repack(before, i, number(step, 1), step.op == "interleave", laid);
  });
  return laid;
}

double activation_error(const Problem& problem, const Schedule& schedule) {
  auto precise = activations(problem);
  double worst = 0;
  for (const Step& step : schedule) {
    Act act;
    if (step.op != "act" || !act_from_text(step.args[0], &act)) continue;
    --precise[act];
    if (const ActivationForm* form = find_form(act, number(step, 1)))
      worst = std::max(worst, form->max_error);
  }
  for (const auto& [act, uses] : precise)
    if (const ActivationForm* form = find_form(act, -1); form && uses > 0)
      worst = std::max(worst, form->max_error);
  return worst;
}

}  // namespace halcyon
