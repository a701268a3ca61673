// What a recipe says in steps and what a person would write in Halide for the same kernel lower to
// the same statement. One case per kernel class, the Halide code written out here from scratch: its
// own layouts, views, padding and pieces; nothing of the steps, rewrites or kernels is used for it.

#include <gtest/gtest.h>

#include <functional>
#include <regex>

#include "kernels/algorithms/activation.h"
#include "kernels/problem/activation_form.h"
#include "schedules/apply/apply.h"
#include "schedules/compile/compiled_text.h"
#include "schedules/recipes/recipe.h"

namespace halcyon {
namespace {

using namespace Halide;

constexpr auto kStack = MemoryType::Stack;
const Halide::Target kPlain(
    "x86-64-linux-avx2-fma-f16c-sse41-no_asserts-no_bounds_query-no_runtime");

/// Identifiers by the order in which they turn up: what is left is all but the choice of names.
std::string without_names(const std::string& text) {
  static const std::regex identifier("[A-Za-z_][A-Za-z_0-9.$]*");
  std::map<std::string, std::string> renamed;
  std::string out;
  auto from = text.begin();
  for (std::sregex_iterator i(text.begin(), text.end(), identifier), end; i != end; ++i) {
    out.append(from, text.begin() + i->position());
    auto& name = renamed[i->str()];
    if (name.empty()) name = "n" + std::to_string(renamed.size());
    out += name;
    from = text.begin() + i->position() + i->length();
  }
  return out.append(from, text.end());
}

std::string compiled(const Pipeline& pipeline, const std::vector<Argument>& arguments,
                     OutputFileType type) {
  return compiled_text(Pipeline(pipeline).compile_to_module(arguments, "kernel", kPlain), type);
}

std::string lowered(const Pipeline& pipeline, const std::vector<Argument>& arguments) {
  return without_names(compiled(pipeline, arguments, OutputFileType::stmt));
}

/// A problem under its recipe, at the start on an AVX2 machine but for the knobs given.
Algorithm scheduled(const std::string& line, const Point& knobs) {
  const Problem problem = Problem::parse(line);
  const halcyon::Target target =
      find_target("x86-avx2", std::string(HALCYON_SOURCE_DIR) + "/schedules/targets");
  const Recipe& recipe = recipe_for(problem);
  Point point = recipe.start(problem, target);
  for (const auto& [knob, value] : knobs) point.at(knob) = value;
  Algorithm a = build_algorithm(problem);
  apply_schedule(a, problem, recipe.expand(problem, target, point));
  return a;
}

std::string from_recipe(const std::string& line, const Point& knobs) {
  const Algorithm a = scheduled(line, knobs);
  return lowered(a.pipeline(), a.arguments());
}

struct Direct {
  Func out{"out"};
  std::vector<Argument> arguments;

  /// A dense argument, innermost extent first.
  ImageParam argument(const std::string& name, const std::vector<int>& extents, int alignment = 4) {
    ImageParam p(Float(32), static_cast<int>(extents.size()), name);
    fix(p, extents, alignment);
    arguments.push_back(p);
    return p;
  }
  std::string lowered_with(const std::vector<int>& extents) {
    for (std::size_t i = 0; i < extents.size(); ++i) out.bound(out.args()[i], 0, extents[i]);
    fix(out.output_buffer(), extents, 4);
    return lowered(out, arguments);
  }

