#include "suites/bundle/bundle.h"

#include "suites/bundle/bundle_writer.h"

namespace halcyon {

Bundle make_bundle(const std::string& folder, const Target& target,
                   const std::vector<BundleCase>& cases, const std::string& runtime_object) {
  BundleWriter writer(folder, target);
  writer.add(cases);
  return writer.finish(runtime_object);
}

}  // namespace halcyon
