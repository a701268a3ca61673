#include "suites/onnx/reading/model.h"

#include <google/protobuf/arena.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/zero_copy_stream.h>
#include <onnx/onnx-ml.pb.h>

#include <algorithm>
#include <set>

#include "kernels/error.h"
#include "suites/onnx/reading/names.h"

namespace halcyon {
namespace {

constexpr int kOldestOpset = 11, kNewestOpset = 20;
constexpr int kMostDepth = 32;  // a tensor in an attribute of a node lies 5 deep
constexpr int kMostNodes = 100'000;

using google::protobuf::Arena;

/// A file's bytes, handed out for as long as the messages that are made of them stay in proportion:
/// two bytes can make an empty message of two hundred.
class FrugalStream : public google::protobuf::io::ZeroCopyInputStream {
 public:
  FrugalStream(const std::string& bytes, const Arena& arena) : bytes_(bytes), arena_(arena) {}

  bool Next(const void** data, int* size) override {
    constexpr std::size_t kBlock = 1 << 16;
    spent_ = spent_ || arena_.SpaceAllocated() > (std::uint64_t{64} << 20) + 8 * at_;
    if (spent_ || at_ == bytes_.size()) return false;
    *data = bytes_.data() + at_;
    *size = static_cast<int>(std::min(kBlock, bytes_.size() - at_));
    at_ += static_cast<std::size_t>(*size);
    return true;
  }
  void BackUp(int count) override { at_ -= static_cast<std::size_t>(count); }
  bool Skip(int count) override {
    const std::size_t step = std::min(static_cast<std::size_t>(count), bytes_.size() - at_);
    at_ += step;
    return step == static_cast<std::size_t>(count);
  }
  std::int64_t ByteCount() const override { return static_cast<std::int64_t>(at_); }
  bool is_spent() const { return spent_; }

 private:
  const std::string& bytes_;
  const Arena& arena_;
  std::size_t at_ = 0;
  bool spent_ = false;
};

const onnx::ModelProto* parse(const std::string& bytes, Arena* arena) {
  auto* model = Arena::CreateMessage<onnx::ModelProto>(arena);
  FrugalStream blocks(bytes, *arena);
  google::protobuf::io::CodedInputStream stream(&blocks);
  stream.SetRecursionLimit(kMostDepth);
  const bool whole = model->ParseFromCodedStream(&stream) && stream.ConsumedEntireMessage();
  if (blocks.is_spent())
    throw data_error("found messages of over 8 times its bytes in memory; allowed: up to that");
  if (!whole)
    throw data_error("found no whole ONNX model; allowed: a protobuf as onnx.proto describes it");
  if (!model->has_graph()) throw data_error("found no graph in it; allowed: an ONNX model");
  return model;
}

bool is_standard(const std::string& domain) { return domain.empty() || domain == "ai.onnx"; }

int opset_of(const onnx::ModelProto& model) {
  std::int64_t opset = 0;
  for (const auto& import : model.opset_import())
    if (is_standard(import.domain())) opset = import.version();
  if (opset < kOldestOpset || opset > kNewestOpset)
    throw data_error("found opset " + std::to_string(opset) + "; allowed: " +
                     std::to_string(kOldestOpset) + " to " + std::to_string(kNewestOpset));
  return static_cast<int>(opset);
}

/// Names that no two tensors may share, and whether a tensor is there yet.
class Tensors {
 public:
  void make(const std::string& name) {
    if (name.empty()) throw data_error("a tensor without a name");
    if (!made_.insert(name).second)
      throw data_error("tensor '" + safe_name(name) + "' made twice; allowed: once");
  }
  void read(const std::string& name) const {
    if (!made_.contains(name))
      throw data_error("reads tensor '" + safe_name(name) +
                       "', which nothing before it makes; allowed: the input, initializers, what "
                       "earlier nodes make");
  }

 private:
  std::set<std::string> made_;
};

/// Gives nodes names that are printable and unique, whatever the file has.
class NodeNames {
 public:
  std::string name_of(const onnx::NodeProto& node) {
    const std::string wanted = safe_name(node.name().empty() ? node.output(0) : node.name());
    std::string name = wanted;
    for (int& i = taken_[wanted]; name.empty() || !names_.insert(name).second;)
      name = wanted + "." + std::to_string(++i + 1);
    return name;
  }

