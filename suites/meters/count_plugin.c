// A plugin for QEMU's user mode: counts executed AArch64 instructions by kernel and class inside address
// ranges. Exact and repeatable; says nothing of time.
//
//   qemu-aarch64 -plugin count_plugin.so,ranges=FILE,out=FILE program ...
//
// ranges: lines "<begin> <end> <kernel>", begin and end in hexadecimal, end exclusive, kernel a number from
// 0. out: a JSON array of one object of counts for each kernel.
//
// QEMU packages no header for its plugins; what is used of version 1 of that ABI is declared here.
// Source of the declarations: qemu 7.2, include/qemu/qemu-plugin.h.
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef uint64_t qemu_plugin_id_t;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { QEMU_PLUGIN_INLINE_ADD_U64 = 0 };
typedef void (*tb_callback)(qemu_plugin_id_t, struct qemu_plugin_tb *);
typedef void (*exit_callback)(qemu_plugin_id_t, void *);
extern void qemu_plugin_register_vcpu_tb_trans_cb(qemu_plugin_id_t, tb_callback);
extern void qemu_plugin_register_atexit_cb(qemu_plugin_id_t, exit_callback, void *);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *, size_t);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *);
extern const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *);
extern void qemu_plugin_register_vcpu_tb_exec_inline(struct qemu_plugin_tb *, int op, void *counter,
                                                     uint64_t add);

#define EXPORT __attribute__((visibility("default")))
EXPORT int qemu_plugin_version = 1;

enum class_of { FMLA, SIMD, LOAD, STORE, BRANCH, SCALAR, CLASSES };
static const char *const names[CLASSES] = {"fmla", "simd", "load", "store", "branch", "scalar"};
static uint64_t (*counts)[CLASSES];  // by kernel
static size_t kernel_count;

struct range {
  uint64_t begin, end;
  size_t kernel;
};
static struct range *ranges;
static size_t range_count;
static const char *out_path;

static bool matches(uint32_t word, uint32_t mask, uint32_t value) { return (word & mask) == value; }

// Vector FMLA and FMLS, three registers and by element, of f32/f64 and of f16.
// Source: Arm ARM DDI 0487, C4.1.96 "Data processing, scalar floating-point and Advanced SIMD".
static bool is_fmla(uint32_t w) {
  return matches(w, 0xbf20fc00, 0x0e20cc00) ||  // FMLA/FMLS .4s .2d: bit 23 picks which
         matches(w, 0xbf80b400, 0x0f801000) ||  // by element: bit 14 picks which
         matches(w, 0xbf60fc00, 0x0e400c00) ||  // .8h
         matches(w, 0xbfc0b400, 0x0f001000);    // .8h by element
}

// The top-level groups, DDI 0487 C4.1: op0 is bits 28 to 25.
static enum class_of classify(uint32_t w) {
  const uint32_t op0 = (w >> 25) & 0xf;
  if ((op0 & 0x5) == 0x4) {                                  // x1x0: loads and stores
    const bool literal = matches(w, 0x3b000000, 0x18000000);  // bit 22 is part of its offset
    return literal || (w >> 22 & 1) ? LOAD : STORE;
  }
  if ((op0 & 0x7) == 0x7) return is_fmla(w) ? FMLA : SIMD;   // x111
  if ((op0 & 0xe) == 0xa)                                    // 101x: branches and system
    return matches(w, 0xffc00000, 0xd5000000) ? SCALAR : BRANCH;
  return SCALAR;
}

static const struct range *range_of(uint64_t address) {
  for (size_t i = 0; i < range_count; i++)
    if (address >= ranges[i].begin && address < ranges[i].end) return &ranges[i];
  return NULL;
}

static void translated(qemu_plugin_id_t id, struct qemu_plugin_tb *tb) {
  (void)id;
  uint64_t here[CLASSES] = {0};
  const struct range *range = NULL;  // a block does not run on from one function into another
  const size_t n = qemu_plugin_tb_n_insns(tb);
  for (size_t i = 0; i < n; i++) {
    const struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
    const struct range *of = range_of(qemu_plugin_insn_vaddr(insn));
    if (!of) continue;
    range = of;
    uint32_t word;
    memcpy(&word, qemu_plugin_insn_data(insn), sizeof word);
    here[classify(word)]++;
  }
  for (int c = 0; c < CLASSES; c++)
    if (here[c])
      qemu_plugin_register_vcpu_tb_exec_inline(tb, QEMU_PLUGIN_INLINE_ADD_U64,
                                               &counts[range->kernel][c], here[c]);
}

static void finished(qemu_plugin_id_t id, void *unused) {
  (void)id;
  (void)unused;
  FILE *out = fopen(out_path, "w");
  if (!out) return;  // the meter misses the file and says so
  for (size_t k = 0; k < kernel_count; k++)
    for (int c = 0; c < CLASSES; c++)
      fprintf(out, "%s\"%s\": %" PRIu64, c ? ", " : k ? "},\n {" : "[{", names[c], counts[k][c]);
  fputs("}]\n", out);
  fclose(out);
}

static bool read_ranges(const char *path) {
  FILE *in = fopen(path, "r");
  if (!in) return false;
  struct range r;
  while (fscanf(in, "%" SCNx64 " %" SCNx64 " %zu", &r.begin, &r.end, &r.kernel) == 3) {
    ranges = realloc(ranges, (range_count + 1) * sizeof *ranges);
    if (!ranges) abort();
    ranges[range_count++] = r;
    if (r.kernel >= kernel_count) kernel_count = r.kernel + 1;
  }
  fclose(in);
  counts = calloc(kernel_count, sizeof *counts);
  return range_count > 0 && counts;
}

EXPORT int qemu_plugin_install(qemu_plugin_id_t id, const void *info, int argc, char **argv) {
  (void)info;
  const char *ranges_path = NULL;
  for (int i = 0; i < argc; i++) {
    if (!strncmp(argv[i], "ranges=", 7)) ranges_path = argv[i] + 7;
    if (!strncmp(argv[i], "out=", 4)) out_path = strdup(argv[i] + 4);
  }
  if (!ranges_path || !out_path || !read_ranges(ranges_path)) return 1;
  qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
  qemu_plugin_register_atexit_cb(id, finished, NULL);
  return 0;
}
