#pragma once
#include "results/document/document.h"
#include "suites/meters/meter.h"
#include "suites/request/request.h"

namespace halcyon {

std::string utc_now();  // "2026-11-24T13:25:02Z"

/// The protocol that a request asks for: --quick takes fewer samples, --threads longer ones.
Protocol protocol_of(const Request&);

/// The same of a run that ends in figures to be compared with another's: in several processes.
Protocol protocol_of_run(const Request&);

/// A document of a run that begins now: a new id, the command, the protocol, machine and toolchain.
Document begin_document(const Request&, const Target&, const Protocol&);

/// Measures the core's rates and bandwidths into the document, and pins the protocol to that core.
MachineRates measure_rates(const Meter&, Protocol&, Document&);

/// Says how the run ended: complete unless interrupted, after so many seconds.
void end_document(Document&, const Protocol&, double seconds);

}  // namespace halcyon
