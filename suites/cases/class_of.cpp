#include "suites/cases/class_of.h"

#include <algorithm>

namespace halcyon {
namespace {

bool is(const Op& op, std::string_view word) { return op.word() == word; }
/// A dense window (dilation 1) of that size and stride.
bool has_window(const Op& op, int kh, int kw, int stride) {
  return op.h.kernel == kh && op.w.kernel == kw && op.h.stride == stride && op.w.stride == stride &&
         op.h.dilation == 1 && op.w.dilation == 1;
}
bool is_large(const Shape& shape) { return std::min(shape.h, shape.w) >= 56; }

bool is_pointwise(const Op& op) { return is(op, "pw") && op.groups == 1; }
template <int KH, int KW, int Stride>
bool depthwise(const Op& op) {
  return is(op, "dw") && has_window(op, KH, KW, Stride);
}
bool is_block(const Problem& p, std::initializer_list<const char*> words) {
  return std::equal(p.ops().begin(), p.ops().end(), words.begin(), words.end(), is);
}
bool is_henet_block(const Problem& p) {
  return is_block(p, {"dw", "pw", "pw"}) && p.ops().back().has(Epilogue::skip);
}

/// A class of single ops: the first row that holds names it.
struct OpClass {
  const char* name;
  bool (*holds)(const Op&);
};
constexpr OpClass kOpClasses[] = {
    {"pointwise, K >= 80", [](const Op& o) { return is_pointwise(o) && o.in.c >= 80; }},
    {"pointwise, K 24 to 79", [](const Op& o) { return is_pointwise(o) && o.in.c >= 24; }},
    {"pointwise, K < 24", is_pointwise},
    {"grouped pointwise", [](const Op& o) { return is(o, "pw"); }},
    {"depthwise 3x3 s1, maps of 56 and up",
     [](const Op& o) { return depthwise<3, 3, 1>(o) && is_large(o.in); }},
    {"depthwise 3x3 s1, maps under 56", depthwise<3, 3, 1>},
    {"depthwise 5x5 s1", depthwise<5, 5, 1>},
    {"depthwise (1,5)", depthwise<1, 5, 1>},
    {"depthwise (5,1)", depthwise<5, 1, 1>},
    {"depthwise 7x7 s1", depthwise<7, 7, 1>},
    {"depthwise 3x3 s2", depthwise<3, 3, 2>},
    {"depthwise 5x5 s2", depthwise<5, 5, 2>},
    {"depthwise, other", [](const Op& o) { return is(o, "dw"); }},
    {"stem 3x3 s2",
     [](const Op& o) { return is(o, "conv") && o.in.c == 3 && has_window(o, 3, 3, 2); }},
    {"2x2 s2 conv", [](const Op& o) { return is(o, "conv") && has_window(o, 2, 2, 2); }},
    {"dense conv", [](const Op& o) { return is(o, "conv"); }},
    {"linear", [](const Op& o) { return is(o, "linear"); }},
    {"squeeze-and-excite", [](const Op& o) { return is(o, "se"); }},
    {"space-to-depth", [](const Op& o) { return is(o, "s2d"); }},
    {"element-wise", [](const Op& o) { return is(o, "map"); }},
    {"max pooling", [](const Op& o) { return is(o, "maxpool"); }},
    {"global average", [](const Op& o) { return is(o, "gap"); }},
    {"conversion", [](const Op& o) { return is(o, "to"); }},
    {"upsampling", [](const Op& o) { return is(o, "upsample2x"); }},
    {"token sum", [](const Op& o) { return is(o, "tokensum"); }},
};

/// A class of chains: likewise.
struct ChainClass {
  const char* name;
  bool (*holds)(const Problem&);
};
constexpr ChainClass kChainClasses[] = {
    {"DWCB",
     [](const Problem& p) {
       return is_henet_block(p) && depthwise<3, 3, 1>(p.ops()[0]) && is_pointwise(p.ops()[1]);
     }},
    {"GroupDWCB",
     [](const Problem& p) { return is_henet_block(p) && depthwise<3, 3, 1>(p.ops()[0]); }},
    {"AltDWCB",
     [](const Problem& p) {
       return is_henet_block(p) &&
              (depthwise<1, 5, 1>(p.ops()[0]) || depthwise<5, 1, 1>(p.ops()[0]));
     }},
    {"S2DDown",
     [](const Problem& p) {
       return is_block(p, {"s2d", "pw"});
     }},
    {"inverted residual",
     [](const Problem& p) {
       return is_block(p, {"pw", "dw", "pw"});
     }},
    {"inverted residual with SE",
     [](const Problem& p) {
       return is_block(p, {"pw", "dw", "se", "pw"}) || is_block(p, {"dw", "se", "pw"});
     }},
};
constexpr const char* kOtherOp = "other";
constexpr const char* kOtherChain = "other chain";

}  // namespace

std::string class_of(const Problem& problem) {
  if (problem.ops().size() == 1) {
    for (const OpClass& row : kOpClasses)
      if (row.holds(problem.ops()[0])) return row.name;
    return kOtherOp;
  }
  for (const ChainClass& row : kChainClasses)
    if (row.holds(problem)) return row.name;
  return kOtherChain;
}

std::vector<std::string> class_names() {
  std::vector<std::string> names;
  for (const OpClass& row : kOpClasses) names.push_back(row.name);
  names.push_back(kOtherOp);
  for (const ChainClass& row : kChainClasses) names.push_back(row.name);
  names.push_back(kOtherChain);
  return names;
}

}  // namespace halcyon
