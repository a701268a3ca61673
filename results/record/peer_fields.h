#pragma once
#include <limits>

#include "results/record/peer_record.h"
#include "results/record/record_fields.h"

/// The fields of a comparison with other systems, which the record of a network or a case holds.
namespace halcyon {

void fields(auto& visit, MaybeConst<Interval> auto& i) {
  visit("low", i.low);
  visit("estimate", i.estimate);
  visit("high", i.high);
}

void fields(auto& visit, MaybeConst<PeerResult> auto& r) {
  visit("name", r.name);
  visit("version", r.version);
  visit("options", r.options);
  visit.added("layout", r.layout);
  visit("outcome", r.outcome);
  visit("detail", r.detail);
  visit.added("precision", r.precision);
  visit("max_error", r.max_error);
  visit.if_there("sqnr_db", r.sqnr_db, std::numeric_limits<double>::lowest());
  visit("samples", r.samples);
  visit("statistics", r.statistics);
  visit.if_there("rejected", r.rejected);
  visit("ratio", r.ratio);
  visit.added("mixed_precision", r.mixed_precision);
  visit.added("doubtful", r.doubtful);
}

void fields(auto& visit, MaybeConst<PeerComparison> auto& c) {
  visit("threads", c.threads, 1);
  visit("inferences", c.inferences, 1);
  visit.added("dtype", c.dtype);
  visit("error_tolerance", c.error_tolerance);
  visit.added("sqnr_floor_db", c.sqnr_floor_db);
  visit("own", c.own);
  visit("peers", c.peers);
  visit("best", c.best);
}

}  // namespace halcyon