 private:
  static void fix(OutputImageParam p, const std::vector<int>& extents, int alignment) {
    int stride = 1;
    for (std::size_t i = 0; i < extents.size(); ++i) {
      p.dim(i).set_bounds(0, extents[i]).set_stride(stride);
      stride *= extents[i];
    }
    p.set_host_alignment(alignment);
  }
};

const Var c("c"), p("p"), x("x"), y("y"), co("co"), ci("ci"), po("po"), pi("pi"), xo("xo"),
    xi("xi");

/// `source`, and 0 left and right of `columns` and, if any, above and below `rows`.
Func zero_outside(Func source, int columns, int rows) {
  Expr outside = x < 0 || x > columns - 1;
  if (rows > 0) outside = outside || y < 0 || y > rows - 1;
  Func padded("padded");
  padded(c, x, y) = select(outside, 0.f,
                           likely(source(c, clamp(likely(x), 0, columns - 1),
                                         rows > 0 ? clamp(likely(y), 0, rows - 1) : Expr(y))));
  return padded;
}

// Epilogues: of a value at a point.
Expr same(Expr e, Expr) { return e; }
Expr gelu(Expr e, Expr) {  // the coarsest form within 2e-6
  int level = 0;
  while (find_form(Act::gelu, level)->max_error > 2e-6) ++level;
  return activation_form(Act::gelu, level, e);
}

/// acc in registers: 16 or fewer channels by some points, inside loop `at` of `to`.
void in_registers(Func acc, Func to, Var at, Var points, bool unroll_channels) {
  acc.compute_at(to, at).store_in(kStack).vectorize(c, 8);
  acc.update().vectorize(c, 8);
  if (unroll_channels) acc.unroll(c), acc.update().unroll(c);
  acc.unroll(points), acc.update().unroll(points);
}

struct Stretch {
  int start, length, tile;
};

/// to(c, p) = epilogue(b + sum over k of in * w), in tiles of `tile` points by 16 channels; with k
/// unrolled by 2 where it is even and the channels fill the tiles.
template <class In>
void product(Func to, const std::string& name, In in, ImageParam w, ImageParam b, int K, bool tail,
             const std::vector<Stretch>& pieces, const std::function<Expr(Expr, Expr)>& epilogue) {
  to(c, p) = undef<float>();
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const RDom k(0, K, "k"), r(pieces[i].start, pieces[i].length, "p");
    Func acc(name + "_" + std::to_string(i));
    acc(c, p) = b(c);
    acc(c, p) += in(k, p) * w(c % 16, k, c / 16);
    to(c, r) = epilogue(acc(c, r), r);
    const RVar ro("po"), ri("pi");
    Stage tiles = to.update(static_cast<int>(i));
    tiles.split(c, co, ci, 16, tail ? TailStrategy::GuardWithIf : TailStrategy::RoundUp);
    tiles.split(r, ro, ri, pieces[i].tile).reorder(ci, ri, co, ro);
    tiles.vectorize(ci, 8).unroll(ci).unroll(ri);
    acc.update().reorder(c, p, k);
    in_registers(acc, to, co, p, true);
    if (tail) acc.align_bounds(c, 16);
    acc.update().unroll(k, 2);
  }
}

const Point kTile6x16 = {{"tile_p", 6}, {"tile_c", 16},  {"lanes", 8},
                         {"order", 0},  {"unroll_k", 2}, {"ahead", 0}};

TEST(Direct, PointwiseInBalancedTiles) {
  Direct d;
  const ImageParam in = d.argument("in", {64, 49}), w = d.argument("w", {16, 64, 6}, 64),
                   b = d.argument("b", {96});
  product(d.out, "acc", in, w, b, 64, false, {{0, 24, 6}, {24, 25, 5}}, gelu);
  EXPECT_EQ(from_recipe("1x7x7x64 | pw 96 gelu", kTile6x16), d.lowered_with({96, 49}));
}

TEST(Direct, PointwiseWithATailOfChannels) {
  Direct d;
  const ImageParam in = d.argument("in", {64, 49}), w = d.argument("w", {16, 64, 5}, 64),
                   b = d.argument("b", {80}, 64);
  product(d.out, "acc", in, w, b, 64, true, {{0, 24, 6}, {24, 25, 5}}, same);
  EXPECT_EQ(from_recipe("1x7x7x64 | pw 72", kTile6x16), d.lowered_with({72, 49}));
}

/// The index of a group is a scalar for a tile inside it; else every product would gather its
/// input.
TEST(Direct, AGroupReadsItsInputsByBroadcast) {
  const Algorithm a = scheduled("1x6x6x32 | pw 64 g2", kTile6x16);
  const std::string assembly = compiled(a.pipeline(), a.arguments(), OutputFileType::assembly);
  EXPECT_EQ(assembly.find("gather"), std::string::npos);
  EXPECT_EQ(assembly.find("vinsert"), std::string::npos);
  EXPECT_NE(assembly.find("vbroadcastss"), std::string::npos);
}

/// A 3x3 depthwise convolution of 40 channels, 28x28, in tiles of 4x2 points by 8 channels.
Direct depthwise(bool rows_left_out) {
  Direct d;
  const ImageParam in = d.argument("in", {40, 28, 28}), w = d.argument("w", {40, 3, 3}),
                   b = d.argument("b", {40});
  const Var yo("yo"), yi("yi");
  const RDom r(0, 3, 0, 3, "r");
  Func source("source"), acc("acc");
  source(c, x, y) = in(c, x, rows_left_out ? clamp(y, 0, 27) : y);
  const Func padded = zero_outside(source, 28, rows_left_out ? 0 : 28);
  RDom taps = r;
  if (rows_left_out) taps.where(y + r.y - 1 >= 0 && y + r.y - 1 < 28);
  acc(c, x, y) = b(c);
  acc(c, x, y) += padded(c, x + taps.x - 1, y + taps.y - 1) * w(c, taps.x, taps.y);
  d.out(c, x, y) = acc(c, x, y);
  d.out.split(c, co, ci, 8).split(x, xo, xi, 4).split(y, yo, yi, 2);
  d.out.reorder(ci, xi, yi, co, xo, yo).vectorize(ci, 8).unroll(xi).unroll(yi);
  acc.update().reorder(c, x, y, taps.x, taps.y);
  in_registers(acc, d.out, co, x, false);
  acc.unroll(y);
  acc.update().unroll(y).unroll(taps.x).unroll(taps.y);
  return d;
}

TEST(Direct, DepthwiseWithThePaddingReadOrLeftOut) {
  for (int pad : {0, 1})
    EXPECT_EQ(from_recipe("1x28x28x40 | dw 3x3", {{"tile_x", 4},
                                                  {"tile_y", 2},
                                                  {"tile_c", 8},
                                                  {"lanes", 8},
                                                  {"order", 0},
                                                  {"taps", 2},
                                                  {"unroll_x", 0},
                                                  {"pad", pad}}),
              depthwise(pad == 1).lowered_with({40, 28, 28}))
        << pad;
}

TEST(Direct, StemInBalancedColumns) {
  Direct d;
  const ImageParam in = d.argument("in", {3, 32, 32}), w = d.argument("w", {16, 3, 3, 3, 1}, 64),
                   b = d.argument("b", {16});
  d.out(c, x, y) = undef<float>();
  const std::vector<Stretch> pieces = {{0, 6, 6}, {6, 10, 5}};
  Func source("source");
  source(c, x, y) = in(c, x, clamp(y, 0, 31));
  const Func padded = zero_outside(source, 32, 0);
  for (int i = 0; i < 2; ++i) {
    RDom r(0, 3, 0, 3, 0, 3, "r"), columns(pieces[i].start, pieces[i].length, "x");
    r.where(y * 2 + r.z - 1 >= 0 && y * 2 + r.z - 1 < 32);
    Func acc("acc_" + std::to_string(i));
    acc(c, x, y) = b(c);
    acc(c, x, y) +=
        padded(r.x, x * 2 + r.y - 1, y * 2 + r.z - 1) * w(c % 16, r.x, r.y, r.z, c / 16);
    d.out(c, columns, y) = activation_form(Act::relu, -1, acc(c, columns, y));
    const RVar ro("xo"), ri("xi");
    d.out.update(i)
        .split(c, co, ci, 16, TailStrategy::RoundUp)
        .split(columns, ro, ri, pieces[i].tile)
        .reorder(ci, ri, co, ro)
        .vectorize(ci, 8)
        .unroll(ci)
        .unroll(ri);
    acc.update().reorder(c, x, r.y, r.x, r.z);
    in_registers(acc, d.out, co, x, true);
    acc.update().unroll(r.y).unroll(r.x).unroll(y);
    acc.unroll(y);
  }
  EXPECT_EQ(from_recipe("1x32x32x3 | conv 3x3 16 s2 relu", {{"tile_x", 6},
                                                            {"tile_c", 16},
                                                            {"lanes", 8},
                                                            {"order", 0},
                                                            {"unroll_k", 3},
                                                            {"unroll_kx", 1},
                                                            {"pad", 1}}),
            d.lowered_with({16, 16, 16}));
}

TEST(Direct, SpaceToDepth) {
  Direct d;
  const ImageParam in = d.argument("in", {32, 14, 14});
  d.out(c, x, y) = in(c % 32, x * 2 + c / 32 % 2, y * 2 + c / 64);
  const Var copy("copy"), cc("cc");
  d.out.split(c, copy, cc, 32)
      .split(cc, co, ci, 16)
      .split(x, xo, xi, 2, TailStrategy::ShiftInwards);
  d.out.reorder(ci, co, copy, xi, xo).vectorize(ci, 8).unroll(ci).unroll(copy).unroll(xi);
  EXPECT_EQ(from_recipe("1x14x14x32 | s2d 2", {{"tile_c", 16}, {"lanes", 8}, {"tile_x", 2}}),
            d.lowered_with({128, 7, 7}));
}

TEST(Direct, ElementWise) {
  Direct d;
  const ImageParam in = d.argument("in", {64, 196});
  d.out(c, p) = activation_form(Act::hardswish, -1, in(c, p));
  d.out.split(c, co, ci, 32).split(p, po, pi, 2).reorder(ci, pi, co, po);
  d.out.vectorize(ci, 8).unroll(ci).unroll(pi);
  EXPECT_EQ(from_recipe("1x14x14x64 | hardswish", {{"tile_c", 32}, {"lanes", 8}, {"tile_p", 2}}),
            d.lowered_with({64, 196}));
}

constexpr const char* kDwcb = "1x14x14x64 | dw 3x3 | pw 128 gelu | pw 64 skip";

Point dwcb_knobs(int place) {
  Point knobs = {{"1.tile_x", 7},    {"1.tile_y", 1},    {"1.tile_c", 8}, {"1.lanes", 8},
                 {"1.order", 2},     {"1.taps", 2},      {"1.pad", 0},    {"1.unroll_x", 0},
                 {"1.place", place}, {"2.place", place}, {"rows", 7}};
  for (const auto& [knob, value] : kTile6x16) knobs["2." + knob] = knobs["3." + knob] = value;
  return knobs;
}

struct Dwcb : Direct {
  ImageParam in = argument("in", {64, 196}), w1 = argument("w1", {64, 3, 3}),
             b1 = argument("b1", {64}), w2 = argument("w2", {16, 64, 8}, 64),
             b2 = argument("b2", {128}), w3 = argument("w3", {16, 128, 4}, 64),
             b3 = argument("b3", {64});
  Func image{"image"}, acc1{"acc1"}, t1{"t1"}, points{"points"}, t2{"t2"};

