#include "suites/runner/timing/probe.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <stdexcept>

#include "suites/runner/process/clock.h"

namespace halcyon {

struct ProbeKind {
  const char* isa;
  DType dtype;   // whose products it sums
  double flops;  // of one iteration of `fma`
  void (*fma)(std::int64_t iterations);
  void (*read)(const void* begin, std::int64_t blocks);  // blocks of kBlock bytes
};

namespace {

constexpr std::size_t kBlock = 512;
constexpr std::size_t kSliceBytes = std::size_t{4} << 20;  // 0.1 to 0.5 ms from memory

// Written in assembly, because a compiler merges accumulators that hold equal values and then the
// rate is a multiple of the truth. x = x * 0.9999 + 0.0001 stays at 1: no denormal, no infinity.
// Registers 0 to 11 accumulate (latency 4 x 2 pipes needs 8), 12 and 13 hold the constants.
constexpr float kScale = 0.9999f, kOffset = 1e-4f;

#if defined(__x86_64__)

void fma_avx512(std::int64_t iterations) {
  asm volatile(
      "vbroadcastss %[scale], %%zmm12\n"
      "vbroadcastss %[offset], %%zmm13\n"
      ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11\n"
      "vxorps %%xmm\\i, %%xmm\\i, %%xmm\\i\n"
      ".endr\n"
      "1:\n"
      ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11\n"
      "vfmadd213ps %%zmm13, %%zmm12, %%zmm\\i\n"
      ".endr\n"
      "dec %[iterations]\n"
      "jnz 1b\n"
      "vzeroupper\n"
      : [iterations] "+r"(iterations)
      : [scale] "m"(kScale), [offset] "m"(kOffset)
      : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
        "xmm10", "xmm11", "xmm12", "xmm13");
}

void fma_avx2(std::int64_t iterations) {
  asm volatile(
      "vbroadcastss %[scale], %%ymm12\n"
      "vbroadcastss %[offset], %%ymm13\n"
      ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11\n"
      "vxorps %%xmm\\i, %%xmm\\i, %%xmm\\i\n"
      ".endr\n"
      "1:\n"
      ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11\n"
      "vfmadd213ps %%ymm13, %%ymm12, %%ymm\\i\n"
      ".endr\n"
      "dec %[iterations]\n"
      "jnz 1b\n"
      "vzeroupper\n"
      : [iterations] "+r"(iterations)
      : [scale] "m"(kScale), [offset] "m"(kOffset)
      : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
        "xmm10", "xmm11", "xmm12", "xmm13");
}

/// SSE2 has no FMA: a multiplication and an addition, as its kernels have. Latency 3 + 3 x 2 pipes
/// needs 12 accumulators; with exactly 12 a Zen 4 loses a fifth to scheduling.
void fma_sse2(std::int64_t iterations) {
  asm volatile(
      "movss %[scale], %%xmm14\n"
      "shufps $0, %%xmm14, %%xmm14\n"
      "movss %[offset], %%xmm15\n"
      "shufps $0, %%xmm15, %%xmm15\n"
      ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13\n"
      "xorps %%xmm\\i, %%xmm\\i\n"
      ".endr\n"
      "1:\n"
      ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13\n"
      "mulps %%xmm14, %%xmm\\i\n"
      ".endr\n"
      ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11,12,13\n"
      "addps %%xmm15, %%xmm\\i\n"
      ".endr\n"
      "dec %[iterations]\n"
      "jnz 1b\n"
      : [iterations] "+r"(iterations)
      : [scale] "m"(kScale), [offset] "m"(kOffset)
      : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", "xmm9",
        "xmm10", "xmm11", "xmm12", "xmm13", "xmm14", "xmm15");
}

void read_avx512(const void* begin, std::int64_t blocks) {
  asm volatile(
      "1:\n"
      ".irp at, 0,64,128,192,256,320,384,448\n"
      "vmovaps \\at(%[begin]), %%zmm0\n"
      ".endr\n"
      "add $512, %[begin]\n"
      "dec %[blocks]\n"
      "jnz 1b\n"
      "vzeroupper\n"
      : [begin] "+r"(begin), [blocks] "+r"(blocks)
      :
      : "cc", "memory", "xmm0");
}

void read_avx2(const void* begin, std::int64_t blocks) {
  asm volatile(
      "1:\n"
      ".irp at, 0,32,64,96,128,160,192,224,256,288,320,352,384,416,448,480\n"
      "vmovaps \\at(%[begin]), %%ymm0\n"
      ".endr\n"
      "add $512, %[begin]\n"
      "dec %[blocks]\n"
      "jnz 1b\n"
      "vzeroupper\n"
      : [begin] "+r"(begin), [blocks] "+r"(blocks)
      :
      : "cc", "memory", "xmm0");
}

void read_sse2(const void* begin, std::int64_t blocks) {
  asm volatile(
      "1:\n"
      ".irp at, 0,16,32,48,64,80,96,112,128,144,160,176,192,208,224,240\n"
      "movaps \\at(%[begin]), %%xmm0\n"
      "movaps \\at+256(%[begin]), %%xmm0\n"
      ".endr\n"
      "add $512, %[begin]\n"
      "dec %[blocks]\n"
      "jnz 1b\n"
      : [begin] "+r"(begin), [blocks] "+r"(blocks)
      :
      : "cc", "memory", "xmm0");
}

// A dot product sums 4 bytes or 2 bf16 in each of its lanes. The factors are 1.0 twice in bf16, and
// some bytes.
constexpr std::uint32_t kFactors = 0x3f803f80;

#define HALCYON_DOT_PROBE(name, instruction, vector)                                             \
  void name(std::int64_t iterations) {                                                           \
    asm volatile("vpbroadcastd %[factors], %%" vector                                            \
                 "12\n"                                                                          \
                 ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11\n"                                           \
                 "vpxor %%xmm\\i, %%xmm\\i, %%xmm\\i\n"                                          \
                 ".endr\n"                                                                       \
                 "1:\n"                                                                          \
                 ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11\n" instruction " %%" vector "12, %%" vector  \
                 "12, %%" vector                                                                 \
                 "\\i\n"                                                                         \
                 ".endr\n"                                                                       \
                 "dec %[iterations]\n"                                                           \
                 "jnz 1b\n"                                                                      \
                 "vzeroupper\n"                                                                  \
                 : [iterations] "+r"(iterations)                                                 \
                 : [factors] "m"(kFactors)                                                       \
                 : "cc", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4", "xmm5", "xmm6", "xmm7", "xmm8", \
                   "xmm9", "xmm10", "xmm11", "xmm12");                                           \
  }
HALCYON_DOT_PROBE(dot_i8_avx512, "vpdpbusd", "zmm")
HALCYON_DOT_PROBE(dot_bf16_avx512, "vdpbf16ps", "zmm")
HALCYON_DOT_PROBE(dot_i8_avx2, "%{vex%} vpdpbusd", "ymm")
#undef HALCYON_DOT_PROBE

constexpr ProbeKind kKinds[] = {
    {"avx512", DType::f32, 2.0 * 16 * 12, fma_avx512, read_avx512},
    {"avx512", DType::i8, 2.0 * 64 * 12, dot_i8_avx512, read_avx512},
    {"avx512", DType::bf16, 2.0 * 32 * 12, dot_bf16_avx512, read_avx512},
    {"avx2", DType::f32, 2.0 * 8 * 12, fma_avx2, read_avx2},
    {"avx2", DType::i8, 2.0 * 32 * 12, dot_i8_avx2, read_avx2},
    {"sse2", DType::f32, 2.0 * 4 * 14, fma_sse2, read_sse2},
};

#elif defined(__aarch64__)

/// FMLA adds to its accumulator, which grows by 1e-4 until that is lost in rounding.
void fma_neon(std::int64_t iterations) {
  asm volatile(
      "ld1r {v12.4s}, [%[scale]]\n"
      "ld1r {v13.4s}, [%[offset]]\n"
      ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11\n"
      "movi v\\i\\().4s, #0\n"
      ".endr\n"
      "1:\n"
      ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11\n"
      "fmla v\\i\\().4s, v12.4s, v13.4s\n"
      ".endr\n"
      "subs %[iterations], %[iterations], #1\n"
      "b.ne 1b\n"
      : [iterations] "+r"(iterations)
      : [scale] "r"(&kScale), [offset] "r"(&kOffset), "m"(kScale), "m"(kOffset)
      : "cc", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12",
        "v13");
}

void read_neon(const void* begin, std::int64_t blocks) {
  asm volatile(
      "1:\n"
      ".rept 8\n"
      "ld1 {v0.4s, v1.4s, v2.4s, v3.4s}, [%[begin]], #64\n"
      ".endr\n"
      "subs %[blocks], %[blocks], #1\n"
      "b.ne 1b\n"
      : [begin] "+r"(begin), [blocks] "+r"(blocks)
      :
      : "cc", "memory", "v0", "v1", "v2", "v3");
}

void dot_i8_neon(std::int64_t iterations) {
  asm volatile(
      ".arch armv8.2-a+dotprod\n"
      "movi v12.16b, #1\n"
      ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11\n"
      "movi v\\i\\().4s, #0\n"
      ".endr\n"
      "1:\n"
      ".irp i, 0,1,2,3,4,5,6,7,8,9,10,11\n"
      "sdot v\\i\\().4s, v12.16b, v12.16b\n"
      ".endr\n"
      "subs %[iterations], %[iterations], #1\n"
      "b.ne 1b\n"
      : [iterations] "+r"(iterations)
      :
      : "cc", "v0", "v1", "v2", "v3", "v4", "v5", "v6", "v7", "v8", "v9", "v10", "v11", "v12");
}

constexpr ProbeKind kKinds[] = {{"neon", DType::i8, 2.0 * 16 * 12, dot_i8_neon, read_neon},
                                {"neon", DType::f32, 2.0 * 4 * 12, fma_neon, read_neon}};

#endif

double ns_of(const ProbeKind& kind, std::int64_t iterations) {
  const std::int64_t begin = now_ns();
  kind.fma(iterations);
  return static_cast<double>(std::max<std::int64_t>(now_ns() - begin, 1));
}

}  // namespace

const ProbeKind& probe_kind(const std::string& isa, DType dtype) {
  for (const ProbeKind& kind : kKinds)
    if (isa == kind.isa && dtype == kind.dtype) return kind;
  throw std::runtime_error("no probe of " + std::string(to_text(dtype)) + " for ISA '" + isa + "'");
}

FmaProbe::FmaProbe(const ProbeKind& kind) : kind_(&kind), iterations_(1000) {
  double best = ns_of(kind, iterations_);  // the fastest of a few: an interrupted one would shorten
  for (int i = 0; i < 20; i++) best = std::min(best, ns_of(kind, iterations_));  // every probe
  iterations_ = std::max<std::int64_t>(1, std::int64_t(kProbeNs / best * 1000));
}

double FmaProbe::rate(int times) const {
  const std::int64_t iterations = iterations_ * times;
  return kind_->flops * static_cast<double>(iterations) / ns_of(*kind_, iterations);
}

ReadProbe::ReadProbe(const ProbeKind& kind, std::size_t bytes)
    : kind_(&kind), bytes_(std::max(bytes / kBlock, std::size_t{1}) * kBlock) {
  void* data = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) throw std::bad_alloc();
  std::memset(data, 1, bytes_);  // untouched pages would all be the one page of zeros
  data_ = {static_cast<std::byte*>(data), Unmap{bytes_}};
}

void ReadProbe::Unmap::operator()(std::byte* data) const { munmap(data, bytes); }

double ReadProbe::rate(int times) const { return rate_of(0, bytes_, times); }

double ReadProbe::slice_rate(std::size_t index) const {
  const std::size_t slices = std::max<std::size_t>(bytes_ / 2 / kSliceBytes, 1);
  return rate_of(index % slices * kSliceBytes, std::min(kSliceBytes, bytes_), 1);
}

double ReadProbe::rate_of(std::size_t offset, std::size_t bytes, int times) const {
  const std::int64_t begin = now_ns();
  for (int i = 0; i < times; i++)
    kind_->read(data_.get() + offset, static_cast<std::int64_t>(bytes / kBlock));
  const double ns = static_cast<double>(std::max<std::int64_t>(now_ns() - begin, 1));
  return static_cast<double>(bytes) * times / ns;
}

}  // namespace halcyon
