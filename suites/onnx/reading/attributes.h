#pragma once
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace onnx {
class AttributeProto;
class NodeProto;
class TensorProto;
}  // namespace onnx

namespace halcyon {

/// A node's attributes, each accounted for: what was not asked for is an Error, since an attribute
/// that nobody reads may change what the node computes. Errors (exit 3) name the attribute, what
/// was found and what is allowed. The node must outlive this.
class OnnxAttributes {
 public:
  explicit OnnxAttributes(const onnx::NodeProto&);
  bool has(const char* name) const;
  std::int64_t integer(const char* name, std::int64_t otherwise) const;
  double real(const char* name, double otherwise) const;
  /// A source's decimal number, which the file has rounded: 1e-5, not 9.99999975e-06.
  double decimal(const char* name, double otherwise) const;
  std::string text(const char* name, const std::string& otherwise) const;
  std::vector<std::int64_t> integers(const char* name) const;  // none when it is not there
  std::vector<double> reals(const char* name) const;
  const onnx::TensorProto* tensor(const char* name) const;  // null when it is not there

  /// An integer that must be this when it is there.
  void only(const char* name, std::int64_t allowed) const;
  void only(const char* name, const std::string& allowed) const;
  /// Known and of no interest: it changes nothing about the result that is read.
  void ignore(const char* name) const;
  void finish() const;

 private:
  const onnx::AttributeProto* find(const char* name) const;
  const onnx::NodeProto* node_;
  mutable std::set<std::string> asked_;
};

}  // namespace halcyon
