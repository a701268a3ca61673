#include "schedules/autoschedulers/import.h"

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>

namespace halcyon {
namespace {

using Words = std::vector<std::string>;

/// Without the number that Halide gives a name that it has met before.
std::string unnumbered(const std::string& name) {
  static const std::regex number("\\$[0-9]+");
  return std::regex_replace(name, number, "");
}
/// "x.xo" -> "xo", "p$x" -> "p", "k$1i" -> "ki".
std::string loop_word(const std::string& loop) {
  const std::string last = unnumbered(loop.substr(loop.rfind('.') + 1));
  return last.substr(0, last.find('$'));
}
/// "acc$3" -> "acc", "acc$3_intm" -> "acc_intm", "in_im" -> "in".
std::string stage_word(const std::string& func) {
  std::string name = unnumbered(func);
  if (name.ends_with("_im")) name.resize(name.size() - 3);
  return name;
}

/// TailStrategy::ShiftInwards -> shift_inwards
std::string enum_word(const std::string& constant) {
  std::string word;
  for (char c : constant.substr(constant.rfind(':') + 1)) {
    if (std::isupper(static_cast<unsigned char>(c)) && !word.empty()) word += '_';
    word += static_cast<char>(std::tolower(c));
  }
  return word;
}

/// Statements without white space but for that after a type, which becomes '@': cut at ';' and at
/// the braces of blocks, not at those of lists.
Words statements_of(const std::string& source) {
  static const std::regex comment("//[^\n]*|#[^\n]*|using namespace[^;]*;"),
      type("\\b(Func|R?Var)\\s+(?=[A-Za-z_])");
  Words statements(1);
  int depth = 0;
  const std::string code = std::regex_replace(source, comment, "");
  for (char c : std::regex_replace(code, type, "$1@")) {
    if (std::isspace(static_cast<unsigned char>(c))) continue;
    depth += (c == '(') - (c == ')');
    if (depth == 0 && (c == ';' || c == '{' || c == '}'))
      statements.emplace_back();
    else
      statements.back() += c;
  }
  std::erase(statements, "");
  return statements;
}

/// "{x,y},4" -> x y 4: lists need no brackets, for each op has at most one.
Words arguments_of(const std::string& text) {
  Words words(1);
  for (char c : text) {
    if (c == ',')
      words.emplace_back();
    else if (c != '{' && c != '}')
      words.back() += c;
  }
  std::erase(words, "");
  return words;
}

class Importer {
 public:
  explicit Importer(const PipelineNames& names) : names_(names) {}

  Schedule operator()(const std::string& source) {
    for (const std::string& text : statements_of(source)) {
      text_ = text;
      if (!declaration(text)) directives(text);
    }
    return std::move(schedule_);
  }

 private:
  [[noreturn]] void refuse(const std::string& why) const {
    throw usage_error("an autoscheduler's '" + text_ + "': " + why);
  }

  const std::string& indexed(const Words& words, const std::string& index) const {
    if (index.size() > 6 || std::stoul(index) >= words.size())
      refuse("there is no number " + index);
    return words[std::stoul(index)];
  }
  const Words& words_of(const std::map<std::string, Words>& map, const std::string& stage) const {
    const auto found = map.find(stage);
    if (found == map.end()) refuse("no stage '" + stage + "'");
    return found->second;
  }

  std::string stage(const std::string& id) const {
    const auto found = stages_.find(id);
    return found == stages_.end() ? stage_word(id) : found->second;
  }
  static std::string with_update(const std::string& stage, const std::string& index) {
    return stage + ".update" + (index == "0" ? "" : index);
  }
  std::string loop(const std::string& id) const {
    const auto declared = loops_.find(id);
    return declared == loops_.end() ? loop_word(id) : declared->second;
  }

  /// A name for a declared object; it makes no step.
  bool declaration(const std::string& s) {
    static const std::regex func(R"(Func@([\w$]+)=\w+\.get_func\((\d+)\))"),
        fresh(R"re(R?Var@([\w$]+)(?:\("([\w$.]*)"\))?)re"),
        axis(R"(Var@([\w$]+)=([\w$]+)\.args\(\)\[(\d+)\])"),
        axis_call(
            R"(Var@([\w$]+)\(([\w$]+)\.(?:get_schedule\(\)\.)?args\(\)\[(\d+)\](?:\.name\(\))?\))"),
        dim(R"(R?Var@([\w$]+)\(([\w$]+)(?:\.update\((\d*)\))?\.get_schedule\(\)\.(dims|rvars)\(\)\[(\d+)\]\.var\))");
    std::smatch m;
    if (std::regex_match(s, m, func)) {
      stages_[m[1]] = indexed(names_.stages, m[2]);
    } else if (std::regex_match(s, m, fresh)) {
      loops_[m[1]] = loop_word(m[2].length() ? m[2] : m[1]);
    } else if (std::regex_match(s, m, axis) || std::regex_match(s, m, axis_call)) {
      loops_[m[1]] = indexed(words_of(names_.args, stage(m[2])), m[3]);
    } else if (std::regex_match(s, m, dim)) {
      const std::string update = m[3].length() ? m[3].str() : "0";
      const std::string of = m[3].matched ? with_update(stage(m[2]), update) : stage(m[2]);
      loops_[m[1]] = indexed(words_of(m[4] == "dims" ? names_.dims : names_.rvars, of), m[5]);
    } else {
      return false;
    }
    return true;
  }

