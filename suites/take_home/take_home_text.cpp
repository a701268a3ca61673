#include "suites/take_home/take_home_text.h"

#include <functional>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "kernels/oracle/compare.h"
#include "kernels/oracle/halide_type.h"
#include "schedules/compile/emit.h"
#include "schedules/language/layout.h"
#include "schedules/language/winograd.h"

namespace halcyon {
namespace {

using nlohmann::json;

/// One argument, before and after the schedule's packing.
struct Packed {
  TensorSpec spec;
  Layout layout;
};

std::vector<Packed> arguments_of(const Candidate& c) {
  std::vector<Packed> all;
  const auto laid = layouts(c.problem, c.schedule);
  for (std::size_t i = 0; i < laid.size(); i++) all.push_back({c.problem.tensors()[i], laid[i]});
  return all;
}

std::string joined(const std::vector<Packed>& all, const std::string& between,
                   const std::function<std::string(const Packed&)>& text_of) {
  std::string text;
  for (const Packed& a : all) text += (text.empty() ? "" : between) + text_of(a);
  return text;
}

/// Where an element lies: indices along the axes, innermost first, as one C expression.
std::string offset_text(const std::vector<std::string>& index, const std::vector<int>& extents) {
  std::string text = index.back();
  for (std::size_t i = index.size() - 1; i-- > 0;) {
    const bool sum = i + 2 < index.size();
    text = index[i] + " + " + std::to_string(extents[i]) + " * " + (sum ? "(" + text + ")" : text);
  }
  return text;
}

std::string pack_name(const TakeHome& t, const Packed& a) {
  return t.name + "_pack_" + a.spec.name;
}

/// Elements as C has them; floats of 16 bits as their bits.
std::string c_type(DType dtype) {
  switch (dtype) {
    case DType::f32:
      return "float";
    case DType::f16:
    case DType::bf16:
      return "uint16_t";
    case DType::i8:
      return "int8_t";
    case DType::u8:
      return "uint8_t";
    case DType::i32:
      return "int32_t";
  }
  no_values_of(dtype);
}

/// As a halide_type_t has it: "halide_type_uint, 8".
std::string type_text(DType dtype) {
  const halide_type_t type = halide_type(dtype);
  const char* codes[] = {"halide_type_int", "halide_type_uint", "halide_type_float",
                         "halide_type_handle", "halide_type_bfloat"};
  return std::string(codes[type.code]) + ", " + std::to_string(type.bits);
}

std::string pack_signature(const TakeHome& t, const Packed& a) {
  const std::string type = c_type(a.layout.dtype);
  return "void " + pack_name(t, a) + "(const " + type + " *dense, " + type + " *packed)";
}

std::string axes_text(const std::vector<std::string>& axes, const std::vector<int>& extents) {
  std::string text;
  for (std::size_t i = 0; i < axes.size(); i++)
    text += (i ? ", " : "") + axes[i] + " " + std::to_string(extents[i]);
  return text;
}

std::string pack_prototype(const TakeHome& t, const Packed& a) {
  return "/* (" + axes_text(a.spec.axes, a.spec.extents) + ") to (" +
         axes_text(a.layout.axes, a.layout.extents) + "): " + std::to_string(a.layout.elements()) +
         " elements */\n" + pack_signature(t, a) + ";";
}

/// What Winograd's products take of a window: a place of it is the sum of all taps, weighed.
std::string transformed_text(const Packed& a, const std::string& indent) {
  const auto number = [](double v) {
    char text[32];
    std::snprintf(text, sizeof text, "%.17g", v);
    return std::string(text);
  };
  std::string rows;
  for (const auto& row : find_winograd(a.layout.winograd)->of_weights)
    rows += (rows.empty() ? "{" : ", {") + number(row[0]) + ", " + number(row[1]) + ", " +
            number(row[2]) + "}";
  return indent + "static const double g[][3] = {" + rows + "};\n" + indent + "double sum = 0;\n" +
         indent + "for (size_t y = 0; y < 3; y++)\n" + indent +
         "  for (size_t x = 0; x < 3; x++)\n" + indent + "    sum += g[ky][y] * g[kx][x] * dense[" +
         offset_text({"c", "k", "x", "y"}, a.spec.extents) + "];\n" + indent + "packed[" +
         offset_text(a.layout.index, a.layout.extents) + "] = (float)sum;\n";
}

/// Loops over the dense tensor as it lies, which say of each element where it goes.
std::string pack_function(const TakeHome& t, const Packed& a) {
  std::string text = "\n" + pack_signature(t, a) + " {\n  memset(packed, 0, " +
                     std::to_string(a.layout.elements()) + " * sizeof *packed);\n";
  std::string indent = "  ";
  const bool transformed = a.layout.winograd > 0;
  for (std::size_t i = a.spec.axes.size(); i-- > 0; indent += "  ") {
    const std::string& axis = a.spec.axes[i];
    const int extent = transformed && i >= 2 ? a.layout.winograd + 2 : a.spec.extents[i];
    text += indent + "for (size_t " + axis + " = 0; " + axis + " < " + std::to_string(extent) +
            "; " + axis + "++)" + (transformed && i == 0 ? " {" : "") + "\n";
  }
  if (transformed) return text + transformed_text(a, indent) + indent.substr(2) + "}\n}\n";
  return text + indent + "packed[" + offset_text(a.layout.index, a.layout.extents) + "] = dense[" +
         offset_text(a.spec.axes, a.spec.extents) + "];\n}\n";
}

std::string parameter(const Packed& a) {
  return (a.spec.role == Role::output ? "" : "const ") + c_type(a.layout.dtype) + " *" +
         a.spec.name;
}

/// A halide_buffer_t of call.c and its dimensions.
std::string buffer_text(const Packed& a) {
  const std::string& name = a.spec.name;
  std::string dims;
  std::int64_t stride = 1;
  for (int extent : a.layout.extents) {
    dims += (dims.empty() ? "" : ", ") + ("{0, " + std::to_string(extent)) + ", " +
            std::to_string(stride) + ", 0}";
    stride *= extent;
  }
  return "  halide_dimension_t " + name + "_dim[] = {" + dims + "};\n" +
         "  struct halide_buffer_t " + name + "_buffer =\n      buffer_of(" + name + ", " +
         type_text(a.layout.dtype) + ", " + name + "_dim, " +
         std::to_string(a.layout.extents.size()) + ");";
}

/// A row of main.c's table.
std::string row_text(const TakeHome& t, const Packed& a) {
  const DType dtype = a.layout.dtype;
  const bool output = a.spec.role == Role::output;
  const Candidate& c = t.candidate;
  const Tolerance tolerance =
      output ? tolerance_for(c.problem, a.spec, activation_error(c.problem, c.schedule))
             : Tolerance{0, 0};
  char numbers[64];
  std::snprintf(numbers, sizeof numbers, "%.9g, %.9g", tolerance.absolute, tolerance.relative);
  return "    {\"" + a.spec.name + "\", " + std::string(to_text(dtype)) + ", " +
         std::to_string(bytes_of(dtype)) + ", " + std::to_string(a.spec.elements()) + ", " +
         std::to_string(a.layout.elements()) + ", " + (a.layout.packed ? "1" : "0") + ", " +
         (output ? "1" : "0") + ", " + numbers + "},";
}

/// A case of main.c's pack(): the arguments by their rows.
std::string pack_cases(const TakeHome& t, const std::vector<Packed>& all) {
  std::string text;
  for (std::size_t i = 0; i < all.size(); i++)
    if (all[i].layout.packed)
      text += "    case " + std::to_string(i) + ":\n      " + pack_name(t, all[i]) +
              "(dense, packed);\n      break;\n";
  return text;
}

/// A line about an argument for whoever calls the kernel.
std::string argument_line(const Packed& a) {
  const std::string role(to_text(a.spec.role));
  return " *   " + a.spec.name + "  " + role + " (" + axes_text(a.spec.axes, a.spec.extents) + ")" +
         (a.layout.packed
              ? ", packed to (" + axes_text(a.layout.axes, a.layout.extents) + "); see pack.h"
              : "");
}

}  // namespace

Marks marks_of(const TakeHome& t) {
  const Candidate& c = t.candidate;
  const auto all = arguments_of(c);
  std::vector<Packed> packed;
  for (const Packed& a : all)
    if (a.layout.packed) packed.push_back(a);
  const bool cross = c.target.arch != HALCYON_ARCH;
  int number = 0;
  return {
      {"NAME", t.name},
      {"SYMBOL", t.compiled.symbol},
      {"PROBLEM", c.problem.text()},
      {"TARGET", c.target.name},
      {"HALIDE_TARGET", c.target.halide},
      {"ARGUMENTS", joined(all, "\n", argument_line)},
      {"PARAMETERS", joined(all, ", ", parameter)},
      {"BUFFER_PARAMETERS",
       joined(all, ", ", [](const Packed& a) { return "struct halide_buffer_t *" + a.spec.name; })},
      {"BUFFERS", joined(all, "\n", buffer_text)},
      {"BUFFER_ARGUMENTS",
       joined(all, ", ", [](const Packed& a) { return "&" + a.spec.name + "_buffer"; })},
      {"PACK_PROTOTYPES",
       packed.empty()
           ? "/* There are none: every tensor stays dense. */"
           : joined(packed, "\n", [&](const Packed& a) { return pack_prototype(t, a); })},
      {"PACK_FUNCTIONS", joined(packed, "", [&](const Packed& a) { return pack_function(t, a); })},
      {"PACK_CASES", pack_cases(t, all)},
      {"TABLE", joined(all, "\n", [&](const Packed& a) { return row_text(t, a); })},
      {"CALL", joined(all, ", ",
                      [&](const Packed&) { return "memory[" + std::to_string(number++) + "]"; })},
      {"CC", cross ? c.target.arch + "-linux-gnu-gcc" : "cc"},
      {"LDFLAGS", cross ? "-static" : ""},
      {"RUN", cross ? "qemu-" + c.target.arch : ""},
  };
}

std::string filled_in(const std::string& text, const Marks& marks) {
  std::string out;
  std::size_t begin = 0;
  for (std::size_t at; (at = text.find('@', begin)) != text.npos;) {
    const std::size_t end = text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ_", at + 1);
    const bool is_mark = end != text.npos && text[end] == '@' && end > at + 1;
    if (!is_mark) {
      out.append(text, begin, at + 1 - begin);
      begin = at + 1;
      continue;
    }
    const auto found = marks.find(text.substr(at + 1, end - at - 1));
    if (found == marks.end())
      throw std::logic_error("no text for " + text.substr(at, end + 1 - at));
    out.append(text, begin, at - begin);
    out += found->second;
    begin = end + 1;
  }
  return out + text.substr(begin);
}

json description_of(const TakeHome& t) {
  const Candidate& c = t.candidate;
  json arguments = json::array();
  for (const Packed& a : arguments_of(c)) {
    json j = {{"name", a.spec.name},
              {"role", to_text(a.spec.role)},
              {"dtype", to_text(a.layout.dtype)},
              {"axes", a.spec.axes},
              {"extents", a.spec.extents},
              {"packed", a.layout.packed},
              {"alignment_bytes", a.layout.alignment()}};
    if (a.layout.packed)
      j["stored"] = {{"axes", a.layout.axes},
                     {"extents", a.layout.extents},
                     {"index", a.layout.index},
                     {"by", pack_name(t, a)}};
    if (a.layout.winograd > 0) j["stored"]["winograd"] = a.layout.winograd;
    arguments.push_back(std::move(j));
  }
  return {{"problem", c.problem.text()},
          {"function", t.name},
          {"symbol", t.compiled.symbol},
          {"target", c.target.name},
          {"halide_target", c.target.halide},
          {"halide", emit_version()},
          {"object_sha256", t.compiled.object_sha256},
          {"schedule_source", t.record.schedule_source},
          {"point", t.record.point},
          {"checked", t.record.outcome == Outcome::ok},
          {"seed", std::to_string(t.record.seed)},
          {"axes_order", "innermost first"},
          {"arguments", std::move(arguments)}};
}

}  // namespace halcyon
