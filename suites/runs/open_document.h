#pragma once
#include <chrono>
#include <map>
#include <optional>
#include <string>

#include "results/document/document.h"
#include "results/document/journal.h"
#include "suites/meters/meter.h"
#include "suites/request/progress.h"
#include "suites/request/request.h"
#include "suites/runs/kept_bundle.h"

namespace halcyon {

/// The document of a run while it goes on: cases and networks add to it. In the journal it is, too:
/// results/document/journal_document.h.
class OpenDocument {
 public:
  /// They must outlive it; nothing is written yet.
  OpenDocument(const Request&, Progress&, KeptBundles* = nullptr);

  /// Begins the run and, with request.out, makes the folder and its journal: once; after that does
  /// nothing. What is wrong with the request has shown before. Goes on with request.unfinished
  /// where this machine and this program began it, under its id.
  void begin(const Target&);
  bool is_begun() const { return is_begun_; }
  /// By id, what the unfinished run left; what was our own failing then is made again.
  const std::map<std::string, Record>& known_records() const { return known_records_; }
  const std::map<std::string, NetworkRecord>& known_networks() const { return known_networks_; }
  Document& document() { return document_; }
  /// Null without request.out.
  Journal* journal() { return journal_ ? &*journal_ : nullptr; }
  /// Where programs are kept; null where none is.
  KeptBundles* bundles() const { return bundles_; }
  /// With the core to measure on, once the rates are known.
  const Protocol& protocol() const { return protocol_; }
  /// The core's rates and bandwidths: measured, and put into the document, when first asked for.
  const MachineRates& rates(const Meter&);
  /// Ends the run: complete when it was not cut short.
  Document close(bool whole);

 private:
  void go_on(const std::string& journal);

  const Request& request_;
  Progress& progress_;
  KeptBundles* const bundles_;
  Protocol protocol_;
  Document document_;
  std::optional<Journal> journal_;
  std::map<std::string, Record> known_records_;
  std::map<std::string, NetworkRecord> known_networks_;
  std::optional<MachineRates> rates_;
  std::chrono::steady_clock::time_point began_;
  bool is_begun_ = false;
};

}  // namespace halcyon
