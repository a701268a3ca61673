#include "suites/meters/job.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "schedules/fence/output_lines.h"
#include "suites/protocol/network_wire.h"
#include "suites/protocol/wire.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// A process that ran to its end, whatever it says of its cases.
bool ended_well(const Ended& e) { return e.how == Ended::exited && (e.code == 0 || e.code == 1); }

Measured no_result(const std::string& id, const std::string& detail) {
  Measured m;
  m.id = id;
  m.outcome = Outcome::no_result;
  m.detail = detail;
  return m;
}

std::string strange_results(std::size_t results, int strange) {
  return "gave " + std::to_string(results) + " results and " + std::to_string(strange) +
         " lines that are none";
}

void take_line(const std::string& line, const std::string& nonce, Answers& answers) {
  const json j = json::parse(line);
  if (j.at(wire::kNonce) != nonce) throw std::invalid_argument("another nonce");
  if (j.contains(wire::kRunning)) answers.running = j.at(wire::kRunning);
  if (j.contains(wire::kMeasured))
    answers.measured.push_back(wire::measured_of(j.at(wire::kMeasured)));
  if (j.contains(wire::kNetwork))
    answers.networks.push_back(wire::network_measured_of(j.at(wire::kNetwork)));
  if (j.contains(wire::kRates)) answers.rates = rates_from_json(j.at(wire::kRates));
}

}  // namespace

Answers read_answers(const std::string& result, const std::string& nonce) {
  Answers answers;
  for (std::size_t begin = 0; begin < result.size();) {
    const auto end = result.find('\n', begin);
    if (end == result.npos) {  // the process died while it wrote
      answers.strange++;
      break;
    }
    try {
      take_line(result.substr(begin, end - begin), nonce, answers);
    } catch (const std::exception&) {
      answers.strange++;
    }
    begin = end + 1;
  }
  return answers;
}

Measured blame(const std::string& id, const Ended& ended) {
  constexpr int kRunnerError = 70;  // what bench.cpp returns for an exception
  Measured m;
  m.id = id;
  m.detail = describe(ended);
  switch (ended.how) {
    case Ended::wall_timeout:
    case Ended::cpu_timeout:
      m.outcome = Outcome::run_timeout;
      break;
    case Ended::out_of_memory:
      m.outcome = Outcome::run_oom;
      break;
    case Ended::signalled:
      m.outcome = Outcome::run_crash;
      break;
    case Ended::exited:
      m.outcome = ended.code == kRunnerError ? Outcome::infra : Outcome::no_result;
      m.detail += " without a result";
      if (const auto line = last_line(ended.output); !line.empty()) m.detail += ": " + line;
      break;
  }
  return m;
}

Measured check_result(const std::string& id, const Ended& ended, const Answers& answers) {
  if (!ended_well(ended) || answers.measured.empty()) return blame(id, ended);
  const Measured& m = answers.measured.front();
  if (answers.measured.size() == 1 && m.id == id && answers.strange == 0) return m;
  return no_result(id, strange_results(answers.measured.size(), answers.strange));
}

NetworkMeasured network_result(const Ended& ended, const Answers& answers) {
  return network_results(1, ended, answers).front();
}

std::vector<NetworkMeasured> network_results(std::size_t count, const Ended& ended,
                                             const Answers& answers) {
  if (ended_well(ended) && answers.networks.size() == count && answers.strange == 0)
    return answers.networks;
  const Measured blamed =
      ended_well(ended) && !answers.networks.empty()
          ? no_result("", strange_results(answers.networks.size(), answers.strange))
          : blame("", ended);
  NetworkMeasured m;
  m.outcome = blamed.outcome;
  m.detail = blamed.detail;
  return std::vector<NetworkMeasured>(count, m);
}

std::vector<Measured> settle(const std::vector<std::string>& ids, const Ended& ended,
                             const Answers& answers) {
  std::vector<Measured> settled;
  for (const auto& id : ids) {
    const auto is_it = [&](const Measured& m) { return m.id == id; };
    const auto count = std::count_if(answers.measured.begin(), answers.measured.end(), is_it);
    if (count == 1)
      settled.push_back(*std::find_if(answers.measured.begin(), answers.measured.end(), is_it));
    else if (count > 1)
      settled.push_back(no_result(id, "gave " + std::to_string(count) + " results"));
    else if (id == answers.running)
      settled.push_back(blame(id, ended));
  }
  if (settled.empty())
    for (const auto& id : ids) settled.push_back(blame(id, ended));
  return settled;
}

}  // namespace halcyon
