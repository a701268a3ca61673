#pragma once
#include <functional>
#include <string>

namespace halcyon {

/// The regular expression of --filter.
class Filter {
 public:
  Filter() = default;  // takes everything
  /// Error (exit 2) where it is no regular expression.
  explicit Filter(const std::string& expression);
  /// Whether it matches anywhere in the text.
  bool takes(const std::string& text) const { return !matches_ || matches_(text); }

 private:
  std::function<bool(const std::string&)> matches_;
};

}  // namespace halcyon
