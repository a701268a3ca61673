#pragma once
#include <cstdint>
#include <string>

namespace halcyon {

/// Where a tensor's bytes lie beside the model, as its file says.
struct ExternalData {
  std::string location;     // relative to the model's folder
  std::int64_t offset = 0;  // bytes
  std::int64_t length = 0;  // bytes
};

/// Reads them. Nothing outside `folder` is opened: the path must be relative, without `..`, and go
/// through real folders to a regular file of one name (no symbolic or hard links), which must hold
/// all of offset .. offset + length. Error (exit 3) when not.
std::string read_external_data(const std::string& folder, const ExternalData&);

}  // namespace halcyon
