#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "suites/graph/graph.h"

namespace halcyon {

class Reader;

/// What a network file says beside its family's keys.
struct NetworkOptions {
  int batch = 1;
};

/// The graph of a network: `what` is the name of a file in `folder` (suites/networks), or the path
/// of a .json or .onnx file. Parameters of a .onnx have their values; others none yet. Error (exit
/// 2 for what is written wrong, with file, pointer and what is allowed; exit 3 for a malformed
/// .onnx).
Graph find_network(const std::string& what, const std::string& folder, const NetworkOptions& = {});
/// Is it the name of a network, or the path of a file that holds one?
bool is_network(const std::string& what, const std::string& folder);
/// Sorted. Error (exit 4) when the folder cannot be read.
std::vector<std::string> network_names(const std::string& folder);

/// A family turns the terms of its source into a graph. One file in families/ and one word in
/// suites/graph/CMakeLists.txt each.
struct NetworkFamily {
  const char* word;  // of the key "family": "henet"
  const char* help;
  Graph (*build)(const Reader&, const std::string& name, const NetworkOptions&);
};
const std::vector<const NetworkFamily*>& network_families();

}  // namespace halcyon
