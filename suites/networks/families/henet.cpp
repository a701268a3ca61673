#include "kernels/problem/op_field.h"
#include "suites/networks/families/henet_block.h"
#include "suites/networks/network.h"

namespace halcyon {
namespace {

constexpr int kMostStages = 16;
constexpr int kMostChannels = 65536;
constexpr int kMostBlocks = 1000;  // of a stage
constexpr double kMostRatio = 64;

struct HenetStage {
  int depth = 0, width = 0, attention_blocks = 0;  // depth: of these, too
  HenetBlock block;
};

struct Henet {
  std::vector<HenetStage> stages;
  double mlp_ratio_attn = 2;
  int final_expand = 0, feature_mix = 0;  // channels; 0: absent
  int in_channels = 3, classes = 1000;    // classes 0: the features are the output
  bool include_top = true, stage_out_norm = true;
  const HenetStage& last() const { return stages.back(); }
};

int hidden_of(double ratio, int width) { return static_cast<int>(ratio * width); }

int add_stage(GraphBuilder& b, const Henet& net, std::size_t index, int x) {
  const HenetStage& stage = net.stages[index];
  for (int i = 0; i < stage.depth; ++i) {
    const std::string name = "stages." + std::to_string(index) + ".blocks." + std::to_string(i);
    if (i < stage.depth - stage.attention_blocks) {
      x = add_henet_block(b, name, x, stage.block, i);
      continue;
    }
    const AttentionBlock attention{hidden_of(net.mlp_ratio_attn, stage.width), stage.block.act,
                                   stage.block.extra_act};
    x = add_attention_block(b, name, x, attention);
  }
  return x;
}

int add_stem(GraphBuilder& b, const Henet& net) {
  const int width = net.stages[0].width;
  const Act relu = Act::relu;
  const int x = add_conv_module(b, "patch_embed.0", 0, square(width / 2, 3, 2), &relu);
  return add_conv_module(b, "patch_embed.1", x, square(width, 3, 2), &relu);
}

/// A 1x1 convolution without bias, batch norm, the last stage's activation.
int add_mix(GraphBuilder& b, const Henet& net, const std::string& name, int x, int channels) {
  return add_conv_module(b, name, x, square(channels, 1, 1, 1, false), &net.last().block.act);
}

int add_top(GraphBuilder& b, const Henet& net, int x) {
  b.stage("final");
  x = net.final_expand ? add_mix(b, net, "final_expand_layer", x, net.final_expand)
                       : b.batchnorm("norm", x, kHenetEps);
  x = b.gap("avgpool", x);
  b.stage("feature_mix");
  if (net.feature_mix) x = add_mix(b, net, "feature_mix_layer", x, net.feature_mix);
  b.stage("head");
  return net.classes ? b.linear("head", x, net.classes) : x;
}

/// What the source builds of the top for a backbone, too, and never runs: the tail's norm or
/// expansion, and the feature mix.
std::int64_t idle_parameters(const Henet& net) {
  const auto mix = [](std::int64_t in, std::int64_t out) { return in * out + 2 * out; };
  const std::int64_t width = net.last().width;
  const std::int64_t last = net.final_expand ? net.final_expand : width;
  return (net.final_expand ? mix(width, last) : 2 * width) +
         (net.feature_mix ? mix(last, net.feature_mix) : 0);
}

/// The outputs of a backbone, stride 2 first; each stage's map is normed for the outside only.
std::vector<int> add_maps(GraphBuilder& b, const Henet& net, const std::vector<int>& ends) {
  std::vector<int> maps;
  b.stage("outputs");
  for (std::size_t i = 0; i < ends.size(); ++i)
    maps.push_back(net.stage_out_norm
                       ? b.batchnorm("stage_norm." + std::to_string(i), ends[i], kHenetEps)
                       : ends[i]);
  maps.insert(maps.begin(), b.upsample2x("up", maps.front()));
  return maps;
}

Graph build(const Henet& net, const std::string& name, Shape input) {
  input.c = net.in_channels;
  GraphBuilder b(name, input);
  b.stage("stem");
  int x = add_stem(b, net);
  std::vector<int> ends;
  for (std::size_t i = 0; i < net.stages.size(); ++i) {
    const std::string number = std::to_string(i);
    b.stage("stage" + number);
    ends.push_back(x = add_stage(b, net, i, x));
    if (i + 1 == net.stages.size()) break;
    b.stage("down" + number);
    x = add_conv_module(b, "downsample_block." + number, x, square(net.stages[i + 1].width, 2, 2));
  }
  if (net.include_top) return b.finish({add_top(b, net, x)});
  const std::vector<int> maps = add_maps(b, net, ends);
  b.graph().idle_parameters = idle_parameters(net);
  return b.finish(maps);
}

/// Reads the keys of the article, each checked against the number of stages where it is a list.
class HenetReader {
 public:
  explicit HenetReader(Reader& reader) : reader_(reader) {}

  Henet operator()() {
    read_stages();
    read_blocks();
    read_options();
    check_words();
    return net_;
  }

 private:
  /// A list with one value per stage; without the key, `otherwise` for each.
  template <class Read, class Value>
  auto per_stage(const char* key, Read read, Value otherwise) {
    if (!reader_.has(key)) return std::vector<Value>(net_.stages.size(), otherwise);
    auto values = read(key);
    check_size(key, values.size());
    return values;
  }
  void check_size(const char* key, std::size_t size) const {
    if (size != net_.stages.size())
      reader_.fail(key, "found " + std::to_string(size) + " values, allowed: " +
                            std::to_string(net_.stages.size()) + ", one for each of depth");
  }
  std::vector<std::string> words(const char* key, const char* otherwise) {
    return per_stage(
        key, [&](const char* k) { return reader_.strings(k); }, std::string(otherwise));
  }
  std::vector<bool> flags(const char* key, bool otherwise) {
    return per_stage(
        key, [&](const char* k) { return reader_.booleans(k); }, otherwise);
  }

