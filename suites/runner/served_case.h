#pragma once
#include "suites/runner/bundle/case_memory.h"
#include "suites/runner/served.h"

namespace halcyon {

/// A case of a bundle, with the parameters of its first input set: what is bound is all that it
/// reads beside them.
class ServedCase : public Served {
 public:
  explicit ServedCase(const BundledCase&);

  std::string dtypes() const override;
  std::size_t bind(const std::string& path) override;
  void infer() override;
  std::size_t write_outputs(const std::string& path) const override;

 private:
  const BundledCase& case_;
  CaseMemory memory_;
  Call& call_;
};

}  // namespace halcyon
