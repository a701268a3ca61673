#include "suites/runs/run.h"

#include <filesystem>
#include <optional>

#include "kernels/error.h"
#include "kernels/interrupt.h"
#include "results/figures/peer_means.h"
#include "suites/networks/network.h"
#include "suites/networks/published.h"
#include "suites/runs/case_run.h"
#include "suites/runs/check_memory.h"
#include "suites/runs/network_run.h"

namespace halcyon {
namespace {

namespace fs = std::filesystem;

/// What a request names, told apart; each network that is needed twice is planned once.
struct ToRun {
  std::vector<Suite> suites;
  std::vector<NetworkToRun> networks;
};
ToRun what_to_run(const RunPlan& asked) {
  const Request& request = asked.request;
  ToRun all;
  for (const NamedWord& what : asked.what) {
    if (what.named != Named::network) {
      all.suites.push_back(suite_named(what, asked));
      continue;
    }
    for (const std::optional<DType> dtype : dtypes_of_networks(request)) {
      NetworkToRun& network = all.networks.emplace_back(NetworkToRun{what.word, {}, dtype});
      if (request.layers) {
        network.planned = planned_network(what.word, asked, dtype);
        refuse_too_large(what.word, check_bytes(network.planned->graph));
        all.suites.push_back(suite_of(network.planned->plan));
      } else {  // planned in its turn, for weights take room; a file that is wrong shows now
        refuse_too_large(what.word, check_bytes(find_network(what.word, request.folders.networks,
                                                             request.network)));
      }
    }
  }
  if (request.layers && all.networks.empty())
    throw usage_error("--layers and --explain are of a network, and none is asked for");
  return all;
}

/// --bundle keeps one program of all cases, and one of each network.
std::optional<KeptBundles> kept_bundles(const Request& request, const ToRun& all) {
  if (request.bundle.empty()) return std::nullopt;
  const std::string place = "--bundle '" + request.bundle + "': ";
  if (request.sweep != Sweep::start)
    throw usage_error(place + "holds one schedule of each case; --sweep tries many");
  const auto whole = [](const std::string& path) {
    return (fs::weakly_canonical(fs::absolute(path)) / "").string();
  };
  if (!request.out.empty() && whole(request.out).starts_with(whole(request.bundle)))
    throw usage_error(place + "is replaced as a whole; -o names another folder, outside of it");
  const bool cases = !all.suites.empty();
  return std::make_optional<KeptBundles>(request.bundle, request.command,
                                         static_cast<int>(all.networks.size()) + cases);
}

}  // namespace

Document run(Verb verb, const RunPlan& asked, Progress& progress, std::optional<Error>* failed) {
  const Request& request = asked.request;
  ToRun all = what_to_run(asked);
  std::vector<NamedCase> cases;
  std::vector<std::string> left_out;
  if (!all.suites.empty()) cases = cases_of(asked, all.suites, &left_out);
  for (const std::string& why : left_out) progress.say("left out: " + why);
  for (const NamedCase& c : cases)
    refuse_too_large("'" + c.of.problem.text() + "'", check_bytes(c.of.problem));
  std::optional<KeptBundles> bundles = kept_bundles(request, all);
  OpenDocument out(request, progress, bundles ? &*bundles : nullptr);
  const bool networks = !all.networks.empty();
  try {
    if (!cases.empty()) run_cases(verb, asked, cases, out, progress);
    if (networks) run_networks(verb, std::move(all.networks), asked, out, progress);
    if (bundles) bundles->finish(asked.target, progress);
  } catch (const Interrupted&) {
    if (!out.is_begun()) throw;
    if (bundles) progress.say("interrupted: no bundle is left in " + request.bundle);
  } catch (const Error& e) {
    if (!out.is_begun() || !failed || e.code == Exit::usage) throw;
    *failed = e;
  }
  const auto beside = cases_with_peers(out.document().records);
  if (!beside.empty()) out.document().peer_means = peer_means(beside);
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
