#include <algorithm>

#include "results/page/page_parts.h"
#include "results/text/svg.h"

namespace halcyon::page_parts {
namespace {

constexpr KernelFamily kFamilies[] = {
    {"chain", "family-chain", "triangle", [](const std::string&, bool chain) { return chain; }},
    {"pointwise", "family-pw", "circle", [](const std::string& w, bool) { return w == "pw"; }},
    {"depthwise", "family-dw", "diamond", [](const std::string& w, bool) { return w == "dw"; }},
    {"convolution", "family-conv", "square",
     [](const std::string& w, bool) { return w == "conv"; }},
    {"other", "family-other", "cross", [](const std::string&, bool) { return true; }}};

}  // namespace

const KernelFamily& family_of(const std::string& problem) {
  const std::size_t bar = problem.find("| ");
  const std::size_t from = bar == std::string::npos ? problem.size() : bar + 2;
  const std::string word = problem.substr(from, problem.find(' ', from) - from);
  const bool chain = problem.find('|', from) != std::string::npos;
  return *std::find_if(std::begin(kFamilies), std::end(kFamilies),
                       [&](const KernelFamily& f) { return f.holds(word, chain); });
}

Markup legend_entry(const Markup& content, const char* words) {
  return tag("li", "", svg::picture("swatch", "", content) + tag("span", "", words));
}

Markup family_legend() {
  Markup entries;
  for (const KernelFamily& f : kFamilies)
    entries += legend_entry(svg::mark(std::string("mark ") + f.css_class, f.shape, 50, 50), f.name);
  return entries;
}

}  // namespace halcyon::page_parts
