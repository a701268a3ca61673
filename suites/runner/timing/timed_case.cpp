#include "suites/runner/timing/timed_case.h"

#include <algorithm>
#include <cstring>
#include <numeric>

#include "suites/protocol/gate.h"
#include "suites/runner/process/clock.h"
#include "suites/runner/process/guarded_memory.h"
#include "suites/runner/timing/team.h"

namespace halcyon {
namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kMostCopyBytes = std::size_t{64} << 20;

}  // namespace

TimedCase::TimedCase(const BundledCase& c, const Protocol& protocol, const CacheBytes& caches,
                     ReadProbe& evict)
    : case_(c),
      protocol_(protocol),
      evict_(evict),
      memory_(c),
      call_(memory_.call()),
      exceeds_l2_(c.working_set() > caches.l2) {
  for (std::size_t i = 0; i < c.arguments.size(); i++) {
    const BundledArgument& a = c.arguments[i];
    if (!a.spec.is_parameter()) continue;
    weights_.push_back({i, copy_stride_});
    copy_stride_ += round_up(a.bytes(), CaseMemory::kLine);
  }
  copy_stride_ = round_up(copy_stride_, kPage) + kPage;  // a page between: the prefetcher of one
                                                         // copy must not fetch the next
}

Finding TimedCase::verify(Check& seen) {
  const std::uint32_t pattern = poison_pattern(case_.id + " timed");
  poison_outputs(case_, call_, pattern);
  if (const int code = call_(); code != 0)
    return {Outcome::wrong, "returned " + std::to_string(code), ""};
  if (auto f = judge_outputs(case_, call_, 0, pattern, seen); !f.ok()) return f;
  return judge_inputs(case_, call_, 0);
}

void TimedCase::calibrate() {
  for (int i = 0; i < 3; i++) {
    const std::int64_t begin = now_ns();
    call_();
    const double ns = static_cast<double>(now_ns() - begin);
    call_ns_ = i == 0 ? ns : std::min(call_ns_, ns);
  }
  iterations_ = iterations_for(call_ns_, protocol_);
  if (rotates()) make_copies();
}

void TimedCase::make_copies() {
  const auto most = static_cast<std::int64_t>(kMostCopyBytes / copy_stride_);
  iterations_ = std::max<std::int64_t>(1, std::min(iterations_, most - 1));
  copy_order_.resize(static_cast<std::size_t>(iterations_) + 1);
  std::iota(copy_order_.begin(), copy_order_.end(), std::size_t{0});
  TurnOrder(protocol_.seed).shuffle(copy_order_);
  copies_ = std::make_unique<Pages>(copy_order_.size() * copy_stride_);
  for (std::size_t copy = 0; copy < copy_order_.size(); copy++)
    for (const Weight& w : weights_) {
      const auto& a = case_.arguments[w.argument];
      std::memcpy(copies_->data() + copy * copy_stride_ + w.offset, a.sets.front().bytes.data(),
                  a.bytes());
    }
}

void TimedCase::bind_copy(std::size_t copy) {
  std::byte* base = copies_->data() + copy_order_[copy] * copy_stride_;
  for (const Weight& w : weights_) call_.bind(w.argument, base + w.offset);
}

void TimedCase::prepare() {
  if (protocol_.state == CacheState::cold) {
    call_();  // the code stays warm: cold is said of data
    read_in_each(evict_);
    return;
  }
  if (rotates()) {
    read_in_each(evict_);
    bind_copy(0);
    call_();
    return;
  }
  constexpr double kTwiceBelowNs = 1e6;  // the first call after other cases refills the caches
  call_();
  if (call_ns_ < kTwiceBelowNs) call_();
}

std::int64_t TimedCase::run() {
  const bool rotate = rotates();
  const std::int64_t begin = now_ns();
  for (std::int64_t i = 0; i < iterations_; i++) {
    if (rotate) bind_copy(static_cast<std::size_t>(i) + 1);
    call_();
  }
  return now_ns() - begin;
}

}  // namespace halcyon
