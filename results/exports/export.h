#pragma once
#include <string>
#include <vector>

#include "results/document/document.h"

namespace halcyon {

/// A form of runs for other programs; one file in code, one file beside the page.
struct Export {
  const char* name;  // as in the list, and what --export takes
  const char* file;
  const char* help;
  std::string (*why_not)(const std::vector<Document>&);  // empty where it applies
  std::string (*render)(const std::vector<Document>&);   // the file's bytes
};
/// From the one list in results/CMakeLists.txt, in its order.
const std::vector<const Export*>& exports();
/// Error (exit 2) with what is allowed and the nearest word.
const Export& export_named(const std::string& name);

}  // namespace halcyon
