#pragma once
#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <random>
#include <string>

#include "kernels/problem/problem.h"
#include "results/document/document.h"
#include "results/record/stats.h"

namespace halcyon {

// A made-up run for tests and for work on the page: 40 cases over the classes of the suites, odd
// shapes, and one row for each way in which a case can fail. The figures are drawn, not measured.

struct SampleCase {
  const char *id, *problem, *kernel_class, *source;
  bool odd;
  double percent;  // of peak, or of the bandwidth for work without arithmetic; 0: it fails
  Outcome outcome;
  const char* detail;
};

inline constexpr SampleCase kSampleCases[] = {
    {"dw3-112x112x16", "1x112x112x16 | dw 3x3 relu", "depthwise 3x3 s1, maps of 56 and up",
     "MobileNetV3-L block 0", false, 71, Outcome::ok, ""},
    {"dw3-56x56x64", "1x56x56x64 | dw 3x3", "depthwise 3x3 s1, maps of 56 and up",
     "HENet_TinyM stage 0", false, 76, Outcome::ok, ""},
    {"dw3-56x56x72", "1x56x56x72 | dw 3x3 relu", "depthwise 3x3 s1, maps of 56 and up",
     "MobileNetV3-L block 2", false, 74, Outcome::ok, ""},
    {"dw3-28x28x128", "1x28x28x128 | dw 3x3", "depthwise 3x3 s1, maps under 56",
     "HENet_TinyM stage 1", false, 73, Outcome::ok, ""},
    {"dw3-14x14x184", "1x14x14x184 | dw 3x3 hardswish", "depthwise 3x3 s1, maps under 56",
     "MobileNetV3-L blocks 8, 9", false, 69, Outcome::ok, ""},
    {"dw3-7x7x384", "1x7x7x384 | dw 3x3", "depthwise 3x3 s1, maps under 56", "HENet_TinyM stage 3",
     false, 61, Outcome::ok, ""},
    {"dw5-28x28x120", "1x28x28x120 | dw 5x5 relu", "depthwise 5x5 s1", "MobileNetV3-L blocks 4, 5",
     false, 86, Outcome::ok, ""},
    {"dw5-14x14x672", "1x14x14x672 | dw 5x5 silu", "depthwise 5x5 s1", "EfficientNet-B0 stage 4",
     false, 79, Outcome::ok, ""},
    {"dw1x5-14x14x192", "1x14x14x192 | dw 1x5", "depthwise (1,5)",
     "HENet_TinyM stage 2, even blocks", false, 63, Outcome::ok, ""},
    {"dw5x1-14x14x192", "1x14x14x192 | dw 5x1", "depthwise (5,1)",
     "HENet_TinyM stage 2, odd blocks", false, 59, Outcome::ok, ""},
    {"dw3s2-112x112x64", "1x112x112x64 | dw 3x3 s2 relu", "depthwise 3x3 s2",
     "MobileNetV3-L block 1", false, 37, Outcome::ok, ""},
    {"pw-28x28-120-40", "1x28x28x120 | pw 40 add", "pointwise, K >= 80",
     "MobileNetV3-L blocks 4, 5", false, 91, Outcome::ok, ""},
    {"pw-14x14-80-480", "1x14x14x80 | pw 480 hardswish", "pointwise, K >= 80",
     "MobileNetV3-L block 10", false, 93, Outcome::ok, ""},
    {"pw-14x14-192-384", "1x14x14x192 | pw 384 gelu", "pointwise, K >= 80", "HENet_TinyM stage 2",
     false, 88, Outcome::ok, ""},
    {"pw-7x7-1152-384", "1x7x7x1152 | pw 384 add", "pointwise, K >= 80", "HENet_TinyM stage 3",
     false, 95, Outcome::ok, ""},
    {"pw-56x56-24-72", "1x56x56x24 | pw 72 relu", "pointwise, K 24 to 79",
     "MobileNetV3-L blocks 2, 3", false, 82, Outcome::ok, ""},
    {"pw-56x56-64-128", "1x56x56x64 | pw 128 gelu", "pointwise, K 24 to 79", "HENet_TinyM stage 0",
     false, 84, Outcome::ok, ""},
    {"pw-112x112-16-64", "1x112x112x16 | pw 64 relu", "pointwise, K < 24", "MobileNetV3-L block 1",
     false, 77, Outcome::ok, ""},
    {"pw-28x28-128-256-g2", "1x28x28x128 | pw 256 g2 gelu", "grouped pointwise",
     "HENet_TinyM stage 1", false, 85, Outcome::ok, ""},
    {"stem-224x224-3-16", "1x224x224x3 | conv 3x3 16 s2 hardswish", "stem 3x3 s2",
     "MobileNetV3-L stem", false, 78, Outcome::ok, ""},
    {"conv-56x56-64-64", "1x56x56x64 | conv 3x3 64", "dense conv", "ResNet-18 stage 1", false, 90,
     Outcome::ok, ""},
    {"conv2s2-56x56-64-128", "1x56x56x64 | conv 2x2 128 s2", "2x2 s2 conv", "ConvNeXt-T stage 1",
     false, 87, Outcome::ok, ""},
    {"dwcb-14x14x192", "1x14x14x192 | dw 1x5 | pw 384 gelu | pw 192 skip", "DWCB",
     "HENet_TinyM stage 2", false, 83, Outcome::ok, ""},
    {"dwcb-56x56x64", "1x56x56x64 | dw 3x3 | pw 128 gelu | pw 64 skip", "DWCB",
     "HENet_TinyM stage 0", false, 79, Outcome::ok, ""},
    {"s2d-56x56x64", "1x56x56x64 | s2d 2", "space-to-depth", "HENet_TinyM stage 1", false, 81,
     Outcome::ok, ""},
    {"hardswish-112x112x16", "1x112x112x16 | hardswish", "element-wise", "MobileNetV3-L stem",
     false, 86, Outcome::ok, ""},
    {"gap-7x7x960", "1x7x7x960 | gap", "global average", "MobileNetV3-L tail", false, 74,
     Outcome::ok, ""},
    {"linear-960-1280", "1x1x1x960 | linear 1280 hardswish", "linear", "MobileNetV3-L tail", false,
     12, Outcome::ok, ""},
    {"odd-dw3-13x11x27", "1x13x11x27 | dw 3x3", "depthwise 3x3 s1, maps under 56",
     "every extent breaks a tail", true, 31, Outcome::ok, ""},
    {"odd-pw-7x9-37-53", "1x7x9x37 | pw 53", "pointwise, K 24 to 79", "every extent breaks a tail",
     true, 44, Outcome::ok, ""},
    {"odd-conv-15x1x5-7", "1x15x1x5 | conv 3x1 7", "dense conv", "a map one pixel wide", true, 22,
     Outcome::ok, ""},
    {"dw7-14x14x384", "1x14x14x384 | dw 7x7", "depthwise 7x7 s1", "ConvNeXt-T stage 2", false, 80,
     Outcome::noisy, "9 of 31 samples accepted in 6 s, 15 wanted"},
    {"dw5-7x7x960", "1x7x7x960 | dw 5x5 hardswish", "depthwise 5x5 s1",
     "MobileNetV3-L blocks 13, 14", false, 0, Outcome::wrong,
     "out(7, 6, 3): found 0.125, expected 0.5, allowed error 1.6e-05"},
    {"pw-7x7-160-960", "1x7x7x160 | pw 960 hardswish", "pointwise, K >= 80",
     "MobileNetV3-L blocks 13, 14", false, 0, Outcome::nonfinite, "out(0, 0, 6): found NaN"},
    {"dw3-14x14x480", "1x14x14x480 | dw 3x3 hardswish sums", "depthwise 3x3 s1, maps under 56",
     "MobileNetV3-L block 10", false, 0, Outcome::run_crash, "signal 11 (SIGSEGV)"},
    {"odd-dw3-1x1x1", "1x1x1x1 | dw 3x3", "depthwise 3x3 s1, maps under 56",
     "the smallest there is", true, 0, Outcome::out_of_bounds,
     "read of 4 bytes 16 past the end of 'in'"},
    {"maxpool-112x112x64", "1x112x112x64 | maxpool 3x3 s2", "max pooling", "ResNet-18 stem", false,
     0, Outcome::compile_error,
     "line 3: 'out: splitt c co ci 16': no op 'splitt', did you mean 'split'?"},
    {"se-1x1x960", "1x7x7x960 | se 240 relu hardsigmoid", "squeeze-and-excite",
     "MobileNetV3-L <blocks> 13 & 14", false, 0, Outcome::compile_timeout, "stopped after 120 s"},
    {"up-14x14x64", "1x14x14x64 | upsample2x", "upsampling", "HENet <script>alert(1)</script>",
     false, 0, Outcome::not_runnable, "needs avx512_fp16, which this CPU (AMD EPYC 9B14) lacks"},
    {"tokensum-7x7x384", "1x7x7x384 | tokensum", "token sum", "HENet_TinyM head", false, 0,
     Outcome::impossible, "0.4 ns a call, the FMA rate allows 11 ns"},
};

inline Target sample_target() {
  Target t;
  t.name = "x86-zen4";
  t.description = "AMD Zen 4 server core, AVX-512 on 256-bit units";
  t.family = "zen4";
  t.halide = "x86-64-linux-avx-avx2-avx512-avx512_skylake-f16c-fma-sse41";
  t.isa = "avx512";
  t.needs = {"avx512bw", "avx512dq", "avx512f", "avx512vl", "fma"};
  t.arch = "x86_64";
  t.device = device_words().front();
  t.prefetch_gains = true;
  t.vector_bits = 512;
  t.vector_registers = 32;
  t.l1d_bytes = 32 << 10;
  t.l2_bytes = 1 << 20;
  t.l3_bytes = 32 << 20;
  t.cores = 2;
  t.fma_per_cycle = 1;
  t.max_ghz = 3.7;
  return t;
}

inline Machine sample_machine() {
  Machine m;
  m.cpu_model = "AMD EPYC 9B14";
  m.vendor = "AuthenticAMD";
  m.family = 25, m.model = 17, m.stepping = 1;
  m.isa = {"avx2", "avx512bw", "avx512dq", "avx512f", "avx512vl", "f16c", "fma"};
  m.cores = 2;
  m.caches = {"L1d 32 KiB per core", "L1i 32 KiB per core", "L2 1 MiB per core",
              "L3 32 MiB shared by 2 CPUs"};
  m.governor = "none (no cpufreq)";
  m.kernel = "6.1.0-18-amd64";
  m.os = "Debian GNU/Linux 12 (bookworm)";
  m.container = "none", m.hypervisor = "KVM";
  m.memory_gib = 23.5, m.load_1min = 0.07;
  m.pinned_cpu = 1;
  m.core_siblings = "none";
  return m;
}

/// Fills a record's samples so that its median lies near `percent` of the document's limits.
inline void draw_samples(Record& r, const Document& d, double percent, std::mt19937_64& random) {
  const auto uniform = [&] { return static_cast<double>(random() >> 11) / 0x1p53; };
  const double limit = r.macs > 0 ? 2.0 * static_cast<double>(r.macs_inside) / d.peak_gflops
                                  : static_cast<double>(r.activation_bytes) / d.read_gbs_l2;
  const double per_call = 100 / percent * limit;
  const int wanted = r.outcome == Outcome::noisy ? 9 : 25;
  for (int i = 0; i < 31; ++i) {
    Sample s;
    s.accepted = i % 31 < wanted;
    const double slow = s.accepted ? 1 + 0.01 * uniform() : 1.4 + uniform();
    s.iterations = std::max<std::int64_t>(1, std::llround(80e3 / per_call));
    s.ns = std::llround(per_call * slow * static_cast<double>(s.iterations)) + 1;
    s.probe_before = d.peak_gflops * (1 - 0.01 * uniform()) / (s.accepted ? 1 : slow);
    s.probe_after = d.peak_gflops * (1 - 0.01 * uniform()) / (s.accepted ? 1 : slow);
    if (!s.accepted) s.refused_by = {Gate::clock};
    s.order = 40 * i + static_cast<int>(random() % 40);
    r.samples.push_back(s);
  }
}

inline Record sample_record(const SampleCase& c, const Document& d, std::mt19937_64& random) {
  const Problem p = Problem::parse(c.problem);
  Record r;
  r.id = sha256_hex(d.run + c.id).substr(0, 16);
  r.suite = "kernels", r.case_id = c.id, r.source_of_case = c.source;
  r.kernel_class = c.kernel_class, r.odd = c.odd;
  r.problem = p.text();
  r.macs = p.macs(), r.macs_inside = p.macs_inside(), r.parameters = p.parameters();
  r.weight_bytes = p.weight_bytes(), r.activation_bytes = p.activation_bytes();
  r.target = d.targets[0].name, r.family = d.targets[0].family;
  r.schedule_source = "recipe";
  r.point = {{"rows", 7}, {"vectors", 2}};
  r.schedule = "out: split c co ci 16 guard_with_if\nout: vectorize ci\nout: unroll x 7\n";
  r.object_key = sha256_hex(r.problem + r.schedule);
  r.outcome = c.outcome, r.detail = c.detail;
  if (c.outcome != Outcome::compile_error && c.outcome != Outcome::compile_timeout)
    r.object_sha256 = sha256_hex(r.object_key);
  r.halide_target = d.targets[0].halide;
  r.compile_seconds = 0.11;
  r.repro = "halcyon bench \"" + r.problem + "\" --target " + r.target;
  r.isolation = "process group + rlimits";
  r.seed = 0xFFFFFFFFFFFFFFFF - random() % 1000;  // more than a double or an int64 holds
  r.check.tolerance_abs = 1.6e-5, r.check.tolerance_rel = 2.1e-6;
  r.check.input_sets = 2, r.check.guard_pages = true;
  if (c.percent > 0) {
    r.check.passed = true;
    r.check.max_abs = 3.8e-6, r.check.max_rel = 9.1e-7, r.check.cosine = 0.9999999;
    draw_samples(r, d, c.percent, random);
    r.rejected = rejected_of(r.samples);
    if (r.outcome == Outcome::ok) r.statistics = statistics_of(r.samples, r.mac_counts());
    r.bound =
        Bound{2.0 * static_cast<double>(r.macs_inside) / d.peak_gflops,
              static_cast<double>(r.activation_bytes + r.weight_bytes) / d.read_gbs_l2, "L2", ""};
    r.bound->limited_by = r.bound->compute_ns >= r.bound->memory_ns ? "compute" : "memory";
  } else if (c.outcome == Outcome::nonfinite) {
    r.check.max_abs = r.check.max_rel = std::numeric_limits<double>::infinity();
    r.check.where = "out(0, 0, 6)";
  } else if (c.outcome == Outcome::wrong) {
    r.check.max_abs = 0.375, r.check.max_rel = 0.75, r.check.cosine = 0.98;
    r.check.where = "out(7, 6, 3)";
  }
  return r;
}

/// A run on an emulated target: counts, one goal that is reached and one that is not.
inline Document counted_document() {
  Document d;
  d.run = "20261124T132502Z-c0de";
  d.started_utc = d.ended_utc = "2026-11-24T13:25:02Z";
  for (int calls : {1, 2, 4}) {
    Record& r = d.records.emplace_back();
    r.id = "000000000000000" + std::to_string(calls);
    r.case_id = "dw-" + std::to_string(calls);
    r.kernel_class = "depthwise";
    r.problem = "1x4x4x8 | dw 3x3";
    r.target = "j6m";
    r.unit = FigureUnit::instructions;
    r.macs = 400;
    r.outcome = Outcome::ok;
    r.check.passed = true;
    r.counts = Counts{.calls = calls, .fmla = 400, .load = 123};
  }
  d.goals = {{"depthwise, all", "instructions per least FMLA", 2.0, 2.615, 3},
             {"depthwise, some", "instructions per least FMLA", 2.0, 2.004, 2}};
  return d;
}

inline Document sample_document(std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  Document d;
  d.run = "20261124T132502Z-" + std::to_string(1000 + seed % 9000);
  d.command = "halcyon bench kernels --target x86-zen4 -o out/kernels";
  d.started_utc = "2026-11-24T13:25:02Z", d.ended_utc = "2026-11-24T13:31:44Z";
  d.seconds = 402.25;
  d.machine = sample_machine();
  d.toolchain = {"0123456789abcdef0123456789abcdef01234567",
                 false,
                 "0.1.0",
                 "GNU 12.2.0",
                 "-O3 -DNDEBUG",
                 "Release",
                 "21.0.0"};
  d.targets = {sample_target()};
  d.protocol = {{"probe_gate", 0.96}, {"wanted_samples", 31}, {"state", "warm"}};
  d.peak_gflops = 118.25;
  d.read_gbs_l1 = 236.5, d.read_gbs_l2 = 114.75, d.read_gbs_l3 = 61.5, d.read_gbs_dram = 21.25;
  for (const SampleCase& c : kSampleCases) d.records.push_back(sample_record(c, d, random));
  return d;
}

/// A timed case of a document, and the same in i8 at so many times its speed.
inline Document in_i8(Document d, double speedup = 3) {
  const auto timed = std::find_if(d.records.begin(), d.records.end(), [](const Record& r) {
    return r.statistics && r.rival.empty() && !r.odd;
  });
  Record f32 = *timed, i8 = *timed;
  i8.dtype = "i8";
  i8.problem = "i8 " + f32.problem;
  i8.case_id += "-i8";
  i8.kernel_class = "i8 " + f32.kernel_class;
  for (Sample& s : i8.samples)
    s.ns = static_cast<std::int64_t>(static_cast<double>(s.ns) / speedup);
  i8.statistics = statistics_of(i8.samples, i8.mac_counts());
  d.records = {f32, i8};
  return d;
}

}  // namespace halcyon
