#include "suites/bundle/bundle_writer.h"

#include <filesystem>

#include "kernels/error.h"
#include "kernels/oracle/arguments.h"
#include "kernels/oracle/compare.h"
#include "kernels/oracle/reference.h"
#include "schedules/language/winograd.h"

namespace halcyon {
namespace {

using nlohmann::json;

constexpr Fill kSets[] = {Fill::random, Fill::adversarial};
const std::vector<std::string> kSetNames = {"random", "adversarial"};

/// Inputs and references of a problem in every set. Candidates of one problem follow each other, so
/// the last one is kept.
class Values {
 public:
  const std::vector<Tensors>& of(const Problem& problem, std::uint64_t seed) {
    const std::string key = problem.text() + "\n" + std::to_string(seed);
    if (key == key_) return sets_;
    sets_.clear();
    for (const Fill kind : kSets) {
      Tensors all = seeded_arguments(problem, kind, seed);
      all.merge(reference(problem, all));
      sets_.push_back(std::move(all));
    }
    key_ = key;
    return sets_;
  }

 private:
  std::string key_;
  std::vector<Tensors> sets_;
};

json case_argument_json(const BundleCase& c, const TensorSpec& spec, const Layout& layout,
                        const std::vector<Tensors>& sets, DataFile& data) {
  const Problem& problem = c.candidate.problem;
  std::vector<std::size_t> offsets;  // none of a bare case
  offsets.reserve(sets.size());
  for (const Tensors& set : sets)
    offsets.push_back(data.add(lay_out(spec, c.candidate.schedule, set.at(spec.name))));
  json argument = argument_json(spec, layout, offsets);
  if (spec.role == Role::output) {
    const Tolerance t =
        tolerance_for(problem, spec, activation_error(problem, c.candidate.schedule));
    argument["tolerance_abs"] = t.absolute;
    argument["tolerance_rel"] = t.relative;
  }
  return argument;
}

json case_json(const BundleCase& c, Values& values, DataFile& data) {
  const Problem& problem = c.candidate.problem;
  static const std::vector<Tensors> none;
  const auto& sets = c.bare ? none : values.of(problem, c.seed);
  const auto all = layouts(problem, c.candidate.schedule);
  json arguments = json::array();
  for (std::size_t i = 0; i < all.size(); i++)
    arguments.push_back(case_argument_json(c, problem.tensors()[i], all[i], sets, data));
  const bool dots = c.candidate.target.dot_terms(problem.dtype()) > 1;
  const DType peak = dots ? problem.dtype() : DType::f32;
  json j = {{"id", c.id},
            {"problem", problem.text()},
            {"schedule", to_text(c.candidate.schedule)},
            {"seed", c.seed},
            {"symbol", c.timed.symbol},
            {"object_sha256", c.timed.object_sha256},
            {"macs", problem.macs()},
            {"macs_inside", macs_left(problem, c.candidate.schedule)},
            {"peak", to_text(peak)},
            {"arguments", std::move(arguments)}};
  if (c.checked.outcome == Outcome::ok) j["checked_symbol"] = c.checked.symbol;
  return j;
}

Bundle bundle_in(const std::string& folder, const Target& target) {
  require_linkage(target);
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw Error(Exit::environment, folder + ": " + error.message());
  return {folder, folder + "/bench", folder + "/manifest.json"};
}

}  // namespace

json argument_json(const TensorSpec& spec, const Layout& layout,
                   const std::vector<std::size_t>& offsets) {
  return {{"name", spec.name},
          {"role", to_text(spec.role)},
          {"dtype", to_text(layout.dtype)},
          {"axes", spec.axes},
          {"logical_extents", spec.extents},
          {"extents", layout.extents},
          {"elements", layout.elements()},
          {"alignment", layout.alignment()},
          {"offsets", offsets}};
}

BundleWriter::BundleWriter(const std::string& folder, const Target& target)
    : bundle_(bundle_in(folder, target)), target_(target), data_(folder + "/data.bin") {
  manifest_ = {{"schema", 1},       {"target", target.name},
               {"isa", target.isa}, {"threads", target.threads},
               {"sets", kSetNames}, {"cases", json::array()}};
}

void BundleWriter::add(const std::vector<BundleCase>& cases) {
  Values values;
  for (const BundleCase& c : cases) {
    manifest_["cases"].push_back(
        in_context("case '" + c.id + "'", [&] { return case_json(c, values, data_); }));
    for (const Compiled* compiled : {&c.timed, &c.checked})
      if (compiled->outcome == Outcome::ok) objects_[compiled->symbol] = compiled->object;
  }
}

Bundle BundleWriter::finish(const std::string& runtime_object) {
  data_.close();
  OutputFile file(bundle_.manifest);
  file.write(manifest_.dump(1) + "\n");
  file.close();
  link_bundle(bundle_, target_, objects_, runtime_object);
  return bundle_;
}

}  // namespace halcyon
