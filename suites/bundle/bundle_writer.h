#pragma once
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "suites/bundle/bundle.h"
#include "suites/bundle/data_file.h"
#include "suites/bundle/link.h"

namespace halcyon {

/// A bundle in the making: what every kind of bundle has.
class BundleWriter {
 public:
  /// Throws as make_bundle() does.
  BundleWriter(const std::string& folder, const Target&);
  /// Writes the cases, each with its values.
  void add(const std::vector<BundleCase>&);
  DataFile& data() { return data_; }
  /// A further part of manifest.json.
  void set(const std::string& key, nlohmann::json part) { manifest_[key] = std::move(part); }
  /// Closes the files and links the program.
  Bundle finish(const std::string& runtime_object);

 private:
  Bundle bundle_;
  const Target& target_;
  DataFile data_;
  nlohmann::json manifest_;
  std::map<std::string, std::string> objects_;  // files by symbol
};

/// One argument in manifest.json: how it lies in memory. `offsets`: of its values in data.bin, one
/// for each input set.
nlohmann::json argument_json(const TensorSpec&, const Layout&,
                             const std::vector<std::size_t>& offsets);

}  // namespace halcyon
