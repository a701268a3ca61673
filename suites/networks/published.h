#pragma once
#include <string>

#include "results/record/published_figures.h"

namespace halcyon {

/// Strict reader of suites/published.json. Error (exit 2) with file, pointer and what is allowed.
Published read_published(const std::string& path);

}  // namespace halcyon
