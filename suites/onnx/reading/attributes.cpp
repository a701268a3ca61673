#include "suites/onnx/reading/attributes.h"

#include <onnx/onnx-ml.pb.h>

#include <charconv>

#include "kernels/error.h"
#include "suites/onnx/reading/names.h"

namespace halcyon {
namespace {

using Attribute = onnx::AttributeProto;

[[noreturn]] void fail(const std::string& name, const std::string& message) {
  throw data_error("attribute '" + safe_name(name) + "': " + message);
}

/// The attribute, of this type; null stays null.
const Attribute* typed(const Attribute* a, Attribute::AttributeType type) {
  if (a && a->type() != type)
    fail(a->name(), "found " + onnx::AttributeProto_AttributeType_Name(a->type()) + ", allowed " +
                        onnx::AttributeProto_AttributeType_Name(type));
  return a;
}

}  // namespace

OnnxAttributes::OnnxAttributes(const onnx::NodeProto& node) : node_(&node) {
  std::set<std::string> names;
  for (const Attribute& a : node.attribute()) {
    if (!names.insert(a.name()).second) fail(a.name(), "found twice, allowed once");
    if (!a.ref_attr_name().empty())
      fail(a.name(), "found a reference to a function's attribute, allowed a value");
  }
}

const Attribute* OnnxAttributes::find(const char* name) const {
  asked_.insert(name);
  for (const Attribute& a : node_->attribute())
    if (a.name() == name) return &a;
  return nullptr;
}

bool OnnxAttributes::has(const char* name) const { return find(name) != nullptr; }

std::int64_t OnnxAttributes::integer(const char* name, std::int64_t otherwise) const {
  const Attribute* a = typed(find(name), Attribute::INT);
  return a ? a->i() : otherwise;
}

double OnnxAttributes::real(const char* name, double otherwise) const {
  const Attribute* a = typed(find(name), Attribute::FLOAT);
  return a ? a->f() : otherwise;
}

double OnnxAttributes::decimal(const char* name, double otherwise) const {
  const Attribute* a = typed(find(name), Attribute::FLOAT);
  if (!a) return otherwise;
  char text[32];  // the shortest that the file's type reads as the same
  const auto end = std::to_chars(text, text + sizeof text, a->f()).ptr;
  double out = a->f();
  std::from_chars(text, end, out);
  return out;
}

std::string OnnxAttributes::text(const char* name, const std::string& otherwise) const {
  const Attribute* a = typed(find(name), Attribute::STRING);
  return a ? a->s() : otherwise;
}

std::vector<std::int64_t> OnnxAttributes::integers(const char* name) const {
  const Attribute* a = typed(find(name), Attribute::INTS);
  if (!a) return {};
  return {a->ints().begin(), a->ints().end()};
}

std::vector<double> OnnxAttributes::reals(const char* name) const {
  const Attribute* a = typed(find(name), Attribute::FLOATS);
  if (!a) return {};
  return {a->floats().begin(), a->floats().end()};
}

const onnx::TensorProto* OnnxAttributes::tensor(const char* name) const {
  const Attribute* a = typed(find(name), Attribute::TENSOR);
  return a ? &a->t() : nullptr;
}

void OnnxAttributes::only(const char* name, std::int64_t allowed) const {
  if (const std::int64_t found = integer(name, allowed); found != allowed)
    fail(name, "found " + std::to_string(found) + ", allowed " + std::to_string(allowed));
}

void OnnxAttributes::only(const char* name, const std::string& allowed) const {
  if (const std::string found = text(name, allowed); found != allowed)
    fail(name, "found '" + safe_name(found) + "', allowed '" + allowed + "'");
}

void OnnxAttributes::ignore(const char* name) const { asked_.insert(name); }

void OnnxAttributes::finish() const {
  for (const Attribute& a : node_->attribute())
    if (!asked_.contains(a.name()))
      fail(a.name(), "found where none of that name is known; allowed: that it is not there");
}

}  // namespace halcyon
