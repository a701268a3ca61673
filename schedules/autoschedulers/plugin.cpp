#include "schedules/autoschedulers/plugin.h"

#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "kernels/algorithms/algorithm.h"
#include "schedules/apply/apply.h"
#include "schedules/apply/names.h"
#include "schedules/compile/emit.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// Before scheduling: get_func(i) of a scheduled pipeline gives other Funcs.
json names_of(const Algorithm& algorithm, Halide::Pipeline pipeline) {
  json names = {{"stages", json::array()},
                {"args", json::object()},
                {"dims", json::object()},
                {"rvars", json::object()}};
  for (std::size_t i = 0; i < stages_of(algorithm).size(); i++) {
    const Halide::Func f = pipeline.get_func(i);
    const std::string stage = stage_name(f.name());
    names["stages"].push_back(stage);
    names["args"][stage] = f.function().args();
    for (int u = -1; u < f.num_update_definitions(); u++) {
      const std::string key = stage + (u < 0    ? ""
                                       : u == 0 ? ".update"
                                                : ".update" + std::to_string(u));
      const auto& schedule = StageRef{f, u}.definition().schedule();
      json &dims = names["dims"][key] = json::array(), &rvars = names["rvars"][key] = json::array();
      for (const auto& dim : schedule.dims()) dims.push_back(loop_name(dim.var));
      for (const auto& rvar : schedule.rvars()) rvars.push_back(loop_name(rvar.var));
    }
  }
  return names;
}

}  // namespace

std::map<std::string, std::string> parameters_of(const Autoscheduler& a) {
  std::map<std::string, std::string> parameters = {{"parallelism", std::to_string(a.threads)}};
  if (a.name == "adams2019" && !a.full_search) {
    parameters["beam_size"] = "1";
    parameters["random_dropout"] = "1";
    parameters["random_dropout_seed"] = std::to_string(a.seed);
  }
  return parameters;
}

void load_autoscheduler(const Autoscheduler& a) {
  Halide::load_plugin(HALCYON_AUTOSCHEDULERS "/libautoschedule_" + a.name + ".so");
}

Halide::AutoschedulerParams parameters_for_halide(const Autoscheduler& a) {
  std::string name = a.name;
  name[0] = static_cast<char>(std::toupper(name[0]));  // the file's name is the word in lower case
  return {name, parameters_of(a)};
}

int run_plugin(const Autoscheduler& a, const Problem& problem, const Target& target,
               const std::string& file, int result_fd) {
  return guarded(result_fd, [&] {
    load_autoscheduler(a);
    Algorithm algorithm = build_algorithm(problem);
    apply_schedule(algorithm, problem, {});
    Halide::Pipeline pipeline = algorithm.pipeline();
    json found = names_of(algorithm, pipeline);
    const auto result =
        pipeline.apply_autoscheduler(Halide::Target(target.halide), parameters_for_halide(a));
    found["source"] = result.schedule_source;
    std::ofstream(file) << found.dump(1);
    return 0 + emit_ok;
  });
}

}  // namespace halcyon
