#include "suites/networks/published.h"

#include "kernels/strict_json.h"

namespace halcyon {
namespace {

constexpr double kMost = 1e15;  // of a count, a time or a rate

Standing read_standing(Reader& row) {
  Standing standing = Standing::read;
  const std::string word = row.string("standing");
  try {
    from_text(word, standing);
  } catch (const Error& e) {
    row.fail("standing", e.what());
  }
  return standing;
}

double read_percent(Reader& row, const char* key) { return row.number(key, 0, 100); }
double read_positive(Reader& row, const char* key) { return row.number(key, 1e-9, kMost); }
std::optional<double> read_maybe(Reader& row, const char* key) {
  if (!row.has(key)) return {};
  return read_positive(row, key);
}

PublishedAccuracy read_accuracy(Reader& row) {
  PublishedAccuracy a;
  a.network = row.string("network");
  a.top1_percent = read_percent(row, "top1_percent");
  a.resolution = static_cast<int>(row.integer("resolution", 1, 16384));
  a.what = row.string("what");
  return a;
}

PublishedCounts read_counts(Reader& row) {
  PublishedCounts c;
  c.network = row.string("network");
  c.macs = read_positive(row, "macs");
  c.parameters = read_positive(row, "parameters");
  return c;
}

VendorFigure read_figure(Reader& row) {
  VendorFigure f;
  f.model = row.string("model");
  f.chip = row.string("chip");
  f.latency_ms = read_positive(row, "latency_ms");
  f.frames_per_second = read_maybe(row, "frames_per_second");
  f.peak_ddr_mb = read_maybe(row, "peak_ddr_mb");
  f.what = row.string("what");
  return f;
}

VendorAccuracy read_vendor_accuracy(Reader& row) {
  VendorAccuracy a;
  a.model = row.string("model");
  a.float_percent = read_percent(row, "float_percent");
  a.calibrated_percent = read_percent(row, "calibrated_percent");
  a.compiled_percent = read_percent(row, "compiled_percent");
  a.what = row.string("what");
  return a;
}

/// Rows of one kind; each says where it is from and how we know.
template <class Row>
std::vector<Row> read_rows(Reader& reader, const char* key, Row (*read)(Reader&)) {
  std::vector<Row> rows;
  for (std::size_t i = 0; i < reader.array(key).size(); ++i) {
    Reader element = reader.element(key, i);
    Row row = read(element);
    row.source = element.string("source");
    row.standing = read_standing(element);
    element.finish();
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

Published read_published(const std::string& path) {
  const nlohmann::json json = read_json_file(path, Exit::usage);
  Reader reader(json, path, "", Exit::usage);
  Published published;
  published.accuracies = read_rows(reader, "accuracies", read_accuracy);
  published.counts = read_rows(reader, "counts", read_counts);
  published.vendor_note = reader.string("vendor_note");
  published.vendor_figures = read_rows(reader, "vendor_figures", read_figure);
  published.vendor_accuracies = read_rows(reader, "vendor_accuracies", read_vendor_accuracy);
  reader.finish();
  return published;
}

}  // namespace halcyon
