#include <charconv>

#include "results/exports/export.h"
#include "results/figures/network_summary.h"

namespace halcyon {
namespace {

/// As short as it can be and still read back as the same number.
std::string number(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

/// A cell; what a spreadsheet would take for a formula is text to it, too.
std::string cell(std::string text) {
  if (text.find_first_of("=+-@\t\r") == 0) text.insert(0, 1, '\'');
  if (text.find_first_of(",\"\r\n") == text.npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? "\"\"" : std::string(1, c);
  return quoted + "\"";
}

/// What it says of a case and of a network; nothing where it has no meaning, or no figure.
struct Column {
  const char* name;
  std::string (*of_case)(const Document&, const Record&);
  std::string (*of_network)(const Document&, const NetworkRecord&);
};

/// A column that both have, by the same words.
template <class Text>
constexpr Column both(const char* name, Text text) {
  return {name, text, text};
}
template <auto member>
constexpr Column statistic(const char* name) {
  return both(name, [](const Document&, const auto& r) {
    return r.statistics ? number(static_cast<double>((*r.statistics).*member)) : std::string();
  });
}

constexpr Column kColumns[] = {
    both("run", [](const Document& d, const auto&) { return d.run; }),
    both("commit", [](const Document& d, const auto&) { return d.toolchain.commit; }),
    both("cpu", [](const Document& d, const auto&) { return cpu_text(d.machine); }),
    {"kind", [](const Document&, const Record&) { return std::string("case"); },
     [](const Document&, const NetworkRecord&) { return std::string("network"); }},
    {"suite", [](const Document&, const Record& r) { return r.suite; },
     [](const Document&, const NetworkRecord&) { return std::string(); }},
    {"name", [](const Document&, const Record& r) { return r.case_id; },
     [](const Document&, const NetworkRecord& r) { return r.network; }},
    {"rival", [](const Document&, const Record& r) { return r.rival; },
     [](const Document&, const NetworkRecord&) { return std::string(); }},
    {"class", [](const Document&, const Record& r) { return r.kernel_class; },
     [](const Document&, const NetworkRecord&) { return std::string(); }},
    {"problem", [](const Document&, const Record& r) { return r.problem; },
     [](const Document&, const NetworkRecord& r) { return r.input_nhwc; }},
    {"dtype", [](const Document&, const Record& r) { return r.dtype; },
     [](const Document&, const NetworkRecord&) { return std::string(); }},
    both("target", [](const Document&, const auto& r) { return r.target; }),
    both("threads", [](const Document&, const auto& r) { return std::to_string(r.threads); }),
    {"batch", [](const Document&, const Record&) { return std::string(); },
     [](const Document&, const NetworkRecord& r) { return std::to_string(r.batch); }},
    {"state", [](const Document&, const Record& r) { return std::string(to_text(r.state)); },
     [](const Document&, const NetworkRecord&) { return std::string(); }},
    {"schedule", [](const Document&, const Record& r) { return r.schedule_source; },
     [](const Document&, const NetworkRecord& r) { return r.plan; }},
    both("outcome", [](const Document&, const auto& r) { return std::string(to_text(r.outcome)); }),
    statistic<&Statistics::median_ns>("median_ns"),
    statistic<&Statistics::q25_ns>("q25_ns"),
    statistic<&Statistics::accepted>("accepted"),
    statistic<&Statistics::taken>("taken"),
    statistic<&Statistics::percent_of_peak>("percent_of_peak"),
    statistic<&Statistics::gflops>("gflops"),
    both("instructions",
         [](const Document&, const auto& r) {
           return r.counts ? number(r.counts->per_call()) : std::string();
         }),
    both("macs", [](const Document&, const auto& r) { return std::to_string(r.macs); }),
    both("parameters", [](const Document&, const auto& r) { return std::to_string(r.parameters); }),
    both("detail", [](const Document&, const auto& r) { return r.detail; }),
    both("record", [](const Document&, const auto& r) { return r.id; })};

/// A line of cells, each by the column's `of`.
template <class Of>
std::string line(Of of) {
  std::string text;
  for (const Column& column : kColumns) text += (&column == kColumns ? "" : ",") + cell(of(column));
  return text + "\n";
}

std::string render(const std::vector<Document>& documents) {
  std::string text = line([](const Column& column) { return std::string(column.name); });
  for (const Document& d : documents) {
    for (const Record& r : d.records)
      text += line([&](const Column& column) { return column.of_case(d, r); });
    for (const NetworkRecord& r : d.networks)
      text += line([&](const Column& column) { return column.of_network(d, r); });
  }
  return text;
}

}  // namespace

extern const Export csv_export = {"csv", "records.csv", "a row per record, for spreadsheets",
                                  why_not_any, render};

}  // namespace halcyon
