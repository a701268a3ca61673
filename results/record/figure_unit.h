#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include "results/record/words.h"
#include "results/text/format.h"

namespace halcyon {

/// What a figure is of: what the meter that read it reads. Units are never mixed or converted.
enum class FigureUnit { ns, instructions, model_cycles };

/// How records say it, in the order of the units; the word of the meter, too.
inline constexpr const char* kUnits[] = {"ns", "instructions", "model_cycles"};
inline const char* to_text(FigureUnit unit) { return kUnits[static_cast<std::size_t>(unit)]; }
inline void from_text(std::string_view word, FigureUnit& unit) {
  unit = value_called<FigureUnit>(word, kUnits);
}
inline std::string figure_text(double value, FigureUnit unit) {
  return figure_text(value, to_text(unit));
}

}  // namespace halcyon
