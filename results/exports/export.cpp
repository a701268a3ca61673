#include "results/exports/export.h"

#include <algorithm>
#include <map>

#include "kernels/error.h"
#include "kernels/guess.h"
#include "results/files/atomic_file.h"

namespace halcyon {
namespace {

std::string state_of(const Record& r) {
  return r.dtype + "/" + to_text(r.state) + "/threads:" + std::to_string(r.threads) +
         (r.rival.empty() ? "" : "/rival:" + r.rival);
}

std::string name_of(const Record& r) {
  return (r.suite.empty() ? "" : r.suite + "/") + r.case_id + "/" + state_of(r);
}

std::string name_of(const NetworkRecord& r) {
  return "network/" + r.network + "/" + r.input_nhwc + "/batch:" + std::to_string(r.batch) +
         "/threads:" + std::to_string(r.threads);
}

template <class AnyRecord>
NamedFigure figure_of(const AnyRecord& r) {
  NamedFigure f;
  f.name = name_of(r);
  f.unit = r.unit;
  f.samples = &r.samples;
  if (r.outcome == Outcome::ok)
    f.figure = r.statistics ? r.statistics->median_ns : r.counts ? r.counts->per_call() : 0;
  return f;
}

}  // namespace

std::vector<NamedFigure> named_figures(const Document& d) {
  std::vector<NamedFigure> all;
  std::map<std::string, int> seen;
  const std::string first = d.targets.empty() ? "" : d.targets.front().name;
  const auto add = [&](NamedFigure f, const std::string& target) {
    if (!(f.figure > 0)) return;
    if (!first.empty() && target != first) f.name.insert(0, target + "/");
    if (const int count = ++seen[f.name]; count > 1) f.name += "." + std::to_string(count);
    all.push_back(std::move(f));
  };
  for (const Record& r : d.records) {
    NamedFigure f = figure_of(r);
    f.record = &r;
    add(std::move(f), r.target);
  }
  for (const NetworkRecord& n : d.networks) {
    NamedFigure f = figure_of(n);
    f.network = &n;
    add(std::move(f), n.target);
  }
  return all;
}

std::string why_not_one_run(const std::vector<Document>& documents) {
  if (documents.size() != 1)
    return "is of one run, and " + std::to_string(documents.size()) + " are given";
  return named_figures(documents.front()).empty() ? "no record of this run has a figure" : "";
}

std::string why_not_any(const std::vector<Document>& documents) {
  const bool any = std::any_of(documents.begin(), documents.end(), [](const Document& d) {
    return !d.records.empty() || !d.networks.empty();
  });
  return any ? "" : "none of these runs holds a record";
}

std::vector<const Export*> exports_named(const std::vector<std::string>& names,
                                         const std::vector<Document>& documents) {
  std::vector<const Export*> wanted;
  for (const std::string& name : names) wanted.push_back(&export_named(name));
  for (const Export* e : wanted)
    if (const auto why_not = e->why_not(documents); !why_not.empty())
      throw usage_error(std::string("--format ") + e->name + ": " + why_not);
  return wanted;
}

std::string write_exports(const std::vector<const Export*>& wanted,
                          const std::vector<Document>& documents, const std::string& folder) {
  std::string wrote;
  for (const Export* e : wanted) {
    write_file_atomically(folder + "/" + e->file, e->render(documents));
    wrote += std::string(", ") + e->file;
  }
  return wrote;
}

const Export& export_named(const std::string& name) {
  const auto found = std::find_if(exports().begin(), exports().end(),
                                  [&](const Export* e) { return e->name == name; });
  if (found != exports().end()) return **found;
  std::vector<std::string> known;
  std::string allowed;
  for (const Export* e : exports()) {
    allowed += (known.empty() ? "" : ", ") + std::string(e->name);
    known.emplace_back(e->name);
  }
  throw usage_error("--format " + with_guess(name, known) + ": allowed are " + allowed);
}

}  // namespace halcyon
