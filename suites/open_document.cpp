#include "suites/open_document.h"

#include "results/atomic_file.h"
#include "suites/run_document.h"

namespace halcyon {

OpenDocument::OpenDocument(const Request& request, Progress& progress)
    : request_(request), progress_(progress), protocol_(protocol_of(request)) {}

void OpenDocument::begin(const Target& target) {
  if (is_begun_) return;
  is_begun_ = true;
  document_ = begin_document(request_, target, protocol_);
  began_ = std::chrono::steady_clock::now();
  if (request_.out.empty()) return;
  make_folder(request_.out);
  journal_.emplace(request_.out + "/journal.jsonl", document_.run,
                   [this](const std::string& line) { progress_.say(line); });
}

const MachineRates& OpenDocument::rates(Meter& meter, const Target& target) {
  if (!rates_) {
    progress_.say("measuring FMA rate and bandwidths");
    rates_ = measure_rates(meter, target, protocol_, document_);
  }
  return *rates_;
}

Document OpenDocument::close() {
  end_document(document_, protocol_,
               std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count());
  return std::move(document_);
}

}  // namespace halcyon
