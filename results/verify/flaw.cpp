#include "results/verify/flaw.h"

#include <nlohmann/json.hpp>

namespace halcyon {

std::string to_text(const Flaw& f) { return (f.pointer.empty() ? "/" : f.pointer) + ": " + f.text; }

nlohmann::json to_json(const Flaw& f) { return {{"pointer", f.pointer}, {"text", f.text}}; }

}  // namespace halcyon
