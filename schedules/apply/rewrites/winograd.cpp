#include "schedules/language/winograd.h"

#include "schedules/apply/names.h"
#include "schedules/apply/rewrites/graph_copier.h"
#include "schedules/apply/rewrites/rewrites.h"

namespace halcyon {
namespace {

using Halide::Expr;
using Halide::Func;
using Halide::Var;
using Halide::Internal::Call;
using Halide::Internal::Function;
using Halide::Internal::Variable;

bool is_variable(const Expr& e, const std::string& name) {
  const auto* v = e.as<Variable>();
  return v && v->name == name;
}

/// acc(c, x, y, ..) += input(k, x + kx - left, y + ky - up, ..) * weight(c, k, kx, ky), over
/// windows of 3x3.
struct WindowSum {
  Function function;
  Expr term;  // keeps what follows alive
  const Call *input = nullptr, *weight = nullptr;
  int left = 0, up = 0;
};

class FindWindowSum {
 public:
  FindWindowSum(const Function& f, const std::string& weight) : f_(f), weight_(weight) {}

  /// Whether the function is such a sum.
  bool operator()(WindowSum& sum) const {
    if (f_.updates().size() != 1 || f_.args().size() < 3) return false;
    const auto& update = f_.updates().front();
    const auto& loops = update.schedule().rvars();
    if (loops.size() != 3 || !update.split_predicate().empty()) return false;
    const Expr value = Halide::Internal::substitute_in_all_lets(update.values()[0]);
    const auto* added = value.as<Halide::Internal::Add>();
    const auto* product = added ? added->b.as<Halide::Internal::Mul>() : nullptr;
    if (!product) return false;
    sum = {f_, added->b, product->a.as<Call>(), product->b.as<Call>()};
    return sum.input && sum.weight && stage_name(sum.weight->name) == weight_ &&
           weights_are_whole(sum, loops) && window_is_dense(sum, loops);
  }

 private:
  using Loops = std::vector<Halide::Internal::ReductionVariable>;

  bool weights_are_whole(const WindowSum& sum, const Loops& loops) const {
    const auto& at = sum.weight->args;
    return at.size() == 4 && is_variable(at[0], f_.args()[0]) && is_variable(at[1], loops[0].var) &&
           is_variable(at[2], loops[1].var) && is_variable(at[3], loops[2].var) &&
           is_const(loops[1].extent, 3) && is_const(loops[2].extent, 3);
  }

  bool window_is_dense(WindowSum& sum, const Loops& loops) const {
    const auto& at = sum.input->args;
    if (at.size() != f_.args().size() || !is_variable(at[0], loops[0].var)) return false;
    for (std::size_t i = 3; i < at.size(); ++i)
      if (!is_variable(at[i], f_.args()[i])) return false;
    return starts_before(at[1], f_.args()[1], loops[1].var, &sum.left) &&
           starts_before(at[2], f_.args()[2], loops[2].var, &sum.up);
  }

  /// Whether `at` is axis + tap - before.
  static bool starts_before(const Expr& at, const std::string& axis, const std::string& tap,
                            int* before) {
    using Halide::Internal::substitute;
    const auto value = [&](int axis_value, int tap_value) {
      return Halide::Internal::as_const_int(
          Halide::Internal::simplify(substitute(axis, axis_value, substitute(tap, tap_value, at))));
    };
    const auto first = value(0, 0), next = value(1, 0), beside = value(0, 1);
    if (!first || !next || !beside || *next - *first != 1 || *beside - *first != 1) return false;
    *before = static_cast<int>(-*first);
    return true;
  }

  const Function& f_;
  const std::string& weight_;
};

/// A row of a matrix times values, its even columns and its odd ones apart.
Expr products_of(const std::vector<double>& row, const std::vector<Expr>& values,
                 std::size_t first) {
  Expr sum;
  for (std::size_t i = first; i < row.size(); i += 2) {
    if (row[i] == 0) continue;
    const Expr term = row[i] == 1 ? values[i] : static_cast<float>(row[i]) * values[i];
    sum = sum.defined() ? sum + term : term;
  }
  return sum;
}

/// Inputs of a tile as its products take them. Rows of p and -p have their even and their odd
/// columns in common, but for a sign.
std::vector<Expr> transformed(const Winograd& w, const std::vector<Expr>& inputs) {
  std::vector<Expr> all;
  const auto& rows = w.of_inputs;
  const auto both = [&](const std::vector<double>& row) {
    const Expr even = products_of(row, inputs, 0), odd = products_of(row, inputs, 1);
    return !even.defined() ? odd : !odd.defined() ? even : even + odd;
  };
  all.push_back(both(rows.front()));
  for (std::size_t i = 1; i + 1 < rows.size(); i += 2) {
    const Expr even = products_of(rows[i], inputs, 0), odd = products_of(rows[i], inputs, 1);
    all.push_back(even + odd);
    all.push_back(even - odd);
  }
  all.push_back(both(rows.back()));
  return all;
}

/// Results of a tile, of its products. Those of p and -p are added for even powers and subtracted
/// for odd ones.
std::vector<Expr> results_of(const Winograd& w, const std::vector<Expr>& products) {
  std::vector<Expr> all;
  for (std::size_t i = 0; i < w.of_results.size(); ++i) {
    const auto& row = w.of_results[i];
    Expr sum;
    const auto add = [&](double factor, const Expr& e) {
      if (factor == 0) return;
      const Expr term = factor == 1 ? e : static_cast<float>(factor) * e;
      sum = sum.defined() ? sum + term : term;
    };
    add(row.front(), products.front());
    for (std::size_t p = 1; p + 1 < row.size(); p += 2)
      add(row[p], i % 2 == 0 ? products[p] + products[p + 1] : products[p] - products[p + 1]);
    add(row.back(), products.back());
    all.push_back(sum);
  }
  return all;
}

class ByTiles : public GraphCopier {
 public:
  ByTiles(const Algorithm& a, const Step& step, const Winograd& w, WindowSum sum)
      : algorithm_(a), step_(step), w_(w), sum_(std::move(sum)) {}

