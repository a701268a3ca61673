#include "suites/request/name_space.h"

#include <algorithm>
#include <regex>

#include "kernels/error.h"
#include "kernels/problem/op_field.h"
#include "kernels/strict_json.h"
#include "schedules/targets/target.h"
#include "suites/cases/suite.h"

namespace halcyon {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// A JSON file says by its keys what it is.
Named kind_of_file(const std::string& path, const Folders& folders) {
  if (is_network(path, folders.networks)) return Named::network;
  const nlohmann::json keys = read_json_file(path, Exit::usage);
  const auto has = [&](const char* key) { return keys.is_object() && keys.contains(key); };
  if (has("suite")) return Named::suite;
  if (has("halide")) return Named::target;
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

Named what_is_shown(const std::string& what, const Folders& folders) {
  if (what.find('|') != what.npos) return Named::problem;
  if (names_file(what)) return kind_of_file(what, folders);
  if (contains(target_names(folders.targets), what)) return Named::target;
  return what_is(what, folders);
}

Named what_is(const std::string& what, const Folders& folders) {
  if (what.find('|') != what.npos) return Named::problem;
  if (names_file(what)) {
    const Named named = kind_of_file(what, folders);
    if (named == Named::target)
      throw usage_error(what + ": is a target, which --target takes; allowed here: problems, " +
                        "suites, networks");
    return named;
  }
  const std::vector<std::string> suites = suite_names(folders.suites);
  const std::vector<std::string> networks = network_names(folders.networks);
  const bool suite = contains(suites, what), network = contains(networks, what);
  if (suite && network)
    throw usage_error("'" + what + "' names both " + folders.suites + "/" + what + ".json and " +
                      folders.networks + "/" + what + ".json; allowed: one of them");
  if (!suite && !network) refuse_name(what, suites, networks);
  return suite ? Named::suite : Named::network;
}

}  // namespace halcyon
