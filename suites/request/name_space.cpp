#include "suites/request/name_space.h"

#include <algorithm>
#include <regex>

#include "kernels/error.h"
#include "kernels/problem/op_field.h"
#include "kernels/strict_json.h"
#include "schedules/targets/target.h"

namespace halcyon {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A JSON file says by its keys what it is.
NamedWord file_at(const std::string& path) {
  if (path.ends_with(".onnx")) return {path, Named::network};
  const nlohmann::json keys = read_json_file(path, Exit::usage);
  const auto has = [&](const char* key) { return keys.is_object() && keys.contains(key); };
  if (has("network")) return {path, Named::network};
  if (has("suite")) return {path, Named::suite};
  if (has("halide")) return {path, Named::target, target_of_file(keys, path)};
  throw usage_error(path +
                    ": has neither of the keys 'suite' and 'network', of which a file that " +
                    "can be run has one");
}

[[noreturn]] void refuse_name(const std::string& what, const std::vector<std::string>& suites,
                              const std::vector<std::string>& networks) {
  if (is_shape(what)) throw usage_error(without_quotes(what));
  std::vector<std::string> known = suites;
  known.insert(known.end(), networks.begin(), networks.end());
  throw usage_error("no suite or network " + with_guess(what, known) + "; there are the suites " +
                    joined(suites) + " and the networks " + joined(networks));
}

}  // namespace

bool is_shape(const std::string& word) {
  static const std::regex shape("([a-z0-9]+ +)?[0-9]+(x[0-9]+){3} *");
  return std::regex_match(word, shape);
}

std::string without_quotes(const std::string& shape) {
  return "'" + shape + "' is the shape of an input, and no op is behind it: a problem stands in " +
         "quotes, as in \"" + shape + " | dw 3x3\"";
}

NamedWord what_is_shown(const std::string& what, const Folders& folders) {
  if (what.find('|') != what.npos) return {what, Named::problem};
  if (names_file(what)) return file_at(what);
  if (contains(target_names(folders.targets), what))
    return {what, Named::target, find_target(what, folders.targets)};
  return what_is(what, folders);
}

NamedWord what_is(const std::string& what, const Folders& folders) {
  if (what.find('|') != what.npos) return {what, Named::problem};
  if (names_file(what)) {
    NamedWord file = file_at(what);
    if (file.named == Named::target)
      throw usage_error(what + ": is a target, which --target takes; allowed here: problems, " +
                        "suites, networks");
    return file;
  }
  const std::vector<std::string> suites = names_of_json_files(folders.suites);
  const std::vector<std::string> networks = names_of_json_files(folders.networks);
  const bool suite = contains(suites, what), network = contains(networks, what);
  if (suite && network)
    throw usage_error("'" + what + "' names both " + folders.suites + "/" + what + ".json and " +
                      folders.networks + "/" + what + ".json; allowed: one of them");
  if (!suite && !network) refuse_name(what, suites, networks);
  return {what, suite ? Named::suite : Named::network};
}

}  // namespace halcyon
