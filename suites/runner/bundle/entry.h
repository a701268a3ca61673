#pragma once

/// A compiled kernel inside a bundle: Halide's C entry, one pointer per argument.
using KernelEntry = int (*)(void** arguments);

/// One row of the table that make_bundle() generates.
struct BenchEntry {
  const char* symbol;  // "halcyon_0123456789abcdef"
  KernelEntry call;
};

/// The program inside a bundle. Alone it is an ordinary Google Benchmark program over the cases of
/// the manifest beside it; with `--job FILE --result-fd=N` it does what the job says and writes one
/// line of JSON per result to that descriptor; with `--serve --result-fd=N` it answers line by line
/// (suites/peers/README.md). Returns the exit code.
extern "C" int halcyon_bench(int argc, char** argv, const BenchEntry* entries, int count);
