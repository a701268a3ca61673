#include "suites/onnx/reading/names.h"

namespace halcyon {

std::string safe_name(const std::string& name) {
  constexpr std::size_t kMostLetters = 128;
  std::string out;
  for (const char c : name.substr(0, kMostLetters)) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       c == '.' || c == '_' || c == '-';
    if (c == '/' && out.empty()) continue;  // PyTorch's "/features/0/Conv"
    out += plain ? c : c == '/' ? '.' : '_';
  }
  return out;
}

std::string safe_text(const std::string& text) {
  constexpr std::size_t kMostLetters = 256;
  std::string out = text.substr(0, kMostLetters);
  for (char& c : out)
    if (c < ' ' || c > '~') c = '_';
  return out;
}

}  // namespace halcyon
