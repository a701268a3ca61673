#include "results/page/section.h"
#include "results/text/format.h"

namespace halcyon::page_parts {
namespace {

constexpr std::size_t kMostEmbedded = 4u << 20;  // bytes of all documents together

bool applies(const std::vector<Run>&) { return true; }

Markup render(const std::vector<Run>& runs) {
  Markup body = tag("h2", "title", "Data");
  std::vector<std::string> texts;
  std::size_t bytes = 0;
  for (const Run& run : runs) bytes += texts.emplace_back(canonical_text(*run.document)).size();
  const bool embedded = bytes <= kMostEmbedded;
  body +=
      tag("p", "lead",
          embedded ? "The documents that every number above comes from are inside this page."
                   : "The documents that every number above comes from are too large for the page; "
                     "they are beside it.");
  for (std::size_t i = 0; i < runs.size(); ++i) {
    const std::string id = "results-" + runs[i].letter;
    Markup line = tag("b", "", "results.json") +
                  text(" of run " + runs[i].document->run + ", " +
                       bytes_text(static_cast<double>(texts[i].size())) + ", SHA-256 ") +
                  tag("code", "hash", sha256_hex(texts[i]));
    if (embedded)
      line +=
          element("button", {{"type", "button"}, {"data-save", id}, {"hidden", ""}}, text("Save")) +
          json_block(id, texts[i]);
    body += tag("p", "data", line);
  }
  return tag("section", "data", body);
}

}  // namespace

extern const PageSection data_section = {"data", applies, render};

}  // namespace halcyon::page_parts
