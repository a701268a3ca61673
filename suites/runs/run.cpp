#include "suites/runs/run.h"

#include <filesystem>
#include <optional>
#include <set>

#include "kernels/error.h"
#include "kernels/interrupt.h"
#include "suites/networks/published.h"
#include "suites/request/name_space.h"
#include "suites/runs/case_run.h"
#include "suites/runs/check_memory.h"
#include "suites/runs/network_run.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

/// What a request names, told apart; each network that is needed twice is planned once.
struct Asked {
  std::vector<Suite> suites;
  std::vector<NetworkToRun> networks;
};
Asked asked_for(const Request& request) {
  Asked asked;
  std::set<std::string> seen;
  for (const std::string& what : request.what) {
    if (!seen.insert(what).second) throw usage_error("'" + what + "' is asked for twice");
    if (what_is(what, request.folders) != Named::network) {
      asked.suites.push_back(suite_named(what, request));
      continue;
    }
    NetworkToRun& network = asked.networks.emplace_back(NetworkToRun{what, {}});
    if (request.layers) {
      network.planned = planned_network(what, request);
      refuse_too_large(what, check_bytes(network.planned->graph));
      asked.suites.push_back(suite_of(network.planned->plan));
    } else {  // planned in its turn, for weights take room; a file that is wrong shows now
      refuse_too_large(what,
                       check_bytes(find_network(what, request.folders.networks, request.network)));
    }
  }
  if (request.layers && asked.networks.empty())
    throw usage_error("--layers and --explain are of a network, and none is asked for");
  return asked;
}

/// --bundle keeps one program of all cases, and one of each network.
std::optional<KeptBundles> kept_bundles(const Request& request, const Asked& asked) {
  if (request.bundle.empty()) return std::nullopt;
  const std::string place = "--bundle '" + request.bundle + "': ";
  if (request.sweep != Sweep::start)
    throw usage_error(place + "holds one schedule of each case; --sweep tries many");
  const auto whole = [](const std::string& path) {
    return (fs::weakly_canonical(fs::absolute(path)) / "").string();
  };
  if (!request.out.empty() && whole(request.out).starts_with(whole(request.bundle)))
    throw usage_error(place + "is replaced as a whole; -o names another folder, outside of it");
  const bool cases = !asked.suites.empty();
  return std::make_optional<KeptBundles>(request.bundle, request.command,
                                         static_cast<int>(asked.networks.size()) + cases);
}

}  // namespace

Document run(Verb verb, const Request& request, Progress& progress, std::optional<Error>* failed) {
  Asked asked = asked_for(request);
  const Target target = find_target(request.target, request.folders.targets);
  std::vector<NamedCase> cases;
  if (!asked.suites.empty()) cases = cases_of(request, target, asked.suites);
  for (const NamedCase& c : cases)
    refuse_too_large("'" + c.of.problem.text() + "'", check_bytes(c.of.problem));
  std::optional<KeptBundles> bundles = kept_bundles(request, asked);
  OpenDocument out(request, progress, bundles ? &*bundles : nullptr);
  const bool networks = !asked.networks.empty();
  try {
    if (!cases.empty()) run_cases(verb, request, cases, out, progress);
    if (networks) run_networks(verb, std::move(asked.networks), request, out, progress);
    if (bundles) bundles->finish(target_of(request), progress);
  } catch (const Interrupted&) {
    if (!out.is_begun()) throw;
    if (bundles) progress.say("interrupted: no bundle is left in " + request.bundle);
  } catch (const Error& e) {
    if (!out.is_begun() || !failed || e.code == Exit::usage) throw;
    *failed = e;
  }
  if (networks)
    out.document().published = read_published(request.folders.root + "/suites/published.json");
  return out.close(!failed || !*failed);
}

Exit exit_of(const Document& document) {
  Exit exit = Exit::ok;
  for (const auto& r : document.records) {
    if (is_failure(r.outcome)) return Exit::check_failed;
    if (r.outcome != Outcome::ok) exit = Exit::partial;
  }
  for (const NetworkRecord& n : document.networks) {
    if (is_failure(n.outcome)) return Exit::check_failed;
    if (n.outcome != Outcome::ok) exit = Exit::partial;
  }
  return exit;
}

}  // namespace halcyon
