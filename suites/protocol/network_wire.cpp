#include "suites/protocol/network_wire.h"

#include <nlohmann/json.hpp>

#include "suites/protocol/wire.h"

namespace halcyon::wire {
namespace {

using nlohmann::json;

json samples_json(const std::vector<Sample>& samples) {
  json all = json::array();
  for (const Sample& s : samples) all.push_back(sample_json(s));
  return all;
}

std::vector<Sample> samples_of(const json& j) {
  std::vector<Sample> all;
  for (const json& s : j) all.push_back(sample_of(s));
  return all;
}

json errors_json(const std::vector<OutputError>& errors) {
  json all = json::array();
  for (const OutputError& e : errors)
    all.push_back({{"name", e.name}, {"max_abs", e.max_abs}, {"range", e.range}});
  return all;
}

json calls_json(const CallTimes& t) {
  return {{"median_ns", t.median_ns},
          {"q25_ns", t.q25_ns},
          {"clock_ns", t.clock_ns},
          {"empty_call_ns", t.empty_call_ns}};
}

CallTimes calls_of(const json& j) {
  CallTimes t;
  j.at("median_ns").get_to(t.median_ns);
  j.at("q25_ns").get_to(t.q25_ns);
  t.clock_ns = j.at("clock_ns");
  t.empty_call_ns = j.at("empty_call_ns");
  return t;
}

}  // namespace

json network_json(const NetworkMeasured& m) {
  json j = {{"outcome", to_text(m.outcome)},     {"detail", m.detail},
            {"check", check_json(m.check)},      {"errors", errors_json(m.errors)},
            {"weights_bytes", m.bytes.weights},  {"arena_bytes", m.bytes.arena},
            {"input_bytes", m.bytes.input},      {"output_bytes", m.bytes.output},
            {"scratch_bytes", m.bytes.scratch},  {"samples", samples_json(m.samples)},
            {"stamped", samples_json(m.stamped)}};
  if (!m.stamps.empty()) j["stamps"] = m.stamps;
  if (m.calls) j["calls"] = calls_json(*m.calls);
  return j;
}

NetworkMeasured network_measured_of(const json& j) {
  NetworkMeasured m;
  m.outcome = outcome_from_text(j.at("outcome").get<std::string>());
  m.detail = j.at("detail");
  m.check = check_of(j.at("check"));
  for (const json& e : j.at("errors"))
    m.errors.push_back({e.at("name"), number_of(e.at("max_abs")), number_of(e.at("range"))});
  m.bytes.weights = j.at("weights_bytes");
  m.bytes.arena = j.at("arena_bytes");
  m.bytes.input = j.at("input_bytes");
  m.bytes.output = j.at("output_bytes");
  m.bytes.scratch = j.at("scratch_bytes");
  m.samples = samples_of(j.at("samples"));
  m.stamped = samples_of(j.at("stamped"));
  if (j.contains("stamps")) j.at("stamps").get_to(m.stamps);
  if (j.contains("calls")) m.calls = calls_of(j.at("calls"));
  return m;
}

}  // namespace halcyon::wire
