#include "suites/take_home/c_name.h"

#include <dlfcn.h>

#include <algorithm>
#include <cctype>
#include <regex>
#include <set>
#include <sstream>

namespace halcyon {
namespace {

/// Of C23 and C++20: a header is for both. Then what common headers and gcc define as macros in
/// small letters.
constexpr const char* kWords =
    "alignas alignof and and_eq asm auto bitand bitor bool break case catch char char8_t char16_t "
    "char32_t class co_await co_return co_yield compl concept const const_cast consteval constexpr "
    "constinit continue decltype default delete do double dynamic_cast else enum explicit export "
    "extern false float for friend goto if inline int long mutable namespace new noexcept not "
    "not_eq nullptr operator or or_eq private protected public register reinterpret_cast requires "
    "restrict return short signed sizeof static static_assert static_cast struct switch template "
    "this thread_local throw true try typedef typeid typename typeof typeof_unqual union unsigned "
    "using virtual void volatile wchar_t while xor xor_eq "
    "alloca assert complex errno fpclassify imaginary isfinite isgreater isgreaterequal isinf "
    "isless islessequal islessgreater isnan isnormal isunordered linux noreturn offsetof signbit "
    "unix va_arg va_copy va_end va_start";

bool is_letter(char c) { return std::isalpha(static_cast<unsigned char>(c)) || c == '_'; }
bool is_of_a_name(char c) { return is_letter(c) || std::isdigit(static_cast<unsigned char>(c)); }

bool is_identifier(const std::string& name) {
  const bool ascii =
      std::all_of(name.begin(), name.end(), [](char c) { return c > 0 && is_of_a_name(c); });
  constexpr std::size_t kLongest = 128;
  return ascii && !name.empty() && name.size() <= kLongest && is_letter(name.front());
}

/// Identifiers of C sources: what stands in comments, strings and file names is none.
std::set<std::string> identifiers_of(const std::string& text) {
  static const std::regex other(R"re(/\*[^]*?\*/|"(\\.|[^"\\\n])*"|#include[^\n]*)re");
  const std::string code = std::regex_replace(text, other, " ");
  std::set<std::string> all;
  for (std::size_t begin = 0; begin < code.size(); ++begin) {
    std::size_t end = begin;
    while (end < code.size() && is_of_a_name(code[end])) ++end;
    if (end > begin) all.insert(code.substr(begin, end - begin));
    begin = end;
  }
  return all;
}

/// Whether the C library or that of its mathematics defines it.
bool is_in_library(const std::string& name) {
  for (const char* library : {"libc.so.6", "libm.so.6"})
    if (void* handle = dlopen(library, RTLD_LAZY)) {
      const bool found = dlsym(handle, name.c_str()) != nullptr;
      dlclose(handle);
      if (found) return true;
    }
  return false;
}

}  // namespace

std::string why_no_c_name(const std::string& name, const std::string& text) {
  if (!is_identifier(name)) return "allowed are letters, digits and _, a letter first";
  std::istringstream words(kWords);
  for (std::string word; words >> word;)
    if (name == word) return "it is a word of C or C++";
  if (name.front() == '_' || name.find("__") != name.npos || name.ends_with("_t"))
    return "names that begin with _, hold __ or end in _t are reserved for the system";
  if (std::none_of(name.begin(), name.end(), [](unsigned char c) { return std::islower(c); }))
    return "names in capitals are those of macros; allowed is one with a small letter";
  if (name.starts_with("halide_")) return "names that begin with halide_ are those of its runtime";
  if (is_in_library(name)) return "the C library has a function of that name";
  if (identifiers_of(text).count(name)) return "the sources beside the kernel use it";
  return "";
}

}  // namespace halcyon
