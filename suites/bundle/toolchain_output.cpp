#include "suites/bundle/toolchain_output.h"

#include "schedules/fence/output_lines.h"

namespace halcyon {
namespace {

struct Lack {
  const char *words, *what;
};
/// As the tools of GCC and LLVM put it.
constexpr Lack kLacks[] = {{"No space left on device", "no space left on device"},
                           {"signal 7 [Bus error]", "no space left on device"},  // of a mapped file
                           {"Disk quota exceeded", "disk quota exceeded"},
                           {"Read-only file system", "read-only file system"},
                           {"Permission denied", "permission denied"},
                           {"Cannot allocate memory", "out of memory"},
                           {"out of memory", "out of memory"},
                           {"memory exhausted", "out of memory"},
                           {"bad_alloc", "out of memory"},
                           {"signal 9 [Killed]", "out of memory"}};
constexpr const char* kReasons[] = {
    "error:",           "Error:", "undefined reference", "cannot find", "multiple definition",
    "final link failed"};
constexpr const char* kNoReasons[] = {"warning:",    "note:",     "in function",
                                      "In function", "collect2:", "compilation terminated"};

template <class Words>
bool has_any(const std::string& line, const Words& words) {
  for (const char* word : words)
    if (line.find(word) != line.npos) return true;
  return false;
}

const Lack* lack_of(const std::string& line) {
  for (const Lack& lack : kLacks)
    if (line.find(lack.words) != line.npos) return &lack;
  return nullptr;
}

}  // namespace

std::string lack_in(const std::string& output) {
  for (const std::string& line : lines_of(output))
    if (const Lack* lack = lack_of(line)) return lack->what;
  return "";
}

std::string complaint_in(const std::string& output) {
  const auto lines = lines_of(output);
  for (const std::string& line : lines)
    if (lack_of(line)) return line;
  for (const std::string& line : lines)
    if (has_any(line, kReasons) && !has_any(line, kNoReasons)) return line;
  for (auto line = lines.rbegin(); line != lines.rend(); ++line)
    if (!has_any(*line, kNoReasons)) return *line;
  return lines.empty() ? "it said nothing" : lines.back();
}

}  // namespace halcyon
