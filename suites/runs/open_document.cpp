#include "suites/runs/open_document.h"

#include <tuple>

#include "results/document/journal_document.h"
#include "results/files/atomic_file.h"
#include "suites/runs/run_document.h"

namespace halcyon {
namespace {

bool same_maker(const Document& a, const Document& b) {
  const auto cpu = [](const Machine& m) {
    return std::tie(m.vendor, m.cpu_model, m.family, m.model, m.stepping, m.isa, m.cores);
  };
  return a.toolchain == b.toolchain && cpu(a.machine) == cpu(b.machine) && a.targets == b.targets;
}

}  // namespace

OpenDocument::OpenDocument(const Request& request, Progress& progress, KeptBundles* bundles)
    : request_(request),
      progress_(progress),
      bundles_(bundles),
      protocol_(protocol_of_run(request)) {}

void OpenDocument::begin(const Target& target) {
  if (is_begun_) return;
  is_begun_ = true;
  document_ = begin_document(request_, target, protocol_);
  began_ = std::chrono::steady_clock::now();
  if (request_.out.empty()) return;
  make_folder(request_.out);
  const std::string journal = request_.out + "/journal.jsonl";
  if (!request_.unfinished.empty()) go_on(journal);
  journal_.emplace(journal, document_.run,
                   [this](const std::string& line) { progress_.say(line); });
  append_head(*journal_, document_);
}

void OpenDocument::go_on(const std::string& journal) {
  std::optional<JournaledRun> left = last_run(journal);
  if (!left || left->document.run != request_.unfinished) return;
  if (!same_maker(left->document, document_)) {
    progress_.say(journal + ": another machine or program began it: all is done anew");
    return;
  }
  document_.run = left->document.run;
  document_.started_utc = left->document.started_utc;
  for (Record& r : left->document.records)
    if (r.outcome != Outcome::infra) known_records_[r.id] = std::move(r);
  for (NetworkRecord& n : left->document.networks)
    if (n.outcome != Outcome::infra) known_networks_[n.id] = std::move(n);
  progress_.say(journal + ": going on where run " + document_.run +
                " ended: " + std::to_string(known_records_.size() + known_networks_.size()) +
                " records are there");
}

const MachineRates& OpenDocument::rates(const Meter& meter) {
  if (!rates_) {
    progress_.say("measuring FMA rate and bandwidths");
    rates_ = measure_rates(meter, protocol_, document_);
    if (journal_) append_head(*journal_, document_);
  }
  return *rates_;
}

Document OpenDocument::close(bool whole) {
  end_document(document_, protocol_,
               std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count());
  document_.complete = document_.complete && whole;
  if (journal_ && document_.complete) append_end(*journal_);
  return std::move(document_);
}

}  // namespace halcyon
