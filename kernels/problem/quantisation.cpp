#include "kernels/problem/quantisation.h"

#include <algorithm>
#include <cmath>

namespace halcyon {

double Quantisation::of(double value) const {
  return std::clamp(std::nearbyint(value / scale) + zero, 0.0, 255.0);
}

Quantisation quantisation_for(std::pair<double, double> range) {
  const double least = std::min(range.first, 0.0), most = std::max(range.second, 0.0);
  if (most == least) return {};
  const double scale = static_cast<float>((most - least) / 255);
  return {scale, std::clamp(std::nearbyint(0 - least / scale), 0.0, 255.0)};
}

bool requantises(const Op& op) { return !op.kind->moves || !op.epilogue.empty(); }

bool has_constants(DType dtype, const Op& op) {
  if (op.kind->alone) return dtype == DType::i8 || op.to == DType::i8;
  return dtype == DType::i8 && requantises(op);
}

int quantised_constants(const Op& op) {
  const auto operands = std::count_if(op.epilogue.begin(), op.epilogue.end(), [](const auto& e) {
    return e.kind == Epilogue::scale || e.kind == Epilogue::add || e.kind == Epilogue::skip;
  });
  return quantised::extras + 2 * static_cast<int>(operands);
}

}  // namespace halcyon