  void read_stages() {
    const auto depth = reader_.integers("depth", 0, kMostBlocks);
    if (depth.empty() || depth.size() > kMostStages)
      reader_.fail("depth", "found " + std::to_string(depth.size()) + " stages, allowed: 1 to " +
                                std::to_string(kMostStages));
    net_.stages.resize(depth.size());
    const auto width = reader_.integers("width", 2, kMostChannels);
    check_size("width", width.size());
    const auto attention = per_stage(
        "attention_block_num", [&](const char* k) { return reader_.integers(k, 0, kMostBlocks); },
        std::int64_t{0});
    for (std::size_t i = 0; i < depth.size(); ++i) {
      if (attention[i] > depth[i])
        reader_.fail("attention_block_num", "found " + std::to_string(attention[i]) + " at index " +
                                                std::to_string(i) + ", allowed: 0 to depth's " +
                                                std::to_string(depth[i]));
      net_.stages[i].depth = static_cast<int>(depth[i]);
      net_.stages[i].width = static_cast<int>(width[i]);
      net_.stages[i].attention_blocks = static_cast<int>(attention[i]);
    }
  }

  void read_blocks() {
    const auto kinds = words("block_cls", "DWCB");
    const auto acts = words("act_layer", "nn.GELU");
    const auto scaled = flags("use_layer_scale", true);
    const auto extra = flags("extra_act", false);
    const auto ratios = per_stage(
        "mlp_ratios", [&](const char* k) { return reader_.numbers(k, 0, kMostRatio); }, 2.0);
    for (std::size_t i = 0; i < net_.stages.size(); ++i) {
      HenetStage& stage = net_.stages[i];
      stage.block = {kind_of(kinds[i]), checked_hidden("mlp_ratios", ratios[i], stage.width),
                     torch_act(reader_, "act_layer", acts[i]), scaled[i], extra[i]};
      if (stage.block.kind == HenetBlock::group_dwcb && group_width(stage.width) == 0)
        reader_.fail("width", "no group width is known for GroupDWCB of width " +
                                  std::to_string(stage.width) + " at index " + std::to_string(i) +
                                  ", allowed: " + group_widths());
    }
  }

  HenetBlock::Kind kind_of(const std::string& word) const {
    const std::vector<std::string> known = {"DWCB", "GroupDWCB", "AltDWCB"};  // as in the enum
    const auto at = std::find(known.begin(), known.end(), word);
    if (at == known.end())
      reader_.fail("block_cls", "found " + with_guess(word, known) + ", allowed: " + joined(known));
    return static_cast<HenetBlock::Kind>(at - known.begin());
  }

  int checked_hidden(const char* key, double ratio, int width) const {
    const int hidden = hidden_of(ratio, width);
    if (hidden < 1 || hidden > kMostChannels)
      reader_.fail(key, "gives " + std::to_string(hidden) + " channels for width " +
                            std::to_string(width) + ", allowed: 1 to " +
                            std::to_string(kMostChannels));
    return hidden;
  }

  /// 0 and null both say that a layer is absent.
  int channels_or_none(const char* key) {
    if (!reader_.has(key) || reader_.is_null(key)) return 0;
    return static_cast<int>(reader_.integer(key, 0, kMostChannels));
  }

  void read_options() {
    net_.mlp_ratio_attn = reader_.number("mlp_ratio_attn", 0, kMostRatio, 2);
    for (const HenetStage& stage : net_.stages)
      if (stage.attention_blocks > 0)
        checked_hidden("mlp_ratio_attn", net_.mlp_ratio_attn, stage.width);
    net_.final_expand = channels_or_none("final_expand_channel");
    net_.feature_mix = channels_or_none("feature_mix_channel");
    net_.in_channels = static_cast<int>(reader_.integer("in_channels", 1, kMostChannels, 3));
    net_.classes = static_cast<int>(reader_.integer("num_classes", 0, 1 << 20, 1000));
    net_.include_top = reader_.boolean("include_top", true);
    net_.stage_out_norm = reader_.boolean("stage_out_norm", true);
    reader_.boolean("flat_output",
                    true);  // how the source shapes Nx1x1xC, which is one tensor here
    // Where training starts; parameters here are seeded.
    reader_.number("layer_scale_init_value", 0, 1, 1e-5);
  }

  /// Keys for which the source knows one value.
  void check_words() {
    if (const std::string stem = reader_.string("patch_embed", "origin"); stem != "origin")
      reader_.fail("patch_embed", "found " + describe(nlohmann::json(stem)) + ", allowed: origin");
    const auto downs = words("down_cls", "S2DDown");
    for (std::size_t i = 0; i < downs.size(); ++i) {
      const bool last = i + 1 == downs.size();  // never read by the source
      if (downs[i] != "S2DDown" && !(last && downs[i] == "None"))
        reader_.fail("down_cls", "found " + describe(nlohmann::json(downs[i])) + " at index " +
                                     std::to_string(i) + ", allowed: S2DDown; None at the end");
    }
  }

  Reader& reader_;
  Henet net_;
};

GraphMaker read(Reader& reader) {
  const Henet net = HenetReader(reader)();
  return [net](const std::string& name, const Shape& input) { return build(net, name, input); };
}

}  // namespace

extern const NetworkFamily henet_family{
    "henet", "Horizon's hybrid efficient network: DWCB, GroupDWCB, AltDWCB, attention", read};

}  // namespace halcyon
