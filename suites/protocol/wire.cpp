#include "suites/protocol/wire.h"

#include "results/record/record_fields.h"

namespace halcyon {

void fields(auto& visit, MaybeConst<Measured> auto& m) {
  visit("id", m.id);
  visit("outcome", m.outcome);
  visit("detail", m.detail);
  visit("check", m.check);
  visit("samples", m.samples);
}

namespace wire {

nlohmann::json measured_json(const Measured& m) { return write_fields(m); }

Measured measured_of(const nlohmann::json& line) {
  return read_fields<Measured>(Reader(line, "a bundle's line", "", Exit::internal));
}

}  // namespace wire
}  // namespace halcyon
