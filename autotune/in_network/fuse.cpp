#include "autotune/in_network/fuse.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "kernels/strict_json.h"
#include "schedules/compile/sha256.h"
#include "schedules/fence/child.h"
#include "schedules/tuned/tuned.h"
#include "suites/networks/planned_network.h"

namespace halcyon {
namespace {

using nlohmann::json;

constexpr const char* kKind = "in-network-chain";
using Nodes = std::set<std::string>;

bool touches(const PlanCall& call, const Nodes& nodes) {
  return std::any_of(call.nodes.begin(), call.nodes.end(),
                     [&](const std::string& node) { return nodes.count(node) > 0; });
}

std::set<std::size_t> calls_of(const Plan& plan, const Nodes& nodes) {
  std::set<std::size_t> calls;
  for (std::size_t i = 0; i < plan.calls.size(); i++)
    if (touches(plan.calls[i], nodes)) calls.insert(i);
  return calls;
}

/// All nodes that calls of either plan compute together with some of `nodes`.
Nodes covered(Nodes nodes, const Plan& a, const Plan& b) {
  for (std::size_t before = 0; before != nodes.size();) {
    before = nodes.size();
    for (const Plan* plan : {&a, &b})
      for (const std::size_t i : calls_of(*plan, nodes))
        nodes.insert(plan->calls[i].nodes.begin(), plan->calls[i].nodes.end());
  }
  return nodes;
}

/// The nodes of a problem's calls in `fused`, and of the calls behind them in both plans: what one
/// plan's calls compute of them is what the other's do.
Nodes nodes_around(const std::string& problem, const Plan& fused, const Plan& apart) {
  Nodes nodes;
  for (const PlanCall& call : fused.calls)
    if (call.problem.text() == problem) nodes.insert(call.nodes.begin(), call.nodes.end());
  nodes = covered(nodes, fused, apart);
  Nodes behind = nodes;
  for (const Plan* plan : {&fused, &apart})
    for (const std::size_t i : calls_of(*plan, nodes))
      if (i + 1 < plan->calls.size())
        behind.insert(plan->calls[i + 1].nodes.begin(), plan->calls[i + 1].nodes.end());
  return covered(behind, fused, apart);
}

CutChoice with(CutChoice cut, const std::string& chain, bool fused) {
  std::erase(cut.fused, chain);
  if (fused) cut.fused.insert(std::upper_bound(cut.fused.begin(), cut.fused.end(), chain), chain);
  return cut;
}

/// Of the forms apart and fused; empty where the calls have figures of the same rounds.
std::string why_no_figure(const std::vector<FormRounds>& rounds,
                          const std::set<std::size_t>* calls) {
  for (const FormRounds& r : rounds)
    if (!measured(r)) return std::string(to_text(r.outcome)) + ": " + r.detail;
  const auto apart = time_at(rounds[0], calls[0]), fused = time_at(rounds[1], calls[1]);
  for (std::size_t i = 0; i < std::min(apart.size(), fused.size()); i++)
    if (apart[i] > 0 && fused[i] > 0) return "";
  return "every round was disturbed";
}

class Fusing {
 public:
  Fusing(InNetwork& result, const NetworkToFuse& network, std::uint64_t seed, NetworkWorker& worker,
         Ledger& ledger, RankingListener& listener)
      : result_(result),
        network_(network),
        seed_(seed),
        worker_(worker),
        ledger_(ledger),
        listener_(listener),
        cut_(network.cut),
        candidates_(network.candidates) {
    for (const RankedProblem& p : result.problems)
      candidates_.insert_or_assign(p.of.of.problem.text(), p.choice().named);
  }

  void operator()() {
    find_chains();
    listener_.fusing(result_);
    for (RankedChain& chain : result_.chains) {
      decide(chain);
      cut_ = with(cut_, chain.problem, chain.fused);
      listener_.fused(result_, chain);
    }
  }

 private:
  void find_chains() {
    const Plan blocks = network_.plan_of(Cut::blocks), ops = network_.plan_of(Cut::ops);
    const Plan now = network_.plan_of(cut_);
    result_.all_chains.emplace();
    std::set<std::string> lines;
    for (const PlanCall& call : blocks.calls)
      if (!has_problem(ops, call.problem.text())) lines.insert(call.problem.text());
    for (const std::string& line : lines) {
      const Plan fused = network_.plan_of(with(cut_, line, true));
      if (!has_problem(fused, line)) continue;  // an op that a chain left over
      result_.all_chains->push_back(line);
      RankedChain chain{line};
      chain.places = static_cast<int>(
          std::count_if(fused.calls.begin(), fused.calls.end(),
                        [&](const PlanCall& call) { return call.problem.text() == line; }));
      chain.share = share_of(line, fused, now);
      chain.before = chain.fused = has_problem(now, line);
      if (chain.share > 0) result_.chains.push_back(std::move(chain));
    }
    std::stable_sort(result_.chains.begin(), result_.chains.end(),
                     [](const auto& a, const auto& b) { return a.share > b.share; });
  }

