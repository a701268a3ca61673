#pragma once
#include "results/record/fields.h"
#include "results/record/record.h"

/// The fields of what a record of a case and one of a network are both made of; also as the program
/// in a bundle tells them, and of counts as the plugin of an emulator does.
namespace halcyon {

void fields(auto& visit, MaybeConst<Sample> auto& s) {
  visit("ns", s.ns);
  visit("iterations", s.iterations, 1);
  visit("probe_before", s.probe_before);
  visit("probe_after", s.probe_after);
  visit("read_before", s.read_before);
  visit("read_after", s.read_after);
  visit("queue_delay", s.queue_delay);
  visit.if_there("loop_ns", s.loop_ns);
  visit.if_there("process", s.process);
  visit("order", s.order);
  visit("accepted", s.accepted);
  visit.unless_empty("refused_by", s.refused_by);
}

void fields(auto& visit, MaybeConst<Rejected> auto& r) {
  visit("clock", r.clock);
  visit("memory", r.memory);
  visit("queue", r.queue);
}

void fields(auto& visit, MaybeConst<Check> auto& c) {
  visit("passed", c.passed);
  visit.finite_or_null("max_abs", c.max_abs);
  visit.finite_or_null("max_rel", c.max_rel);
  visit.finite_or_null("cosine", c.cosine);
  visit("tolerance_abs", c.tolerance_abs);
  visit("tolerance_rel", c.tolerance_rel);
  visit("where", c.where);
  visit("input_sets", c.input_sets);
  visit("checked_build", c.checked_build);
  visit("guard_pages", c.guard_pages);
}

void fields(auto& visit, MaybeConst<Statistics> auto& s) {
  visit("median_ns", s.median_ns);
  visit("q25_ns", s.q25_ns);
  visit("min_ns", s.min_ns);
  visit("accepted", s.accepted);
  visit("taken", s.taken);
  visit("peak_gflops", s.peak_gflops);
  visit("gflops", s.gflops);
  visit("percent_of_peak", s.percent_of_peak);
}

void fields(auto& visit, MaybeConst<Bound> auto& b) {
  visit("compute_ns", b.compute_ns);
  visit("memory_ns", b.memory_ns);
  visit("level", b.level);
  visit("limited_by", b.limited_by);
}

/// Of counts what is counted.
void class_fields(auto& visit, MaybeConst<Counts> auto& c) {
  visit("fmla", c.fmla);
  visit("simd", c.simd);
  visit("load", c.load);
  visit("store", c.store);
  visit("branch", c.branch);
  visit("scalar", c.scalar);
}

void fields(auto& visit, MaybeConst<Counts> auto& c) {
  visit("calls", c.calls, 1);
  visit("lanes", c.lanes, 1);
  class_fields(visit, c);
}

}  // namespace halcyon
