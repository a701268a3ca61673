#include "results/record/network_record.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "kernels/error.h"
#include "kernels/problem/problem.h"
#include "results/record/peer_fields.h"
#include "results/record/record_rules.h"
#include "results/record/stats.h"

namespace halcyon {

void fields(auto& visit, MaybeConst<NetworkMemory> auto& m) {
  visit("weight_bytes", m.weight_bytes);
  visit("arena_bytes", m.arena_bytes);
  visit("largest_live_bytes", m.largest_live_bytes);
  visit("input_bytes", m.input_bytes);
  visit("output_bytes", m.output_bytes);
  visit("scratch_bytes", m.scratch_bytes);
  visit("peak_bytes", m.peak_bytes);
}

void fields(auto& visit, MaybeConst<NetworkCheck> auto& c) {
  visit("passed", c.passed);
  visit.finite_or_null("max_error_of_range", c.max_error_of_range);
  visit("tolerance", c.tolerance);
  visit.if_there("f32_error_of_range", c.f32_error_of_range);
  visit("inputs", c.inputs);
  visit("against", c.against);
  visit("where", c.where);
  visit.if_there("most_steps", c.most_steps);
  visit.if_there("share_off", c.share_off);
}

void fields(auto& visit, MaybeConst<NetworkAccuracy> auto& a) {
  visit("inputs", a.inputs);
  visit("sqnr_db", a.sqnr_db, std::numeric_limits<double>::lowest());
  visit("cosine", a.cosine, -1);
  visit("top1_agreement", a.top1_agreement, 0, 1);
}

void fields(auto& visit, MaybeConst<CallTime> auto& t) {
  visit("median_ns", t.median_ns);
  visit("q25_ns", t.q25_ns);
  visit("percent_of_peak", t.percent_of_peak);
}

void fields(auto& visit, MaybeConst<CallAlone> auto& a) {
  visit("state", a.state);
  visit("median_ns", a.median_ns);
  visit("percent_of_peak", a.percent_of_peak);
}

void fields(auto& visit, MaybeConst<TimeLoss> auto& g) {
  visit("cause", g.cause);
  visit("ns", g.ns);
}

void fields(auto& visit, MaybeConst<NetworkCall> auto& c) {
  visit("name", c.name);
  visit("stage", c.stage);
  visit("problem", c.problem);
  visit("kernel_class", c.kernel_class);
  visit("macs", c.macs);
  visit("schedule_source", c.schedule_source);
  visit("object_sha256", c.object_sha256);
  visit("share", c.share, 0, 1);
  visit.if_there("time", c.time);
  visit.if_there("counts", c.counts);
  visit.if_there("bytes", c.bytes);
  visit.if_there("bound", c.bound);
  visit.if_there("alone", c.alone);
  visit.if_there("gaps", c.losses);
}

void fields(auto& visit, MaybeConst<NetworkRecord> auto& r) {
  visit("id", r.id);
  visit("network", r.network);
  visit("source", r.source);
  visit("target", r.target);
  visit("family", r.family);
  visit("plan", r.plan);
  visit("input_nhwc", r.input_nhwc);
  visit("batch", r.batch, 1);
  visit("threads", r.threads, 1);
  visit.added("dtype", r.dtype);
  visit("macs", r.macs);
  visit("parameters", r.parameters);
  visit("folded_parameters", r.folded_parameters);
  visit("outcome", r.outcome);
  visit("detail", r.detail);
  visit("repro", r.repro);
  visit("memory", r.memory);
  visit("check", r.check);
  visit.if_there("accuracy", r.accuracy);
  visit("unit", r.unit);
  visit("samples", r.samples);
  visit("statistics", r.statistics);
  visit.if_there("rejected", r.rejected);
  // Any number: where it was taken as a difference of medians, it may be below 0.
  visit("overhead_ns_per_call", r.overhead_ns_per_call, std::numeric_limits<double>::lowest());
  visit.if_there("counts", r.counts);
  visit("calls", r.calls);
  visit.if_there("peers", r.peers);
  visit("isolation", r.isolation);
  visit("seed", r.seed);
}

namespace {

/// What a call's share is of; 0 without a figure.
double figure_of(const NetworkCall& c) {
  return c.time ? c.time->median_ns : c.counts ? c.counts->per_call() : 0;
}

std::int64_t peak_bytes_of(const NetworkMemory& m) {
  return m.weight_bytes + m.arena_bytes + m.input_bytes + m.output_bytes + m.scratch_bytes;
}

double loss_of(const NetworkCall& c) { return std::max(0.0, c.time->median_ns - c.least_ns()); }

std::string check_losses(const NetworkCall& c) {
  if (!c.losses) return "";
  if (!c.time) return "found some without a time";
  double sum = 0;
  for (const TimeLoss& g : *c.losses) {
    if (const auto wrong = one_of(g.cause, kLossCauses); !wrong.empty()) return "cause: " + wrong;
    sum += g.ns;
  }
  const double loss = loss_of(c);
  constexpr double kRounding = 1e-9;
  if (std::abs(sum - loss) <= kRounding * c.time->median_ns) return "";
  return "found " + std::to_string(sum) + " ns together, allowed " + std::to_string(loss) +
         ", the time beyond the arithmetic";
}

/// What is wrong with a call by itself; `beside`, the first call, has a figure or has none as it.
std::string check_call(const NetworkRecord& r, const NetworkCall& c, const NetworkCall& beside) {
  if (c.time && !r.statistics)
    return "time: found one where the network has none, allowed only with statistics";
  if (c.counts && !r.counts)
    return "counts: found some where the network has none, allowed only with its counts";
  if (c.time.has_value() != beside.time.has_value() ||
      c.counts.has_value() != beside.counts.has_value())
    return "found a figure of some calls only, allowed of all or none";
  if (c.time && !(c.time->median_ns > 0)) return "time: found 0 ns";
  if (!c.alone) return "";
  return c.alone->median_ns > 0 ? "" : "alone: found 0 ns";
}

/// A call of an older form, whose percents count padded taps, as it is written today. What the loss
/// is wider by nobody has told apart.
void renew(NetworkCall& c, double rate) {
  const MacCounts macs = c.mac_counts();
  if (!c.time || macs.inside == macs.macs || rate <= 0) return;
  const double of_padded = 100 * 2 * static_cast<double>(macs.macs) / rate / c.time->median_ns;
  if (!agree(c.time->percent_of_peak, of_padded)) return;
  const double before = loss_of(c);
  const double share = static_cast<double>(macs.inside) / static_cast<double>(macs.macs);
  c.time->percent_of_peak *= share;
  if (c.alone) c.alone->percent_of_peak *= share;
  if (c.losses && !c.losses->empty()) c.losses->back().ns += loss_of(c) - before;
}

void renew(NetworkRecord& r) {
  const MacCounts macs = r.mac_counts_of_batch();
  renew_percent(r.statistics, macs);
  if (r.peers) renew_percents(*r.peers, macs);
  for (NetworkCall& c : r.calls) renew(c, r.statistics ? r.statistics->peak_gflops : 0);
}

/// Whether what is derived of a call is what it should be.
bool same_derived(const NetworkCall& a, const NetworkCall& b) {
  return agree(a.share, b.share) &&
         (!a.time || agree(a.time->percent_of_peak, b.time->percent_of_peak));
}

}  // namespace

MacCounts NetworkCall::mac_counts() const {
  try {
    const Problem p = Problem::parse(problem);
    if (p.macs() == macs) return {macs, p.macs_inside()};
  } catch (const Error&) {  // a line of another version's: what it has is what is known
  }
  return {macs, macs};
}

MacCounts NetworkRecord::mac_counts_of_batch() const {
  std::int64_t padded = 0;
  for (const NetworkCall& call : calls) {
    const MacCounts of_call = call.mac_counts();
    padded += of_call.macs - of_call.inside;
  }
  return {macs * batch, (macs - padded) * batch};
}

NetworkRecord derived(NetworkRecord r) {
  r.memory.peak_bytes = peak_bytes_of(r.memory);
  r.statistics.reset();
  r.rejected = rejected_of(r.samples);
  const MacCounts macs = r.mac_counts_of_batch();
  if (r.outcome == Outcome::ok) r.statistics = statistics_of(r.samples, macs);
  const double all =
      std::accumulate(r.calls.begin(), r.calls.end(), 0.0,
                      [](double sum, const NetworkCall& c) { return sum + figure_of(c); });
  if (r.peers) r.peers = derived(*std::move(r.peers), macs);
  const double rate = r.statistics ? r.statistics->peak_gflops : 0;  // GFLOP/s = FLOP/ns
  for (NetworkCall& c : r.calls) {
    c.share = all > 0 ? std::min(1.0, figure_of(c) / all) : 0;
    if (!c.time) continue;
    const double least_ns = rate > 0 ? 2 * static_cast<double>(c.mac_counts().inside) / rate : 0;
    c.time->percent_of_peak = c.time->median_ns > 0 ? 100 * least_ns / c.time->median_ns : 0;
  }
  return r;
}

nlohmann::json to_json(const NetworkRecord& r) {
  nlohmann::json out = write_fields(r);
  out["schema"] = NetworkRecord::kSchema;
  return out;
}

NetworkRecord network_record_as_written(const nlohmann::json& value, const std::string& where,
                                        const std::string& pointer) {
  Reader in(value, where, pointer, Exit::data);
  check_record_schema(in, NetworkRecord::kSchema);
  auto r = read_fields<NetworkRecord>(in);
  renew(r);
  return r;
}

NetworkRecord network_record_from_json(const nlohmann::json& value, const std::string& where,
                                       const std::string& pointer) {
  NetworkRecord r = network_record_as_written(value, where, pointer);
  const std::string wrong = check_network_record(r);
  if (!wrong.empty()) Reader(value, where, pointer, Exit::data).fail("", wrong);
  return r;
}

std::string check_network_record(const NetworkRecord& r) {
  if (r.unit == FigureUnit::model_cycles)
    return "unit: found 'model_cycles', allowed ns, instructions";
  const MacCounts macs = r.mac_counts_of_batch();
  if (auto wrong = check_figures(r, macs); !wrong.empty()) return wrong;
  const auto of_call = [](std::size_t i, const std::string& wrong) {
    return "calls/" + std::to_string(i) + ": " + wrong;
  };
  for (std::size_t i = 0; i < r.calls.size(); ++i)
    if (const auto wrong = check_call(r, r.calls[i], r.calls[0]); !wrong.empty())
      return of_call(i, wrong);
  if (r.peers)
    if (const auto wrong = check_peer_comparison(*r.peers, macs); !wrong.empty())
      return "peers: " + wrong;
  const NetworkRecord expected = derived(r);
  if (r.memory.peak_bytes != expected.memory.peak_bytes)
    return "memory: peak_bytes: found " + std::to_string(r.memory.peak_bytes) + ", allowed " +
           std::to_string(expected.memory.peak_bytes) + ", the sum of its parts";
  for (std::size_t i = 0; i < r.calls.size(); ++i) {
    if (!same_derived(r.calls[i], expected.calls[i]))
      return of_call(i, "share, percent_of_peak: not those of its figures");
    if (const auto wrong = check_losses(r.calls[i]); !wrong.empty())
      return of_call(i, "gaps: " + wrong);
  }
  return "";
}

}  // namespace halcyon
