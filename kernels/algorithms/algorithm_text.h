#pragma once
#include <string>

#include "kernels/algorithms/algorithm.h"

namespace halcyon {

/// An algorithm as formulas, producers first: "acc(c, x, y) = b(c)". For people.
std::string to_text(const Algorithm&);

}  // namespace halcyon
