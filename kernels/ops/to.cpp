#include "kernels/problem/op.h"

namespace halcyon {
namespace {

constexpr auto loops = []<class T>(const Op&, std::span<const T> in,
                                   const Arguments<T>&) -> std::vector<T> {
  return {in.begin(), in.end()};
};

}  // namespace

extern const OpKind to_kind{.word = "to",
                            .arguments = "DTYPE",
                            .attributes = "",
                            .help = "the same values in another dtype; the only op of its problem",
                            .alone = true,
                            .resolve = [](Op& op) { op.out = op.in; },
                            .parameters = nullptr,
                            .macs = nullptr,
                            .reference = loops};

}  // namespace halcyon
