#include "suites/runner/bundle/case_memory.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <new>

namespace halcyon {
namespace {

std::size_t bytes_on_lines(const BundledCase& c) {
  std::size_t bytes = 0;
  for (const auto& a : c.arguments) bytes += round_up(a.bytes(), CaseMemory::kLine);
  return bytes;
}

}  // namespace

Pages::Pages(std::size_t bytes, Size size) {
  constexpr std::size_t kOrdinary = 4096, kHuge = std::size_t{2} << 20;
  const std::size_t page = size == huge ? kHuge : kOrdinary;
  bytes_ = round_up(std::max<std::size_t>(bytes, 1), page) + page - kOrdinary;
  void* mapped = mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw std::bad_alloc();
  mapping_ = static_cast<std::byte*>(mapped);
  data_ = mapping_ + (page - reinterpret_cast<std::uintptr_t>(mapping_) % page) % page;
  if (size == huge) madvise(data_, bytes_ - (page - kOrdinary), MADV_HUGEPAGE);
}

Pages::~Pages() { munmap(mapping_, bytes_); }

CaseMemory::CaseMemory(const BundledCase& c) : call_(c, c.timed), pages_(bytes_on_lines(c)) {
  std::byte* next = pages_.data();
  for (std::size_t i = 0; i < c.arguments.size(); i++) {
    const BundledArgument& a = c.arguments[i];
    if (!a.output()) std::memcpy(next, a.sets.front().bytes.data(), a.bytes());
    call_.bind(i, next);
    next += round_up(a.bytes(), kLine);
  }
}

}  // namespace halcyon
