#include "suites/name_space.h"

#include <algorithm>

#include "kernels/error.h"
#include "kernels/op_field.h"
#include "suites/suite.h"

namespace halcyon {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Named what_is(const std::string& what, const Folders& folders) {
  if (what.find('|') != what.npos) return Named::problem;
  if (names_file(what)) return is_network(what, folders.networks) ? Named::network : Named::suite;

  const std::vector<std::string> suites = suite_names(folders.suites);
  const std::vector<std::string> networks = network_names(folders.networks);
  const bool suite = contains(suites, what), network = contains(networks, what);
  if (suite && network)
    throw usage_error("'" + what + "' names both " + folders.suites + "/" + what + ".json and " +
                      folders.networks + "/" + what + ".json; allowed: one of them");
  if (suite || network) return suite ? Named::suite : Named::network;
  std::vector<std::string> known = suites;
  known.insert(known.end(), networks.begin(), networks.end());
  throw usage_error("no suite or network " + with_guess(what, known) + "; there are the suites " +
                    joined(suites) + " and the networks " + joined(networks));
}

}  // namespace halcyon
