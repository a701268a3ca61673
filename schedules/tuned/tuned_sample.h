#pragma once
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "kernels/for_tests.h"
#include "schedules/tuned/tuned.h"

namespace halcyon {

/// For tests: a target of the family `zen3` with ISA avx2.
inline const Target& tuned_target() {
  static const Target target = find_target("x86-zen3", HALCYON_SOURCE_DIR "/schedules/targets");
  return target;
}

/// For tests: an entry with the recipe's last point, which is not its start. `cpu`: its id.
inline TunedEntry tuned_entry(const std::string& line, const std::string& cpu = "a CPU") {
  const Problem problem = Problem::parse(line);
  const Recipe& recipe = recipe_for(problem);
  TunedEntry e;
  e.problem = problem.text();
  e.point = all_points(recipe, problem, tuned_target()).back();
  for (const Step& step : recipe.expand(problem, tuned_target(), e.point))
    e.steps.push_back(to_text(step));
  e.states = {{"warm", 1.08, 1.07, 1.09, 93}, {"cold-weights", 1.05, 1.04, 1.06, 90}};
  e.unit = "ns";
  e.device = device_words().front();
  e.target = "x86-zen3";
  e.isa = "avx2";
  e.cpu = "EPYC";
  e.cpu_id = cpu;
  e.halide = "21.0.0";
  e.record = "0123456789abcdef";
  return e;
}

/// For tests: a folder of tuned schedules of their own.
class TunedFolder : public testing::Test {
 protected:
  void keep(const std::string& family, const std::vector<TunedEntry>& entries) const {
    const std::string path = tuned_path(root_, family, Problem::parse(entries.front().problem));
    std::filesystem::create_directories(std::filesystem::path(path).parent_path());
    std::ofstream(path, std::ios::trunc) << to_json(entries).dump(1);
  }

 private:
  const TestFolder folder_;

 protected:
  const std::string& root_ = folder_.path();
};

}  // namespace halcyon