 protected:
  Func define(const Function& f) override {
    if (f.name() != sum_.function.name()) return GraphCopier::define(f);
    const Func tiles = tiled_inputs(), products = products_of_tiles(tiles);
    const int m = w_.results;
    const std::vector<Var> of_tile = axes_with("u", "v");
    Func columns(name("_columns")), result(name("_result"));
    columns(of_tile) = mux(of_tile[3], results_of(w_, along(products, of_tile, 3)));
    const auto axes = to_vars(f.args());
    std::vector<Expr> at(of_tile.begin(), of_tile.end());
    at[1] = axes[1] / m;
    at[2] = axes[2] / m;
    at[3] = axes[1] % m;
    result(axes) =
        copy(f, f.values()[0], {}) + mux(axes[2] % m, results_of(w_, along(columns, at, 4)));
    return result;
  }

 private:
  std::string name(const char* suffix) const { return step_.args[1] + suffix; }

  /// The axes of the sum, those of the map counting tiles, with two within a tile behind them.
  std::vector<Var> axes_with(const char* first, const char* second) const {
    std::vector<Var> axes = to_vars(sum_.function.args());
    axes.insert(axes.begin() + 3, {Var(first), Var(second)});
    return axes;
  }

  /// A stage at every place of one axis within a tile.
  template <class Axes>
  std::vector<Expr> along(const Func& f, const Axes& axes, std::size_t axis) const {
    std::vector<Expr> at(axes.begin(), axes.end()), all;
    for (int i = 0; i < w_.inputs(); ++i) {
      at[axis] = i;
      all.push_back(f(at));
    }
    return all;
  }

  /// First along x, of each row of a tile by itself, then along y.
  Func tiled_inputs() {
    const std::vector<Var> by_rows = axes_with("u", "r"), axes = axes_with("u", "v");
    Func rows(name("_rows")), tiles(name(""));
    std::vector<Expr> row;
    for (int i = 0; i < w_.inputs(); ++i) row.push_back(input(by_rows, i, by_rows[4]));
    rows(by_rows) = mux(by_rows[3], transformed(w_, row));
    tiles(axes) = mux(axes[4], transformed(w_, along(rows, axes, 4)));
    return tiles;
  }

  Expr input(const std::vector<Var>& axes, const Expr& column, const Expr& row) {
    std::vector<Expr> at = {axes[0], place(1, axes[1], column, sum_.left),
                            place(2, axes[2], row, sum_.up)};
    at.insert(at.end(), axes.begin() + 5, axes.end());
    return copy(Function(sum_.input->func))(at);
  }

  /// Where along an axis of the input a place in a tile is. A tile that goes on behind the results
  /// reads the last element instead, where there is no padding.
  Expr place(std::size_t axis, const Var& tile, const Expr& in_tile, int before) const {
    const Expr at = tile * w_.results + in_tile - before;
    const Function input(sum_.input->func);
    const auto padding = algorithm_.paddings.find(stage_name(input.name()));
    const bool is_padded = padding != algorithm_.paddings.end();
    if (is_padded && padding->second.extent.contains(input.args()[axis])) return at;
    const std::string source = stage_name(is_padded ? padding->second.source.name() : input.name());
    const int extent = algorithm_.extents.at(source).at(axis);
    const int results = algorithm_.extents.at(stage_name(sum_.function.name())).at(axis);
    return results % w_.results == 0 ? at : min(likely(at), extent - 1);
  }

  Func products_of_tiles(const Func& tiles) {
    const auto& loops = sum_.function.updates().front().schedule().rvars();
    const Halide::RDom k(Halide::Internal::ReductionDomain({loops[0]}));
    const std::vector<Var> axes = axes_with("u", "v");
    std::vector<Expr> read(axes.begin(), axes.end());
    read[0] = k;
    Func acc(stage_name(sum_.function.name())), products(name("_products"));
    acc(axes) = 0.f;
    acc(axes) += tiles(read) * copy(Function(sum_.weight->func))(axes[0], k, axes[3], axes[4]);
    products(axes) = acc(axes);
    return products;
  }

  const Algorithm& algorithm_;
  const Step& step_;
  const Winograd& w_;
  const WindowSum sum_;
};

}  // namespace

void rewrite_winograd(Algorithm& a, const Step& step) {
  must_be_input(a, step);
  const Winograd* form = find_winograd(std::stoi(step.args[0]));
  if (!form) throw step_error(step, "tiles have 2 x 2 or 4 x 4 results");
  WindowSum sum;
  bool found = false;
  for (const auto& [name, f] : stages_of(a))
    if (!found) found = FindWindowSum(f.function(), step.stage)(sum);
  if (!found)
    throw step_error(step, "'" + step.stage +
                               "' does not weigh windows of 3x3 in f32, of stride 1, neither "
                               "dilated nor in groups");
  ByTiles(a, step, *form, sum).run(a);
  const std::string acc = stage_name(sum.function.name());
  std::vector<int> extents = a.extents.at(acc);
  for (std::size_t axis : {1, 2}) extents[axis] = (extents[axis] - 1) / form->results + 1;
  extents.insert(extents.begin() + 3, 2, form->inputs());
  a.extents[acc] = a.extents[step.args[1] + "_products"] = extents;
}

}  // namespace halcyon
