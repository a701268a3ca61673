#include "schedules/language/layout.h"

#include <gtest/gtest.h>

#include <numeric>

#include "kernels/problem/activation_form.h"

namespace halcyon {
namespace {

using Ints = std::vector<int>;
using Strings = std::vector<std::string>;

Layout layout_of(const std::string& line, const std::string& name, const std::string& steps) {
  for (const Layout& l : layouts(Problem::parse(line), parse_schedule(steps)))
    if (l.name == name) return l;
  throw std::out_of_range(name);
}

/// 1, 2, 3, ...: no element equals another or padding.
std::vector<float> numbered(std::int64_t n) {
  std::vector<float> v(n);
  std::iota(v.begin(), v.end(), 1.f);
  return v;
}

constexpr const char* kPw = "1x5x7x6 | pw 10 relu add";

TEST(Layout, FollowsTheSteps) {
  const Layout packed = layout_of(kPw, "w", "w: pack c 4");
  EXPECT_EQ(packed.axes, (Strings{"c%4", "k", "c/4"}));
  EXPECT_EQ(packed.extents, (Ints{4, 6, 3}));
  EXPECT_EQ(packed.index, (Strings{"(c % 4)", "k", "(c / 4)"}));
  EXPECT_EQ(packed.elements(), 72);
  EXPECT_EQ(packed.alignment(), 64);
  EXPECT_EQ(layout_of(kPw, "w", "w: pack c 4\nw: pack k 3").axes,
            (Strings{"k%3", "c%4", "c/4", "k/3"}));
  EXPECT_EQ(layout_of(kPw, "w", "w: pack c 4\nw: interleave k 4").axes,
            (Strings{"k%4", "c%4", "k/4", "c/4"}));
  EXPECT_EQ(layout_of(kPw, "b", "b: round c 8").extents, (Ints{16}));
  const Layout flat = layout_of(kPw, "x1", "x1: flatten x y p");
  EXPECT_EQ(flat.axes, (Strings{"c", "p"}));
  EXPECT_EQ(flat.extents, (Ints{10, 35}));
  EXPECT_EQ(flat.index, (Strings{"c", "(x + 7 * y)"}));
  EXPECT_FALSE(flat.packed);
  EXPECT_EQ(flat.alignment(), 4);
  const Layout half = layout_of("f16 1x5x7x6 | pw 10", "in", "");
  EXPECT_EQ(half.alignment(), 2);
  EXPECT_EQ(half.bytes(), 2 * half.elements());
  EXPECT_EQ(layout_of("3x5x7x6 | pw 10", "out", "out: flatten x y p\nout: flatten p n q").extents,
            (Ints{10, 105}));
}

TEST(Layout, InterleavedNeighboursStandTogether) {
  const Problem problem = Problem::parse("1x5x7x6 | pw 10");
  const TensorSpec& w = problem.tensors()[1];  // c k = 10 6
  const auto laid = numbers_of<float>(
      lay_out(w, parse_schedule("w: pack c 4\nw: interleave k 4"), numbered(w.elements())));
  ASSERT_EQ(laid.size(), 4u * 4 * 2 * 3);
  for (int c = 0; c < 12; ++c)
    for (int k = 0; k < 8; ++k)
      EXPECT_EQ(laid[k % 4 + 4 * (c % 4 + 4 * (k / 4 + 2 * (c / 4)))],
                c < 10 && k < 6 ? 1 + c + 10 * k : 0)
          << "c " << c << " k " << k;
}

TEST(Layout, PackedValuesAreWhereTheKernelReadsThem) {
  const Problem problem = Problem::parse("1x9x9x5 | conv 3x2 10");
  const TensorSpec& w = problem.tensors()[1];  // c k kx ky = 10 5 2 3
  ASSERT_EQ(w.extents, (Ints{10, 5, 2, 3}));
  const auto values = numbered(w.elements());
  const auto packed =
      numbers_of<float>(lay_out(w, parse_schedule("w: pack c 4\nw: round k 8"), values));
  ASSERT_EQ(packed.size(), 4u * 8 * 2 * 3 * 3);
  std::size_t filled = 0;
  for (int ky = 0; ky < 3; ++ky)
    for (int kx = 0; kx < 2; ++kx)
      for (int k = 0; k < 5; ++k)
        for (int c = 0; c < 10; ++c) {
          const int at = c % 4 + 4 * (k + 8 * (kx + 2 * (ky + 3 * (c / 4))));
          EXPECT_EQ(packed[at], values[c + 10 * (k + 5 * (kx + 2 * ky))]);
          ++filled;
        }
  EXPECT_EQ(static_cast<std::size_t>(std::count(packed.begin(), packed.end(), 0.f)),
            packed.size() - filled);  // padding is zero
  EXPECT_EQ(lay_out(w, parse_schedule("w: flatten kx ky t"), values), Tensor(values));
  EXPECT_EQ(lay_out(w, parse_schedule("b: round c 16"), values), Tensor(values));
}

TEST(Layout, RefusesWithTheStep) {
  const struct {
    const char *steps, *message;
  } cases[] = {
      {"in: pack c 2",
       "line 1: 'in: pack c 2': 'in' is an argument of role input: only weights, biases"},
      {"out: round c 16", "only weights, biases and scales are laid out ahead of time"},
      {"x1: pack c 2", "only weights, biases"},
      {"w: pack n 2", "'w' has no axis 'n'; innermost first it has c k"},
      {"w: pack c 2\nw: pack c 4",
       "line 2: 'w: pack c 4': 'w' has no axis 'c'; innermost first it has "
       "c%2 k c/2"},
      {"w: pack c 2\nw: flatten c k f", "flatten stands before pack"},
      {"in: flatten c y p", "the axes must be neighbours"},
      {"in: flatten x z p", "no axis 'z'"},
      {"w: pack c 999999999", "makes 'w' 5999999994 elements large"},
      {"w: round k 999999999", "makes 'w' too large"},
  };
  for (const auto& c : cases) try {
      layouts(Problem::parse(kPw), parse_schedule(c.steps));
      ADD_FAILURE() << c.steps;
    } catch (const Error& e) {
      EXPECT_NE(std::string(e.what()).find(c.message), std::string::npos) << e.what();
    }
}

TEST(ActivationError, IsTheLargestOfTheFormsInUse) {
  const auto error = [](const char* line, const char* steps) {
    return activation_error(Problem::parse(line), parse_schedule(steps));
  };
  const double coarse = find_form(Act::gelu, 0)->max_error,
               fine = find_form(Act::gelu, 2)->max_error;
  const double precise = find_form(Act::gelu, -1)->max_error;
  EXPECT_EQ(error("1x4x4x8 | pw 8", ""), 0);
  EXPECT_EQ(error("1x4x4x8 | pw 8 gelu", ""), precise);
  EXPECT_EQ(error("1x4x4x8 | pw 8 gelu", "out: act gelu 2"), fine);
  EXPECT_EQ(error("1x4x4x8 | pw 8 gelu | pw 8 gelu", "t1: act gelu 2\nout: act gelu 0"), coarse);
  EXPECT_EQ(error("1x4x4x8 | se 2 relu sigmoid", ""), find_form(Act::sigmoid, -1)->max_error);
}

}  // namespace
}  // namespace halcyon