  /// Of the calls of `now` that compute a chain's nodes; 0 where none was searched.
  double share_of(const std::string& line, const Plan& fused, const Plan& now) const {
    Nodes nodes;
    for (const PlanCall& call : fused.calls)
      if (call.problem.text() == line) nodes.insert(call.nodes.begin(), call.nodes.end());
    double share = 0;
    for (const std::size_t i : calls_of(now, nodes))
      for (const RankedProblem& p : result_.problems)
        if (p.of.of.problem.text() == now.calls[i].problem.text()) share += p.share / p.of.of.count;
    return share;
  }

  NetworkForm form_of(const Plan& plan) const {
    NetworkForm form{&plan, {}};
    for (const Case& c : suite_of(plan).cases)
      form.candidates.push_back(candidates_.at(c.problem.text()));
    return form;
  }

  /// The calls of the nodes with their schedules: what decides what a comparison gives.
  json calls_json(const NetworkForm& form, const std::set<std::size_t>& calls) const {
    json all = json::array();
    for (const std::size_t i : calls) {
      const std::string line = form.plan->calls[i].problem.text();
      all.push_back({line, to_text(candidates_.at(line).candidate.schedule)});
    }
    return all;
  }

  static json problems_of(const Plan& plan) {
    json all = json::array();
    for (const PlanCall& call : plan.calls) all.push_back(call.problem.text());
    return all;
  }

  void decide(RankedChain& chain) {
    const Plan apart = network_.plan_of(with(cut_, chain.problem, false));
    const Plan fused = network_.plan_of(with(cut_, chain.problem, true));
    const NetworkForm forms[] = {form_of(apart), form_of(fused)};
    const Nodes nodes = nodes_around(chain.problem, fused, apart);
    const std::set<std::size_t> calls[] = {calls_of(apart, nodes), calls_of(fused, nodes)};
    // The key of a start stands for the machine, the compiler and the protocol.
    const json parts = {result_.problems.front().search->start().key,
                        problems_of(apart),
                        problems_of(fused),
                        apart.batch,
                        calls_json(forms[0], calls[0]),
                        calls_json(forms[1], calls[1])};
    const std::string key = sha256_hex(parts.dump()).substr(0, 16);
    if (!ledger_.noted(kKind, key)) {
      const auto rounds = worker_.measure({forms[0], forms[1]});
      if (std::string why = why_no_figure(rounds, calls); !why.empty()) {
        chain.why =
            "no figure: " + why;  // maybe not the chain's doing: it is tried again next time
        return;
      }
      note(chain, key, apart.cut, rounds, calls);
    }
    judge(chain, *ledger_.noted(kKind, key));
  }

  void note(const RankedChain& chain, const std::string& key, const std::string& cut,
            const std::vector<FormRounds>& rounds, const std::set<std::size_t>* calls) {
    json forms = json::array();
    for (std::size_t i = 0; i < 2; i++)
      forms.push_back({{"outcome", to_text(rounds[i].outcome)},
                       {"calls_ns", time_at(rounds[i], calls[i])},
                       {"whole_ns", rounds[i].whole_ns}});
    ledger_.note(kKind, key,
                 {{"network", result_.network},
                  {"cut", cut},
                  {"problem", chain.problem},
                  {"apart", forms[0]},
                  {"fused", forms[1]}});
  }

  void judge(RankedChain& chain, const json& noted) const {
    Reader in(noted, std::string("journal: ") + kKind, "", Exit::data);
    Reader apart = in.object("apart"), fused = in.object("fused");
    const auto ratio = [&](const char* of, const char* state) {
      return compare(state, FigureUnit::ns, apart.numbers(of, 0, 1e300),
                     fused.numbers(of, 0, 1e300), seed_);
    };
    chain.evidence = ratio("calls_ns", kInNetwork);
    chain.whole = ratio("whole_ns", kWholeRun);
    if (chain.whole->pairs == 0) chain.whole.reset();
    const Verdict verdict = chain.evidence->verdict;
    chain.fused = verdict == Verdict::better || (chain.before && verdict != Verdict::worse);
    chain.why = std::string(verdict == Verdict::better  ? "faster as one call: "
                            : verdict == Verdict::worse ? "slower as one call: "
                                                        : "no difference shown: ") +
                to_text(*chain.evidence);
  }

  InNetwork& result_;
  const NetworkToFuse& network_;
  const std::uint64_t seed_;
  NetworkWorker& worker_;
  Ledger& ledger_;
  RankingListener& listener_;
  CutChoice cut_;
  std::map<std::string, NamedCandidate> candidates_;
};

}  // namespace

void fuse_in_network(InNetwork& result, const NetworkToFuse& network, std::uint64_t seed,
                     NetworkWorker& worker, Ledger& ledger, RankingListener& listener) {
  Fusing(result, network, seed, worker, ledger, listener)();
}

}  // namespace halcyon
