#pragma once
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace halcyon {

/// How we came to know a figure of others: read where it was published, told by somebody else, or
/// from memory and never checked.
enum class Standing { read, second_hand, from_memory };
const char* to_text(Standing);                // "second hand"
void from_text(std::string_view, Standing&);  // throws Error (exit 3) with what is allowed

struct PublishedAccuracy {
  std::string network;  // of suites/networks
  double top1_percent = 0;
  int resolution = 0;        // side of the input that it was measured at, pixels
  std::string what, source;  // which weights; where
  Standing standing = Standing::read;
  bool operator==(const PublishedAccuracy&) const = default;
};

/// What a paper says of its network, rounded as it stands there.
struct PublishedCounts {
  std::string network;
  double macs = 0, parameters = 0;
  std::string source;
  Standing standing = Standing::read;
  bool operator==(const PublishedCounts&) const = default;
};

/// Of a vendor's neural unit, which is no CPU and not programmed by us: shown in a table of its
/// own, never in one row or one ratio with a figure of ours.
struct VendorFigure {
  std::string model, chip;  // as the vendor calls them; the model may differ from the network
  double latency_ms = 0;    // one core, one thread
  std::optional<double> frames_per_second, peak_ddr_mb;
  std::string what, source;  // input and task; where
  Standing standing = Standing::read;
  bool operator==(const VendorFigure&) const = default;
};

/// Top-1 before and after quantisation, of the same vendor.
struct VendorAccuracy {
  std::string model;
  double float_percent = 0, calibrated_percent = 0, compiled_percent = 0;
  std::string what, source;
  Standing standing = Standing::read;
  bool operator==(const VendorAccuracy&) const = default;
};

/// Figures of others that a run shows beside its own; of the networks that it ran, and all of the
/// vendor's.
struct Published {
  std::vector<PublishedAccuracy> accuracies;
  std::vector<PublishedCounts> counts;
  std::string vendor_note;  // what the vendor's figures are
  std::vector<VendorFigure> vendor_figures;
  std::vector<VendorAccuracy> vendor_accuracies;
  bool operator==(const Published&) const = default;
};

/// As in a results document.
nlohmann::json to_json(const Published&);
/// Throws Error (exit 3) with the JSON pointer below `pointer`.
Published published_from_json(const nlohmann::json&, const std::string& where,
                              const std::string& pointer);

}  // namespace halcyon
