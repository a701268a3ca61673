#pragma once
#include <random>
#include <string>
#include <vector>

#include "results/document/sample_document.h"
#include "results/record/network_record.h"

namespace halcyon {

// Made-up runs of networks for tests and for work on the page; drawn, not measured.

struct SampleCall {
  const char *name, *stage, *problem, *kernel_class;
  double percent;  // of peak, inside the network
};

/// A HENet of a few calls; two of its problems stand in it twice.
inline const std::vector<SampleCall>& sample_calls() {
  static const std::vector<SampleCall> calls = {
      {"stem.0", "stem", "1x224x224x3 | conv 3x3 32 s2 relu", "stem 3x3 s2", 80},
      {"stem.1", "stem", "1x112x112x32 | conv 3x3 64 s2 relu", "dense conv", 90},
      {"stage0.0.dw", "stage0", "1x56x56x64 | dw 3x3", "depthwise 3x3 s1, maps of 56 and up", 55},
      {"stage0.0.pw1", "stage0", "1x56x56x64 | pw 128 gelu", "pointwise, K 24 to 79", 84},
      {"stage0.0.pw2", "stage0", "1x56x56x128 | pw 64 add", "pointwise, K >= 80", 91},
      {"stage0.1.dw", "stage0", "1x56x56x64 | dw 3x3", "depthwise 3x3 s1, maps of 56 and up", 60},
      {"stage0.1.pw1", "stage0", "1x56x56x64 | pw 128 gelu", "pointwise, K 24 to 79", 86},
      {"down0", "down0", "1x56x56x64 | conv 2x2 128 s2", "2x2 s2 conv", 85},
      {"pool", "head", "1x28x28x128 | gap", "global average", 0},
      {"head", "head", "1x1x1x128 | linear 1000", "linear", 9}};
  return calls;
}

inline NetworkRecord sample_network(const std::string& name, const Document& d, double scale = 1) {
  NetworkRecord r;
  r.id = sha256_hex(d.run + name).substr(0, 16);
  r.network = name, r.source = "Horizon HAT";
  r.target = d.targets[0].name, r.family = d.targets[0].family;
  r.plan = "ops", r.input_nhwc = "1x224x224x3";
  r.parameters = 8637608, r.folded_parameters = 8620776;
  r.outcome = Outcome::ok;
  r.repro = "halcyon bench " + name + " --target " + r.target;
  r.memory = {.weight_bytes = 34483104,
              .arena_bytes = 2408448,
              .largest_live_bytes = 2408448,
              .input_bytes = 602112,
              .output_bytes = 4000,
              .scratch_bytes = 65536};
  r.check = {true, 2.3e-6, 7.5e-6, 2.5e-6, 2, "plain loops of the unfolded graph", ""};
  r.overhead_ns_per_call = 48.5;
  r.isolation = "process group + rlimits", r.seed = 7;
  double whole_ns = 0;
  for (const SampleCall& c : sample_calls()) {
    const Problem p = Problem::parse(c.problem);
    NetworkCall& call = r.calls.emplace_back();
    call.name = c.name, call.stage = c.stage, call.problem = p.text();
    call.kernel_class = c.kernel_class;
    call.macs = p.macs();
    call.bytes = p.activation_bytes() + p.weight_bytes();
    call.schedule_source = "tuned";
    call.object_sha256 = sha256_hex(call.problem);
    const double peak_ns = 2.0 * static_cast<double>(p.macs_inside()) / d.peak_gflops;
    const double ns = scale * (c.percent > 0 ? 100 / c.percent * peak_ns : 5000);
    call.time = CallTime{ns, 0.99 * ns, 0};
    const double bytes = static_cast<double>(p.activation_bytes() + p.weight_bytes());
    call.bound = Bound{peak_ns, bytes / d.read_gbs_l2, "L2", ""};
    call.bound->limited_by = call.bound->compute_ns >= call.bound->memory_ns ? "compute" : "memory";
    call.alone = CallAlone{CacheState::cold_weights, 0.97 * ns, c.percent / 0.97};
    const double lost = ns - (c.percent > 0 ? peak_ns : 0);
    call.losses = {{{"overhead", 48.5},
                    {"tail", 0.1 * lost},
                    {"activation", call.problem.find("gelu") == std::string::npos ? 0 : 0.5 * lost},
                    {"memory", 0}}};
    double told = 0;
    for (const TimeLoss& g : *call.losses) told += g.ns;
    call.losses->push_back({"other", lost - told});
    r.macs += call.macs;
    whole_ns += ns;
  }
  for (int i = 0; i < 31; ++i)
    r.samples.push_back({.ns = static_cast<std::int64_t>(whole_ns) + 100 * (i % 7),
                         .probe_before = d.peak_gflops,
                         .probe_after = d.peak_gflops,
                         .order = i,
                         .accepted = i != 30,
                         .refused_by = i != 30 ? std::vector<Gate>{} : std::vector{Gate::clock}});
  return derived(r);
}

inline PeerResult sample_system(const std::string& name, const NetworkRecord& r, double scale) {
  PeerResult p{
      .name = name, .version = "1.2.3", .options = "threads=1", .outcome = PeerOutcome::ok};
  p.max_error = 2e-6, p.sqnr_db = 118.5;
  p.samples = r.samples;
  for (Sample& s : p.samples) s.ns = static_cast<std::int64_t>(scale * static_cast<double>(s.ns));
  return p;
}

/// Other systems beside it, of which one computes in less.
inline PeerComparison sample_peers(const NetworkRecord& r) {
  PeerComparison c{.inferences = 3, .error_tolerance = 1e-4, .own = sample_system("halcyon", r, 1)};
  c.peers = {sample_system("litert", r, 1.3),
             {.name = "ncnn", .detail = "`make peers` installs it"},
             sample_system("openvino", r, 1.4),
             sample_system("openvino_default", r, 0.9)};
  c.peers[3].precision = "bf16", c.peers[3].max_error = 0.004, c.peers[3].sqnr_db = 43.5;
  return derived(std::move(c), r.mac_counts_of_batch());
}

/// The same under an emulator: counts in place of times.
inline NetworkRecord counted_network(const std::string& name, const Document& d) {
  NetworkRecord r = sample_network(name, d);
  r.target = "j6m", r.family = "a78ae", r.unit = FigureUnit::instructions;
  r.samples.clear();
  r.overhead_ns_per_call = 0;
  r.counts = Counts{};
  for (NetworkCall& c : r.calls) {
    c.time.reset(), c.alone.reset(), c.bound.reset(), c.losses.reset();
    c.counts = Counts{.fmla = c.macs / 4, .load = c.macs / 8 + 100, .scalar = 50};
    r.counts->fmla += c.counts->fmla;
    r.counts->load += c.counts->load;
    r.counts->scalar += c.counts->scalar;
  }
  return derived(r);
}

inline NetworkRecord failed_network(const std::string& name, const Document& d) {
  NetworkRecord r = sample_network(name, d);
  r.outcome = Outcome::wrong;
  r.detail = "out(0, 0, 6): error 0.4 of the range, allowed 0.0001";
  r.check.passed = false;
  r.check.max_error_of_range = std::numeric_limits<double>::infinity();
  r.check.where = "out(0, 0, 6)";
  r.samples.clear();
  for (NetworkCall& c : r.calls) c.time.reset(), c.alone.reset(), c.losses.reset();
  return derived(r);
}

inline Published sample_published() {
  Published p;
  p.accuracies = {
      {"henet_tinye", 77.62, 224, "the vendor's float model", "model card"},
      {"mobilenet_v3_large", 74.042, 224, "IMAGENET1K_V1", "torchvision"},
      {"mobilenet_v3_large", 75.2, 224, "the paper's", "arXiv:1905.02244", Standing::second_hand}};
  p.counts = {{"mobilenet_v3_large", 219e6, 5.4e6, "arXiv:1905.02244", Standing::second_hand}};
  p.vendor_note = "Published by the vendor for the BPU of its J6 chips.";
  p.vendor_figures = {{"HENet_TinyE", "J6M", 0.5, 3667, 12.7, "classifier, 224x224", "model card"},
                      {"MapTR on HENet_TinyM",
                       "J6P",
                       6.16,
                       {},
                       {},
                       "6 cameras",
                       "reference models",
                       Standing::second_hand}};
  p.vendor_accuracies = {{"HENet_TinyE", 77.62, 76.93, 77.19, "top-1", "model card"}};
  return p;
}

/// Networks only, of which one failed; with figures of others.
inline Document network_document() {
  Document d = sample_document();
  d.command = "halcyon bench henet_tinye mobilenet_v3_large";
  d.records.clear();
  d.networks = {sample_network("henet_tinye", d), sample_network("mobilenet_v3_large", d, 1.3),
                failed_network("resnet18", d)};
  d.networks[0].peers = sample_peers(d.networks[0]);
  d.published = sample_published();
  return d;
}

}  // namespace halcyon