  /// "[Func@new=]f[.update(i)].op(args).op(args)...": steps. Li2018 leaves out the ';' after an
  /// rfactor: then another such statement follows. Of a small update it prints the name alone.
  void directives(const std::string& s) {
    static const std::regex head(
        R"((?:(?:Func@)?([\w$]+)=)?([\w$]+)(?:\.update\((\d*)\)(?=\.|$)|(?=\.)))");
    std::smatch m;
    for (auto at = s.cbegin(); at != s.cend();) {
      if (!std::regex_search(at, s.cend(), m, head, std::regex_constants::match_continuous))
        refuse("it is not known");
      std::string of = stage(m[2]);
      if (m[3].matched) of = with_update(of, m[3].length() ? m[3].str() : "0");
      const std::string made = m[1].matched ? stage_word(m[1]) : "";
      if (m[1].matched) stages_[m[1]] = made;
      at = m[0].second;
      while (at != s.cend() && *at == '.') at = call(at, s.cend(), of, made);
    }
  }

  /// One ".op(args)"; returns where it ends. What follows an rfactor is about its new stage.
  std::string::const_iterator call(std::string::const_iterator at, std::string::const_iterator end,
                                   std::string& of, const std::string& made) {
    const auto open = std::find(at, end, '(');
    auto close = open;
    for (int depth = 0; close != end; ++close)
      if ((depth += (*close == '(') - (*close == ')')) == 0) break;
    if (close == end) refuse("it is cut short");
    Step step{of, std::string(at + 1, open), {}, 0};
    if (step.op == "unscheduled") return close + 1;  // Mullapudi2016, of a stage it leaves as it is
    const Words words = arguments_of(std::string(open + 1, close));
    for (std::size_t i = 0; i < words.size(); i++) step.args.push_back(argument(step, words[i], i));
    if (step.op == "rfactor") {
      step.args.insert(step.args.begin(), made);
      of = made;
    }
    schedule_.push_back(std::move(step));
    return close + 1;
  }

  std::string argument(const Step& step, const std::string& word, std::size_t i) const {
    if (i == 0 && (step.op == "compute_at" || step.op == "store_at")) return stage(word);
    // MemoryType::Stack; TailStrategy::RoundUp, in Li2018 only RoundUp. Loops start in lower case.
    if (std::isupper(static_cast<unsigned char>(word[0]))) return enum_word(word);
    return std::isdigit(static_cast<unsigned char>(word[0])) ? word : loop(word);
  }

  const PipelineNames& names_;
  std::map<std::string, std::string> stages_, loops_;
  std::string text_;
  Schedule schedule_;
};

/// Gives loops that Halide made up names for others; such a name stands for one loop only.
class Renamer {
 public:
  void operator()(Step& step) {
    Words& args = step.args;
    for (std::string& word : args)
      if (const auto found = better_.find(word); found != better_.end()) word = found->second;
    if (step.op == "split" && args.size() >= 3) {
      name_after(args[0], "o", step.stage, args[1]);
      name_after(args[0], "i", step.stage, args[2]);
    } else if (step.op == "rfactor") {
      for (std::size_t i = 2; i < args.size(); i += 2)
        name_after(args[i - 1], "u", args[0], args[i]);
    }
  }

 private:
  void name_after(const std::string& parent, const char* suffix, const std::string& stage,
                  std::string& name) {
    static const std::regex made_up("[vr][0-9]+");
    if (!std::regex_match(name, made_up)) return;
    std::string better = parent + suffix;
    for (int n = 2; !taken_[stage].insert(better).second; n++)
      better = parent + suffix + std::to_string(n);
    better_[name] = better;
    name = better;
  }

  std::map<std::string, std::string> better_;
  std::map<std::string, std::set<std::string>> taken_;  // by stage
};

}  // namespace

Schedule import_schedule(const std::string& source, const PipelineNames& names) {
  Schedule schedule = Importer(names)(source);
  Renamer rename;
  for (Step& step : schedule) rename(step);
  check_schedule(schedule);
  return schedule;
}

}  // namespace halcyon
