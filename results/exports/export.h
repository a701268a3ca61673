#pragma once
#include <string>
#include <vector>

#include "results/document/document.h"

namespace halcyon {

/// A form of runs for other programs; one file in code, one file beside the page.
struct Export {
  const char* name;  // what --format takes
  const char* file;
  const char* help;
  std::string (*why_not)(const std::vector<Document>&);  // empty where it applies
  std::string (*render)(const std::vector<Document>&);   // the file's bytes
};
/// A figure of a case or a network that is ok, for forms that hold nothing else; `name` says all
/// that tells it from others: tools pair by it.
struct NamedFigure {
  std::string name;
  const Record* record = nullptr;  // one of both
  const NetworkRecord* network = nullptr;
  FigureUnit unit = FigureUnit::ns;
  double figure = 0;  // median, or instructions of a call
  const std::vector<Sample>* samples = nullptr;
};
/// In the order of the document. "kernels/dw3-56/f32/warm/threads:1", with "/rival:apart" of a
/// rival; "network/henet_tinym/1x224x224x3/batch:1/threads:1". Figures of another target than the
/// first begin with its name. What stands there twice, such as the parts of a chain, has ".2"
/// behind it.
std::vector<NamedFigure> named_figures(const Document&);
/// Why not of a form that is of one run: more than one, or none with a figure. Empty where it is.
std::string why_not_one_run(const std::vector<Document>&);
/// Why not: no run holds a record.
std::string why_not_any(const std::vector<Document>&);

/// From the one list in results/CMakeLists.txt, in its order.
const std::vector<const Export*>& exports();
/// Error (exit 2) with what is allowed and the nearest word.
const Export& export_named(const std::string& name);
/// Those that are named, each of which applies. Error (exit 2) for one that does not.
std::vector<const Export*> exports_named(const std::vector<std::string>& names,
                                         const std::vector<Document>&);
/// Writes each into a folder; ", records.csv" of each.
std::string write_exports(const std::vector<const Export*>&, const std::vector<Document>&,
                          const std::string& folder);

}  // namespace halcyon
