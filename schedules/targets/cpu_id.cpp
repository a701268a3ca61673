#include "schedules/targets/cpu_id.h"

#include <cstdio>

namespace halcyon {
namespace {

std::string numbers_text(const char* format, int first, int second) {
  char text[64];
  std::snprintf(text, sizeof text, format, first, second);
  return text;
}

}  // namespace

CpuId cpu_id(const CpuInfo& cpu) {
  CpuId id;
  if (cpu.implementer > 0 && cpu.part > 0)
    id.model = numbers_text("arm 0x%x/0x%x", cpu.implementer, cpu.part);
  else if (!cpu.vendor.empty() && cpu.family > 0)
    id.model = cpu.vendor + numbers_text(" %d/%d", cpu.family, cpu.model);
  if (!id.known()) return id;
  id.stepping = id.model + "/" + std::to_string(cpu.stepping);
  if (!numbers_are_masked(cpu)) return id;
  const std::string as = " as " + microarchitecture(cpu);
  return {id.model + as, id.stepping + as};
}

}  // namespace halcyon
