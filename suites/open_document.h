#pragma once
#include <chrono>
#include <optional>

#include "results/document.h"
#include "results/journal.h"
#include "suites/meter.h"
#include "suites/progress.h"
#include "suites/request.h"

namespace halcyon {

/// The document of a run while it goes on: cases and networks add to it.
class OpenDocument {
 public:
  OpenDocument(const Request&, Progress&);  // both must outlive it; nothing is written yet

  /// Begins the run and, with request.out, makes the folder and its journal: once; after that does
  /// nothing. What is wrong with the request has shown before.
  void begin(const Target&);
  Document& document() { return document_; }
  /// Null without request.out.
  Journal* journal() { return journal_ ? &*journal_ : nullptr; }
  /// With the core to measure on, once the rates are known.
  const Protocol& protocol() const { return protocol_; }
  /// The core's rates and bandwidths: measured, and put into the document, when first asked for.
  const MachineRates& rates(Meter&, const Target&);
  /// Ends the run.
  Document close();

 private:
  const Request& request_;
  Progress& progress_;
  Protocol protocol_;
  Document document_;
  std::optional<Journal> journal_;
  std::optional<MachineRates> rates_;
  std::chrono::steady_clock::time_point began_;
  bool is_begun_ = false;
};

}  // namespace halcyon
