#pragma once
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "kernels/problem/problem.h"
#include "suites/onnx/reading/constant.h"

namespace google::protobuf {
class Arena;
}
namespace onnx {
class ModelProto;
class NodeProto;
}  // namespace onnx

namespace halcyon {

/// A node of the file, or what a pattern made of several. Tensors go by the file's names; an
/// optional input that is left out is empty.
struct OnnxNode {
  std::string name;   // printable, unique
  std::string stage;  // what it is counted under
  std::string op;     // as the file has it: "Conv"; of another domain "com.microsoft.Gelu"
  std::vector<std::string> inputs, outputs;
  const onnx::NodeProto* source = nullptr;  // whose attributes count
  std::optional<Act> act;  // what a pattern found it to be, of its one input, whatever `op` says
};

/// A model as its file has it: checked as far as one can without knowing what its ops mean. Nodes
/// stand after what they read, and every tensor is made once.
struct OnnxModel {
  OnnxModel();
  OnnxModel(OnnxModel&&) noexcept;
  ~OnnxModel();

  std::unique_ptr<google::protobuf::Arena> arena;  // holds `proto`
  const onnx::ModelProto* proto = nullptr;
  std::string folder;  // of the file
  int opset = 0;
  std::vector<OnnxNode> nodes;
  std::vector<std::string> outputs;

  bool is_constant(const std::string& tensor) const;
  std::vector<std::int64_t> constant_dims(const std::string& tensor) const;
  /// Its values, read from the file or computed before. The Error names the tensor.
  OnnxConstant constant(const std::string& tensor) const;
  void add_constant(const std::string& tensor, OnnxConstant);

 private:
  friend OnnxModel parse_model(const std::string& bytes, const std::string& folder);
  std::unordered_map<std::string, int> initializers_;  // index in the file's graph
  std::map<std::string, OnnxConstant> computed_;
};

/// The model in a file's bytes; `folder`: where its external data lie. Error (exit 3), without the
/// path in front: not a whole protobuf nested at most 32 deep; no opset from 11 to 20 of the
/// standard domain; not exactly one input that is no initializer; a tensor made twice, or read
/// before it is made (so also a cycle).
OnnxModel parse_model(const std::string& bytes, const std::string& folder);

/// The one input: its name, and its dims with 0 for what is not fixed.
struct OnnxInput {
  std::string name;
  std::vector<std::int64_t> dims;
};
OnnxInput input_of(const OnnxModel&);

}  // namespace halcyon
