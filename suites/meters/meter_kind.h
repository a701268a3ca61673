#pragma once
#include <functional>
#include <string>
#include <vector>

#include "suites/bundle/bundle.h"
#include "suites/meters/device.h"
#include "suites/protocol/network_measured.h"
#include "suites/protocol/protocol.h"

namespace halcyon {

/// What is read of a device: a word of the list in schedules/CMakeLists.txt, which is the unit of
/// its figures; each has its file, <unit>_meter.cpp.
struct MeterKind {
  FigureUnit unit;
  /// Meter::time().
  std::vector<Measured> (*cases)(const Device&, const Bundle&, const std::vector<std::string>& ids,
                                 const Protocol&, const std::function<void(const Measured&)>& done);
  /// NetworkMeter::measure_together().
  std::vector<NetworkMeasured> (*networks)(const Device&, const Bundle&,
                                           const std::vector<std::size_t>& networks,
                                           const Protocol&, const Limits&);
};
const std::vector<const MeterKind*>& meter_kinds();

/// What is read of a device: what its target's file names first. Error (exit 2) where that device
/// has no such meter.
const MeterKind& meter_of(const Device&);

}  // namespace halcyon
