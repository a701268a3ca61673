#include "results/record/published_figures.h"

#include "kernels/problem/op_field.h"
#include "results/record/fields.h"

namespace halcyon {

void fields(auto& visit, MaybeConst<PublishedAccuracy> auto& a) {
  visit("network", a.network);
  visit("top1_percent", a.top1_percent, 0, 100);
  visit("resolution", a.resolution, 1);
  visit("what", a.what);
  visit("source", a.source);
  visit("standing", a.standing);
}

void fields(auto& visit, MaybeConst<PublishedCounts> auto& c) {
  visit("network", c.network);
  visit("macs", c.macs);
  visit("parameters", c.parameters);
  visit("source", c.source);
  visit("standing", c.standing);
}

void fields(auto& visit, MaybeConst<VendorFigure> auto& f) {
  visit("model", f.model);
  visit("chip", f.chip);
  visit("latency_ms", f.latency_ms);
  visit.if_there("frames_per_second", f.frames_per_second);
  visit.if_there("peak_ddr_mb", f.peak_ddr_mb);
  visit("what", f.what);
  visit("source", f.source);
  visit("standing", f.standing);
}

void fields(auto& visit, MaybeConst<VendorAccuracy> auto& a) {
  visit("model", a.model);
  visit("float_percent", a.float_percent, 0, 100);
  visit("calibrated_percent", a.calibrated_percent, 0, 100);
  visit("compiled_percent", a.compiled_percent, 0, 100);
  visit("what", a.what);
  visit("source", a.source);
  visit("standing", a.standing);
}

void fields(auto& visit, MaybeConst<Published> auto& p) {
  visit("accuracies", p.accuracies);
  visit("counts", p.counts);
  visit("vendor_note", p.vendor_note);
  visit("vendor_figures", p.vendor_figures);
  visit("vendor_accuracies", p.vendor_accuracies);
}

const char* to_text(Standing standing) {
  return standing == Standing::read          ? "read"
         : standing == Standing::second_hand ? "second hand"
                                             : "from memory";
}

void from_text(std::string_view word, Standing& standing) {
  std::vector<std::string> known;
  for (const Standing one : {Standing::read, Standing::second_hand, Standing::from_memory}) {
    standing = one;
    if (word == to_text(one)) return;
    known.emplace_back(to_text(one));
  }
  throw data_error("found " + with_guess(std::string(word), known) + ", allowed: " + joined(known));
}

nlohmann::json to_json(const Published& p) { return write_fields(p); }

Published published_from_json(const nlohmann::json& value, const std::string& where,
                              const std::string& pointer) {
  return read_fields<Published>(Reader(value, where, pointer, Exit::data));
}

}  // namespace halcyon
