#pragma once
#include <functional>
#include <string>
#include <vector>

#include "suites/graph/graph.h"
#include "suites/graph/network_options.h"

namespace halcyon {

class Reader;

/// The graph of a network: `what` is the name of a file in `folder` (suites/networks), or the path
/// of a .json or .onnx file. Parameters of a .onnx have their values; others none yet. Error (exit
/// 2 for what is written wrong, with file, pointer and what is allowed; exit 3 for a malformed
/// .onnx).
Graph find_network(const std::string& what, const std::string& folder, const NetworkOptions& = {});
/// Sorted. Error (exit 4) when the folder cannot be read.
std::vector<std::string> network_names(const std::string& folder);

/// Builds a network of this name for an input of that batch and size; the channels are the
/// family's affair, 3 unless its file says otherwise.
using GraphMaker = std::function<Graph(const std::string& name, Shape input)>;

/// A family turns the terms of its source into a graph. One file in families/ and one word in
/// suites/networks/CMakeLists.txt each.
struct NetworkFamily {
  const char* word;  // of the key "family": "henet"
  const char* help;
  /// Takes the family's own keys; the caller then refuses those that are left.
  GraphMaker (*read)(Reader&);
};
const std::vector<const NetworkFamily*>& network_families();

}  // namespace halcyon
