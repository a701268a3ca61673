#pragma once
#include "suites/runner/bundle/network.h"
#include "suites/runner/served.h"

namespace halcyon {

/// The bundle's network.
class ServedNetwork : public Served {
 public:
  explicit ServedNetwork(const BundledNetwork& bundled) : network_(bundled) {}

  std::string dtypes() const override;
  std::size_t bind(const std::string& path) override;
  void infer() override;
  std::size_t write_outputs(const std::string& path) const override;

 private:
  Network network_;
};

}  // namespace halcyon
