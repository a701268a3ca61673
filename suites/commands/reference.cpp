#include "suites/commands/reference.h"

namespace halcyon {
namespace {

std::string code(const std::string& text) { return text.empty() ? "" : "`" + text + "`"; }

/// A bar would end a cell of a table.
std::string cell(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '|' ? "\\|" : std::string(1, c);
  return out;
}

/// "`--target`, `-t`"; of a positional its name.
std::string names_of(const CLI::Option& o) {
  if (o.get_positional()) return code(o.get_name(true));
  std::string names;
  const auto add = [&](const std::string& name) {
    names += (names.empty() ? "" : ", ") + code(name);
  };
  for (const std::string& name : o.get_lnames()) add("--" + name);
  for (const std::string& name : o.get_snames()) add("-" + name);
  return names;
}

/// "TEXT", "1..1024 ..."; nothing of a flag.
std::string value_of(const CLI::Option& o) {
  if (o.get_type_size() == 0) return "";
  const bool many = o.get_expected_max() == CLI::detail::expected_max_vector_size;
  return code(o.get_type_name() + (many ? " ..." : ""));
}

std::string help_of(const CLI::Option& o) {
  std::string text = cell(o.get_description());
  for (const CLI::Option* other : o.get_excludes()) text += "; not with " + names_of(*other);
  return text + (o.get_required() ? "; required" : "");
}

std::string rows_of(const CLI::App& command) {
  std::string rows;
  for (const CLI::Option* o : command.get_options())
    if (o != command.get_help_ptr())
      rows += "| " + names_of(*o) + " | " + value_of(*o) + " | " + code(o->get_default_str()) +
              " | " + help_of(*o) + " |\n";
  return rows;
}

}  // namespace

std::string reference_text(const CLI::App& app) {
  std::string text;
  for (const CLI::App* command : app.get_subcommands({}))
    text += "### `" + app.get_name() + " " + command->get_name() + "`\n\n" +
            command->get_description() + "\n\n| option | takes | by default | what it does |\n" +
            "|---|---|---|---|\n" + rows_of(*command) + "\n";
  return text;
}

}  // namespace halcyon
