#include "kernels/problem/problem.h"

#include <gtest/gtest.h>

#include <random>

#include "kernels/error.h"
#include "kernels/problem/op.h"

namespace halcyon {
namespace {

struct Count {
  const char* line;
  std::int64_t macs, parameters;
};

// Known from the networks themselves: HENet TinyM per layer (parameters without batch norm),
// MobileNetV3 and EfficientNet by hand.
const Count kCounts[] = {
    {"1x224x224x3 | conv 3x3 32 s2 relu", 10838016, 896},
    {"1x112x112x32 | conv 3x3 64 s2 relu", 57802752, 18496},
    {"1x56x56x64 | dw 3x3", 1806336, 640},
    {"1x56x56x64 | pw 128", 25690112, 8320},
    {"1x56x56x128 | pw 64", 25690112, 8256},
    {"1x56x56x64 | conv 2x2 128 s2", 25690112, 32896},
    {"1x56x56x64 | s2d 2 | pw 128", 25690112, 32896},
    {"1x28x28x128 | dw 3x3", 903168, 1280},
    {"1x28x28x128 | pw 256 g2", 12845056, 16640},
    {"1x28x28x256 | pw 128", 25690112, 32896},
    {"1x28x28x128 | conv 2x2 192 s2", 19267584, 98496},
    {"1x14x14x192 | dw 1x5", 188160, 1152},
    {"1x14x14x192 | dw 5x1", 188160, 1152},
    {"1x14x14x192 | pw 384", 14450688, 74112},
    {"1x14x14x384 | pw 192", 14450688, 73920},
    {"1x14x14x192 | conv 2x2 384 s2", 14450688, 295296},
    {"1x7x7x384 | dw 3x3", 169344, 3840},
    {"1x7x7x384 | pw 1152", 21676032, 443520},
    {"1x7x7x1152 | pw 384", 21676032, 442752},
    {"1x1x1x1024 | linear 1000", 1024000, 1025000},
    // Blocks: the sums of their layers.
    {"1x14x14x192 | dw 1x5 | pw 384 gelu | pw 192 skip", 188160 + 2 * 14450688,
     1152 + 74112 + 73920},
    {"1x28x28x128 | dw 3x3 | pw 256 g2 gelu | pw 128 skip", 903168 + 12845056 + 25690112,
     1280 + 16640 + 32896},
    {"2x56x56x64 | dw 3x3 | pw 128 gelu | pw 64 skip", 2 * (1806336 + 2 * 25690112),
     640 + 8320 + 8256},
    // SE counts its two dense layers, once per image.
    {"1x7x7x960 | se 240 relu hardsigmoid", 2 * 960 * 240, 2 * 960 * 240 + 960 + 240},
    {"3x7x7x960 | se 240 relu hardsigmoid", 3 * 2 * 960 * 240, 2 * 960 * 240 + 960 + 240},
    // Nothing to multiply.
    {"1x112x112x64 | maxpool 3x3 s2", 0, 0},
    {"1x7x7x960 | gap", 0, 0},
    {"1x56x56x64 | upsample2x", 0, 0},
    {"1x14x14x192 | tokensum", 0, 0},
    {"1x112x112x16 | hardswish", 0, 0},
};

TEST(Problem, CountsWhatTheNetworksCount) {
  for (const Count& known : kCounts) {
    const Problem problem = Problem::parse(known.line);
    EXPECT_EQ(problem.macs(), known.macs) << known.line;
    EXPECT_EQ(problem.parameters(), known.parameters) << known.line;
    EXPECT_EQ(problem.weight_bytes(), 4 * known.parameters) << known.line;
  }
}

TEST(Problem, CountsBytesOfActivationsAtTheEndsOnly) {
  // in + add's input + out + sums, not the tensor between.
  const Problem f32 = Problem::parse("1x4x6x8 | pw 16 relu | pw 2 scale add sums");
  EXPECT_EQ(f32.activation_bytes(), 4 * (4 * 6 * 8 + 2 + 4 * 6 * 2 + 4 * 6 * 2 + 2));
  const Problem f16 = Problem::parse("f16 1x4x6x8 | pw 16 relu | pw 2 scale add sums");
  EXPECT_EQ(f16.activation_bytes(), 2 * (4 * 6 * 8 + 2 + 4 * 6 * 2 + 4 * 6 * 2) + 4 * 2);
  EXPECT_EQ(f16.weight_bytes(), 2 * (8 * 16 + 16 * 2) + 4 * (16 + 2)) << "biases stay f32";
}

TEST(Problem, OfI8HasScalesBesideItsWeights) {
  const Problem problem = Problem::parse("i8 1x4x6x8 | pw 16 hardswish | dw 3x3 add | s2d 2");
  std::string all;
  for (const TensorSpec& t : problem.tensors())
    all += t.name + " " + std::string(to_text(t.dtype)) + " " + std::to_string(t.elements()) + ", ";
  EXPECT_EQ(
      all,
      "in u8 192, w1 i8 128, b1 i32 16, m1 f32 16, q1 f32 5, w2 i8 144, b2 i32 16, m2 f32 16, "
      "q2 f32 7, x1 u8 384, out u8 384, ");
  EXPECT_EQ(problem.parameters(), 128 + 16 + 144 + 16) << "scales are none";
}

/// Steps a window over the padded input, one element at a time.
struct Counted {
  int outputs = 0, taps = 0;
};
Counted step(const Window& w, int in) {
  Counted seen;
  const int reach = w.dilation * (w.kernel - 1);
  for (int start = -w.pad_lo; start + reach < in + w.pad_hi; start += w.stride) {
    ++seen.outputs;
    for (int at = start; at <= start + reach; at += w.dilation) seen.taps += at >= 0 && at < in;
  }
  return seen;
}

// Catches: rounding up, stride and dilation swapped, taps of the wrong side counted as inside.
TEST(Window, OutputsAndInsideTapsAreThoseOfSteppingOverTheInput) {
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    const auto draw = [&](int low, int high) {
      return low + static_cast<int>(random() % (high - low + 1));
    };
    Window w{draw(1, 15), draw(1, 5), draw(1, 4), 0, 0};
    const int widest = w.dilation * (w.kernel - 1) + draw(0, 5);  // beyond the kernel's reach, too
    w.pad_lo = draw(0, widest), w.pad_hi = draw(0, widest);
    const int in = draw(1, 40);
    const Counted seen = step(w, in);
    SCOPED_TRACE("k" + std::to_string(w.kernel) + " s" + std::to_string(w.stride) + " d" +
                 std::to_string(w.dilation) + " p" + std::to_string(w.pad_lo) + "," +
                 std::to_string(w.pad_hi) + " in " + std::to_string(in));
    if (seen.outputs == 0) {
      EXPECT_THROW(w.out(in), Error);
      continue;
    }
    ASSERT_EQ(w.out(in), seen.outputs);
    ASSERT_EQ(w.taps_inside(in), seen.taps);
  }
}

// Catches a maximum over padding alone, which would be -infinity.
TEST(Problem, TakesAPoolWhoseEveryWindowSeesTheInput) {
  int taken = 0, refused = 0;
  for (int kernel = 1; kernel <= 3; ++kernel)
    for (int stride = 1; stride <= 3; ++stride)
      for (int dilation = 1; dilation <= 3; ++dilation)
        for (int in = 1; in <= 4; ++in)
          for (int pads = 0; pads < 49; ++pads) {
            const Window w{kernel, stride, dilation, pads / 7, pads % 7};
            const int reach = dilation * (kernel - 1);
            if (step(w, in).outputs == 0) continue;
            bool seen = true;
            for (int start = -w.pad_lo; start + reach < in + w.pad_hi; start += stride)
              seen =
                  seen && step({kernel, 1, dilation, -start, start + reach + 1 - in}, in).taps > 0;
            const std::string line = "1x1x" + std::to_string(in) + "x1 | maxpool 1x" +
                                     std::to_string(kernel) + " s" + std::to_string(stride) + " d" +
                                     std::to_string(dilation) + " p0,0," +
                                     std::to_string(w.pad_lo) + "," + std::to_string(w.pad_hi);
            if (seen) {
              EXPECT_NO_THROW(Problem::parse(line)) << line;
            } else {
              EXPECT_THROW(Problem::parse(line), Error) << line;
            }
            ++(seen ? taken : refused);
          }
  EXPECT_GT(taken, 100);
  EXPECT_GT(refused, 10);
}

TEST(Problem, TakesTheLargestTensorAndRefusesCountsBeyond64Bits) {
  EXPECT_EQ(Problem::parse("1x1048576x1x1048576 | relu").input().elements(), std::int64_t{1} << 40);
  const char* const half = "1x7864320x1x69905 | conv 15x15 69905 p7";
  EXPECT_EQ(Problem::parse(half).macs(), std::int64_t{7864320} * 225 * 69905 * 69905);
  // Twice that is more than 2^63-1: in one op, and over two.
  EXPECT_THROW(Problem::parse("1x15728640x1x69905 | conv 15x15 69905 p7"), Error);
  EXPECT_THROW(Problem::parse(std::string(half) + " | conv 15x15 69905 p7"), Error);
}

TEST(Window, HoldsTheLargestInput) {
  const Window w{3, 1, 1, 1, 1};
  EXPECT_EQ(w.out(2147483647), 2147483647);
  EXPECT_EQ(w.taps_inside(2147483647), 3 * std::int64_t{2147483647} - 2);
}

TEST(Problem, MacsInsideLeaveOutThePaddedTaps) {
  // 3x3 p1 on 4x4: 10 of 12 taps inside per axis.
  EXPECT_EQ(Problem::parse("1x4x4x1 | dw 3x3").macs_inside(), 100);
  EXPECT_EQ(Problem::parse("1x4x4x1 | dw 3x3").macs(), 144);
  EXPECT_EQ(Problem::parse("2x4x4x6 | conv 3x3 4 g2").macs_inside(), 100 * 2 * 3 * 4);
  EXPECT_EQ(Problem::parse("1x4x4x2 | conv 1x1 3 p3").macs_inside(), 16 * 2 * 3);
  EXPECT_EQ(Problem::parse("1x4x4x2 | conv 1x1 3 p3").macs(), 100 * 2 * 3);
  EXPECT_EQ(Problem::parse("1x1x1x4 | dw 1x1 s2 p1").macs_inside(), 0);
  const Problem pointwise = Problem::parse("1x4x4x6 | pw 4 g2");
  EXPECT_EQ(pointwise.macs_inside(), pointwise.macs());
}

std::string described(const Problem& problem) {
  std::string out;
  for (const TensorSpec& t : problem.tensors()) {
    out += (out.empty() ? "" : "; ") + t.name + " " + std::string(to_text(t.role)) + " " +
           std::to_string(t.op) + " (";
    for (std::size_t i = 0; i < t.axes.size(); ++i)
      out += (i ? "," : "") + t.axes[i] + "=" + std::to_string(t.extents[i]);
    out += ")";
  }
  return out;
}

// The order of the kernel's C signature: a swap here hands a kernel the wrong buffer.
TEST(Problem, NamesItsTensorsInTheOrderOfTheSignature) {
  EXPECT_EQ(described(Problem::parse("1x5x7x6 | conv 3x1 4 g2 add scale sums")),
            "in input 0 (c=6,x=7,y=5); w weight 0 (c=4,k=3,kx=1,ky=3); b bias 0 (c=4); "
            "x1 extra 0 (c=4,x=7,y=5); x2 extra 0 (c=4); out output 0 (c=4,x=7,y=5); "
            "sums output 0 (c=4,x=1,y=1)");
  EXPECT_EQ(described(Problem::parse("2x4x4x6 | dw 3x5 sums | tokensum scale | se 2 relu sigmoid")),
            "in input 0 (c=6,x=4,y=4,n=2); w1 weight 0 (c=6,kx=5,ky=3); b1 bias 0 (c=6); "
            "x1 extra 1 (c=1,x=4,y=4,n=2); x2 extra 1 (c=6); "
            "wr3 weight 2 (c=2,k=6); br3 bias 2 (c=2); we3 weight 2 (c=6,k=2); be3 bias 2 (c=6); "
            "out output 2 (c=6,x=1,y=1,n=2); sums1 output 0 (c=6,x=1,y=1,n=2)");
  EXPECT_EQ(described(Problem::parse("1x2x3x4 | relu")),
            "in input 0 (c=4,x=3,y=2); out output 0 (c=4,x=3,y=2)");
}

TEST(Problem, NamesTheAxesOfAFurtherInputOnAMapThatIsNotSquare) {
  EXPECT_EQ(described(Problem::parse("1x2x3x4 | tokensum")),
            "in input 0 (c=4,x=3,y=2); x1 extra 0 (c=1,x=3,y=2); out output 0 (c=4,x=1,y=1)");
}

TEST(Problem, NamesStagesByOpInChainsOnly) {
  const Problem one = Problem::parse("1x2x3x4 | pw 4"),
                two = Problem::parse("1x2x3x4 | pw 4 | pw 4");
  EXPECT_EQ(one.name("acc", 0), "acc");
  EXPECT_EQ(one.result_name(0), "out");
  EXPECT_EQ(two.name("acc", 1), "acc2");
  EXPECT_EQ(two.result_name(0), "t1");
  EXPECT_EQ(two.result_name(1), "out");
}

TEST(Problem, ResolvesTheShapesBetweenOps) {
  const Problem problem = Problem::parse(
      "1x9x8x6 | conv 3x3 8 s2 p0,1,1,0 | upsample2x | maxpool 2x2 s2 | gap | linear 5");
  std::vector<std::string> shapes;
  for (const Op& op : problem.ops()) shapes.push_back(to_text(op.out));
  EXPECT_EQ(shapes,
            (std::vector<std::string>{"1x4x4x8", "1x8x8x8", "1x4x4x8", "1x1x1x8", "1x1x1x5"}));
  EXPECT_EQ(to_text(Problem::parse("1x6x9x2 | s2d 3").output()), "1x2x3x18");
  EXPECT_EQ(to_text(Problem::parse("1x8x8x3 | dw 3x3 d2 p0").output()), "1x4x4x3");
}

TEST(Op, EveryWordSaysWhatItIs) {
  for (const OpKind* kind : op_kinds()) {
    EXPECT_EQ(find_op_kind(kind->word), kind);
    EXPECT_STRNE(kind->help, "") << kind->word;
    EXPECT_TRUE(kind->resolve) << kind->word;
  }
  EXPECT_TRUE(is_map(*op_kinds().back()));
  EXPECT_EQ(find_op_kind("no such word"), nullptr);
}

TEST(Op, EpilogueWordsAreTheOnesThatParse) {
  for (const std::string& word : epilogue_words()) {
    Epilogue item;
    ASSERT_TRUE(epilogue_from_text(word, &item)) << word;
    EXPECT_EQ(to_text(item), word);
  }
  EXPECT_EQ(epilogue_words().size(), 7u + 4u);
}

}  // namespace
}  // namespace halcyon