  Dwcb() {
    const RDom r(0, 3, 0, 3, "r");
    image(c, x, y) = in(c, y * 14 + x);
    const Func padded = zero_outside(image, 14, 14);
    acc1(c, x, y) = b1(c);
    acc1(c, x, y) += padded(c, x + r.x - 1, y + r.y - 1) * w1(c, r.x, r.y);
    t1(c, x, y) = acc1(c, x, y);
    points(c, p) = t1(c, p % 14, p / 14);
    t1.split(c, co, ci, 8).split(x, xo, xi, 7, TailStrategy::ShiftInwards);
    t1.reorder(ci, xi, xo, y, co).vectorize(ci, 8).unroll(xi);
    acc1.update().reorder(c, x, y, r.x, r.y);
    in_registers(acc1, t1, xo, x, false);
    acc1.unroll(y);
    acc1.update().unroll(y).unroll(r.x).unroll(r.y);
  }
};

TEST(Direct, DwcbWithItsTensorsWhole) {
  Dwcb d;
  const std::vector<Stretch> pieces = {{0, 186, 6}, {186, 10, 5}};  // 196 = 31*6 + 2*5
  product(d.t2, "acc2", d.points, d.w2, d.b2, 64, false, pieces, gelu);
  const auto skip = [&](Expr e, Expr at) { return e + d.in(c, at); };
  product(d.out, "acc3", d.t2, d.w3, d.b3, 128, false, pieces, skip);
  d.t1.compute_root();
  d.t2.compute_root();
  EXPECT_EQ(from_recipe(kDwcb, dwcb_knobs(0)), d.lowered_with({64, 196}));
}

/// The same product in bands: no pieces, tiles shift inwards.
template <class In>
void banded_product(Func to, Func acc, In in, ImageParam w, ImageParam b, int K,
                    const std::function<Expr(Expr, Expr)>& epilogue, bool is_head) {
  const RDom k(0, K, "k");
  acc(c, p) = b(c);
  acc(c, p) += in(k, p) * w(c % 16, k, c / 16);
  to(c, p) = epilogue(acc(c, p), p);
  if (is_head) to.split(p, Var("band"), p, 98);
  to.split(c, co, ci, 16).split(p, po, pi, 6, TailStrategy::ShiftInwards);
  to.reorder(ci, pi, co, po).vectorize(ci, 8).unroll(ci).unroll(pi);
  acc.update().reorder(c, p, k);
  in_registers(acc, to, co, p, true);
  acc.update().unroll(k, 2);
}

TEST(Direct, DwcbFusedInBands) {
  Dwcb d;
  banded_product(d.t2, Func("acc2"), d.points, d.w2, d.b2, 64, gelu, false);
  const auto skip = [&](Expr e, Expr at) { return e + d.in(c, at); };
  banded_product(d.out, Func("acc3"), d.t2, d.w3, d.b3, 128, skip, true);
  d.t1.compute_at(d.out, Var("band"));
  d.t2.compute_at(d.out, Var("band"));
  EXPECT_EQ(from_recipe(kDwcb, dwcb_knobs(1)), d.lowered_with({64, 196}));
}

}  // namespace
}  // namespace halcyon
