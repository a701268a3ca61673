#include "kernels/guess.h"

#include <gtest/gtest.h>

namespace halcyon {
namespace {

using Words = std::vector<std::string>;

TEST(Guess, SuggestsOnlyWhatIsNear) {
  const Words words = {"conv", "dw", "pw", "hardswish", "hardsigmoid", "split"};
  EXPECT_EQ(nearest("splitt", words), "split");
  EXPECT_EQ(nearest("Conv", words), "conv");
  EXPECT_EQ(nearest("wp", words), "pw");  // a swap of neighbours is one edit
  EXPECT_EQ(nearest("hardswihs", words), "hardswish");
  EXPECT_EQ(nearest("hardsigmod", words), "hardsigmoid");
  EXPECT_EQ(nearest("banana", words), "");
  EXPECT_EQ(nearest("", words), "");
  EXPECT_EQ(nearest("x", words), "");
  EXPECT_EQ(nearest("--", words), "");
  EXPECT_EQ(nearest(std::string(100000, 'x'), words), "");
}

TEST(Guess, KnowsWhatOthersCallAWord) {
  const Words words = {"conv", "dw", "pw", "linear", "gap", "silu", "hardswish", "sigmoid"};
  EXPECT_EQ(nearest("swish", words), "silu");
  EXPECT_EQ(nearest("h_swish", words), "hardswish");
  EXPECT_EQ(nearest("Conv2D", words), "conv");
  EXPECT_EQ(nearest("depthwise_conv2d", words), "dw");
  EXPECT_EQ(nearest("pointwise", words), "pw");
  EXPECT_EQ(nearest("GlobalAveragePool", words), "gap");
  EXPECT_EQ(nearest("fc", words), "linear");
  EXPECT_EQ(nearest("pointwise", {"conv", "dw"}), "") << "a word that is not to be had here";
}

TEST(Guess, FindsANameInAnySpellingAndShortened) {
  const Words names = {"efficientnet_b0",    "efficientnet_b1",    "henet_tinym", "mobilenet_v2",
                       "mobilenet_v3_large", "mobilenet_v3_small", "resnet18",    "smoke"};
  EXPECT_EQ(guesses("MobileNetV3-L", names), Words{"mobilenet_v3_large"});
  EXPECT_EQ(guesses("MobileNet-V3_Small", names), Words{"mobilenet_v3_small"});
  EXPECT_EQ(guesses("mobilenetv2", names), Words{"mobilenet_v2"});
  EXPECT_EQ(guesses("v3-l", names), Words{"mobilenet_v3_large"});
  EXPECT_EQ(guesses("b0", names), Words{"efficientnet_b0"});
  EXPECT_EQ(guesses("effnet-b1", names), Words{"efficientnet_b1"});
  EXPECT_EQ(guesses("TinyM", names), Words{"henet_tinym"});
  EXPECT_EQ(guesses("ResNet-18", names), Words{"resnet18"});
  EXPECT_EQ(guesses("mobilenet_v3", names), (Words{"mobilenet_v3_large", "mobilenet_v3_small"}));
  EXPECT_EQ(guesses("net", names), Words{}) << "of so many none is likelier";
  EXPECT_EQ(guesses("smoek", names), Words{"smoke"});
}

TEST(Guess, IsSaidBesideTheWord) {
  EXPECT_EQ(with_guess("rleu", {"relu"}), "'rleu' (did you mean 'relu'?)");
  EXPECT_EQ(with_guess("v3", {"net_v3_l", "net_v3_s"}),
            "'v3' (did you mean 'net_v3_l' or 'net_v3_s'?)");
  EXPECT_EQ(with_guess("banana", {"relu"}), "'banana'");
}

}  // namespace
}  // namespace halcyon
