#pragma once
#include <optional>
#include <string>
#include <vector>

namespace halcyon {

/// How we came to know a figure of others: read where it was published, told by somebody else, or
/// from memory and never checked.
enum class Standing { read, second_hand, from_memory };
const char* to_text(Standing);  // "second hand"

struct PublishedAccuracy {
  std::string network;  // of suites/networks
  double top1_percent = 0;
  int resolution = 0;        // side of the input that it was measured at, pixels
  std::string what, source;  // which weights; where
  Standing standing = Standing::read;
};

/// What a paper says of its network, rounded as it stands there.
struct PublishedCounts {
  std::string network;
  double macs = 0, parameters = 0;
  std::string source;
  Standing standing = Standing::read;
};

/// Of a vendor's neural unit, which is no CPU and not programmed by us: shown in a table of its
/// own, never in one row or one ratio with a figure of ours.
struct VendorFigure {
  std::string model, chip;  // as the vendor calls them; the model may differ from the network
  double latency_ms = 0;    // one core, one thread
  std::optional<double> frames_per_second, peak_ddr_mb;
  std::string what, source;  // input and task; where
  Standing standing = Standing::read;
};

/// Top-1 before and after quantisation, of the same vendor.
struct VendorAccuracy {
  std::string model;
  double float_percent = 0, calibrated_percent = 0, compiled_percent = 0;
  std::string what, source;
  Standing standing = Standing::read;
};

struct Published {
  std::vector<PublishedAccuracy> accuracies;
  std::vector<PublishedCounts> counts;
  std::string vendor_note;  // what the vendor's figures are
  std::vector<VendorFigure> vendor_figures;
  std::vector<VendorAccuracy> vendor_accuracies;
};

/// Strict reader of suites/published.json. Error (exit 2) with file, pointer and what is allowed.
Published read_published(const std::string& path);

}  // namespace halcyon
