#include "kernels/problem/quantisation.h"

#include <algorithm>

namespace halcyon {

bool requantises(const Op& op) { return !op.kind->moves || !op.epilogue.empty(); }

int quantised_constants(const Op& op) {
  const auto operands = std::count_if(op.epilogue.begin(), op.epilogue.end(), [](const auto& e) {
    return e.kind == Epilogue::scale || e.kind == Epilogue::add || e.kind == Epilogue::skip;
  });
  return quantised::extras + 2 * static_cast<int>(operands);
}

}  // namespace halcyon
