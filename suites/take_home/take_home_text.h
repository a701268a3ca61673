#pragma once
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "results/record/record.h"
#include "schedules/compile/compile.h"

namespace halcyon {

/// A checked candidate and its names in C.
struct TakeHome {
  Candidate candidate;
  Compiled compiled;  // with its assembly
  Record record;      // of its check
  std::string name;   // of the function over plain pointers
};

/// What stands for the marks @WORD@ of suites/take_home/*.in.
using Marks = std::map<std::string, std::string>;
Marks marks_of(const TakeHome&);
/// Every mark replaced. std::logic_error for one that there is no text for.
std::string filled_in(const std::string& text, const Marks&);

/// The kernel and each argument: name, role, dtype, how it lies in memory before and after packing.
nlohmann::json description_of(const TakeHome&);

}  // namespace halcyon
