#include "kernels/guess.h"

#include <algorithm>
#include <cctype>

namespace halcyon {
namespace {

constexpr std::size_t kLongest = 256;  // nobody mistypes a word of this length
constexpr std::size_t kMostGuesses = 3;

/// What others call a word of ours, in the letters that plain_letters() leaves.
struct OtherName {
  const char *theirs, *ours;
};
constexpr OtherName kOtherNames[] = {
    {"swish", "silu"},
    {"hswish", "hardswish"},
    {"hsigmoid", "hardsigmoid"},
    {"logistic", "sigmoid"},
    {"clip", "relu6"},
    {"conv2d", "conv"},
    {"convolution", "conv"},
    {"depthwise", "dw"},
    {"depthwiseconv", "dw"},
    {"depthwiseconv2d", "dw"},
    {"dwconv", "dw"},
    {"dwconv2d", "dw"},
    {"pointwise", "pw"},
    {"pointwiseconv", "pw"},
    {"pointwiseconv2d", "pw"},
    {"pwconv", "pw"},
    {"conv1x1", "pw"},
    {"fc", "linear"},
    {"fullyconnected", "linear"},
    {"dense", "linear"},
    {"gemm", "linear"},
    {"matmul", "linear"},
    {"maxpool2d", "maxpool"},
    {"avgpool", "gap"},
    {"averagepool", "gap"},
    {"avgpool2d", "gap"},
    {"globalavgpool", "gap"},
    {"globalaveragepool", "gap"},
    {"adaptiveavgpool2d", "gap"},
    {"spacetodepth", "s2d"},
    {"pixelunshuffle", "s2d"},
    {"upsample", "upsample2x"},
    {"interpolate", "upsample2x"},
    {"resize", "upsample2x"},
    {"squeezeexcite", "se"},
    {"squeezeandexcite", "se"},
    {"squeezeexcitation", "se"},
    {"senet", "se"},
    {"residual", "skip"},
    {"shortcut", "skip"},
    {"identity", "skip"},
    {"mul", "scale"},
    {"float32", "f32"},
    {"fp32", "f32"},
    {"float16", "f16"},
    {"fp16", "f16"},
    {"half", "f16"},
};

bool contains(const std::vector<std::string>& known, const std::string& word) {
  return std::find(known.begin(), known.end(), word) != known.end();
}

/// Letters and digits in lower case: "MobileNet-V3" and "mobilenet_v3" are one word.
std::string plain_letters(std::string_view word) {
  std::string letters;
  for (const char c : word)
    if (std::isalnum(static_cast<unsigned char>(c)))
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return letters;
}

/// Whether all of `letters` stand in `whole` in their order, its first at the start.
bool is_left_of(const std::string& letters, const std::string& whole) {
  if (letters[0] != whole[0]) return false;
  std::size_t found = 0;
  for (const char c : whole) found += found < letters.size() && c == letters[found];
  return found == letters.size();
}

/// The words that are shortened to these letters: a piece of them if there are such ("v3l"), else
/// what is left when letters are dropped ("effb0").
std::vector<std::string> shortened_to(const std::string& letters,
                                      const std::vector<std::string>& known) {
  std::vector<std::string> pieces, dropped;
  if (letters.size() < 2) return pieces;
  for (const std::string& candidate : known) {
    const std::string whole = plain_letters(candidate);
    if (whole.find(letters) != whole.npos)
      pieces.push_back(candidate);
    else if (is_left_of(letters, whole))
      dropped.push_back(candidate);
  }
  return pieces.empty() ? dropped : pieces;
}

/// Edits from one to the other: insert, delete, replace, swap neighbours.
std::size_t distance(std::string_view word, std::string_view other) {
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) ==
           std::tolower(static_cast<unsigned char>(b));
  };
  // Row i is for the first i letters of word.
  std::vector<std::vector<std::size_t>> cost(word.size() + 1,
                                             std::vector<std::size_t>(other.size() + 1));
  for (std::size_t i = 0; i <= word.size(); ++i) {
    for (std::size_t j = 0; j <= other.size(); ++j) {
      std::size_t& c = cost[i][j];
      c = std::max(i, j);
      if (i == 0 || j == 0) continue;
      c = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1,
                    cost[i - 1][j - 1] + !same(word[i - 1], other[j - 1])});
      if (i > 1 && j > 1 && same(word[i - 1], other[j - 2]) && same(word[i - 2], other[j - 1]))
        c = std::min(c, cost[i - 2][j - 2] + 1);
    }
  }
  return cost[word.size()][other.size()];
}

/// The fewest edits: a third of the letters may be wrong, and one of two.
std::string mistyped(std::string_view word, const std::vector<std::string>& known) {
  std::string best;
  std::size_t best_distance = kLongest;
  for (const std::string& candidate : known) {
    if (candidate.size() > kLongest) continue;
    const std::size_t longest = std::max(word.size(), candidate.size());
    const std::size_t d = distance(word, candidate);
    if (d <= std::max<std::size_t>(1, longest / 3) && d < longest && d < best_distance) {
      best = candidate;
      best_distance = d;
    }
  }
  return best;
}

}  // namespace

std::vector<std::string> guesses(std::string_view word, const std::vector<std::string>& known) {
  if (word.empty() || word.size() > kLongest) return {};
  const std::string letters = plain_letters(word);
  for (const OtherName& name : kOtherNames)
    if (letters == name.theirs && contains(known, name.ours)) return {name.ours};
  for (const std::string& candidate : known)
    if (!letters.empty() && letters == plain_letters(candidate)) return {candidate};
  const std::vector<std::string> shortened = shortened_to(letters, known);
  if (!shortened.empty() && shortened.size() <= kMostGuesses) return shortened;
  const std::string near = mistyped(word, known);
  return near.empty() ? std::vector<std::string>() : std::vector{near};
}

std::string nearest(std::string_view word, const std::vector<std::string>& known) {
  const std::vector<std::string> all = guesses(word, known);
  return all.empty() ? "" : all.front();
}

std::string with_guess(const std::string& word, const std::vector<std::string>& known) {
  std::string meant;
  for (const std::string& guess : guesses(word, known))
    meant += (meant.empty() ? "'" : " or '") + guess + "'";
  return "'" + word + "'" + (meant.empty() ? "" : " (did you mean " + meant + "?)");
}

}  // namespace halcyon
