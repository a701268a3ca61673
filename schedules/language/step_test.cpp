#include "schedules/language/step.h"

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "kernels/for_tests.h"

namespace halcyon {
namespace {

std::string refusal(const std::string& text) {
  return refusal_of([&] { parse_schedule(text); });
}

/// A word that fits an argument code; `n` makes words of one step differ.
std::string word_for(char code, int n, std::mt19937& random) {
  const auto pick = [&](std::initializer_list<const char*> words) {
    return std::string(words.begin()[random() % words.size()]);
  };
  switch (code) {
    case 'I':
      return std::to_string(1 + random() % 64);
    case 'T':
      return pick({"auto", "round_up", "guard_with_if", "predicate", "predicate_loads",
                   "predicate_stores", "shift_inwards", "shift_inwards_and_blend",
                   "round_up_and_blend"});
    case 'M':
      return pick({"stack", "heap", "register"});
    case 'W':
      return pick({"where", "exterior"});
    case 'A':
      return pick({"gelu", "silu", "sigmoid"});
    case 'V':
      return pick({"-1", "0", "1"});  // of which every function has forms
    case 'S':
      return pick({"out", "acc.update", "t2.update1"}) == "out"
                 ? "s" + std::to_string(n)
                 : "s" + std::to_string(n) + ".update";
    default:
      return pick({"x", "co_", "k2_"}) + std::to_string(n);
  }
}

/// The codes of a signature one by one, groups taken `times`, optional ones with even chance.
std::string codes_of(const std::string& signature, std::mt19937& random) {
  std::string codes, group;
  bool in_group = false;
  for (char c : signature) {
    if (c == ' ') continue;
    if (c == '(' || c == ')') {
      in_group = c == '(';
      if (in_group) group.clear();
    } else if (c == '?') {
      if (random() % 2) codes.resize(codes.size() - group.size()), group.clear();
      if (codes.size() < 2) break;  // a tail needs the size before it, or fits nothing
    } else if (c == '+' || c == '*') {
      for (unsigned more = random() % 3; more > 0; --more) codes += group;
    } else {
      if (!in_group) group.clear();
      group += c;
      codes += c;
    }
  }
  return codes;
}

Step random_step(const StepOp& op, std::mt19937& random) {
  Step step{op.rewrites ? "w" : "acc.update", op.word, {}, 0};
  int n = 0;
  for (char code : codes_of(op.args, random)) step.args.push_back(word_for(code, n++, random));
  return step;
}

TEST(Step, EveryOpSurvivesARoundTrip) {
  std::mt19937 random(7);
  for (int round = 0; round < 100; ++round) {
    Schedule schedule;
    for (bool rewrites : {true, false})
      for (const StepOp& op : step_ops())
        if (op.rewrites == rewrites) schedule.push_back(random_step(op, random));
    const std::string text = to_text(schedule);
    try {
      EXPECT_EQ(parse_schedule(text), schedule) << text;
      EXPECT_EQ(to_text(parse_schedule(text)), text);
    } catch (const Error& e) {
      FAIL() << "seed 7, round " << round << ": " << e.what();
    }
  }
}

TEST(Step, CommentsBlanksAndLineEndsDoNotCount) {
  const Schedule expected = {{"out", "split", {"x", "xo", "xi", "6"}, 0},
                             {"out", "unroll", {"xi"}, 0}};
  EXPECT_EQ(parse_schedule("# all\n\n out:\tsplit x xo  xi 6 # tile\r\n\r\nout: unroll xi"),
            expected);
  EXPECT_EQ(parse_schedule("out: unroll x\n\n#\nout: unroll y").back().line, 4);
  EXPECT_TRUE(parse_schedule("").empty());
}

TEST(Step, MistakesAreRefusedWithPlaceFindingAndWhatIsAllowed) {
  const struct {
    const char *text, *message;
  } cases[] = {
      {"acc: splitt x",
       "line 1: 'acc: splitt x': no op 'splitt', did you mean 'split'? Ops are: pack"},
      {"\nacc: zzz", "line 2: 'acc: zzz': no op 'zzz'; ops are: pack interleave round"},
      {"acc split x xo xi 4", "line 1: 'acc split x xo xi 4': expected 'stage: op arguments'"},
      {"acc:", "expected 'stage: op arguments'"},
      {": split", "expected 'stage: op arguments'"},
      {"acc: split x xo xi", "lacks an integer from 1 to 999999999; usage: 'split L N N I T?'"},
      {"acc: split x xo xi 0", "argument 4, '0', is not an integer from 1 to 999999999"},
      {"acc: split x xo xi -4", "argument 4, '-4', is not an integer"},
      {"acc: split x xo xi 4.5", "argument 4, '4.5', is not an integer"},
      {"acc: split x xo xi 1000000000", "argument 4, '1000000000', is not an integer"},
      {"acc: split x xo xi 4 up", "argument 5, 'up', is not a tail: auto round_up"},
      {"acc: split x v0 xi 4", "not v0 or r0, which Halide makes up"},
      {"acc: split x xo r51 4", "argument 3, 'r51', is not a new loop's name"},
      {"acc: split x xo xo 4", "'xo' stands twice"},
      {"acc: fuse x x f", "'x' stands twice"},
      {"acc: reorder c x c", "'c' stands twice"},
      {"acc: reorder", "lacks a loop or axis; usage: 'reorder L+'"},
      {"acc: vectorize x 8 4", "argument 3, '4', is not a tail"},
      {"acc: vectorize x 8 auto 4", "'4' is too much; usage: 'vectorize L I? T?'"},
      {"acc: unroll", "lacks a loop or axis"},
      {"acc: atomic x", "'x' is too much; usage: 'atomic'"},
      {"acc: compute_at out", "lacks a loop or axis; usage: 'compute_at S L'"},
      {"acc: compute_at out.upd x", "argument 1, 'out.upd', is not a stage (NAME, NAME.update"},
      {"acc: store_in cache", "argument 1, 'cache', is not a memory: stack heap register"},
      {"src: pad around y", "argument 1, 'around', is not a form of padding: where exterior"},
      {"src: pad where", "lacks a loop or axis"},
      {"out: act tanh 1", "argument 1, 'tanh', is not an activation: relu relu6 hardswish"},
      {"out: act gelu", "lacks a level"},
      {"out: act gelu 9", "gelu has no form of level 9; its levels are -1 0 1"},
      {"out: act relu 0", "relu has no form of level 0; its levels are -1"},
      {"acc.update: rfactor p", "lacks a loop or axis; usage: 'rfactor F (L N)+'"},
      {"acc.update: rfactor p k u kx", "lacks a new loop's name"},
      {"acc.update: rfactor acc.x k u", "argument 1, 'acc.x', is not a new stage's name"},
      {"w.update: pack c 8", "'pack' rewrites a whole stage, not one of its updates"},
      {"acc.update100: atomic", "'acc.update100' is not a stage"},
      {"a-b: atomic", "'a-b' is not a stage"},
      {"out: compute_root\nw: pack c 8",
       "line 2: 'w: pack c 8': a rewrite stands before the first directive, which is 'out: "
       "compute_root'"},
  };
  for (const auto& c : cases)
    EXPECT_NE(refusal(c.text).find(c.message), std::string::npos) << c.text << "\n"
                                                                  << refusal(c.text);
}

/// Every op with each of its arguments spoiled, one too many, one too few.
TEST(Step, NoSpoiledStepOfTheTableIsAccepted) {
  std::mt19937 random(11);
  int refused = 0;
  const auto expect_refused = [&](const Step& step) {
    const std::string text = to_text(step), message = refusal(text);
    EXPECT_NE(message, "accepted") << text;
    EXPECT_EQ(message.find("line 1: '" + text + "': "), 0u) << message;
    EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    ++refused;
  };
  for (int round = 0; round < 3; ++round)
    for (const StepOp& op : step_ops()) {
      const Step good = random_step(op, random);
      for (std::size_t i = 0; i < good.args.size(); ++i)
        for (const char* junk : {"2x", "\"\"", "a.b.c"}) {
          Step bad = good;
          bad.args[i] = junk;
          expect_refused(bad);
        }
      Step long_one = good;
      long_one.args.insert(long_one.args.end(), 2, "1");
      expect_refused(long_one);
    }
  EXPECT_GE(refused, 200);
}

TEST(Step, RandomDamageIsReadOrRefusedNeverWorse) {
  std::mt19937 random(13);
  Schedule schedule;
  for (const StepOp& op : step_ops()) schedule.push_back(random_step(op, random));
  const std::string text = to_text(schedule);
  for (int i = 0; i < 3000; ++i) {
    std::string damaged = text;
    for (int j = 0; j < 3; ++j) damaged[random() % damaged.size()] = static_cast<char>(random());
    damaged.erase(0, random() % damaged.size());
    refusal_or_none([&] { parse_schedule(damaged); });  // in one line, and as the user's
  }
}

TEST(Step, TheDocumentsListEveryOpAsTheTableHasIt) {
  std::ifstream in(HALCYON_SOURCE_DIR "/schedules/README.md");
  std::string line, rows, table;
  while (std::getline(in, line))
    if (line.starts_with("| `") && line.find(".h`") == line.npos && line.find(".cpp`") == line.npos)
      rows += line + "\n";
  for (const StepOp& op : step_ops()) {
    table +=
        "| `" + std::string(op.word) + (*op.args ? " " : "") + op.args + "` | " + op.help + " |\n";
    EXPECT_EQ(find_step_op(op.word), &op);
  }
  EXPECT_EQ(rows, table);
  EXPECT_EQ(find_step_op("spli"), nullptr);
}

TEST(Step, TooManyStepsAreRefused) {
  std::string text;
  for (int i = 0; i < 5000; ++i) text += "out: unroll x\n";
  EXPECT_EQ(refusal(text), "a schedule has at most 4096 steps, this has 5000");
}

TEST(Step, BuilderLeavesEmptyWordsOut) {
  Steps s;
  s("out", "split", "x", "xo", "xi", 6, "")("out", "reorder", std::vector<std::string>{"xi", "xo"});
  EXPECT_EQ(to_text(s.schedule()), "out: split x xo xi 6\nout: reorder xi xo\n");
}

TEST(Divide, TilesAreFewestBalancedAndCoverTheAxis) {
  for (int extent = 1; extent <= 120; ++extent)
    for (int most = 1; most <= 20; ++most) {
      int next = 0, tiles = 0;
      const auto pieces = divide_evenly(extent, most);
      for (const Piece& p : pieces) {
        EXPECT_EQ(p.start, next);
        EXPECT_EQ(p.length % p.tile, 0);
        EXPECT_LE(p.tile, most);
        EXPECT_GE(p.tile, pieces.front().tile - 1);
        next += p.length;
        tiles += p.length / p.tile;
      }
      EXPECT_EQ(next, extent);
      EXPECT_EQ(tiles, (extent + most - 1) / most);
      EXPECT_LE(pieces.size(), 2u);
    }
  EXPECT_EQ(divide_evenly(49, 6), (std::vector<Piece>{{0, 24, 6}, {24, 25, 5}}));
  EXPECT_EQ(divide_evenly(48, 6), (std::vector<Piece>{{0, 48, 6}}));
}

}  // namespace
}  // namespace halcyon
