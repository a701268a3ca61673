#pragma once
#include <CLI/CLI.hpp>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>

namespace halcyon {

/// What a number that a person gives with an option may be: "1 to 1024". One table for all of them.
std::string range_of(const std::string& option);

/// The number that the whole of `text` is. Error (exit 2) with what is allowed for one outside of
/// the option's range, for what is no number, and for one with anything before or behind it.
std::uint64_t whole_number(const std::string& option, const std::string& text);
double real_number(const std::string& option, const std::string& text);

/// Adds an option that holds one number; `names` as CLI11 has them, the long one first.
CLI::Option* add_number_option(CLI::App&, const std::string& names, const std::string& help,
                               const std::function<void(const std::string&)>& take);

template <std::integral T>
CLI::Option* add_number(CLI::App& command, const std::string& names, T& value,
                        const std::string& help) {
  const std::string option = names.substr(0, names.find(','));
  return add_number_option(command, names, help, [&value, option](const std::string& text) {
    value = static_cast<T>(whole_number(option, text));
  });
}
inline CLI::Option* add_number(CLI::App& command, const std::string& names,
                               std::optional<double>& value, const std::string& help) {
  return add_number_option(command, names, help, [&value, names](const std::string& text) {
    value = real_number(names, text);
  });
}

}  // namespace halcyon
