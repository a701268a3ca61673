#include "suites/protocol/network_wire.h"

#include <cstdio>
#include <nlohmann/json.hpp>

#include "kernels/oracle/tensor_file.h"
#include "results/record/record_fields.h"

namespace halcyon {

void fields(auto& visit, MaybeConst<OutputError> auto& e) {
  visit("name", e.name);
  visit.finite_or_null("max_abs", e.max_abs);
  visit.finite_or_null("range", e.range);
}

void fields(auto& visit, MaybeConst<CallTimes> auto& t) {
  visit("median_ns", t.median_ns);
  visit("q25_ns", t.q25_ns);
  visit("clock_ns", t.clock_ns);
  visit("empty_call_ns", t.empty_call_ns);
}

/// But the stamps, a list of lists.
void fields(auto& visit, MaybeConst<NetworkMeasured> auto& m) {
  visit("outcome", m.outcome);
  visit("detail", m.detail);
  visit("check", m.check);
  visit("errors", m.errors);
  visit("weights_bytes", m.bytes.weights);
  visit("arena_bytes", m.bytes.arena);
  visit("input_bytes", m.bytes.input);
  visit("output_bytes", m.bytes.output);
  visit("scratch_bytes", m.bytes.scratch);
  visit("samples", m.samples);
  visit("stamped", m.stamped);
  visit.if_there("calls", m.calls);
}

namespace wire {

std::string call_file(const std::string& folder, std::size_t call, const TensorSpec& argument) {
  char number[16];
  std::snprintf(number, sizeof number, "%04zu-", call);
  return tensor_path(folder, number + argument.name, argument.dtype);
}

nlohmann::json network_json(const NetworkMeasured& m) {
  nlohmann::json line = write_fields(m);
  if (!m.stamps.empty()) line["stamps"] = m.stamps;
  return line;
}

NetworkMeasured network_measured_of(const nlohmann::json& line) {
  auto m = read_fields<NetworkMeasured>(Reader(line, "a bundle's line", "", Exit::internal));
  if (line.contains("stamps")) line["stamps"].get_to(m.stamps);
  return m;
}

}  // namespace wire
}  // namespace halcyon
