#include "schedules/compile/hot_loop.h"

#include <map>
#include <sstream>
#include <string_view>
#include <tuple>

namespace halcyon {
namespace {

bool has(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

/// The name that follows `words` in a comment: "BB0_3" of "in Loop: Header=BB0_3 Depth=3".
std::string name_after(std::string_view line, std::string_view words) {
  const auto begin = line.find(words);
  if (begin == line.npos) return "";
  const auto name = line.substr(begin + words.size());
  return std::string(name.substr(0, name.find_first_of(" \t:")));
}

/// Of a line's code and its comment, which begins with # (x86) or // (aarch64).
std::string_view code_of(std::string_view line) {
  // '#' begins an immediate on aarch64: there "#16"; a comment has a blank behind it.
  for (std::size_t i = 0; i < line.size(); i++)
    if ((line[i] == '#' && (i + 1 == line.size() || line[i + 1] == ' ')) ||
        line.substr(i).starts_with("//"))
      return line.substr(0, i);
  return line;
}

std::string_view trimmed(std::string_view s) {
  const auto begin = s.find_first_not_of(" \t");
  if (begin == s.npos) return "";
  return s.substr(begin, s.find_last_not_of(" \t") - begin + 1);
}

int register_bits(std::string_view code) {
  if (has(code, "%zmm")) return 512;
  if (has(code, "%ymm")) return 256;
  if (has(code, "%xmm")) return 128;
  for (std::size_t i = 0; i + 1 < code.size(); i++) {  // v16.4s, or q16 of a load
    const bool begins = i == 0 || code[i - 1] == ' ' || code[i - 1] == '\t' || code[i - 1] == ',' ||
                        code[i - 1] == '{';
    if (begins && (code[i] == 'v' || code[i] == 'q') && code[i + 1] >= '0' && code[i + 1] <= '9')
      return 128;
  }
  return 0;
}

bool is_fma(std::string_view op, std::string_view code) {
  if (op.starts_with("vfmadd") || op.starts_with("vfnmadd")) return op.ends_with("ps");
  if (op == "vpdpbusd" || op == "vpdpwssd" || op == "vdpbf16ps" || op == "vpmaddwd") return true;
  if (op == "sdot" || op == "udot") return true;
  return (op == "fmla" || op == "fmls") && (has(code, ".4s") || has(code, ".8h"));
}

bool is_load(std::string_view op, std::string_view code) {
  if (op.starts_with("ld")) return true;
  const auto open = code.find('(');
  if (open == code.npos || op.starts_with("lea") || op.starts_with("prefetch")) return false;
  // AT&T: the destination comes last; a store has its memory operand there.
  return code.find(',', code.find(')')) != code.npos;
}

/// AT&T: the destination comes last.
bool stores_to_stack(std::string_view op, std::string_view code) {
  if (op == "str" || op == "stp" || op == "stur") return has(code, "[sp");
  return op.starts_with("vmov") && (code.ends_with("(%rsp)") || code.ends_with("(%rbp)"));
}

void add(HotLoop& loop, std::string_view code) {
  const auto op = code.substr(0, code.find_first_of(" \t"));
  const int bits = register_bits(code);
  loop.instructions++;
  loop.vector += bits > 0;
  loop.register_bits = std::max(loop.register_bits, bits);
  loop.loads += is_load(op, code);
  loop.spilled += bits > 0 && stores_to_stack(op, code);
  loop.stack_refs += has(code, "(%rsp") || has(code, "(%rbp") || has(code, "[sp");
  if (!is_fma(op, code)) return;
  loop.fma++;
  loop.by_element |= has(code, ".s[");
}

}  // namespace

HotLoop hot_loop_of(const std::string& assembly) {
  std::map<std::string, HotLoop> loops;
  std::map<std::string, bool> innermost;
  std::string label, loop;  // of the block that is read
  std::istringstream lines(assembly);
  for (std::string line; std::getline(lines, line);) {
    const bool is_label = line.starts_with(".LBB");
    if (is_label || has(line, "%bb.")) loop.clear();
    if (is_label) label = line.substr(2, line.find(':') - 2);  // BB0_3
    if (has(line, "This Inner Loop Header")) loop = label, innermost[label] = true;
    if (const auto header = name_after(line, "in Loop: Header="); !header.empty()) loop = header;
    const std::string_view code = trimmed(code_of(line));
    if (code.empty() || code.front() == '.' || code.back() == ':') continue;
    if (!loop.empty()) add(loops[loop], code);
  }
  const auto rank = [](const HotLoop& l) {
    return std::tuple(l.fma > 0 && 2 * l.fma >= l.vector, l.fma, l.vector);
  };
  HotLoop hottest;
  for (const auto& [name, found] : loops)
    if (innermost.count(name) && rank(found) > rank(hottest)) hottest = found;
  return hottest;
}

}  // namespace halcyon
