#include "results/figures/precision.h"

#include "results/table/table.h"
#include "results/text/columns.h"
#include "results/text/format.h"

namespace halcyon {
namespace {

bool applies(const Document& document, const Viewer&) {
  return !precision_means(against_f32(document)).empty();
}

/// What lower precisions gain, by class.
std::string render(const Document& document, const Viewer&) {
  std::vector<std::vector<std::string>> rows = {
      {"f32 over it, network shapes", "cases", "geometric mean", "least"}};
  for (const PrecisionMean& m : precision_means(against_f32(document)))
    rows.push_back({m.dtype + " " + m.kernel_class +
                        (m.state == CacheState::warm ? "" : ", " + std::string(to_text(m.state))),
                    std::to_string(m.cases), ratio_text(m.ratio), fixed(m.slowest, 2)});
  return columns(rows) + "Above 1 the lower precision is faster than the same case in f32.\n";
}

}  // namespace

extern const Table precision_table = {"precision", applies, render};

}  // namespace halcyon
