#include "suites/request/source.h"

#include <gtest/gtest.h>

#include "kernels/error.h"

namespace halcyon {
namespace {

std::string refusal(const std::function<void()>& parse) {
  try {
    parse();
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::usage);
    return e.what();
  }
  return "accepted";
}

TEST(Source, EveryWordIsOneAndIsPrintedAsItWasWritten) {
  for (const std::string word :
       {"tuned", "recipe", "mullapudi2016", "adams2019+llvm_loop_opt", "li2018+no_llvm_loop_opt"})
    EXPECT_EQ(to_text(source_from_text(word)), word);
  EXPECT_EQ(source_from_text("tuned"), Source());
  EXPECT_EQ(refusal([] { source_from_text("adams"); }).find("--source 'adams': allowed are tuned"),
            0u);
}

TEST(Rivals, EveryWordIsOneAndIsPrintedAsItWasWritten) {
  const std::vector<std::string> words = {"recipe", "root",   "fused",
                                          "apart",  "li2018", "adams2019+llvm_loop_opt"};
  const std::vector<Rival> rivals = rivals_from_text(words);
  ASSERT_EQ(rivals.size(), words.size());
  for (std::size_t i = 0; i < words.size(); i++) EXPECT_EQ(to_text(rivals[i]), words[i]);
}

TEST(Rivals, WrongOrRepeatedWordsAreRefusedWithWhatIsAllowed) {
  EXPECT_EQ(refusal([] { rivals_from_text({"tuned"}); }),
            "--against 'tuned': allowed are recipe, root, fused, apart, mullapudi2016, adams2019, "
            "li2018 (these three also as NAME+llvm_loop_opt, NAME+no_llvm_loop_opt)");
  EXPECT_EQ(refusal([] { rivals_from_text({"root", "root"}); }), "--against names 'root' twice");
  EXPECT_EQ(refusal([] { autoschedulers_from_text({"root"}); }),
            "--against 'root': allowed are mullapudi2016, adams2019, li2018 (these three also as "
            "NAME+llvm_loop_opt, NAME+no_llvm_loop_opt)");
}

}  // namespace
}  // namespace halcyon
