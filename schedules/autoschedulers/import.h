#pragma once
#include <map>
#include <string>
#include <vector>

#include "schedules/language/step.h"

namespace halcyon {

/// What a pipeline calls its Funcs and loops before it is scheduled: autoschedulers print some of
/// them by index only.
struct PipelineNames {
  std::vector<std::string> stages;                        // of Pipeline::get_func(i)
  std::map<std::string, std::vector<std::string>> args;   // by stage: its axes
  std::map<std::string, std::vector<std::string>> dims;   // "acc", "acc.update": loops and a last
                                                          // __outermost, innermost first
  std::map<std::string, std::vector<std::string>> rvars;  // likewise: loops of the reduction
  bool operator==(const PipelineNames&) const = default;
};

/// The `schedule_source` that Mullapudi2016, Adams2019 or Li2018 printed, as steps. Loops that
/// Halide made up names for (v12, r7) are renamed after their parents, since another process would
/// give those names to other loops. Throws Error (exit 2) with the text that it does not know.
Schedule import_schedule(const std::string& source, const PipelineNames&);

}  // namespace halcyon
