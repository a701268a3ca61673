#include "suites/networks/network.h"

#include <algorithm>
#include <filesystem>

#include "kernels/error.h"
#include "kernels/problem/op_field.h"
#include "kernels/strict_json.h"
#include "suites/onnx/reading/import.h"
#include "suites/request/name_space.h"

namespace halcyon {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

std::string path_of(const std::string& name, const std::string& folder) {
  return (fs::path(folder) / (name + ".json")).string();
}

/// A file that is `like` another has that one's keys where it has none of its own.
json read_with_likeness(const std::string& path, const std::string& folder) {
  json own = read_json_file(path, Exit::usage);
  Reader reader(own, path, "", Exit::usage);
  if (!reader.has("like")) return own;
  const std::string like = reader.string("like");
  const std::vector<std::string> known = network_names(folder);
  if (std::find(known.begin(), known.end(), like) == known.end())
    reader.fail("like", "no network " + with_guess(like, known) + "; allowed: " + joined(known));
  json merged = read_json_file(path_of(like, folder), Exit::usage);
  if (merged.contains("like"))
    reader.fail("like",
                "'" + like + "' is itself like another; allowed: one that has all its keys");
  merged.update(own);
  return merged;
}

const NetworkFamily& read_family(Reader& reader) {
  const std::string word = reader.string("family");
  std::vector<std::string> known;
  for (const NetworkFamily* family : network_families()) {
    if (word == family->word) return *family;
    known.push_back(family->word);
  }
  reader.fail("family", "found " + with_guess(word, known) + ", allowed: " + joined(known));
}

/// "resolution": [height, width].
Shape read_input(Reader& reader, const NetworkOptions& options) {
  const auto sides = reader.integers("resolution", 1, kLargestSide);
  if (sides.size() != 2)
    reader.fail("resolution",
                "expected [height, width], found " + std::to_string(sides.size()) + " numbers");
  const auto side = [&](int asked, std::int64_t written) {
    return asked > 0 ? asked : static_cast<int>(written);
  };
  return {options.batch, side(options.height, sides[0]), side(options.width, sides[1]), 3};
}

Graph read_network(const std::string& path, const std::string& folder,
                   const NetworkOptions& options) {
  const json keys = read_with_likeness(path, folder);
  Reader reader(keys, path, "", Exit::usage);
  reader.has("like");
  const std::string name = reader.name("network");
  if (fs::path(path).filename() != name + ".json")
    reader.fail("network", "found " + describe(json(name)) + ", the file's name says " +
                               describe(json(fs::path(path).stem().string())));
  const std::string source = reader.line("source");
  const Shape input = read_input(reader, options);
  const GraphMaker make = read_family(reader).read(reader);
  reader.finish();
  Graph graph = in_context(path, [&] { return make(name, input); });
  graph.source = source;
  return graph;
}

Graph read_model_file(const std::string& path, const NetworkOptions& options) {
  Graph graph = read_onnx(path, options.batch);
  const Shape& in = graph.input().shape;
  if ((options.height > 0 && options.height != in.h) ||
      (options.width > 0 && options.width != in.w))
    throw usage_error(path + ": the model is made for " + std::to_string(in.h) + "x" +
                      std::to_string(in.w) + "; allowed: that resolution");
  return graph;
}

}  // namespace

Graph find_network(const std::string& what, const std::string& folder,
                   const NetworkOptions& options) {
  if (what.ends_with(".onnx")) return read_model_file(what, options);
  if (names_file(what)) return read_network(what, folder, options);
  const std::vector<std::string> known = network_names(folder);
  if (std::find(known.begin(), known.end(), what) == known.end())
    throw usage_error("no network " + with_guess(what, known) + "; there are " + joined(known));
  return read_network(path_of(what, folder), folder, options);
}

std::vector<std::string> network_names(const std::string& folder) {
  return names_of_json_files(folder);
}

}  // namespace halcyon