 private:
  std::set<std::string> names_;
  std::map<std::string, int> taken_;
};

/// Our own files say the stage; of others' names in the manner of paths it is the first part.
std::string stage_of(const onnx::ModelProto& model, const onnx::NodeProto& node,
                     const std::string& name) {
  if (model.producer_name() == "halcyon") return safe_text(node.doc_string());
  const bool is_path = node.name().find('/') != std::string::npos;
  return is_path ? name.substr(0, name.find('.')) : std::string();
}

std::vector<OnnxNode> nodes_of(const onnx::ModelProto& model, Tensors& tensors) {
  if (model.graph().node_size() > kMostNodes)
    throw data_error(std::to_string(model.graph().node_size()) + " nodes; allowed: up to " +
                     std::to_string(kMostNodes));
  std::vector<OnnxNode> nodes;
  NodeNames names;
  for (const onnx::NodeProto& proto : model.graph().node()) {
    OnnxNode node;
    if (proto.output_size() == 0)
      throw data_error("node '" + safe_name(proto.name()) + "' (" + safe_name(proto.op_type()) +
                       "): found no output; allowed: one or more");
    node.name = names.name_of(proto);
    node.op =
        is_standard(proto.domain()) ? proto.op_type() : proto.domain() + "." + proto.op_type();
    in_context("node '" + node.name + "' (" + safe_name(node.op) + ")", [&] {
      for (const std::string& input : proto.input())
        if (!input.empty()) tensors.read(input);
      for (const std::string& output : proto.output())
        if (!output.empty()) tensors.make(output);
    });
    node.stage = stage_of(model, proto, node.name);
    node.inputs.assign(proto.input().begin(), proto.input().end());
    node.outputs.assign(proto.output().begin(), proto.output().end());
    node.source = &proto;
    nodes.push_back(std::move(node));
  }
  return nodes;
}

}  // namespace

OnnxModel::OnnxModel() = default;
OnnxModel::OnnxModel(OnnxModel&&) noexcept = default;
OnnxModel::~OnnxModel() = default;

OnnxModel parse_model(const std::string& bytes, const std::string& folder) {
  OnnxModel model;
  model.arena = std::make_unique<Arena>();
  model.proto = parse(bytes, model.arena.get());
  model.folder = folder;
  model.opset = opset_of(*model.proto);
  for (const onnx::FunctionProto& function : model.proto->functions())
    if (is_standard(function.domain()))
      throw data_error("found a function '" + safe_name(function.name()) +
                       "' in the domain of ONNX; allowed: in one of its own");
  const onnx::GraphProto& graph = model.proto->graph();
  if (graph.sparse_initializer_size() > 0)
    throw data_error("found sparse initializers; allowed: dense ones");
  Tensors tensors;
  for (int i = 0; i < graph.initializer_size(); ++i) {
    const std::string& name = graph.initializer(i).name();
    in_context("initializer '" + safe_name(name) + "'",
               [&] { elements_of(dims_of(graph.initializer(i))); });
    tensors.make(name);
    model.initializers_[name] = i;
  }
  tensors.make(input_of(model).name);
  model.nodes = nodes_of(*model.proto, tensors);
  if (graph.output_size() > kMostNodes)
    throw data_error(std::to_string(graph.output_size()) + " outputs; allowed: up to " +
                     std::to_string(kMostNodes));
  for (const auto& output : graph.output()) {
    in_context("the graph's output", [&] { tensors.read(output.name()); });
    model.outputs.push_back(output.name());
  }
  if (model.outputs.empty()) throw data_error("found no output of the graph; allowed: one or more");
  return model;
}

OnnxInput input_of(const OnnxModel& model) {
  // Older files list initializers among the inputs, too.
  std::vector<const onnx::ValueInfoProto*> inputs;
  for (const auto& input : model.proto->graph().input())
    if (!model.is_constant(input.name())) inputs.push_back(&input);
  if (inputs.size() != 1)
    throw data_error("found " + std::to_string(inputs.size()) + " inputs; allowed: one");
  const onnx::ValueInfoProto& info = *inputs.front();
  const auto& type = info.type().tensor_type();
  if (!info.type().has_tensor_type() || type.elem_type() != onnx::TensorProto::FLOAT)
    throw data_error("input '" + safe_name(info.name()) + "': allowed: a tensor of FLOAT");
  OnnxInput input{info.name(), {}};
  for (const auto& dim : type.shape().dim())
    input.dims.push_back(dim.has_dim_value() ? dim.dim_value() : 0);
  return input;
}

bool OnnxModel::is_constant(const std::string& tensor) const {
  return initializers_.contains(tensor) || computed_.contains(tensor);
}

std::vector<std::int64_t> OnnxModel::constant_dims(const std::string& tensor) const {
  if (const auto it = computed_.find(tensor); it != computed_.end()) return it->second.dims;
  return dims_of(proto->graph().initializer(initializers_.at(tensor)));
}

OnnxConstant OnnxModel::constant(const std::string& tensor) const {
  if (const auto it = computed_.find(tensor); it != computed_.end()) return it->second;
  return in_context("initializer '" + safe_name(tensor) + "'", [&] {
    return read_tensor(proto->graph().initializer(initializers_.at(tensor)), folder);
  });
}

void OnnxModel::add_constant(const std::string& tensor, OnnxConstant c) {
  computed_.insert_or_assign(tensor, std::move(c));
}

}  // namespace halcyon
