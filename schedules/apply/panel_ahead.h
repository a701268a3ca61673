#pragma once
#include <string>
#include <vector>

#include "Halide.h"

namespace halcyon {

/// A lowering pass: the innermost loop that reads a packed weight prefetches into L2 what lies
/// ahead of it, at a steady rate over all iterations that use a part: the next one comes while this
/// one is multiplied. A part is a panel (a block of channels, all of the reduction) or, where every
/// tile of points passes over all panels, the whole weight; behind the last panel lie, in a
/// network, the next op's weights. Nothing guards it: a prefetch never faults. (Halide's own
/// prefetch goes past L2 into L1, prefetchnta, is guarded, and repeats the same lines for each
/// tile.)
class PanelAhead : public Halide::Internal::IRMutator {
 public:
  /// A loop of a lowered definition: "acc$1.s1." and "k", without what Halide decorates it with.
  struct Loop {
    std::string definition, name;
    bool is(const std::string& lowered) const;
  };
  struct What {
    std::string argument;  // the weight
    int element_bytes = 4;
    int part = 0;  // elements of a part
    Loop at;       // reads the weight, innermost
    Loop parts;    // over parts, around it; no name: the whole is one
    int rate = 1;  // elements in an iteration of `at`
  };
  explicit PanelAhead(What what) : what_(std::move(what)) {
    if (what_.parts.name.empty()) start_ = 0;
  }

  using IRMutator::mutate;
  /// Throws Error when there is no such read: nothing that was asked for goes missing in silence.
  Halide::Internal::Stmt mutate(const Halide::Internal::Stmt&) override;

 protected:
  using IRMutator::visit;
  Halide::Internal::Stmt visit(const Halide::Internal::For*) override;

 private:
  Halide::Internal::Stmt ahead(const Halide::Internal::For*);

  const What what_;
  Halide::Expr start_;  // of the part, its element; undefined outside of parts
  std::vector<const Halide::Internal::For*> iterations_;  // loops around, inside of a part
  bool found_ = false;
  int depth_ = 0;
};

}  // namespace halcyon
