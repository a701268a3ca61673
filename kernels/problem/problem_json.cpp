#include "kernels/error.h"
#include "kernels/problem/op.h"
#include "kernels/problem/op_field.h"
#include "kernels/problem/problem.h"
#include "kernels/problem/problem_builder.h"
#include "kernels/strict_json.h"

namespace halcyon {
namespace {

using nlohmann::json;

[[noreturn]] void fail_unknown(const Reader& reader, const std::string& key,
                               const std::string& found, const std::vector<std::string>& known) {
  reader.fail(key, "found " + with_guess(found, known) + ", allowed: " + joined(known));
}

json to_json_value(const OpField& field, const Op& op) {
  const std::vector<int> values = field.get(op);
  if (field.is_word()) return value_text(field, op);
  return field.count == 1 ? json(values[0]) : json(values);
}

json op_to_json(const Op& op) {
  json out = {{"op", op.word()}};
  for (const OpField* field : arguments_of(*op.kind)) out[field->key] = to_json_value(*field, op);
  for (const OpField* field : attributes_of(*op.kind))
    if (field->get(op) != field->otherwise(op)) out[field->key] = to_json_value(*field, op);
  for (const Epilogue& item : op.epilogue) out["epilogue"].push_back(to_text(item));
  return out;
}

void read_field(Reader& reader, const OpField& field, Op& op) {
  if (field.otherwise && !reader.has(field.key)) return field.set(op, field.otherwise(op));
  if (field.is_word()) {
    const std::string found = reader.string(field.key);
    if (!set_word(field, found, op)) fail_unknown(reader, field.key, found, words_of(field));
    return;
  }
  std::vector<std::int64_t> values;
  if (field.count == 1)
    values = {reader.integer(field.key, field.low, field.high)};
  else
    values = reader.integers(field.key, field.low, field.high);
  if (values.size() != static_cast<std::size_t>(field.count))
    reader.fail(field.key, "found " + std::to_string(values.size()) + " numbers, allowed " +
                               std::to_string(field.count));
  field.set(op, std::vector<int>(values.begin(), values.end()));
}

Op read_op(Reader reader) {
  const std::string word = reader.string("op");
  Op op;
  op.kind = find_op_kind(word);
  if (!op.kind) {
    std::vector<std::string> known;
    for (const OpKind* kind : op_kinds()) known.emplace_back(kind->word);
    fail_unknown(reader, "op", word, known);
  }
  for (const OpField* field : arguments_of(*op.kind)) read_field(reader, *field, op);
  // Padding comes after dilation: its default depends on it.
  const std::vector<const OpField*> attributes = attributes_of(*op.kind);
  for (auto field = attributes.rbegin(); field != attributes.rend(); ++field)
    read_field(reader, **field, op);
  if (reader.has("epilogue"))
    for (const std::string& text : reader.strings("epilogue")) {
      op.epilogue.emplace_back();
      if (!epilogue_from_text(text, &op.epilogue.back()))
        fail_unknown(reader, "epilogue", text, epilogue_words());
    }
  reader.finish();
  return op;
}

}  // namespace

Problem Problem::from_json(const json& value) {
  constexpr std::int64_t kMostExtent = std::numeric_limits<int>::max();
  Reader reader(value, "problem", "", Exit::usage);
  DType dtype = DType::f32;
  if (const std::string word = reader.string("dtype"); !problem_dtype_from_text(word, &dtype))
    fail_unknown(reader, "dtype", word, problem_dtype_words());
  const std::vector<std::int64_t> extents = reader.integers("input", 1, kMostExtent);
  if (extents.size() != 4)
    reader.fail("input", "found " + std::to_string(extents.size()) +
                             " extents, allowed 4: batch, height, width, channels");
  const std::size_t count = reader.array("ops").size();
  if (count == 0) reader.fail("ops", "found no op, allowed one or more");
  ProblemBuilder builder = in_context("problem: /input", [&] {
    return ProblemBuilder(dtype, checked_shape(extents[0], extents[1], extents[2], extents[3]));
  });
  for (std::size_t i = 0; i < count; ++i) {
    Op op = read_op(reader.element("ops", i));
    in_context("problem: /ops/" + std::to_string(i), [&] { builder.add(std::move(op)); });
  }
  reader.finish();
  return builder.finish();
}

json Problem::to_json() const {
  json ops = json::array();
  for (const Op& op : ops_) ops.push_back(op_to_json(op));
  return {{"dtype", to_text(dtype_)},
          {"input", {input_.n, input_.h, input_.w, input_.c}},
          {"ops", ops}};
}

}  // namespace halcyon
