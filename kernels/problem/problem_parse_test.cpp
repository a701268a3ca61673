// The line of a problem: what is read, what is refused, and how it is said.
#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <set>

#include "kernels/oracle/random_problem.h"

namespace halcyon {
namespace {

/// The message of a refusal; nothing when the line parses. Anything but an Error of the user's is a
/// failure of the test.
std::optional<std::string> refusal(std::string_view line) {
  try {
    Problem::parse(line);
    return {};
  } catch (const Error& e) {
    EXPECT_EQ(e.code, Exit::usage) << line;
    return e.what();
  }
}

bool readable(const std::string& message) {
  return message.rfind("problem, column ", 0) == 0 && message.size() < 400 &&
         message.find("allowed: ") != std::string::npos &&
         std::all_of(message.begin(), message.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

TEST(ProblemLine, HasOneCanonicalForm) {
  const char* const lines[][2] = {
      {"1x14x14x192  | dw 1x5", "1x14x14x192 | dw 1x5"},
      {"f32 1x14x14x192|dw 1x5", "1x14x14x192 | dw 1x5"},
      {"f16\t1x8x8x8 |\tpw 8 ", "f16 1x8x8x8 | pw 8"},
      {"1x28x28x128 | pw 256 gelu g2", "1x28x28x128 | pw 256 g2 gelu"},
      {"1x8x8x8 | pw 8 g1 | gelu | skip", "1x8x8x8 | pw 8 gelu skip"},
      {"1x8x8x8 | dw 3x3 p1 s1 d1", "1x8x8x8 | dw 3x3"},
      {"1x8x8x8 | dw 3x3 p1,1,1,1 s2x2", "1x8x8x8 | dw 3x3 s2"},
      {"1x8x8x8 | dw 3x5 p1,1,2,2", "1x8x8x8 | dw 3x5"},
      {"1x8x8x8 | conv 3x3 4 relu g2 d2 p2 s1x2", "1x8x8x8 | conv 3x3 4 s1x2 d2 g2 relu"},
      {"1x8x8x8 | conv 2x2 4 p1 s2", "1x8x8x8 | conv 2x2 4 s2 p1"},
      {"1x8x8x8 | conv 3x3 4 p0,1,0,1 s2", "1x8x8x8 | conv 3x3 4 s2 p0,1,0,1"},
      {"1x8x8x8 | conv 3x3 4 d2 p1", "1x8x8x8 | conv 3x3 4 p1 d2"},
      {"1x8x8x8 | hardswish | skip | dw 3x3", "1x8x8x8 | hardswish skip | dw 3x3"},
      {"1x8x8x8 | scale add", "1x8x8x8 | scale add"},
      {"1x8x8x8 | relu sums", "1x8x8x8 | relu sums"},
      {"1x8x8x8 | gap | linear 10 | scale", "1x8x8x8 | gap | linear 10 scale"},
      {"1x8x8x8 | se 2 silu sigmoid relu", "1x8x8x8 | se 2 silu sigmoid relu"},
      {"1x8x8x8 | maxpool 3x3 s2 | s2d 2 | upsample2x",
       "1x8x8x8 | maxpool 3x3 s2 | s2d 2 | upsample2x"},
  };
  for (const auto& [line, canonical] : lines) {
    EXPECT_EQ(Problem::parse(line).text(), canonical);
    EXPECT_EQ(Problem::parse(line), Problem::parse(canonical));
  }
}

TEST(ProblemLine, TellsDifferentWorkApart) {
  const char* const lines[] = {
      "1x8x8x8 | dw 3x3",          "f16 1x8x8x8 | dw 3x3",       "1x8x8x8 | dw 3x3 s2",
      "1x8x8x8 | dw 3x3 s1x2",     "1x8x8x8 | dw 3x3 s2x1",      "1x8x8x8 | dw 3x3 p0,1,0,1",
      "1x8x8x8 | dw 3x3 p1,0,1,0", "1x8x8x8 | dw 3x3 p0,1,1,0",  "1x8x8x8 | dw 3x3 d2",
      "1x8x8x8 | dw 3x3 relu",     "1x8x8x8 | dw 3x3 skip relu", "1x8x8x8 | dw 3x3 relu skip",
      "1x8x8x8 | dw 3x3 add",      "1x8x8x8 | dw 1x3",           "1x8x8x8 | dw 3x1",
  };
  std::set<std::string> texts;
  for (const char* line : lines) texts.insert(Problem::parse(line).text());
  EXPECT_EQ(texts.size(), std::size(lines));
}

TEST(ProblemLine, RoundTripsWhateverTheGrammarWrites) {
  const unsigned seed = 11;
  RandomProblem random(seed);
  std::set<std::string> words;
  for (int i = 0; i < 4000; ++i) {
    const std::string line = random.line();
    const Problem problem = Problem::parse(line);
    const std::string text = problem.text();
    const Problem again = Problem::parse(text);
    ASSERT_EQ(again.text(), text) << "seed " << seed << ": " << line;
    ASSERT_EQ(again.ops(), problem.ops()) << "seed " << seed << ": " << line;
    ASSERT_EQ(again.dtype(), problem.dtype()) << line;
    ASSERT_FALSE(text.starts_with("f32")) << text;
    for (const Op& op : problem.ops()) words.emplace(op.word());
  }
  EXPECT_EQ(words.size(), op_kinds().size()) << "a word was never drawn";
}

TEST(ProblemLine, SaysPlaceWhatWasFoundAndWhatIsAllowed) {
  const char* const refused[][2] = {
      {"1x8x8x4 | conv 3x3 8 s0", "problem, column 22: stride 's0'; allowed: 1 to 1024"},
      {"1x8x8x4 | conv 16x3 8", "problem, column 16: kernel size '16x3'; allowed: 1 to 15"},
      {"1x8x8x4 | conv 3x3 8 g3",
       "problem, column 11, op 1 (conv): groups 3 do not divide the 4 input channels; allowed: a "
       "divisor of 4 and 8"},
      {"1x8x8x6 | relu | pw 8 g3",
       "problem, column 18, op 2 (pw): groups 3 do not divide the 8 output channels; allowed: a "
       "divisor of 6 and 8"},
      {"1x8x4x4 | dw 3x5 p0",
       "problem, column 11, op 1 (dw): width: a kernel of 5 on a padded "
       "input of 4; allowed: at most the padded input"},
      {"1x8x8x4 | dw 5x5 p0 d2",
       "problem, column 11, op 1 (dw): height: a kernel of 5 with dilation 2 spans 9 on a padded "
       "input of 8; allowed: at most the padded input"},
      {"1x8x8x4 | dw 3x3 p14337", "problem, column 18: padding 'p14337'; allowed: 0 to 14336"},
      {"1x8x8x4 | pw 8 skip",
       "problem, column 11, op 1 (pw): 'skip' adds the problem's input "
       "1x8x8x4 to a result of 1x8x8x8; allowed: the same shape"},
      {"0x8x8x4 | pw 8",
       "problem, column 1: a tensor of 0x8x8x4; allowed: each extent 1 to 2147483647"},
      {"65536x65536x65536x1 | relu",
       "problem, column 1: a tensor of 65536x65536x65536x1; allowed: at most 2^40 elements"},
      {"1x8x8x4 | linear 8",
       "problem, column 11, op 1 (linear): linear on a map of 8x8; allowed: 1x1, as after gap"},
      {"1x9x8x4 | s2d 2",
       "problem, column 11, op 1 (s2d): block 2 does not divide the map of 9x8; allowed: a divisor "
       "of both"},
      {"1x8x8x4 | se 2 relu gelu",
       "problem, column 21: unknown gate 'gelu'; allowed: hardsigmoid, sigmoid"},
      {"1x8x8x4 | dw 3x3 s1 s2", "problem, column 21: stride 's2' a second time; allowed: once"},
      {"1x8x8x4 | pw", "problem, column 11: 'pw' without its output channels; allowed: pw CO"},
      {"1x8x8x4", "problem, column 8: no op after the shape; allowed: '|' and an op"},
      {"1x8x8x4 pw 8", "problem, column 9: 'pw'; allowed: '|' after the shape"},
      {"1x8x8 | pw 8",
       "problem, column 1: input shape '1x8x8'; allowed: NxHxWxC, as in 1x14x14x192"},
      {"f23 1x8x8x4 | pw 8",
       "problem, column 1: unknown dtype 'f23' (did you mean 'f32'?); allowed: f32, f16, bf16, i8"},
      {"1x8x8x4 | dw 3x3 sums relu",
       "problem, column 11, op 1 (dw): 'relu' after 'sums'; allowed: 'sums' as the last word of "
       "its "
       "op, once"},
      {"1x8x8x4 | sums",
       "problem, column 11: 'sums' between bars; allowed: 'sums' after the op "
       "whose result it sums"},
      {"1x1x1x4 | maxpool 2x2 d2 p1",
       "problem, column 11, op 1 (maxpool): height: a window that sees only padding; allowed: less "
       "padding or dilation"},
      {"1x8x8x4 | pw 8\n", "problem, column 15: byte 0x0a; allowed: printable ASCII"},
  };
  for (const auto& [line, message] : refused) EXPECT_EQ(refusal(line), message) << line;
}

TEST(ProblemLine, SuggestsTheNearestWord) {
  const auto suggests = [](const char* line, const char* word) {
    const std::string message = refusal(line).value_or("accepted");
    EXPECT_NE(message.find(std::string("did you mean '") + word + "'?"), std::string::npos)
        << message;
  };
  suggests("1x8x8x4 | pww 8", "pw");
  suggests("1x8x8x4 | cnov 3x3 8", "conv");
  suggests("1x8x8x4 | pw 8 hardswich", "hardswish");
  suggests("1x8x8x4 | se 2 rellu sigmoid", "relu");
  suggests("1x8x8x4 | pw 8 swish", "silu");
  suggests("1x8x8x4 | conv2d 3x3 8", "conv");
  suggests("1x8x8x4 | depthwise 3x3", "dw");
  suggests("1x8x8x4 | se 2 swish sigmoid", "silu");
}

/// What is wrong with any value of a field, whatever its op.
std::vector<std::string> bad_values(const OpField& field) {
  if (field.is_word()) return {"tanh", "7", "RELU", "relu,", "-"};
  std::vector<std::string> bad = {"-1",
                                  "+1",
                                  "1.5",
                                  "1e2",
                                  "0x1x",
                                  "99999999999999999999999",
                                  "18446744073709551617",
                                  "4294967297",
                                  "1,",
                                  ",",
                                  "1;2",
                                  "*",
                                  "3x3x3x3x3"};
  std::string above, below;
  for (int i = 0; i < field.count; ++i) {
    const std::string separator = i ? std::string(1, field.separator) : "";
    above += separator + std::to_string(std::int64_t{field.high} + 1);
    below += separator + std::to_string(field.low - 1);
  }
  bad.insert(bad.end(), {above, below});
  return bad;
}

std::string good_value(const OpField& field) {
  if (!field.acts.empty()) return std::string(to_text(field.acts[0]));
  if (!field.dtypes.empty()) return "i8";
  if (field.spread) return "1";
  std::string good = "1";
  for (int i = 1; i < field.count; ++i) good += field.separator + std::string("1");
  return good;
}

/// Malformed lines for one kind of op: each argument missing or bad, each attribute bad, repeated
/// or not its own, and words that are none.
std::vector<std::string> malformed(const OpKind& kind) {
  const std::string head = std::string("1x1x1x4 | ") + kind.word;
  std::vector<std::string> lines;
  std::string arguments;
  for (const OpField* field : arguments_of(kind)) {
    lines.push_back(head + arguments);
    for (const std::string& bad : bad_values(*field)) lines.push_back(head + arguments + " " + bad);
    arguments += " " + good_value(*field);
  }
  const std::string op = head + arguments;
  for (const OpField& field : attribute_fields()) {
    const std::string symbol(field.symbol), good = symbol + good_value(field);
    if (std::string_view(kind.attributes).find(field.symbol) == std::string_view::npos) {
      lines.push_back(op + " " + good);
      continue;
    }
    for (const std::string& bad : bad_values(field)) lines.push_back(op + " " + symbol + bad);
    lines.insert(lines.end(), {op + " " + good + " " + good, op + " " + symbol,
                               op + " " + symbol + " 1", op + " relu | relu " + good});
  }
  for (const char* tail :
       {" x", " 1", " 3x3", " relu7", " Skip", " sums sums", " sums | relu", " |", " | |",
        " | sums", " | map relu", " # note", " relu,skip", " conv", " '"})
    lines.push_back(op + tail);
  const std::string word = kind.word;
  for (const std::string& wrong : {word + word, word.substr(1), word + "?", "!" + word})
    lines.push_back("1x1x1x4 | " + wrong + arguments);
  return lines;
}

TEST(ProblemLine, RefusesEveryMalformedLineOfTheGrammarInOneLine) {
  std::vector<std::string> lines;
  for (const OpKind* kind : op_kinds())
    if (!is_map(*kind)) {
      const std::vector<std::string> more = malformed(*kind);
      lines.insert(lines.end(), more.begin(), more.end());
    }
  for (const char* head : {"",
                           " ",
                           "|",
                           "1",
                           "1x1x1",
                           "1x1x1x1x1",
                           "x1x1x1x1",
                           "1x1x1x",
                           "1x1x1xc",
                           "-1x1x1x1",
                           "1x0x1x1",
                           "1x1x1x0",
                           "1x1x1x2147483648",
                           "1X1X1X1",
                           "1x1x1x99999999999999999999",
                           "f32",
                           "f64 1x1x1x1",
                           "int8 1x1x1x1",
                           "f32 f32 1x1x1x1",
                           "1x1x1x1 f32",
                           "F32 1x1x1x1",
                           "1 x 1 x 1 x 1",
                           "\xef\xbb\xbf"
                           "1x1x1x1",
                           "1x1x1x1\xc2\xa0",
                           "1x1x1x1 ||"})
    lines.push_back(std::string(head) + " | relu");
  lines.insert(
      lines.end(),
      {std::string("1x1x1x1 | relu\0", 15), "1x1x1x1 | relu\r",
       "1x1x1x4 | relu | pw 2147483647 | pw 2147483647", "1x65536x65536x16 | conv 15x15 65536 p14",
       "1x1x2147483647x1 | upsample2x", "1x1x1x8 | relu" + std::string(5000, ' ')});
  std::string many = "1x1x1x1";
  for (int i = 0; i < 33; ++i) many += " | gap";
  lines.push_back(many);
  lines.push_back(
      "1x1x1x1 | gap relu relu relu relu relu relu relu relu relu relu relu relu relu relu relu "
      "relu relu");
  EXPECT_GE(lines.size(), 200u);
  for (const std::string& line : lines) {
    const auto message = refusal(line);
    ASSERT_TRUE(message.has_value()) << "accepted: " << line;
    EXPECT_TRUE(readable(*message)) << line << "\n" << *message;
  }
}

TEST(ProblemLine, SurvivesAnyBytes) {
  const unsigned seed = 5;
  RandomProblem random(seed);
  std::vector<std::string> lines;
  while (lines.size() < 500) lines.push_back(random.line());
  int accepted = 0;
  for (int i = 0; i < 30000; ++i) {
    std::string line = i % 3 ? random.of(lines) : std::string(random.below(60), ' ');
    const std::string alphabet = " |x,.-0123456789spdgconvdwlinear\t\n\xff";
    for (int edits = 1 + random.below(i % 3 ? 2 : 60); edits > 0 && !line.empty(); --edits) {
      const auto at = static_cast<std::size_t>(random.below(static_cast<int>(line.size())));
      const char c = random.below(4) ? alphabet[random.below(static_cast<int>(alphabet.size()))]
                                     : static_cast<char>(random.below(256));
      switch (random.below(3)) {
        case 0:
          line[at] = c;
          break;
        case 1:
          line.insert(at, 1, c);
          break;
        default:
          line.erase(at, 1 + random.below(4));
          break;
      }
    }
    const auto message = refusal(line);
    if (message) {
      ASSERT_TRUE(readable(*message)) << "seed " << seed << ": " << line << "\n" << *message;
      continue;
    }
    ++accepted;
    const Problem problem = Problem::parse(line);
    ASSERT_EQ(Problem::parse(problem.text()), problem) << "seed " << seed << ": " << line;
    ASSERT_GE(problem.macs(), problem.macs_inside()) << line;
  }
  EXPECT_GT(accepted, 500);  // the mutations stay near the edge of the grammar
}

}  // namespace
}  // namespace halcyon
